"""The sections of a document: paper, margins, page numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.section import Section, _BaseHeaderFooter

from dondoc.decree30.formatting import Formatting

PAGE = re.compile(r"\bPAGE\b", re.IGNORECASE)
EMU_PER_MM = 36_000


@dataclass(frozen=True)
class PageNumber:
    """A page number in a header: size in points."""

    size: float
    upright: bool
    centred: bool


@dataclass(frozen=True)
class SectionLayout:
    """One section: lengths in millimetres, as a reader holds it upright.

    Attributes:
        numbers: the page number of each header that prints one, by header: "default", "first".
        number_format: Word's name, "decimal" for Arabic.
        starts_at: the number its first page is given anew, or None.
        hides_first: whether its first page has a header of its own.
    """

    width: float
    height: float
    margins: dict[str, float]
    has_table: bool
    numbers: dict[str, PageNumber]
    number_format: str
    starts_at: int | None
    hides_first: bool

    @property
    def landscape(self) -> bool:
        """Whether the sheet lies on its long side."""
        return self.width > self.height


def read_sheets(document: Document, formatting: Formatting, *, with_tables: set[int]) -> tuple[SectionLayout, ...]:
    """Return the sections of `document`; a header a section lacks is that of the section before."""
    sheets: list[SectionLayout] = []
    headers: dict[str, PageNumber] = {}
    for i, section in enumerate(document.sections):
        headers = dict(headers)
        for kind, header in (("default", section.header), ("first", section.first_page_header)):
            if not header.is_linked_to_previous:
                headers.pop(kind, None)
                headers.update((kind, number) for number in _numbers(header, formatting))
        sheets.append(_sheet(section, headers, has_table=i in with_tables))
    return tuple(sheets)


def _sheet(section: Section, headers: dict[str, PageNumber], *, has_table: bool) -> SectionLayout:
    numbering = section._sectPr.find(qn("w:pgNumType"))
    attributes: Any = {} if numbering is None else numbering.attrib
    starts_at = attributes.get(qn("w:start"))
    sides = ("top", "bottom", "left", "right")
    return SectionLayout(
        width=(section.page_width or 0) / EMU_PER_MM,
        height=(section.page_height or 0) / EMU_PER_MM,
        margins={side: (getattr(section, f"{side}_margin") or 0) / EMU_PER_MM for side in sides},
        has_table=has_table,
        numbers=headers,
        number_format=attributes.get(qn("w:fmt"), "decimal"),
        starts_at=None if starts_at is None else int(starts_at),
        hides_first=section.different_first_page_header_footer,
    )


def _numbers(header: _BaseHeaderFooter, formatting: Formatting) -> Iterator[PageNumber]:
    for paragraph in header._element.iter(qn("w:p")):
        runs = [run for run in paragraph.iter(qn("w:r")) if PAGE.search(_field_code(run))]
        simple = [f for f in paragraph.iter(qn("w:fldSimple")) if PAGE.search(f.get(qn("w:instr"), ""))]
        runs += [run for field in simple for run in field.iter(qn("w:r"))]
        for run in runs[:1]:
            face = formatting.face(run, paragraph)
            centred = formatting.shape(paragraph).align == "center"
            yield PageNumber(face.size, upright=not face.italic, centred=centred)


def _field_code(run: Any) -> str:
    return "".join(code.text or "" for code in run.iter(qn("w:instrText")))
