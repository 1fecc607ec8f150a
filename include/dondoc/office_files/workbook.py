"""Excel workbooks from tables: typed cells, frozen headings, and no text of a source ever read as a formula."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import takewhile
from typing import Any

import pandas as pd
import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dondoc.frames import array_of
from dondoc.office_files.docx_package import DocxPackage
from dondoc.office_files.page_setup import ROWS_PRINTED, printing_note, set_up_page
from dondoc.office_files.row_heights import LINE_POINTS, lines_of, lines_of_rows, row_points
from dondoc.office_files.sheet_rows import TEXTS, Cells, Kind, rows_xml

# A sheet of Excel ends at row 1,048,576.
ROWS_A_SHEET = 1_000_000
FIRST_ROW = 4
NOTES_WIDTH = 120
# The one row of a details sheet that XlsxWriter writes: it says which style each column has.
PATTERN_ROW = re.compile(rb'<row r="4"[^>]*>(.*?)</row>')
# A workbook states when it was made; a constant keeps the bytes a function of the content.
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
HEADING = {"bold": True, "bg_color": "#DDE6F0", "border": 1, "text_wrap": True, "valign": "vcenter", "align": "center"}
# Told apart in grey print too: one full, one hatched.
PATTERNS: tuple[dict[str, Any], ...] = (
    {"fill": {"color": "#1F4E79"}, "border": {"color": "black"}},
    {
        "pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#404040", "bg_color": "white"},
        "border": {"color": "black"},
    },
)
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
    Columns that are not printed stand after those that are.
    """

    heading: str
    field: str | None
    kind: Kind = "text"
    width: int = 14
    on_paper: bool = True

    @property
    def wraps(self) -> bool:
        """Return whether a row is made as high as its words take in it: what is not printed leaves rows low."""
        return self.on_paper and self.kind in TEXTS


@dataclass(frozen=True)
class BarChart:
    """A native chart: its title, and the fields of a table it shows beside each other."""

    title: str
    fields: tuple[str, ...]


class Workbook:
    """A workbook written sheet by sheet; `to_bytes` ends it."""

    def __init__(self) -> None:
        """Open an empty workbook in memory."""
        self._buffer = io.BytesIO()
        self._details: dict[str, tuple[pd.DataFrame, Sequence[Column]]] = {}
        self._book = xlsxwriter.Workbook(self._buffer, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
        self._book.set_properties({"created": CREATED})
        base = {"font_name": "Times New Roman", "font_size": 11}
        self._formats = {name: self._book.add_format(base | given) for name, given in FORMATS.items()}
        self._heading = self._book.add_format(base | HEADING)
        self._total = {name: self._book.add_format(base | given | {"bold": True}) for name, given in FORMATS.items()}

    def add_table(
        self, name: str, frame: pd.DataFrame, columns: Sequence[Column], *, title: str, has_total: bool = False
    ) -> Worksheet:
        """Add a sheet with a title, a frozen and filtered heading row, and one row per record; return it.

        Args:
            name: the sheet's name, at most 31 characters.
            frame: the records; nulls give empty cells.
            columns: what to show, in order.
            title: the line above the table.
            has_total: whether the last row is a total, to be set in bold.
        """
        sheet = self._add_sheet(name, columns, title=title, rows=len(frame) - int(has_total))
        cells = [
            [None] * len(frame) if column.field is None else frame[column.field].astype(object).tolist()
            for column in columns
        ]
        for i, (column, values) in enumerate(zip(columns, cells, strict=True)):
            self._write_column(sheet, i, column, values, has_total=has_total)
        wrapped = [
            (list(map(_text, values)), column.width)
            for column, values in zip(columns, cells, strict=True)
            if column.wraps
        ]
        for row, points in enumerate(row_points(wrapped), start=FIRST_ROW - 1):
            sheet.set_row(row, points)
        _set_print_area(sheet, columns, rows=len(frame))
        return sheet

    def add_pattern(self, name: str, columns: Sequence[Column], *, title: str, closable: bool = False) -> Worksheet:
        """Add a sheet like `add_table`'s whose rows `prepared_workbook` fills in; return it.

        Args:
            name: the sheet's name, at most 31 characters.
            columns: what to show, in order.
            title: the line above the table.
            closable: whether a cell to be filled in may be closed in some rows.
        """
        sheet = self._add_sheet(name, columns, title=title, rows=1)
        for i, column in enumerate(columns):
            sheet.write_blank(FIRST_ROW - 1, i, None, self._formats[column.kind])
            if closable:
                sheet.write_blank(FIRST_ROW, i, None, self._formats["shut"])
        _set_print_area(sheet, columns, rows=1)
        return sheet

    def add_details(self, name: str, frame: pd.DataFrame, columns: Sequence[Column], *, title: str) -> None:
        """Add a sheet like `add_table`'s for any number of rows, which are written when the workbook is ended.

        What one sheet cannot hold goes on in further ones, `name` with (2), (3) …

        Args:
            name: the sheet's name, at most 26 characters.
            frame: the records; Arrow-backed columns cost no copy.
            columns: what to show, in order; each has a field.
            title: the line above the table.
        """
        for start in range(0, max(len(frame), 1), ROWS_A_SHEET):
            part = frame.iloc[start : start + ROWS_A_SHEET]
            whole = name if not start else f"{name} ({start // ROWS_A_SHEET + 1})"
            sheet = self._add_sheet(whole, columns, title=title, rows=len(part))
            for i, column in enumerate(columns):
                sheet.write_blank(FIRST_ROW - 1, i, None, self._formats[column.kind])
            if note := printing_note(len(part)):
                sheet.write_string(1, 0, note, self._formats["advice"])
            _set_print_area(sheet, columns, rows=len(part))
            self._details[f"xl/worksheets/sheet{len(self._book.worksheets())}.xml"] = part, columns

    def add_charts(
        self, name: str, charts: Sequence[BarChart], *, of: str, names: str, columns: Sequence[Column], rows: int
    ) -> None:
        """Add a sheet of bar charts over the first `rows` records of the table `of`.

        Args:
            name: the sheet's name.
            charts: what to draw, one below the other.
            of: the sheet of the table, as `add_table` wrote it.
            names: the field the bars are named by.
            columns: the table's.
            rows: how many of its records are drawn; a total after them is not.
        """
        sheet = self._book.add_worksheet(name)
        place = {column.field: i for i, column in enumerate(columns)}
        height = 120 + 26 * rows
        for i, drawn in enumerate(charts):
            chart = self._book.add_chart({"type": "bar"})
            for fill, field in zip(PATTERNS, drawn.fields, strict=False):
                at = [of, FIRST_ROW - 1, place[field], FIRST_ROW - 2 + rows, place[field]]
                by = [of, FIRST_ROW - 1, place[names], FIRST_ROW - 2 + rows, place[names]]
                heading = [of, FIRST_ROW - 2, place[field]]
                chart.add_series(
                    {"name": heading, "categories": by, "values": at, "data_labels": {"value": True}} | fill
                )
            chart.set_title({"name": drawn.title, "name_font": {"size": 12}})
            chart.set_y_axis({"reverse": True})
            shares = all(columns[place[field]].kind == "percent" for field in drawn.fields)
            chart.set_x_axis({"min": 0} | ({"max": 1, "num_format": "0%"} if shares else {"num_format": "#,##0"}))
            chart.set_legend({"position": "bottom"})
            chart.set_size({"width": 860, "height": height})
            sheet.insert_chart(i * (height // 20 + 2), 0, chart)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def add_notes(self, name: str, lines: Sequence[str], *, title: str) -> Worksheet:
        """Add a sheet of plain lines; return it."""
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, 0, NOTES_WIDTH)
        sheet.write_string(0, 0, title, self._formats["title"])
        for i, line in enumerate(lines, start=2):
            sheet.write_string(i, 0, line, self._formats["text"])
            sheet.set_row(i, LINE_POINTS * lines_of(line, NOTES_WIDTH))
        set_up_page(sheet, [NOTES_WIDTH], names=0)
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
        content = self._buffer.getvalue()
        if not self._details:
            return content
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            empty = {name: archive.read(name) for name in self._details}
        return DocxPackage(content, filled=empty).build_large(
            {name: _filled(empty[name], frame, columns) for name, (frame, columns) in self._details.items()}
        )

    def _add_sheet(self, name: str, columns: Sequence[Column], *, title: str, rows: int) -> Worksheet:
        sheet = self._book.add_worksheet(name)
        sheet.write_string(0, 0, title, self._formats["title"])
        for i, column in enumerate(columns):
            sheet.set_column(i, i, column.width)
            sheet.write_string(2, i, column.heading, self._heading)
        # Bold words are a quarter wider than a column's measure.
        lines = max(-(-len(column.heading) * 5 // (4 * column.width)) for column in columns)
        sheet.set_row(2, LINE_POINTS * lines + 4)
        sheet.freeze_panes(3, 0)
        sheet.autofilter(2, 0, 2 + max(rows, 0), len(columns) - 1)
        names = len(list(takewhile(lambda column: column.kind in TEXTS, columns)))
        set_up_page(sheet, [column.width for column in columns if column.on_paper], names=names)
        sheet.repeat_rows(2)
        return sheet

    def _write_column(self, sheet: Worksheet, i: int, column: Column, values: list[Any], *, has_total: bool) -> None:
        for row, value in enumerate(values, start=3):
            last = has_total and row == len(values) + 2
            cell_format = (self._total if last else self._formats)[column.kind]
            _write_cell(sheet, (row, i), value, column.kind, cell_format)


def _set_print_area(sheet: Worksheet, columns: Sequence[Column], *, rows: int) -> None:
    """Print the columns meant for paper and the first rows, where that is not all of the sheet."""
    printed = sum(column.on_paper for column in columns)
    if printed < len(columns) or rows > ROWS_PRINTED:
        sheet.print_area(0, 0, FIRST_ROW - 2 + min(rows, ROWS_PRINTED), printed - 1)


def _filled(sheet: bytes, frame: pd.DataFrame, columns: Sequence[Column]) -> Iterator[bytes | memoryview]:
    """Yield the XML of a details sheet: as XlsxWriter wrote it, `frame` in place of the pattern row."""
    pattern = PATTERN_ROW.search(sheet)
    if pattern is None:
        raise ValueError("a details sheet without its pattern row")
    styles = re.findall(rb' s="(\d+)"', pattern[1])
    last = FIRST_ROW - 1 + len(frame)
    yield re.sub(rb'(<dimension ref="A1:[A-Z]+)\d+"', rb'\g<1>%d"' % last, sheet[: pattern.start()], count=1)
    table = pa.table({column.field: array_of(frame[column.field]) for column in columns})
    cells = [
        Cells(table[column.field], column.kind, style.decode()) for column, style in zip(columns, styles, strict=True)
    ]
    wrapped = [(table[column.field], column.width) for column in columns if column.wraps]
    yield from rows_xml(cells, first_row=FIRST_ROW, lines=lines_of_rows(wrapped, len(frame)))
    yield sheet[pattern.end() :]


def _text(value: Any) -> str | None:
    return None if value is None or pd.isna(value) else str(value)


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
