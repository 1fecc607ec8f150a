"""Read a .docx as the checker needs it: lines as typed, with their effective look."""

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn

from dondoc.decree30.drawn import drawn_rules_cm, is_fallback
from dondoc.decree30.formatting import TWIPS_PER_CM, Face, Formatting, ParagraphFormat
from dondoc.decree30.widths import width_cm
from dondoc.errors import DondocError

WORD_CELL_MARGIN = 108.0
GONE = (qn("w:del"), qn("w:moveFrom"))
BREAKS = (qn("w:br"), qn("w:cr"))
TYPED = {qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}
DAMAGE = (OSError, OpcError, zipfile.BadZipFile, zlib.error, SyntaxError, LookupError, ValueError, AttributeError)


class UnreadableDocumentError(DondocError):
    """A file is not a Word document that can be read."""


@dataclass(frozen=True)
class Piece:
    """Text of one look."""

    text: str
    face: Face


@dataclass(frozen=True)
class TableCell:
    """Where in which table a line stands; text boxes count as tables of one cell."""

    table: int
    row: int
    column: int


@dataclass(frozen=True)
class TypedLine:
    """A line as typed: a paragraph, or the part of one between two line breaks.

    Attributes:
        text: NFC, spaces folded to one, capitals where the look makes them.
        paragraph: number of its paragraph in the document.
        width_cm: of the column it stands in.
        tabbed: whether it starts with a tab.
        rules_cm: lengths of the solid rules drawn at it.
    """

    text: str
    pieces: tuple[Piece, ...]
    shape: ParagraphFormat
    paragraph: int
    section: int
    width_cm: float
    cell: TableCell | None
    tabbed: bool
    rules_cm: tuple[float, ...]

    @property
    def centred(self) -> bool:
        """Whether the line is centred."""
        return self.shape.align == "center"

    @property
    def boxed(self) -> bool:
        """Whether the paragraph stands in a box: a notice, not content."""
        return {"top", "left"} <= self.shape.borders

    @property
    def bold(self) -> bool:
        """Whether all of its words are bold."""
        return bool(self.pieces) and all(piece.face.bold for piece in self.pieces)

    @property
    def italic(self) -> bool:
        """Whether all of its words are italic."""
        return bool(self.pieces) and all(piece.face.italic for piece in self.pieces)

    def is_above(self, other: "TypedLine") -> bool:
        """Return whether `other` is empty and in the same column."""
        return not other.text and other.cell == self.cell

    @property
    def size(self) -> float:
        """The size of its first words in points, 0 where it has none."""
        return self.pieces[0].face.size if self.pieces else 0.0


@dataclass(frozen=True)
class _ReadingState:
    """Where the walk through the document stands."""

    width_cm: float
    cell: TableCell | None = None


class LineReader:
    """One walk through a document's body, in reading order."""

    def __init__(self, document: Document, formatting: Formatting) -> None:
        """Start at the beginning of `document`."""
        self._formatting = formatting
        self._body = document.element.body
        self._widths = [
            ((s.page_width or 0) - (s.left_margin or 0) - (s.right_margin or 0)) / 360_000 for s in document.sections
        ]
        self._section = self._paragraph = self._table = 0
        self.sections_with_tables: set[int] = set()

    def read(self) -> tuple[TypedLine, ...]:
        """Return every line of the body, empty ones too."""
        return tuple(self._walk(self._body, _ReadingState(self._widths[0] if self._widths else 0.0)))

    def _walk(self, container: Any, place: _ReadingState) -> Iterator[TypedLine]:
        for child in container:
            if child.tag == qn("w:p"):
                yield from self._lines(child, place)
                if place.cell is None and child.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
                    self._section = min(self._section + 1, len(self._widths) - 1)
                    place = _ReadingState(self._widths[self._section])
            elif child.tag == qn("w:tbl"):
                yield from self._cells(child)
            elif child.tag == qn("w:sdt"):
                yield from self._walk(next(child.iterchildren(qn("w:sdtContent")), ()), place)

    def _cells(self, table: Any) -> Iterator[TypedLine]:
        self._table += 1
        self.sections_with_tables.add(self._section)
        number = self._table
        margins = _cell_margins(table)
        grid = [float(column.get(qn("w:w"), 0)) for column in table.iterfind(f"{qn('w:tblGrid')}/{qn('w:gridCol')}")]
        for i, row in enumerate(table.iterfind(qn("w:tr"))):
            for j, cell in enumerate(row.iterfind(qn("w:tc"))):
                width = cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}[@{qn('w:type')}='dxa']")
                twips = float(width.get(qn("w:w"), 0)) if width is not None else sum(grid[j : j + 1])
                yield from self._walk(cell, _ReadingState((twips - margins) / TWIPS_PER_CM, TableCell(number, i, j)))

    def _lines(self, paragraph: Any, place: _ReadingState) -> Iterator[TypedLine]:
        self._paragraph += 1
        shape = self._formatting.shape(paragraph)
        parts: list[list[Piece]] = [[]]
        for run in _runs(paragraph):
            for i, text in enumerate(_typed(run)):
                if i:
                    parts.append([])
                if text:
                    face = self._formatting.face(run, paragraph)
                    parts[-1].append(Piece(text.upper() if face.caps else text, face))
        number = self._paragraph
        for i, pieces in enumerate(parts):
            line = self._line(pieces, shape, place, number)
            yield line if i < len(parts) - 1 else replace(line, rules_cm=_rules(line, paragraph))
        for box in paragraph.iter(qn("w:txbxContent")):
            if not is_fallback(box):
                self._table += 1
                yield from self._walk(box, _ReadingState(0.0, TableCell(self._table, 0, 0)))

    def _line(self, pieces: list[Piece], shape: ParagraphFormat, place: _ReadingState, number: int) -> TypedLine:
        raw = "".join(piece.text for piece in pieces)
        return TypedLine(
            text=" ".join(unicodedata.normalize("NFC", raw).split()),
            pieces=tuple(piece for piece in pieces if piece.text.strip()),
            shape=shape,
            paragraph=number,
            section=self._section,
            width_cm=place.width_cm,
            cell=place.cell,
            tabbed=raw.startswith("\t"),
            rules_cm=(),
        )


def open_document(path: Path) -> Document:
    """Return the document at `path`.

    Raises:
        UnreadableDocumentError: it is missing, damaged, locked, or no .docx.
    """
    try:
        return docx.Document(str(path))
    except DAMAGE as error:
        raise unreadable(path) from error


def unreadable(path: Path) -> UnreadableDocumentError:
    """Return the error for a file that cannot be read."""
    return UnreadableDocumentError(
        "Không đọc được văn bản Word.",
        where=path,
        remedy="kiểm tra đường dẫn; mở tệp bằng Word rồi lưu lại dạng .docx, không đặt mật khẩu.",
    )


def fold(text: str) -> str:
    """Return the letters of `text` without marks, case or punctuation, to recognise what was mistyped."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join(re.sub(r"[^a-z0-9 ]+", " ", re.sub(r"[\u0300-\u036f]", "", bare)).split())


def _runs(paragraph: Any) -> Iterator[Any]:
    for run in paragraph.iter(qn("w:r")):
        between = [ancestor.tag for ancestor in run.iterancestors()]
        between = between[: between.index(qn("w:p"))]
        if run_belongs(run, paragraph) and not set(between) & set(GONE):
            yield run


def run_belongs(run: Any, paragraph: Any) -> bool:
    """Return whether `run` is the paragraph's own, not that of a text box in it."""
    return next(run.iterancestors(qn("w:p")), None) is paragraph


def _typed(run: Any) -> list[str]:
    """Return the text of `run`, cut at its line breaks."""
    texts = [""]
    for child in run:
        if child.tag == qn("w:t"):
            texts[-1] += child.text or ""
        elif child.tag in BREAKS:
            texts.extend([""] if child.get(qn("w:type"), "textWrapping") == "textWrapping" else [])
        else:
            texts[-1] += TYPED.get(child.tag, "")
    return texts


def _cell_margins(table: Any) -> float:
    """Return the left and right cell margins together, in twips."""
    margins = table.find(f"{qn('w:tblPr')}/{qn('w:tblCellMar')}")
    if margins is None:
        return 2 * WORD_CELL_MARGIN
    found = [margins.find(qn(f"w:{side}")) for side in ("left", "right")]
    return sum(WORD_CELL_MARGIN if side is None else float(side.get(qn("w:w"), 0)) for side in found)


def _rules(line: TypedLine, paragraph: Any) -> tuple[float, ...]:
    found = drawn_rules_cm(paragraph)
    if line.shape.solid and not line.boxed:
        found.append(line.width_cm - line.shape.left - line.shape.right)
    if line.pieces and all(piece.face.underlined for piece in line.pieces):
        found.append(width_cm(line.text, size=line.size, bold=line.bold))
    return tuple(found)
