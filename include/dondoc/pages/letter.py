"""A Word letter as safe HTML: every word it can print; or, where it may print others, what those are."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup, escape

from dondoc.letters.print_check import find_unshown, margins_of
from dondoc.letters.print_check.elements import name_of
from dondoc.letters.print_check.fields import Fields
from dondoc.letters.print_check.looks import is_on
from dondoc.letters.print_check.package import RELATION_ID, WORD, WordPackage

ALIGNMENTS = {"center": "center", "right": "right", "end": "right", "both": "justify", "distribute": "justify"}
MARKS = {
    "b": Markup("<strong>{}</strong>"),
    "i": Markup("<em>{}</em>"),
    "u": Markup("<u>{}</u>"),
    "strike": Markup("<s>{}</s>"),
    "dstrike": Markup("<s>{}</s>"),
}
RAISED = {"superscript": Markup("<sup>{}</sup>"), "subscript": Markup("<sub>{}</sub>")}
BREAKS = {
    "br": Markup("<br>"),
    "cr": Markup("<br>"),
    "tab": Markup("&emsp;"),
    "noBreakHyphen": Markup("&#8209;"),
    "softHyphen": Markup("&shy;"),
}
HOLDERS = {"r", "hyperlink", "smartTag", "fldSimple", "sdt", "sdtContent"}
MARGINS = {"headerReference": "Đầu trang", "footerReference": "Chân trang"}
PAGES = {"first": "trang đầu", "even": "các trang chẵn"}


@dataclass(frozen=True)
class Page:
    """A letter's HTML; or none, and in words what the document may print that a page does not show."""

    html: Markup
    unshown: tuple[str, ...]


def letter_page(content: bytes, *, printed: bool = False) -> Page:
    """Return the Word document `content` as a page: the body, then headers and footers of every section.

    Where its print is shown beside it (`printed`), a picture in the line is seen there.
    """
    unshown = find_unshown(content, printed=printed)
    return Page(Markup(""), unshown) if unshown else Page(_LetterReader(WordPackage(content)).html(), ())


@dataclass
class _LetterReader:
    package: WordPackage

    def html(self) -> Markup:
        document = self.package.document
        return self._all(document) + Markup("").join(self._margins(document))

    def _margins(self, document: Any) -> Iterator[Markup]:
        roots = margins_of(self.package, document)
        for words, root in zip(self._references(document), roots, strict=True):
            shown = self._all(root)
            if shown.striptags():
                yield Markup('<section class="margin"><h3>{}</h3>{}</section>').format(words, shown)

    def _references(self, document: Any) -> list[str]:
        """Return where each header and footer stands, in words, in the order of `margins_of`."""
        named: dict[str, str] = {}
        for section, found in enumerate(document.iter(f"{WORD}sectPr"), start=1):
            usual = "các trang sau trang đầu" if found.find(f"{WORD}titlePg") is not None else "các trang"
            for reference in found.iterchildren(*(f"{WORD}{name}" for name in MARGINS)):
                pages = PAGES.get(reference.get(f"{WORD}type"), usual)
                words = f"{MARGINS[name_of(reference)]}, {pages}" + f", phần {section}" * (section > 1)
                named[reference.get(RELATION_ID)] = words
        return list(named.values())

    def _all(self, element: Any) -> Markup:
        return Markup("").join(self._html(child) for child in element)

    def _html(self, element: Any) -> Markup:
        name = name_of(element)
        if name == "p":
            return self._paragraph(element)
        if name == "tbl":
            return self._table(element)
        return self._all(element) if name in ("body", "sdt", "sdtContent") else Markup("")

    def _paragraph(self, element: Any) -> Markup:
        style = self._style_of(element, "p")
        classes = [self._alignment(element, style), "rule" if self._has_rule(element, style) else ""]
        return Markup('<p class="{}">{}</p>').format(
            " ".join(filter(None, classes)), self._inline(element, Fields.of(element), style)
        )

    def _inline(self, holder: Any, fields: Fields, style: Any) -> Markup:
        shown = Markup("")
        for element in holder:
            name = name_of(element)
            if element in fields.words:
                shown += Markup('<span class="reckoned">{}</span>').format(fields.words[element])
            elif element in fields.hidden:
                continue
            elif name == "t":
                shown += escape(element.text or "")
            elif name in BREAKS:
                shown += BREAKS[name]
            elif name in HOLDERS:
                inside = self._inline(element, fields, style)
                shown += self._run(element, inside, style) if name == "r" else inside
        return shown

    def _run(self, run: Any, html: Markup, style: Any) -> Markup:
        """Return what stands in a run with the looks that matter to who reads it."""
        chain = [run.find(f"{WORD}rPr"), *self._looks(self._style_of(run, "r")), *self._looks(style)]
        if (self._switch(chain, "caps") or self._switch(chain, "smallCaps")) and html:
            html = Markup('<span class="caps">{}</span>').format(html)
        for name, mark in MARKS.items():
            if html and self._switch(chain, name):
                html = mark.format(html)
        raised = run.find(f"{WORD}rPr/{WORD}vertAlign")
        return RAISED.get(raised.get(f"{WORD}val"), Markup("{}")).format(html) if raised is not None else html

    def _table(self, element: Any) -> Markup:
        kind = "framed" if element.find(f"{WORD}tblPr/{WORD}tblBorders") is not None else "plain"
        rows = Markup("").join(self._row(row) for row in element.iterchildren(f"{WORD}tr"))
        return Markup('<table class="{}">{}</table>').format(kind, rows)

    def _row(self, element: Any) -> Markup:
        cells = Markup("")
        for cell in element.iterchildren(f"{WORD}tc"):
            span = cell.find(f"{WORD}tcPr/{WORD}gridSpan")
            width = span.get(f"{WORD}val", "1") if span is not None else "1"
            cells += Markup('<td colspan="{}">{}</td>').format(width, self._all(cell))
        return Markup("<tr>{}</tr>").format(cells)

    @cached_property
    def _styles(self) -> dict[str, Any]:
        root = self.package.root("styles")
        return {} if root is None else {one.get(f"{WORD}styleId"): one for one in root.iterchildren(f"{WORD}style")}

    @cached_property
    def _usual_style(self) -> Any:
        """Return the style of paragraphs that name none."""
        given = (one for one in self._styles.values() if one.get(f"{WORD}type") == "paragraph")
        return next((one for one in given if one.get(f"{WORD}default") in ("1", "true", "on")), None)

    def _style_of(self, element: Any, kind: str) -> Any:
        named = element.find(f"{WORD}{kind}Pr/{WORD}{kind}Style")
        if named is None and kind == "p":
            return self._usual_style
        return self._styles.get(named.get(f"{WORD}val")) if named is not None else None

    def _bases(self, style: Any) -> Iterator[Any]:
        """Yield a style and those it builds on, each once."""
        seen = []
        while style is not None and style not in seen:
            yield style
            seen.append(style)
            base = style.find(f"{WORD}basedOn")
            style = self._styles.get(base.get(f"{WORD}val")) if base is not None else None

    def _looks(self, style: Any) -> list[Any]:
        return [base.find(f"{WORD}rPr") for base in self._bases(style)]

    def _switch(self, chain: list[Any], name: str) -> bool:
        """Return whether a look is on: the nearest of a run's properties and its styles' that says so decides."""
        said = (looks.find(f"{WORD}{name}") for looks in chain if looks is not None)
        return next((is_on(one) for one in said if one is not None), False)

    def _alignment(self, paragraph: Any, style: Any) -> str:
        for one in (paragraph, *self._bases(style)):
            said = one.find(f"{WORD}pPr/{WORD}jc")
            if said is not None:
                return ALIGNMENTS.get(said.get(f"{WORD}val"), "")
        return ""

    def _has_rule(self, paragraph: Any, style: Any) -> bool:
        path = f"{WORD}pPr/{WORD}pBdr"
        return any(one.find(path) is not None for one in (paragraph, *self._bases(style)))
