"""A Word letter as safe HTML: every word it shows on paper, and a word about what a page cannot show."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from markupsafe import Markup, escape

ALIGNMENTS = {
    WD_ALIGN_PARAGRAPH.CENTER: "center",
    WD_ALIGN_PARAGRAPH.RIGHT: "right",
    WD_ALIGN_PARAGRAPH.JUSTIFY: "justify",
}
MARKS = {"b": Markup("<strong>{}</strong>"), "i": Markup("<em>{}</em>"), "u": Markup("<u>{}</u>")}
BREAKS = {"br": Markup("<br>"), "cr": Markup("<br>"), "tab": Markup("&emsp;"), "noBreakHyphen": Markup("&#8209;")}
# What stands on paper but not on the page; the reader is told to open the Word file.
UNSHOWN = {
    "pict": "hình vẽ",
    "drawing": "hình vẽ",
    "object": "đối tượng nhúng",
    "footnoteReference": "chú thích cuối trang",
    "endnoteReference": "chú thích cuối văn bản",
    "commentReference": "ý kiến bên lề",
    "sym": "ký hiệu đặc biệt",
    "numPr": "số thứ tự tự động",
    "oMath": "công thức",
}
SILENT = {"instrText", "sectPr", "Fallback", "tblPr", "tblGrid", "trPr", "rPr", "proofErr"}


@dataclass(frozen=True)
class Page:
    """A letter's HTML, and what of it the page does not show, in words."""

    html: Markup
    unshown: tuple[str, ...]


def letter_page(content: bytes) -> Page:
    """Return the Word document `content` as a page: headers, body, footers; text the author deleted is struck out."""
    return _Reader(docx.Document(io.BytesIO(content))).page()


@dataclass
class _Reader:
    document: Document
    unshown: set[str] = field(default_factory=set)

    def page(self) -> Page:
        section = self.document.sections[0]
        parts = [self.document.element.body]
        if not section.header.is_linked_to_previous:
            parts.insert(0, section.header._element)
        if not section.footer.is_linked_to_previous:
            parts.append(section.footer._element)
        html = Markup("").join(html for part in parts for html in self._children(part))
        return Page(html, tuple(sorted(self.unshown)))

    @cached_property
    def _styles(self) -> dict[str, Any]:
        return {style.style_id: style for style in self.document.styles}

    def _children(self, element: Any) -> Iterator[Markup]:
        for child in element:
            yield self._html(child)

    def _html(self, element: Any) -> Markup:
        name = _name(element)
        if name in BREAKS:
            return BREAKS[name]
        if name in UNSHOWN and not element.findall(f".//{qn('w:txbxContent')}"):
            self.unshown.add(UNSHOWN[name])
            return Markup("")
        if name in SILENT:
            return Markup("")
        writer = getattr(self, f"_{name}", None) if name in WRITERS else None
        return writer(element) if writer else Markup("").join(self._children(element))

    def _t(self, element: Any) -> Markup:
        return escape(element.text or "")

    def _delText(self, element: Any) -> Markup:  # noqa: N802  Word's own name
        return Markup("<del>{}</del>").format(element.text or "")

    def _ins(self, element: Any) -> Markup:
        return Markup("<ins>{}</ins>").format(Markup("").join(self._children(element)))

    def _pPr(self, element: Any) -> Markup:  # noqa: N802  Word's own name
        if element.find(qn("w:numPr")) is not None:
            self.unshown.add(UNSHOWN["numPr"])
        return Markup("")

    def _txbxContent(self, element: Any) -> Markup:  # noqa: N802  Word's own name
        lines = (self._runs(paragraph) for paragraph in element.iter(qn("w:p")))
        return Markup('<span class="box">{}</span>').format(Markup("<br>").join(lines))

    def _p(self, element: Any) -> Markup:
        style = self._style(element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"))
        classes = [self._alignment(element, style), "rule" if _has_rule(element, style) else ""]
        return Markup('<p class="{}">{}</p>').format(" ".join(filter(None, classes)), self._runs(element))

    def _runs(self, paragraph: Any) -> Markup:
        return Markup("").join(self._children(paragraph))

    def _r(self, element: Any) -> Markup:
        properties = element.find(qn("w:rPr"))
        if _switch(properties, "vanish"):
            self.unshown.add("chữ ẩn")
            return Markup("")
        html = Markup("").join(self._children(element))
        paragraph = next(element.iterancestors(qn("w:p")))
        style = self._style(paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"))
        for switch, mark in MARKS.items():
            own = _switch(properties, switch)
            if own if own is not None else _inherited(style, switch):
                html = mark.format(html)
        return html

    def _tbl(self, element: Any) -> Markup:
        kind = "framed" if element.find(f"{qn('w:tblPr')}/{qn('w:tblBorders')}") is not None else "plain"
        return Markup('<table class="{}">{}</table>').format(kind, Markup("").join(self._children(element)))

    def _tr(self, element: Any) -> Markup:
        return Markup("<tr>{}</tr>").format(Markup("").join(self._children(element)))

    def _tc(self, element: Any) -> Markup:
        span = element.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        width = int(span.get(qn("w:val"))) if span is not None else 1
        return Markup('<td colspan="{}">{}</td>').format(width, Markup("").join(self._children(element)))

    def _style(self, named: Any) -> Any:
        return self._styles.get(named.get(qn("w:val"))) if named is not None else None

    def _alignment(self, paragraph: Any, style: Any) -> str:
        own = paragraph.alignment
        while own is None and style is not None:
            own, style = style.paragraph_format.alignment, style.base_style
        return ALIGNMENTS.get(own, "")


WRITERS = {"t", "delText", "ins", "pPr", "txbxContent", "p", "r", "tbl", "tr", "tc"}


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _switch(properties: Any, name: str) -> bool | None:
    """Return whether a run's own properties turn `name` on or off, None when they do not say."""
    found = properties.find(qn(f"w:{name}")) if properties is not None else None
    return None if found is None else found.get(qn("w:val")) not in ("0", "false", "none", "off")


def _inherited(style: Any, name: str) -> bool:
    while style is not None:
        own = _switch(style.element.find(qn("w:rPr")), name)
        if own is not None:
            return own
        style = style.base_style
    return False


def _has_rule(paragraph: Any, style: Any) -> bool:
    path = f"{qn('w:pPr')}/{qn('w:pBdr')}"
    return paragraph.find(path) is not None or (style is not None and style.element.find(path) is not None)
