"""Tell how one case's due date came to be, row by row of the decision table in docs/rules.md#deadline."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dondoc.calendar import Certainty, WorkCalendar
from dondoc.checks.deadline import PAUSED, Deadlines
from dondoc.checks.pause_table import FIRST_DATES, MOVES, PAUSES, PauseRow
from dondoc.records import CaseState
from dondoc.vietnamese.wording import PROVISIONAL, short_date

TABLE = "Số dòng là của bảng quyết định ở mục deadline, tài liệu Quy tắc tính (docs/rules.md)."


def tell_due(case: Mapping[str, Any], deadlines: Deadlines, calendar: WorkCalendar) -> Iterator[str]:
    """Yield the lines on the due date of one case: the first one, what moved it, the one that decides.

    Args:
        case: the case as judged.
        deadlines: what `decide_deadlines` returns for that case alone, as the source gives it.
        calendar: the office's.
    """
    rule = PauseRow(int(deadlines.first_rule[0]))
    due = _date(case["due_at"])
    if due is None:
        yield f"Không có ngày hẹn trả và không tính được từ thời hạn: coi là trong hạn (dòng {PauseRow.NO_DATE})."
        return
    if rule is not PauseRow.NO_DATE:
        first = _day(deadlines.promised_at[0])
        yield f"Ngày hẹn trả đầu tiên {short_date(first)} {FIRST_DATES[rule]} (dòng {rule})."
    extended = _date(case["extension_due_at"])
    if extended and extended == _day(deadlines.extended_at[0]) != _day(deadlines.promised_at[0]):
        yield f"Được gia hạn đến {short_date(extended)} (dòng {PauseRow.EXTENDED})."
    yield from _pauses(case, deadlines)
    ahead = case["provisional"] and calendar.certainty(due) is not Certainty.OFFICIAL
    yield f"Ngày hẹn trả quyết định: {short_date(due)}{f' {PROVISIONAL}' * bool(ahead)}."
    if case["due_moved"]:
        yield f"Hệ thống nguồn nay ghi {short_date(case['recorded_due_at'])}, không có căn cứ: không được tính."


def stands_by(day: date, deadlines: Deadlines) -> bool:
    """Return whether a day after the due date of a single case is one on which its clock stood."""
    late = deadlines.moves.late
    since = deadlines.reading.since[late]
    end = deadlines.reading.pauses.end[late]
    return bool(((since < np.datetime64(day, "D")) & (np.datetime64(day, "D") <= end)).any())


def _pauses(case: Mapping[str, Any], deadlines: Deadlines) -> Iterator[str]:
    reading = deadlines.reading
    moves = deadlines.moves
    for n, rule in enumerate(map(PauseRow, reading.rule.tolist())):
        start = _day(reading.told.start[n])
        end = _day(reading.told.end[n])
        until = f" đến {short_date(end)}" if end else ""
        told = f"Tạm dừng từ {short_date(start)}{until}: {PAUSES[rule]} (dòng {rule})"
        if reading.counts[n]:
            told += _began(deadlines, n)
            moved = PauseRow(int(moves.rule[n]))
            became = short_date(_day(moves.became[n]))
            told += f"; {MOVES[moved].format(days=moves.days[n])} (dòng {moved}); ngày hẹn trả là {became}"
        yield f"{told}."
    if case["state"] == CaseState.PAUSED and not deadlines.stands[0]:
        unrecorded = PauseRow.STANDS_UNRECORDED
        yield f"Trạng thái là tạm dừng mà nguồn không ghi từ bao giờ: coi là đang tạm dừng (dòng {unrecorded})."
    if case["status"] in PAUSED and deadlines.ahead[0] and not deadlines.stands[0]:
        later = PauseRow.STANDS_LATER
        yield f"Trạng thái là tạm dừng, nhưng lần tạm dừng ở sau ngày tính: vẫn đang xử lý (dòng {later})."


def _began(deadlines: Deadlines, n: int) -> str:
    reading = deadlines.reading
    if reading.joined[n]:
        return (
            f"; nối với lần trước, chỉ tính thêm sau ngày {short_date(_day(reading.since[n]))} (dòng {PauseRow.JOINED})"
        )
    if reading.told.start[n] < reading.pauses.start[n]:
        return f"; tính từ ngày tiếp nhận {short_date(_day(reading.pauses.start[n]))} (dòng {PauseRow.SINCE_RECEIPT})"
    return ""


def _day(instant: np.datetime64) -> date | None:
    return None if np.isnat(instant) else instant.astype("datetime64[D]").item()


def _date(instant: object) -> date | None:
    return None if pd.isna(instant) else pd.Timestamp(instant).date()
