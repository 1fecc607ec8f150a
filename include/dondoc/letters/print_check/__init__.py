"""Check that a Word letter prints what its page shows: `find_unshown`. What is not known to is named, and not offered.

An allow-list of parts, relationships, elements and looks. `pages/letter.py` shows all that is on it.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from dondoc.letters.print_check.elements import name_of, strange_elements
from dondoc.letters.print_check.fields import Fields
from dondoc.letters.print_check.looks import (
    PALE,
    faulty_cells,
    faulty_looks,
    font_fault,
    is_dark,
    wide_tables,
    width_of,
)
from dondoc.letters.print_check.package import DAMAGED, PICTURE, RELATION_ID, WORD, WordPackage

__all__ = ["find_unshown", "margins_of"]

REFERENCES = {"headerReference": "header", "footerReference": "footer"}
A4 = 11_906  # twips
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
# Settings that bring in words, or change which are printed.
STRANGE_SETTINGS = {
    "attachedTemplate": "mẫu Word ở ngoài tệp",
    "linkStyles": "mẫu Word ở ngoài tệp",
    "mailMerge": "trộn thư",
    "printFormsData": "chỉ in phần điền trong biểu mẫu",
    "bookFoldPrinting": "in gấp thành sổ",
    "bookFoldRevPrinting": "in gấp thành sổ",
    "displayBackgroundShape": "nền trang",
    "captions": "chú thích tự động",
    "attachedSchema": "thẻ dữ liệu riêng",
}
MAPPED = {"t1": "dark1", "t2": "dark2", "hyperlink": "hyperlink"}
# Letters of fonts' own, and marks that turn the order of those around them.
STRANGE_LETTERS = {"Co": "ký tự của phông chữ riêng", "Cs": "ký tự hỏng"}
TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "R", "AL"}


def find_unshown(content: bytes, *, printed: bool = False) -> tuple[str, ...]:
    """Return what of the Word document `content` may print other than it reads, in words; empty where nothing may.

    Args:
        content: the file.
        printed: whether it is read as it prints: a picture in the line, such as a logo, is then seen too.
    """
    found = _unshown(content)
    return tuple(sorted(found - {PICTURE} if printed else found))


def _unshown(content: bytes) -> set[str]:
    package = WordPackage(content)
    found = set(package.faults)
    document = package.document
    if document is None:
        return found or {DAMAGED}
    paper = min(map(width_of, document.iter(f"{WORD}pgSz")), default=A4)
    for root in (document, *margins_of(package, document)):
        found |= set(wide_tables(root, paper=paper))
        found |= set(_of_words(root))
        found |= set(_of_styles(package, root))
    found |= set(_of_settings(package)) | set(_of_theme(package))
    return found | package.faults


def margins_of(package: WordPackage, document: Any) -> list[Any]:
    """Return the root elements of the headers and footers of every section, whichever pages print them."""
    keys = {}
    for reference in document.iter(*(f"{WORD}{name}" for name in REFERENCES)):
        keys[reference.get(RELATION_ID, "")] = REFERENCES[name_of(reference)]
    roots = [package.referenced(key, kind) for key, kind in keys.items()]
    return [root for root in roots if root is not None]


def _of_words(root: Any) -> Iterator[str]:
    yield from strange_elements(root)
    for paragraph in root.iter(f"{WORD}p"):
        yield from Fields.of(paragraph).faults
        shown = "".join(text.text or "" for text in paragraph.iter(f"{WORD}t")).strip()
        # A line of a fixed height cuts a picture in it.
        if shown or next(paragraph.iter("{*}pic"), None) is not None:
            yield from faulty_looks(paragraph)
            yield from _strange_letters(shown)
    yield from faulty_cells(root)
    for name in ("sectPr", "tblPr", "trPr", "tcPr"):
        for properties in root.iter(f"{WORD}{name}"):
            yield from faulty_looks(properties)


def _strange_letters(shown: str) -> Iterator[str]:
    for letter in set(shown):
        if words := STRANGE_LETTERS.get(unicodedata.category(letter)):
            yield words
        if unicodedata.bidirectional(letter) in TURNING:
            yield "ký tự đảo chiều chữ"


def _of_styles(package: WordPackage, root: Any) -> Iterator[str]:
    """Yield what is wrong with the styles in which words of `root` stand, and with those they build on."""
    styles = package.root("styles")
    if styles is None:
        return
    known = _known_styles(styles)
    wanted = {key for key, style in known.items() if style.usual}
    wanted |= {one.get(f"{WORD}val", "") for one in _styles_named_in(root) if one is not None}
    seen: set[str] = set()
    while wanted:
        seen.add(key := wanted.pop())
        if style := known.get(key):
            yield from style.faults
            wanted |= {style.base} - seen


class _Style(NamedTuple):
    base: str
    usual: bool
    faults: frozenset[str]


# The styles of a template are the same bytes, and so the same element, in each of its letters.
@lru_cache(maxsize=16)
def _known_styles(styles: Any) -> dict[str, _Style]:
    """Return the styles below this element by id; what all build on has the empty one."""
    found = {}
    for style in styles.iterchildren(f"{WORD}style", f"{WORD}docDefaults"):
        base = style.find(f"{WORD}basedOn")
        usual = style.tag == f"{WORD}docDefaults" or style.get(f"{WORD}default") in ("1", "true", "on")
        faults = frozenset((*strange_elements(style), *faulty_looks(style)))
        name = "" if base is None else base.get(f"{WORD}val", "")
        key = style.get(f"{WORD}styleId", "")
        # Of two styles of one id nobody knows which a program takes.
        found[key] = _Style(name, usual, faults | ({DAMAGED} if key in found else set()))
    return found


def _styles_named_in(root: Any) -> Iterator[Any]:
    yield from root.iter(f"{WORD}tblStyle", f"{WORD}rStyle")
    for paragraph in root.iter(f"{WORD}p"):
        if any((text.text or "").strip() for text in paragraph.iter(f"{WORD}t")):
            yield paragraph.find(f"{WORD}pPr/{WORD}pStyle")


def _of_settings(package: WordPackage) -> Iterator[str]:
    settings = package.root("settings")
    for element in settings if settings is not None else ():
        if name_of(element) in STRANGE_SETTINGS:
            yield STRANGE_SETTINGS[name_of(element)]
        if name_of(element) == "clrSchemeMapping":
            given = {name: element.get(f"{WORD}{name}", usual) for name, usual in MAPPED.items()}
            if given != MAPPED:
                yield PALE


def _of_theme(package: WordPackage) -> Iterator[str]:
    theme = package.root("theme")
    if theme is None:
        return
    for name in ("dk1", "dk2", "hlink"):
        for colour in theme.iterfind(f".//{DRAWING}clrScheme/{DRAWING}{name}/*"):
            if colour.get("val") != "windowText" and not is_dark(colour.get("val", "")):
                yield PALE
    for font in theme.iterfind(f".//{DRAWING}fontScheme/*/{DRAWING}latin"):
        if fault := font_fault(font.get("typeface", "")):
            yield fault
