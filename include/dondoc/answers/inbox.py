"""The drop folder: files units put there are taken in, answered beside, and moved only when the ledger has them."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from dondoc.answers.columns import FIELD_NAMES, LOCKED
from dondoc.answers.intake import SUFFIXES, RecordedFile, Sent, take_in
from dondoc.answers.reading import MAX_BYTES
from dondoc.errors import UntrustedError
from dondoc.installation.workplace import Workplace
from dondoc.ledger import answers
from dondoc.ledger.answers import ACCEPTED, IGNORED, REFUSED, JudgedCell
from dondoc.ledger.set_aside import ANSWERS
from dondoc.office_files.workbook import Column, Workbook
from dondoc.untrusted.drop_folder import DropFolder
from dondoc.untrusted.dropped_files import DroppedFile
from dondoc.untrusted.refusals import Refusals
from dondoc.vietnamese.wording import short_date

log = logging.getLogger(__name__)

MAX_SHOWN = 300
STATE_NAMES = {ACCEPTED: "đã nhận", REFUSED: "không nhận", IGNORED: "không tính"}
RESULT_COLUMNS = (
    Column("Số hồ sơ, số đến", "number", width=30),
    Column("Ô", "field", width=26),
    Column("Đã điền", "value", width=34),
    Column("Kết quả", "state", width=12),
    Column("Lý do", "reason", width=70),
)


def take_in_folder(place: Workplace, *, at: datetime) -> dict[str, int]:
    """Take in what lies in the drop folder and return how many files and cells ended how.

    Each file is moved, as it came, to `da-nhan/<hash>/` with a workbook beside it that says what became of each cell;
    what is no plain file, or too large to be looked into, to `khong-nhan/`. A run cut off anywhere leaves the file
    where it lies; the next one finds it known and only finishes.
    """
    ended: Counter[str] = Counter()
    with DropFolder(place.installation.answers_folder(place.day.campaign.code)) as drop:
        refusals = Refusals(place, drop, ANSWERS, at)
        for name in drop.names(SUFFIXES):
            try:
                file = drop.read(name, most=MAX_BYTES)
            except UntrustedError as error:
                refusals.set_aside(name, error)
                ended.update(files=1, files_refused=1)
                continue
            if file is not None:
                ended.update(_take(place, drop, file, at))
    log.info("tệp trả lời trong thư mục: %s", dict(ended))
    return dict(ended)


def _take(place: Workplace, drop: DropFolder, file: DroppedFile, at: datetime) -> Counter[str]:
    # What was moved before is no half-finished take: the file was dropped a second time.
    again = drop.was_taken(file, SUFFIXES)
    taken = take_in(place, file.content, Sent(file.plain_name), at=at)
    if taken is None:
        raise LookupError("a file of the drop folder is always entered")
    if again and taken.known:
        answers.owe_notice(place.ledger, taken.file.id, on=place.day.business_date)
    cells = answers.cells_of(place.ledger, taken.file.id)
    drop.put_away(file, result_workbook(taken, cells, again=again))
    counts = Counter({"again": 1}) if again else Counter(cell.state for cell in cells)
    return counts + Counter({"files": 1, "files_refused": int(taken.file.state == REFUSED)})


def result_workbook(taken: RecordedFile, cells: Sequence[JudgedCell], *, again: bool) -> bytes:
    """Return the workbook that says what became of each cell of a file."""
    file = taken.file
    notes = [
        f"Tệp {file.name}, nhận ngày {short_date(file.business_date)}" + (", sau hạn của đợt" if file.late else "")
    ]
    if again:
        notes.append("Tệp này đã nhận từ trước: lần này không thay đổi gì.")
    if file.reason:
        notes.append(f"Không nhận cả tệp: {file.reason}")
    book = Workbook()
    book.add_table("Kết quả", cells_frame(cells), RESULT_COLUMNS, title="; ".join(notes))
    return book.to_bytes()


def cells_frame(cells: Sequence[JudgedCell]) -> pd.DataFrame:
    """Return cells as a person reads them, one row a cell."""
    names = FIELD_NAMES | {LOCKED: "Ô bị khóa"}
    rows = [
        vars(cell) | {"field": names[cell.field], "state": STATE_NAMES[cell.state], "value": _readable(cell.value)}
        for cell in cells
    ]
    return pd.DataFrame(rows, columns=["number", "field", "value", "state", "reason"])


def _readable(value: str) -> str:
    day = pd.to_datetime(value, format="%Y-%m-%d", errors="coerce")
    return value[:MAX_SHOWN] if pd.isna(day) else short_date(day.date())
