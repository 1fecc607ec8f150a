"""Effective formatting: run, character style, paragraph style, document defaults, in Word's order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn

# ECMA-376: what a document says that declares nothing.
DEFAULT_FONT = "Times New Roman"
DEFAULT_SIZE = 10.0
SMALLEST_SIZE = 1.0  # half points
OFF = ("0", "false", "off", "none")
TWIPS_PER_CM = 1440 / 2.54
AUTOMATIC_SPACING = 14.0
DRAWING_NAMESPACE = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass(frozen=True)
class Face:
    """The look of a run: size in points, colour as "000000" or "auto"."""

    size: float
    bold: bool
    italic: bool
    caps: bool
    underlined: bool
    highlighted: bool
    colour: str
    fonts: tuple[str, ...]


@dataclass(frozen=True)
class ParagraphFormat:
    """The layout of a paragraph: lengths in centimetres, gaps in points, line spacing as Word's rule and value."""

    style: str
    align: str
    first_line: float
    left: float
    right: float
    before: float
    after: float
    line_rule: str
    line: float
    numbered: bool
    contextual: bool
    borders: frozenset[str]
    solid: bool


class Formatting:
    """The style sheet of one document, ready to answer how a run or a paragraph looks."""

    def __init__(self, document: Document) -> None:
        """Read styles and theme; a document without either has Word's own defaults."""
        root = _part(document.part, RELATIONSHIP_TYPE.STYLES)
        styles = [] if root is None else root.findall(qn("w:style"))
        self._styles = {style.get(qn("w:styleId")): style for style in styles}
        self._default = {
            style.get(qn("w:type")): style.get(qn("w:styleId")) for style in styles if _is_set(style, "w:default")
        }
        self._defaults = None if root is None else root.find(qn("w:docDefaults"))
        self._theme = _theme_fonts(document)

    def face(self, run: Any, paragraph: Any) -> Face:
        """Return the effective look of `run` in `paragraph`, both lxml elements."""
        direct = run.find(qn("w:rPr"))
        own = [] if direct is None else [direct]
        character = list(self._chain(_value(direct, "w:rStyle"), "w:rPr"))
        para = list(self._chain(self._style_id(paragraph), "w:rPr")) + self._document("w:rPrDefault", "w:rPr")
        everything = [*own, *character, *para]
        size = _first(everything, "w:sz")
        colour = _first(everything, "w:color")
        underline = _first(everything, "w:u")
        highlight = _first(everything, "w:highlight")
        return Face(
            size=max(float(size), SMALLEST_SIZE) / 2 if size else DEFAULT_SIZE,
            bold=_toggle("w:b", own, character, para),
            italic=_toggle("w:i", own, character, para),
            caps=_toggle("w:caps", own, character, para),
            underlined=underline not in (None, *OFF),
            highlighted=highlight not in (None, *OFF),
            colour=colour or "auto",
            fonts=tuple(dict.fromkeys(self._font(everything, script) for script in ("ascii", "hAnsi"))),
        )

    def shape(self, paragraph: Any) -> ParagraphFormat:
        """Return the effective layout of `paragraph`, an lxml element."""
        direct = paragraph.find(qn("w:pPr"))
        chain = [] if direct is None else [direct]
        chain += [*self._chain(self._style_id(paragraph), "w:pPr"), *self._document("w:pPrDefault", "w:pPr")]
        borders = _borders(chain)
        line = _attribute(chain, "w:spacing", "line")
        rule = _attribute(chain, "w:spacing", "lineRule") or "auto"
        return ParagraphFormat(
            style=self._style_id(paragraph) or "",
            align=_first(chain, "w:jc") or "left",
            first_line=_first_line(chain),
            left=_twips(chain, "w:ind", "left", "start") / TWIPS_PER_CM,
            right=_twips(chain, "w:ind", "right", "end") / TWIPS_PER_CM,
            before=_gap(chain, "before"),
            after=_gap(chain, "after"),
            line_rule=rule,
            line=float(line or 240) / (240 if rule == "auto" else 20),
            numbered=any(p.find(qn("w:numPr")) is not None for p in chain),
            contextual=_first(chain, "w:contextualSpacing", default="on") not in (None, *OFF),
            borders=frozenset(borders),
            solid=borders.get("bottom") == "single",
        )

    def _style_id(self, paragraph: Any) -> str | None:
        return _value(paragraph.find(qn("w:pPr")), "w:pStyle") or self._default.get("paragraph")

    def _chain(self, style_id: str | None, tag: str) -> Iterator[Any]:
        seen: set[str] = set()
        while style_id and style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            style = self._styles[style_id]
            properties = style.find(qn(tag))
            if properties is not None:
                yield properties
            style_id = _value(style, "w:basedOn")

    def _document(self, holder: str, tag: str) -> list[Any]:
        found = None if self._defaults is None else self._defaults.find(f"{qn(holder)}/{qn(tag)}")
        return [] if found is None else [found]

    def _font(self, chain: list[Any], script: str) -> str:
        for properties in chain:
            fonts = properties.find(qn("w:rFonts"))
            if fonts is None:
                continue
            theme, name = (fonts.get(qn(f"w:{script}{kind}")) for kind in ("Theme", ""))
            if theme or name:
                return str(self._theme.get(theme[:5], theme) if theme else name)
        return DEFAULT_FONT


def _part(part: Any, kind: str) -> Any:
    """Return the root of the part related as `kind`, or None; python-docx would make up a missing one."""
    found = next((relation.target_part for relation in part.rels.values() if relation.reltype == kind), None)
    return None if found is None else parse_xml(found.blob)


def _theme_fonts(document: Document) -> dict[str, str]:
    root = _part(document.part, RELATIONSHIP_TYPE.THEME)
    if root is None:
        return {}
    latin = {
        kind: root.find(f".//{DRAWING_NAMESPACE}{kind}Font/{DRAWING_NAMESPACE}latin") for kind in ("major", "minor")
    }
    return {kind: font.get("typeface", "") for kind, font in latin.items() if font is not None}


def _is_set(element: Any, attribute: str) -> bool:
    return element.get(qn(attribute), "0") not in OFF


def _value(properties: Any, tag: str) -> str | None:
    found = None if properties is None else properties.find(qn(tag))
    return None if found is None else found.get(qn("w:val"))


def _first(chain: list[Any], tag: str, *, default: str | None = None) -> str | None:
    """Return the nearest value of `tag`; `default` where the tag stands without a value."""
    found = next((f for f in (p.find(qn(tag)) for p in chain) if f is not None), None)
    return None if found is None else found.get(qn("w:val"), default)


def _toggle(tag: str, *levels: list[Any]) -> bool:
    """Return whether a toggle is on: a run's own word decides, else two styles that both set it cancel out."""
    own, character, para = (_first(level, tag, default="on") for level in levels)
    if own is not None:
        return own not in OFF
    return (character not in (None, *OFF)) != (para not in (None, *OFF))


def _attribute(chain: list[Any], tag: str, *names: str) -> str | None:
    for properties in chain:
        found = properties.find(qn(tag))
        for name in names if found is not None else ():
            if found.get(qn(f"w:{name}")) is not None:
                return str(found.get(qn(f"w:{name}")))
    return None


def _twips(chain: list[Any], tag: str, *names: str) -> float:
    return float(_attribute(chain, tag, *names) or 0)


def _first_line(chain: list[Any]) -> float:
    """Return the indent of the first line; the nearer of "firstLine" and "hanging" holds."""
    for properties in chain:
        ahead, back = (_attribute([properties], "w:ind", name) for name in ("firstLine", "hanging"))
        if ahead is not None or back is not None:
            return (-float(back) if back is not None else float(ahead or 0)) / TWIPS_PER_CM
    return 0.0


def _borders(chain: list[Any]) -> dict[str, str]:
    """Return the line of each side that has one, by side."""
    nearest = next((b for b in (p.find(qn("w:pBdr")) for p in chain) if b is not None), ())
    lines = {border.tag.rpartition("}")[2]: border.get(qn("w:val"), "none") for border in nearest}
    return {side: line for side, line in lines.items() if line not in ("nil", "none")}


def _gap(chain: list[Any], side: str) -> float:
    automatic = _attribute(chain, "w:spacing", f"{side}Autospacing")
    return AUTOMATIC_SPACING if automatic not in (None, *OFF) else _twips(chain, "w:spacing", side) / 20
