"""The drop folder: files units put there are taken in, answered beside, and moved only when the ledger has them."""

import logging
import time
import zipfile
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd

from dondoc.answers.columns import FIELD_NAMES, LOCKED
from dondoc.answers.intake import SUFFIXES, Sent, Taken, take_in
from dondoc.files import file_sha256, write_whole
from dondoc.ledger import answers
from dondoc.ledger.answers import ACCEPTED, IGNORED, REFUSED, Cell
from dondoc.sources.listing import PASSING
from dondoc.sources.safety import OLE2
from dondoc.wording import short_date
from dondoc.workbook import Column, Workbook
from dondoc.workplace import Workplace

log = logging.getLogger(__name__)

DONE, RESULT = "da-nhan", "ket-qua.xlsx"
# A file that does not open and was touched less than this ago may still be on its way.
SETTLING_SECONDS = 60
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

    Each file is moved, as it came, to `da-nhan/<hash>/` with a workbook beside it that says what became of each cell.
    A run cut off anywhere leaves the file where it lies; the next one finds it known and only finishes.
    """
    folder = place.installation.answers_folder(place.day.campaign.code)
    folder.mkdir(parents=True, exist_ok=True)
    ended: Counter[str] = Counter()
    for path in sorted(folder.iterdir()):
        if _is_answer(path) and _is_whole(path):
            ended.update(_take(place, path, at))
    log.info("tệp trả lời trong thư mục: %s", dict(ended))
    return dict(ended)


def _is_answer(path: Path) -> bool:
    passing = PASSING.fullmatch(path.name) is not None
    return path.is_file() and not path.is_symlink() and not passing and path.suffix.lower() in SUFFIXES


def _is_whole(path: Path) -> bool:
    """Return whether the file can be judged now: it opens, or has lain long enough that nobody is still copying it."""
    try:
        before = path.stat()
        with path.open("rb") as file:
            opens = file.read(len(OLE2)) == OLE2 or zipfile.is_zipfile(path)
        after = path.stat()
    except OSError as error:
        # The others must not wait for a file nobody may read, or that was just taken away.
        log.warning("không mở được một tệp trong thư mục trả lời (%s)", type(error).__name__)
        return False
    still = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return still and (opens or time.time() - after.st_mtime > SETTLING_SECONDS)


def _take(place: Workplace, path: Path, at: datetime) -> Counter[str]:
    done = path.parent / DONE / file_sha256(path)[:16]
    # What was moved before is no half-finished take: the file was dropped a second time.
    again = done.is_dir() and any(_is_answer(one) and not one.name.endswith(RESULT) for one in done.iterdir())
    taken = take_in(place, path, Sent(path.name), at=at)
    if taken is None:
        raise LookupError("a file of the drop folder is always entered")
    if again and taken.known:
        answers.owe_notice(place.ledger, taken.file.id, on=place.day.business_date)
    cells = answers.cells_of(place.ledger, taken.file.id)
    write_whole(done / f"{path.stem}.{RESULT}", result_workbook(taken, cells, again=again))
    path.replace(done / path.name)
    counts = Counter({"again": 1}) if again else Counter(cell.state for cell in cells)
    return counts + Counter({"files": 1, "files_refused": int(taken.file.state == REFUSED)})


def result_workbook(taken: Taken, cells: Sequence[Cell], *, again: bool) -> bytes:
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


def cells_frame(cells: Sequence[Cell]) -> pd.DataFrame:
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
