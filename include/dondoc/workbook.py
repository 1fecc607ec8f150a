"""Excel workbooks from tables: typed cells, frozen headings, and no text of a source ever read as a formula."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

# A workbook states when it was made; a constant keeps the bytes a function of the content.
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
HEADING = {"bold": True, "bg_color": "#DDE6F0", "border": 1, "text_wrap": True, "valign": "vcenter", "align": "center"}
FORMATS: dict[str, dict[str, Any]] = {
    "text": {"border": 1, "valign": "top", "text_wrap": True},
    "integer": {"border": 1, "valign": "top", "num_format": "#,##0"},
    "percent": {"border": 1, "valign": "top", "num_format": "0.00%"},
    "date": {"border": 1, "valign": "top", "num_format": "dd/mm/yyyy", "align": "center"},
    "fill": {"border": 1, "valign": "top", "bg_color": "#FFF7D6", "text_wrap": True, "locked": False},
    "fill_date": {"border": 1, "valign": "top", "bg_color": "#FFF7D6", "num_format": "dd/mm/yyyy", "locked": False},
    "shut": {"border": 1, "valign": "top", "bg_color": "#EDEDED", "num_format": "dd/mm/yyyy", "text_wrap": True},
    "advice": {"italic": True, "font_color": "#7A4B00"},
    "title": {"bold": True, "font_size": 13},
}


@dataclass(frozen=True)
class Column:
    """A column of a sheet: heading, the frame's field (none for one to be filled in), type, width in characters.

    The cells of a `fill` column stay open where the sheet is protected; one with a field is filled in beforehand.
    """

    heading: str
    field: str | None
    kind: Literal["text", "integer", "percent", "date", "fill", "fill_date"] = "text"
    width: int = 14


class Workbook:
    """A workbook written sheet by sheet; `to_bytes` ends it."""

    def __init__(self) -> None:
        """Open an empty workbook in memory."""
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._buffer, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
        self._book.set_properties({"created": CREATED})
        base = {"font_name": "Times New Roman", "font_size": 11}
        self._formats = {name: self._book.add_format(base | given) for name, given in FORMATS.items()}
        self._heading = self._book.add_format(base | HEADING)
        self._total = {name: self._book.add_format(base | given | {"bold": True}) for name, given in FORMATS.items()}

    def add_table(
        self, name: str, frame: pd.DataFrame, columns: Sequence[Column], *, title: str, has_total: bool = False
    ) -> Worksheet:
        """Add a sheet with a title, a frozen and filtered heading row, and a row a record; return it.

        Args:
            name: the sheet's name, at most 31 characters.
            frame: the records; nulls give empty cells.
            columns: what to show, in order.
            title: the line above the table.
            has_total: whether the last row is a total, to be set in bold.
        """
        sheet = self._book.add_worksheet(name)
        sheet.write_string(0, 0, title, self._formats["title"])
        for i, column in enumerate(columns):
            sheet.set_column(i, i, column.width)
            sheet.write_string(2, i, column.heading, self._heading)
        for i, column in enumerate(columns):
            values = [None] * len(frame) if column.field is None else frame[column.field].astype(object).tolist()
            self._write_column(sheet, i, column, values, has_total=has_total)
        sheet.freeze_panes(3, 0)
        sheet.autofilter(2, 0, 2 + max(len(frame) - int(has_total), 0), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
        return sheet

    def add_notes(self, name: str, lines: Sequence[str], *, title: str) -> Worksheet:
        """Add a sheet of plain lines; return it."""
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, 0, 120)
        sheet.write_string(0, 0, title, self._formats["title"])
        for i, line in enumerate(lines, start=2):
            sheet.write_string(i, 0, line, self._formats["text"])
        return sheet

    def add_hidden(self, name: str, columns: Sequence[Sequence[str | date]]) -> None:
        """Add a sheet no user is shown, with the values its neighbours and our own reader look up."""
        sheet = self._book.add_worksheet(name)
        for i, values in enumerate(columns):
            for row, value in enumerate(values):
                _write_cell(sheet, (row, i), value, "date" if isinstance(value, date) else "text", self.style("date"))
        sheet.very_hidden()
        sheet.protect()

    def style(self, kind: str) -> Format:
        """Return the look of a kind of cell."""
        return self._formats[kind]

    def to_bytes(self) -> bytes:
        """Return the finished workbook."""
        self._book.close()
        return self._buffer.getvalue()

    def _write_column(self, sheet: Worksheet, i: int, column: Column, values: list[Any], *, has_total: bool) -> None:
        for row, value in enumerate(values, start=3):
            last = has_total and row == len(values) + 2
            cell_format = (self._total if last else self._formats)[column.kind]
            _write_cell(sheet, (row, i), value, column.kind, cell_format)


def _write_cell(sheet: Worksheet, cell: tuple[int, int], value: Any, kind: str, cell_format: Format) -> None:
    if value is None or pd.isna(value):
        sheet.write_blank(*cell, None, cell_format)
    elif kind in {"date", "fill_date"}:
        sheet.write_datetime(*cell, pd.Timestamp(value).to_pydatetime(), cell_format)
    elif kind == "percent":
        sheet.write_number(*cell, value / 100, cell_format)
    elif kind == "integer":
        sheet.write_number(*cell, value, cell_format)
    else:
        # Always as a string: a source's "=…" must never become a formula.
        sheet.write_string(*cell, str(value), cell_format)
