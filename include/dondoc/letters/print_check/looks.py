"""Looks that take words off the paper, or change them: hidden, pale, tiny, off the page, in a font of symbols."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from dondoc.letters.print_check.elements import name_of
from dondoc.letters.print_check.package import WORD

OFF = ("0", "false", "none", "off")
HIDDEN = "chữ ẩn"
PALE = "chữ quá nhạt hoặc trùng màu nền"
TINY = "chữ quá nhỏ hoặc quá lớn"
SQUEEZED = "dòng hoặc chữ bị ép chồng lên nhau"
OUTSIDE = "chữ đặt ra ngoài lề giấy"
NUMBERED = "số thứ tự tự động"
FONT = "phông chữ “{}”, có thể in ra chữ khác"
MERGED = "chữ nằm trong ô đã gộp"
DIRECTION = "chữ đổi chiều"
SIZES = range(16, 145)  # half points
SPACING = range(-20, 201)
SCALE = range(50, 201)
RAISED = range(-20, 21)
INDENTS = range(-720, 8_001)
INDENTS_IN_CELL = range(-720, 2_501)
TAB_STOPS = range(-720, 9_601)
TABLE_INDENTS = range(-720, 6_001)
NARROWEST_CELL = 300
PAPER_EDGE = 567
EXACT_LINE = 200  # twips
PROPORTIONAL_LINE = 200  # 240ths of a line
PAPER = range(7_000, 24_001)
MARGINS = range(3_001)
DARK_COLOURS = {"text1", "dark1", "text2", "dark2", "hyperlink"}
LIGHT_MARKS = {"yellow", "cyan", "green", "lightGray", "white", "none"}
# Fonts whose letters are the letters of the file. Others, as those of the time before Unicode, print another one.
FONTS = re.compile(
    r"times( new roman)?|arial|helvetica|calibri( light)?|cambria|tahoma|verdana|courier new|georgia|segoe ui|"
    r"aptos( display)?|trebuchet ms|century gothic|garamond|palatino linotype|book antiqua|constantia|corbel|"
    r"liberation (serif|sans|mono)|tinos|arimo|carlito|caladea|(dejavu|noto) (serif|sans)|roboto|open sans",
    re.IGNORECASE,
)
NUMBER = re.compile(r"-?\d{1,6}")


def faulty_looks(properties: Any) -> Iterator[str]:
    """Yield, in words, what of the looks below `properties`, an lxml element, takes words off the paper."""
    for element in properties.iter():
        look = LOOKS.get(name_of(element))
        if look is not None and (fault := look(element)):
            yield fault


def faulty_cells(root: Any) -> Iterator[str]:
    """Yield, in words, what is wrong with each cell below `root` whose words are covered or have no room."""
    for cell in root.iter(f"{WORD}tc"):
        if not "".join(text.text or "" for text in cell.iter(f"{WORD}t")).strip():
            continue
        merge = cell.find(f"{WORD}tcPr/{WORD}vMerge")
        if merge is not None and merge.get(f"{WORD}val", "continue") == "continue":
            yield MERGED
        if 0 < _cell_width(cell) < NARROWEST_CELL:
            yield SQUEEZED


def wide_tables(root: Any, *, paper: int) -> Iterator[str]:
    """Yield `OUTSIDE` for each table below `root` with a row wider than paper of this width in twips takes."""
    for row in root.iter(f"{WORD}tr"):
        if sum(_cell_width(cell) for cell in row.iterchildren(f"{WORD}tc")) > paper - PAPER_EDGE:
            yield OUTSIDE


def width_of(element: Any) -> int:
    """Return the width an element states in twips, 0 where it states none."""
    value = element.get(f"{WORD}w", "")
    return int(value) if NUMBER.fullmatch(value) else 0


def is_on(element: Any) -> bool:
    """Return whether a switch, an lxml element, is on."""
    return element.get(f"{WORD}val") not in OFF


def is_dark(colour: str) -> bool:
    """Return whether six hexadecimal digits name a colour that stands out on white paper."""
    return re.fullmatch(r"[0-9A-Fa-f]{6}", colour) is not None and _light(colour) <= 0.6


def font_fault(name: str) -> str:
    """Return what is wrong with a font, nothing where its letters are those of the file."""
    return "" if FONTS.fullmatch(name) else FONT.format(name)


def _light(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _outside(name: str, limits: range, fault: str) -> Callable[[Any], str]:
    def check(element: Any) -> str:
        value = element.get(f"{WORD}{name}")
        kept = value is None or (NUMBER.fullmatch(value) and int(value) in limits)
        return "" if kept else fault

    return check


def _on(fault: str) -> Callable[[Any], str]:
    return lambda element: fault if is_on(element) else ""


def _colour(element: Any) -> str:
    value = element.get(f"{WORD}val", "auto")
    theme = element.get(f"{WORD}themeColor")
    dark = value == "auto" or is_dark(value)
    return "" if dark and (theme is None or theme in DARK_COLOURS) else PALE


def _shading(element: Any) -> str:
    fill = element.get(f"{WORD}fill", "auto")
    plain = element.get(f"{WORD}val", "clear") in ("clear", "nil") and element.get(f"{WORD}themeFill") is None
    light = fill == "auto" or (re.fullmatch(r"[0-9A-Fa-f]{6}", fill) is not None and _light(fill) >= 0.75)
    return "" if plain and light else PALE


def _fonts(element: Any) -> str:
    named = (element.get(f"{WORD}{side}") for side in ("ascii", "hAnsi", "cs"))
    return next((fault for name in named if name and (fault := font_fault(name))), "")


def _spacing(element: Any) -> str:
    """Return what is wrong with a paragraph's lines or, where the element says that, with its letters."""
    value = element.get(f"{WORD}line")
    rule = element.get(f"{WORD}lineRule", "auto")
    if value is not None:
        least = PROPORTIONAL_LINE if rule == "auto" else EXACT_LINE if rule == "exact" else 0
        return "" if NUMBER.fullmatch(value) and int(value) >= least else SQUEEZED
    return _outside("val", SPACING, SQUEEZED)(element)


def _indents(element: Any) -> str:
    sides = ("left", "right", "start", "end", "firstLine")
    limits = INDENTS_IN_CELL if next(element.iterancestors(f"{WORD}tc"), None) is not None else INDENTS
    return next((fault for side in sides if (fault := _outside(side, limits, OUTSIDE)(element))), "")


def _paper(element: Any) -> str:
    return next((fault for side in ("w", "h") if (fault := _outside(side, PAPER, "khổ giấy lạ")(element))), "")


def _margins(element: Any) -> str:
    sides = ("top", "bottom", "left", "right", "header", "footer")
    return next((fault for side in sides if (fault := _outside(side, MARGINS, OUTSIDE)(element))), "")


def _number(element: Any) -> str:
    key = element.find(f"{WORD}numId")
    return "" if key is not None and key.get(f"{WORD}val") == "0" else NUMBERED


def _cell_width(cell: Any) -> int:
    """Return the width a cell asks for in twips, 0 where it asks for none."""
    width = cell.find(f"{WORD}tcPr/{WORD}tcW[@{WORD}type='dxa']")
    return 0 if width is None else width_of(width)


def _tab_stop(element: Any) -> str:
    return _outside("pos", TAB_STOPS, OUTSIDE)(element)


LOOKS: dict[str, Callable[[Any], str]] = {
    "vanish": _on(HIDDEN),
    "webHidden": _on(HIDDEN),
    "bidi": _on(DIRECTION),
    "textDirection": lambda element: "" if element.get(f"{WORD}val") == "lrTb" else DIRECTION,
    "color": _colour,
    "shd": _shading,
    "highlight": lambda element: "" if element.get(f"{WORD}val") in LIGHT_MARKS else PALE,
    "rFonts": _fonts,
    "sz": _outside("val", SIZES, TINY),
    "w": _outside("val", SCALE, SQUEEZED),
    "position": _outside("val", RAISED, SQUEEZED),
    "spacing": _spacing,
    "ind": _indents,
    "tab": _tab_stop,
    "tblInd": _outside("w", TABLE_INDENTS, OUTSIDE),
    "trHeight": lambda element: SQUEEZED if element.get(f"{WORD}hRule") == "exact" else "",
    "pgSz": _paper,
    "pgMar": _margins,
    "numPr": _number,
}
