"""A workbook that came back, as rows of text and days; nothing of it is judged here."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dondoc.answers.columns import IDENTITY_LABEL, SHEETS, FormSheet
from dondoc.answers.form import shown_texts
from dondoc.errors import SourceError
from dondoc.ledger.workbooks import IDENTITY_LENGTH, TOKEN_LENGTH
from dondoc.sources.dates import to_instants, write_serials
from dondoc.sources.header import Header, find_header
from dondoc.sources.safety import Form, form_of, unreadable
from dondoc.sources.sheets import Grid, read_workbook
from dondoc.sources.text import clean_text

MAX_BYTES = 20 * 2**20
MAX_ROWS = 20_000
IDENTITY_ROWS = 60
IDENTITY = re.compile(rf"\b([0-9a-f]{{{IDENTITY_LENGTH}}})(?:-([0-9a-f]{{{TOKEN_LENGTH}}}))?\b")
DAY_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
WHOLE_NUMBER = r"^(-?\d+)\.0+$"
# Beside line breaks and tabs; a spreadsheet program may also write one as `_x0007_`.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|_x00(?:0[0-8bBcCeEfF]|1[0-9a-fA-F])_")
CONTROL = "\ufffd"
REMEDY = "điền vào đúng tệp Đôn Đốc đã gửi, lưu dạng .xlsx không mật khẩu, rồi gửi lại."


@dataclass(frozen=True)
class ReturnedRow:
    """A row as it was filled in.

    Attributes:
        place: sheet and row, as a person finds it.
        key: the row's mark; empty where it was lost.
        number: what its number cell says.
        filled: text of the cells to fill in that are not empty, by field; days as 2023-11-20 where they are days.
        shown: short hashes of the cells it may not change, by heading.
    """

    kind: str
    place: str
    key: str
    number: str
    filled: Mapping[str, str]
    shown: Mapping[str, str]


@dataclass(frozen=True)
class ReturnedWorkbook:
    """A workbook that came back: which it says it is, the token that proves it (empty where it has none), its rows."""

    identity: str
    rows: tuple[ReturnedRow, ...]
    token: str = ""


def read_returned(path: Path) -> ReturnedWorkbook:
    """Return what the workbook at `path` says.

    Raises:
        SourceError: it is hostile, broken, protected, too large, no workbook of ours, or lost its tables.
    """
    if path.stat().st_size > MAX_BYTES:
        raise too_large(path)
    form = form_of(path)
    if form is Form.TEXT:
        raise unreadable(path, "tệp chữ không mang được mã nhận dạng của bảng")
    grids = list(read_workbook(path, form))
    code = next((found for grid in grids if (found := _code(grid))), None)
    if code is None:
        raise SourceError("Không thấy mã nhận dạng của tệp Đôn Đốc.", where=path, remedy=REMEDY)
    rows: list[ReturnedRow] = []
    known = False
    for sheet in SHEETS:
        for grid in (grid for grid in grids if not grid.hidden):
            header = find_header(grid.cells, sheet.headings)
            if "number" in header.columns and set(sheet.fills) & set(header.columns):
                known = True
                rows += _rows(sheet, grid, header, path)
    if not known:
        raise SourceError("Không còn trang nào có đủ tiêu đề cột như tệp đã gửi.", where=path, remedy=REMEDY)
    return ReturnedWorkbook(code[1], tuple(rows), code[2] or "")


def too_large(path: Path) -> SourceError:
    """Return the error for a file no unit's answers can be."""
    return SourceError(f"Tệp lớn quá {MAX_BYTES >> 20} MB.", where=path, remedy=REMEDY)


def _code(grid: Grid) -> re.Match[str] | None:
    head = grid.cells.slice(0, IDENTITY_ROWS)
    for row in zip(*(column.to_pylist() for column in head.columns), strict=True):
        for place, cell in enumerate(row):
            if cell and cell.strip().startswith(IDENTITY_LABEL):
                found = IDENTITY.search(" ".join([cell, *(text or "" for text in row[place + 1 : place + 2])]))
                if found:
                    return found
    return None


def _rows(sheet: FormSheet, grid: Grid, header: Header, path: Path) -> Iterator[ReturnedRow]:
    twice = [header.written[field] for field, columns in header.columns.items() if len(columns) > 1]
    if twice:
        raise SourceError(f"Hai cột cùng mang tiêu đề “{twice[0]}”.", where=path, remedy=REMEDY)
    cells = grid.cells.slice(header.first_data_row)
    if cells.num_rows > MAX_ROWS:
        raise SourceError(f"Bảng dài quá {MAX_ROWS} dòng.", where=path, remedy=REMEDY)
    columns = {field: cells.column(places[0]) for field, places in header.columns.items()}
    fills = {field: _filled(columns[field], field, grid) for field in sheet.fills if field in columns}
    shown = {column.heading: _shown(columns, column.field or "", column.kind) for column in sheet.shown}
    keys, numbers = (_texts(columns.get(name), cells.num_rows) for name in ("key", "number"))
    for i in range(cells.num_rows):
        filled = {field: values[i] for field, values in fills.items() if values[i]}
        if numbers[i] or keys[i] or filled:
            place = f"trang {grid.sheet}, dòng {header.first_data_row + i + 1}"
            hashes = {heading: values[i] for heading, values in shown.items() if values}
            yield ReturnedRow(sheet.kind, place, keys[i], numbers[i], filled, hashes)


def _texts(column: pa.ChunkedArray | None, rows: int) -> list[str]:
    if column is None:
        return [""] * rows
    clean = pc.replace_substring_regex(clean_text(column), WHOLE_NUMBER, r"\1")
    return [text or "" for text in clean.to_pylist()]


def _filled(column: pa.ChunkedArray, field: str, grid: Grid) -> list[str]:
    texts = _texts(column, len(column))
    if field.endswith("_on"):
        days = _days(column, grid)
        texts = [day or text for day, text in zip(days, texts, strict=True)]
    spoilt = (bool(raw and CONTROLS.search(raw)) for raw in column.to_pylist())
    return [text + CONTROL * bad for text, bad in zip(texts, spoilt, strict=True)]


def _days(column: pa.ChunkedArray, grid: Grid) -> list[str | None]:
    text = write_serials(clean_text(column), grid.epoch)
    days: list[str | None] = pc.strftime(to_instants(text, DAY_FORMATS), format="%Y-%m-%d").to_pylist()
    return days


def _shown(columns: Mapping[str, pa.ChunkedArray], field: str, kind: str) -> Sequence[str]:
    if field not in columns:
        return ()
    texts: list[str | None] = list(_texts(columns[field], len(columns[field])))
    if kind == "date":
        days = pc.strftime(to_instants(clean_text(columns[field]), DAY_FORMATS), format="%d/%m/%Y").to_pylist()
        texts = [day or text for day, text in zip(days, texts, strict=True)]
    return shown_texts(texts)
