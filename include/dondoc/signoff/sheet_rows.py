"""A sheet that came back, as rows of text and dates; nothing of it is judged here."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from dondoc.errors import SourceError
from dondoc.names import fold
from dondoc.signoff.sheet import CASE, NUMBER, REASON, SHA256, SHEET, SIGNED_ON, SIGNER

NEEDED = (CASE, SHA256, NUMBER, SIGNED_ON, SIGNER, REASON)
MAX_BYTES, MAX_UNPACKED, MAX_ROWS = 20_000_000, 200_000_000, 5_000
HEADING_ROWS = 10
DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


@dataclass(frozen=True)
class SheetRow:
    """A row as it was filled in; `signed_on` is None where the cell holds no date, `date_text` what it holds."""

    case_number: str
    sha256: str
    number: str
    date_text: str
    signed_on: date | None
    signer: str
    reason: str

    @property
    def is_blank(self) -> bool:
        """Return whether nothing was filled in."""
        return not (self.number or self.date_text or self.signer or self.reason)


def read_sheet(content: bytes, *, name: str) -> list[SheetRow]:
    """Return the rows of the returned workbook `content`.

    Raises:
        SourceError: it is no workbook, too large, or lacks a column of ours.
    """
    rows = _cells(content, name)
    for i, row in enumerate(rows[:HEADING_ROWS]):
        places = {fold(str(cell)): at for at, cell in enumerate(row) if cell is not None}
        if all(fold(heading) in places for heading in NEEDED):
            at = {heading: places[fold(heading)] for heading in NEEDED}
            found = (_row({heading: row[place] for heading, place in at.items()}) for row in rows[i + 1 :])
            return [row for row in found if row.case_number]
    raise _error(f"Bảng không có đủ cột: {', '.join(NEEDED)}.", name)


def _cells(content: bytes, name: str) -> list[tuple[Any, ...]]:
    if len(content) > MAX_BYTES:
        raise _error("Tệp quá lớn.", name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(member.file_size for member in package.infolist()) > MAX_UNPACKED:
                raise _error("Tệp quá lớn.", name)
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError) as error:
        raise _error("Không đọc được bảng Excel.", name) from error
    sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
    return list(sheet.iter_rows(values_only=True, max_row=MAX_ROWS))


def _row(cells: dict[str, Any]) -> SheetRow:
    when = cells[SIGNED_ON]
    return SheetRow(
        case_number=_text(cells[CASE]),
        sha256=_text(cells[SHA256]).lower(),
        number=_text(cells[NUMBER]),
        date_text=_text(when),
        signed_on=when.date() if isinstance(when, datetime) else parse_day(_text(when)),
        signer=_text(cells[SIGNER]),
        reason=_text(cells[REASON]),
    )


def parse_day(text: str) -> date | None:
    """Return the day written as 15/11/2023, None for anything else."""
    match = DAY.fullmatch(text)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None


def _text(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())


def _error(what: str, name: str) -> SourceError:
    return SourceError(what, where=name, remedy="điền vào đúng bảng Đôn Đốc đã xuất, lưu dạng .xlsx không mật khẩu.")
