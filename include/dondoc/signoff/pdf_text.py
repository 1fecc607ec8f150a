"""The words a PDF prints, line by line in the order it prints them; pages of pictures have none.

Runs in the confined process of `pdf_reading` alone: pyHanko's objects go in, plain text comes out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, NamedTuple

from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader

from dondoc.signoff.pdf_content import operators
from dondoc.signoff.pdf_fonts import Font, UnmappedError, at, font_of, there

MAX_PAGES = 200
MAX_FORMS_DEEP = 6
MAX_LETTERS = 200_000
# Rendering modes that paint nothing: the words a scanner's program laid behind its picture.
UNSEEN = (3, 7)
# Which property of the pen each operator sets, and in which unit it says so.
SETTINGS = {
    "Tr": ("mode", 1),
    "Tc": ("apart", 1),
    "Tw": ("words_apart", 1),
    "Tz": ("stretch", 0.01),
    "TL": ("leading", 1),
}
SHOWS = ("Tj", "'", '"', "TJ")
SAME = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
# Letters whose feet differ by less stand on one line.
ONE_LINE = 0.5

Matrix = tuple[float, float, float, float, float, float]


class Glyph(NamedTuple):
    """A letter and where on the page it stands."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Pen:
    """How the next letter is drawn; what `q` saves and `Q` brings back."""

    page: Matrix = SAME
    font: Font | None = None
    size: float = 1
    mode: float = 0
    apart: float = 0
    words_apart: float = 0
    stretch: float = 1
    leading: float = 0


def page_texts(reader: PdfFileReader) -> list[str]:
    """Return the visible text of each page, annotations but signatures included.

    Raises:
        UnmappedError: words are printed that cannot be told from their glyphs.
        ContentError: a stream cannot be read as operators.
    """
    pages = [_Page() for _ in range(min(int(reader.root["/Pages"]["/Count"]), MAX_PAGES))]
    for i, page in enumerate(pages):
        page.draw(reader.find_page_for_modification(i)[0].get_object())
    return [page.text() for page in pages]


@dataclass
class _Page:
    pen: Pen = field(default_factory=Pen)
    at_line: Matrix = SAME
    at_letter: Matrix = SAME
    fonts: dict[int, Font | None] = field(default_factory=dict)
    shown: list[Glyph] = field(default_factory=list)

    def draw(self, page: Any) -> None:
        contents = at(page, "/Contents")
        streams = contents if isinstance(contents, list) else [contents]
        data = b"\n".join(stream.data for stream in map(there, streams) if isinstance(stream, StreamObject))
        self._run(data, _inherited(page, "/Resources"), 0)
        for annotation in map(there, at(page, "/Annots") or ()):
            appearance = at(at(annotation, "/AP"), "/N")
            silent = at(annotation, "/FT") == "/Sig" or at(annotation, "/Subtype") in ("/Link", "/Popup")
            if isinstance(appearance, StreamObject) and not silent:
                self.pen = Pen()
                self._run(appearance.data, at(appearance, "/Resources"), 0)

    def text(self) -> str:
        # A letter its font lacks is drawn from another font after the rest of the line.
        lines = groupby(enumerate(self.shown), key=lambda one: self._line_of(*one))
        return "\n".join("".join(g.text for g in sorted((g for _, g in line), key=lambda g: g.x)) for _, line in lines)

    def _line_of(self, i: int, glyph: Glyph) -> int:
        if i == 0 or abs(glyph.y - self.shown[i - 1].y) > ONE_LINE:
            self._line = i
        return self._line

    def _run(self, data: bytes, resources: Any, deep: int) -> None:
        kept = list[Pen]()
        for operator, operands in operators(data):
            if operator == "q":
                kept.append(self.pen)
            elif operator == "Q" and kept:
                self.pen = kept.pop()
            elif operator == "Do" and operands:
                self._form(at(at(resources, "/XObject"), operands[-1]), resources, deep)
            elif operator == "Tf" and len(operands) > 1:
                font = self._font(at(at(resources, "/Font"), operands[-2]))
                self.pen = replace(self.pen, font=font, size=operands[-1])
            else:
                self._write(operator, operands)

    def _form(self, form: Any, outer: Any, deep: int) -> None:
        if isinstance(form, StreamObject) and at(form, "/Subtype") == "/Form" and deep < MAX_FORMS_DEEP:
            before = self.pen
            matrix = [float(there(one)) for one in at(form, "/Matrix") or SAME]
            self.pen = replace(self.pen, page=_times(_matrix(matrix), self.pen.page))
            self._run(form.data, at(form, "/Resources") or outer, deep + 1)
            self.pen = before

    def _font(self, font: Any) -> Font | None:
        if id(font) not in self.fonts:
            self.fonts[id(font)] = font_of(font) if font is not None else None
        return self.fonts[id(font)]

    def _write(self, operator: str, operands: list[Any]) -> None:
        last = operands[-1] if operands and isinstance(operands[-1], float) else 0.0
        if operator in SETTINGS:
            name, unit = SETTINGS[operator]
            changed: dict[str, Any] = {name: last * unit}
            self.pen = replace(self.pen, **changed)
        elif operator == "cm":
            self.pen = replace(self.pen, page=_times(_matrix(operands), self.pen.page))
        elif operator in ("BT", "Tm"):
            self.at_line = self.at_letter = _matrix(operands) if operator == "Tm" else SAME
        elif operator in ("Td", "TD"):
            self._move(operands[-2], last)
            self.pen = replace(self.pen, leading=-last) if operator == "TD" else self.pen
        elif operator in ("T*", "'", '"'):
            self._move(0.0, -self.pen.leading)
        if operator in SHOWS and operands:
            self._show(operands[-1] if isinstance(operands[-1], list) else [operands[-1]])

    def _move(self, x: float, y: float) -> None:
        self.at_line = self.at_letter = _times((1, 0, 0, 1, x, y), self.at_line)

    def _show(self, pieces: Iterable[Any]) -> None:
        pen = self.pen
        for piece in pieces:
            if not isinstance(piece, bytes):
                self._advance(-piece * 0.001 * pen.size)
                continue
            if pen.mode in UNSEEN:
                continue
            if pen.font is None or len(self.shown) > MAX_LETTERS:
                raise UnmappedError
            for letter, width in pen.font.decode(piece):
                *_, x, y = _times(self.at_letter, pen.page)
                self.shown.append(Glyph(x, y, letter))
                self._advance(width * pen.size + pen.apart + (pen.words_apart if letter == " " else 0))

    def _advance(self, along: float) -> None:
        self.at_letter = _times((1, 0, 0, 1, along * self.pen.stretch, 0), self.at_letter)


def _inherited(page: Any, key: str) -> Any:
    for _ in range(MAX_PAGES):
        if key in page or "/Parent" not in page:
            break
        page = page["/Parent"]
    return at(page, key)


def _matrix(numbers: list[Any]) -> Matrix:
    a, b, c, d, e, f = (float(number) for number in numbers[-6:])
    return a, b, c, d, e, f


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    p, q, r, s, t, u = two
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
