"""The rows of the decision table in docs/rules.md#deadline: their numbers there, and how a case is told of them."""

from collections.abc import Sequence
from enum import IntEnum

import numpy as np


class PauseRow(IntEnum):
    """One situation of the table; the first that fits decides within each of its parts."""

    # What was promised first.
    REMEMBERED = 1
    BEFORE_FIRST_PAUSE = 2
    LESS_THE_WAIT = 3
    AS_RECORDED = 4
    BY_TERM = 5
    NO_DATE = 6
    EXTENDED = 7
    # Which pauses count, and from when to when.
    NOT_YET = 8
    AFTER_FINISH = 9
    BEFORE_RECEIPT = 10
    FORGOTTEN = 11
    ANSWERED = 12
    RUNNING = 13
    CLOSED = 14
    SINCE_RECEIPT = 15
    JOINED = 16
    # What one that counts does to the due date.
    BEGUN_LATE = 17
    BEGUN_ON_REST_DAY = 18
    TO_NEW_DATE = 19
    KEPT = 20
    MISDATED = 21
    WAITED = 22
    CLEARING = 23
    # What the case is on the day.
    STANDS = 24
    STANDS_UNRECORDED = 25
    STANDS_LATER = 26
    LAPSED_BEFORE = 27
    DAYS_LATE = 28


def first_that_fits(table: Sequence[tuple[PauseRow, np.ndarray]], *, otherwise: PauseRow) -> np.ndarray:
    """Return the number of the first row of `table` whose mask holds, int8, in the order the page lists them."""
    masks = [fits for _, fits in table]
    rows = [row.value for row, _ in table]
    return np.select(masks, rows, otherwise.value).astype(np.int8)


# How `explain` tells a case's own dates; the rest of the table needs no words beyond what `explain` says of the case.
FIRST_DATES = {
    PauseRow.REMEMBERED: "là ngày đã thấy ở lượt chạy trước",
    PauseRow.BEFORE_FIRST_PAUSE: "là ngày hẹn mà nguồn ghi trước lần tạm dừng đầu tiên",
    PauseRow.LESS_THE_WAIT: "là ngày nguồn ghi trừ đi số ngày làm việc đã chờ, vì nguồn tự dời ngày hẹn khi tạm dừng",
    PauseRow.AS_RECORDED: "là ngày nguồn ghi",
    PauseRow.BY_TERM: "tính từ thời hạn giải quyết, vì nguồn không ghi ngày hẹn trả",
}
PAUSES = {
    PauseRow.NOT_YET: "bắt đầu sau ngày tính, chưa xảy ra",
    PauseRow.AFTER_FINISH: "bắt đầu sau khi đã xử lý xong, không tính",
    PauseRow.BEFORE_RECEIPT: "ở trước ngày tiếp nhận, không tính",
    PauseRow.FORGOTTEN: "không ghi ngày kết thúc mà hồ sơ không còn tạm dừng, không tính",
    PauseRow.ANSWERED: "không ghi ngày kết thúc, hồ sơ không còn tạm dừng, nguồn có ghi ngày hẹn mới",
    PauseRow.RUNNING: "chưa kết thúc đến ngày tính",
    PauseRow.CLOSED: "đã kết thúc",
}
MOVES = {
    PauseRow.BEGUN_LATE: "bắt đầu khi đã quá hạn nên không dời ngày hẹn trả; những ngày chờ không tính là chậm",
    PauseRow.BEGUN_ON_REST_DAY: (
        "bắt đầu vào ngày nghỉ sau ngày hẹn trả, khi thời hạn đã hết lúc 24 giờ của ngày hẹn (khoản 6 Điều 148 Bộ luật "
        "Dân sự), nên không dời ngày hẹn trả; những ngày chờ không tính là chậm"
    ),
    PauseRow.TO_NEW_DATE: "dời ngày hẹn trả đến ngày hẹn mới mà nguồn ghi",
    PauseRow.KEPT: "ngày hẹn mới mà nguồn ghi không muộn hơn ngày hẹn đang có nên giữ ngày đang có",
    PauseRow.MISDATED: (
        "ngày hẹn mới mà nguồn ghi đứng trước ngày nhận lại hoặc trước ngày hẹn đầu tiên nên không dùng; cộng {days} "
        "ngày làm việc đã chờ"
    ),
    PauseRow.WAITED: "cộng {days} ngày làm việc đã chờ",
}
