"""A sheet that came back, as rows of text and dates; nothing of it is judged here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from dondoc.errors import SourceError
from dondoc.signoff.sheet import CASE, NUMBER, REASON, SHA256, SIGNED_ON, SIGNER
from dondoc.sources.dates import EXCEL_INSTANT, write_serials
from dondoc.sources.header import Header, find_header
from dondoc.sources.safety import Form, form_of
from dondoc.sources.sheets import Grid, read_workbook
from dondoc.sources.text import clean_text

NEEDED = (CASE, SHA256, NUMBER, SIGNED_ON, SIGNER, REASON)
HEADINGS = {heading: (heading,) for heading in NEEDED}
MAX_ROWS = 5_000
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


def read_sheet(path: Path) -> list[SheetRow]:
    """Return the rows of the returned workbook at `path`.

    Raises:
        SourceError: it is no workbook, hostile, broken or too large, or lacks a column of ours.
    """
    form = form_of(path)
    if form is not Form.XLSX:
        raise _error("Tệp không phải bảng Excel dạng .xlsx.", path)
    for grid in read_workbook(path, form):
        header = find_header(grid.cells, HEADINGS)
        if set(NEEDED) <= set(header.columns):
            if grid.cells.num_rows > MAX_ROWS:
                raise _error(f"Bảng dài quá {MAX_ROWS} dòng.", path)
            return [row for row in _rows(grid, header) if row.case_number]
    raise _error(f"Bảng không có đủ cột: {', '.join(NEEDED)}.", path)


def _rows(grid: Grid, header: Header) -> Iterator[SheetRow]:
    cells = grid.cells.slice(header.first_data_row)
    columns = {heading: clean_text(cells.column(header.columns[heading][0])) for heading in NEEDED}
    columns[SIGNED_ON] = write_serials(columns[SIGNED_ON], grid.epoch)
    texts = {heading: [text or "" for text in column.to_pylist()] for heading, column in columns.items()}
    for i in range(cells.num_rows):
        when = texts[SIGNED_ON][i]
        yield SheetRow(
            case_number=texts[CASE][i],
            sha256=texts[SHA256][i].lower(),
            number=texts[NUMBER][i],
            date_text=when,
            signed_on=parse_day(when),
            signer=texts[SIGNER][i],
            reason=texts[REASON][i],
        )


def parse_day(text: str) -> date | None:
    """Return the day written as 15/11/2023, or as Excel keeps one; None for anything else."""
    match = DAY.fullmatch(text)
    try:
        if match is None:
            return datetime.strptime(text, EXCEL_INSTANT).date()  # noqa: DTZ007 (a day of the office)
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None


def _error(what: str, path: Path) -> SourceError:
    return SourceError(what, where=path, remedy="điền vào đúng bảng Đôn Đốc đã xuất, lưu dạng .xlsx không mật khẩu.")
