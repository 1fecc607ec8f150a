"""Tables that systems write as HTML or as SpreadsheetML 2003 and call .xls: cells by place, in bounded time and memory.

No document type, no entity, no network; what the parser had to guess at is refused, never cut off in silence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
from lxml import etree

from dondoc.sources.cells import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, UNCALCULATED, too_large
from dondoc.sources.csv_text import decode_text
from dondoc.sources.safety import RESAVE, refused, unreadable

# A tree of the parser takes some ten times the text.
MAX_MARKUP_BYTES = 128 * 2**20
SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
DECLARED = re.compile(r"<!(?:ENTITY|DOCTYPE[^>]*\[)", re.IGNORECASE)
DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# What stands between two words though no text does.
BREAKS = ("br", "p", "div", "li")
HIDDEN = frozenset({"SheetHidden", "SheetVeryHidden"})


@dataclass
class MarkupSheet:
    """Cells as they come, by row and column from 0; `merges` are columns with first and last row."""

    name: str
    path: Path
    rows: int = 0
    hidden: bool = False
    columns: dict[int, tuple[list[int], list[str]]] = field(default_factory=dict)
    merges: list[tuple[int, int, int]] = field(default_factory=list)

    def put(self, row: int, column: int, text: str, *, down: int = 0) -> None:
        """Add a cell that goes on over `down` more rows.

        Raises:
            SourceError: it lies outside the limits of a sheet.
        """
        if row >= MAX_ROWS or column >= MAX_COLUMNS:
            raise too_large(self.path)
        self.rows = max(self.rows, row + 1)
        if text:
            places, texts = self.columns.setdefault(column, ([], []))
            places.append(row)
            texts.append(text)
            if down:
                self.merges.append((column, row, row + down))

    def table(self) -> pa.Table:
        """Return the cells as text columns, those of no cell null.

        Raises:
            SourceError: there are more than a sheet may have.
        """
        width = max(self.columns, default=-1) + 1
        if self.rows * width > MAX_CELLS:
            raise too_large(self.path)
        return pa.table({f"f{place}": self._column(place) for place in range(width)})

    def _column(self, place: int) -> pa.Array:
        places, texts = self.columns.get(place, ([], []))
        order = np.full(self.rows, -1, np.int64)
        order[places] = np.arange(len(places))
        return pa.array(texts, pa.string()).take(pa.array(order, mask=order < 0))


def read_html(path: Path) -> Iterator[MarkupSheet]:
    """Yield the tables of the page at `path` that have more than one column.

    Raises:
        SourceError: it has none, is nested or declares beyond any export, or is larger than the limits.
    """
    text = _text(path)
    if DECLARED.search(text):
        raise refused("Tệp có khai báo DTD hoặc thực thể XML", path, RESAVE)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    root = etree.fromstring(XML_DECLARATION.sub("", text).encode(), parser)
    if any(entry.level >= etree.ErrorLevels.FATAL for entry in parser.error_log):
        raise unreadable(path, "trang web lồng quá nhiều tầng hoặc hỏng bên trong")
    sheets = [_html_table(table, n, path) for n, table in enumerate(_tables(root), start=1)]
    found = [sheet for sheet in sheets if len(sheet.columns) > 1]
    if not found:
        raise unreadable(path, "nội dung là trang web, không phải bảng tính")
    yield from found


def _tables(root: etree._Element | None) -> Iterator[etree._Element]:
    if root is not None:
        for name in BREAKS:
            for element in root.iter(name):
                element.tail = f" {element.tail or ''}"
        yield from root.iter("table")


def _html_table(table: etree._Element, number: int, path: Path) -> MarkupSheet:
    sheet = MarkupSheet(f"Bảng {number}", path)
    taken: dict[int, int] = {}  # by column: the first row its last merged cell leaves free
    for row, line in enumerate(_lines(table)):
        column = 0
        sheet.rows = row + 1
        for cell in line:
            if cell.tag not in {"td", "th"}:
                continue
            while taken.get(column, 0) > row:
                column += 1
            across = _span(cell.get("colspan"))
            down = _span(cell.get("rowspan"))
            sheet.put(row, column, "".join(cell.itertext()).strip(), down=down - 1)
            # Wider than any sheet is nothing but wide: what follows it is refused.
            end = column + min(across, MAX_COLUMNS)
            if down > 1:
                taken.update(dict.fromkeys(range(column, end), row + down))
            column = end
    return sheet


def _lines(table: etree._Element) -> Iterator[etree._Element]:
    """Yield the rows of `table` itself, not of one inside it."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in {"tbody", "thead", "tfoot"}:
            yield from child.iterchildren("tr")


def _span(written: str | None) -> int:
    """Return how many places a cell takes, 1 where that is no number, never more than a sheet has rows."""
    return min(max(int(written), 1), MAX_ROWS) if written and re.fullmatch(r"[0-9]{1,9}", written.strip()) else 1


def read_spreadsheetml(path: Path) -> Iterator[MarkupSheet]:
    """Yield the worksheets of the SpreadsheetML 2003 document at `path`.

    Raises:
        SourceError: it is broken, declares a document type, or is larger than the limits.
    """
    text = _text(path)
    if DOCTYPE.search(text) or DECLARED.search(text):
        raise refused("Tệp có khai báo DTD hoặc thực thể XML", path, RESAVE)
    content = BytesIO(XML_DECLARATION.sub("", text).encode())
    events = etree.iterparse(
        content,
        events=("end",),
        tag=(f"{SS}Row", f"{SS}Worksheet", "{*}Visible"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    sheet = MarkupSheet("", path)
    row = 0
    try:
        for _, element in events:
            if element.tag == f"{SS}Row":
                row = _take_row(sheet, element, row)
                element.clear()
            elif element.tag == f"{SS}Worksheet":
                sheet.name = element.get(f"{SS}Name", "")
                yield sheet
                sheet = MarkupSheet("", path)
                row = 0
                element.clear()
            else:
                sheet.hidden = (element.text or "") in HIDDEN
    except etree.XMLSyntaxError as error:
        raise unreadable(path, "tệp bị cắt cụt, lồng quá nhiều tầng hoặc hỏng") from error


def _take_row(sheet: MarkupSheet, element: etree._Element, row: int) -> int:
    """Add a row's cells to `sheet`; return the place of the row below it."""
    row = _place(element, row, sheet)
    column = 0
    for cell in element.iterchildren(f"{SS}Cell"):
        column = _place(cell, column, sheet)
        data = cell.find(f"{SS}Data")
        text = "" if data is None else "".join(data.itertext()).strip()
        if not text and cell.get(f"{SS}Formula"):
            text = UNCALCULATED
        sheet.put(row, column, text, down=_number(cell.get(f"{SS}MergeDown")))
        column += 1 + _number(cell.get(f"{SS}MergeAcross"))
    return row + 1


def _place(element: etree._Element, following: int, sheet: MarkupSheet) -> int:
    """Return the place from 0 that an element names, or else the one that follows.

    Raises:
        SourceError: it names one before that, or none there can be.
    """
    named = element.get(f"{SS}Index")
    if named is None:
        return following
    place = _number(named) - 1
    if place < following:
        raise unreadable(sheet.path, "thứ tự dòng, cột hỏng")
    return place


def _number(written: str | None) -> int:
    return int(written) if written and re.fullmatch(r"[0-9]{1,9}", written.strip()) else 0


def _text(path: Path) -> str:
    if path.stat().st_size > MAX_MARKUP_BYTES:
        limit = MAX_MARKUP_BYTES >> 20
        raise refused("Tệp HTML, XML lớn quá mức", path, f"lưu lại dạng .xlsx, hoặc chia tệp, mỗi tệp dưới {limit} MB.")
    return decode_text(path.read_bytes(), path)
