"""Lines drawn as shapes, as under the nation's name: thin, straight, and without a word in them."""

import re
from typing import Any

LINES = ("line", "straightConnector1")
THICKEST_EMU = 38_100
THICKEST_PT = 3.0
# The elements of such a drawing, as Word writes it and as older programs do.
NAMES = frozenset(
    """
    AlternateContent Choice Fallback drawing anchor inline simplePos positionH positionV posOffset align extent
    effectExtent wrapNone wrapSquare wrapTopAndBottom wrapThrough wrapTight wrapPolygon start lineTo docPr
    cNvGraphicFramePr graphicFrameLocks graphic graphicData wsp cNvCnPr cNvPr cNvSpPr cxnSpLocks spPr xfrm off ext
    prstGeom avLst ln solidFill noFill schemeClr srgbClr prstDash round miter headEnd tailEnd lumMod lumOff shade
    style lnRef fillRef effectRef fontRef bodyPr sizeRelH sizeRelV pctWidth pctHeight
    pict line shape shapetype stroke path lock wrap
    """.split()  # noqa: SIM905  read as the prose it is
)
POINTS = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)(?:pt)?")


def is_drawn_line(element: Any) -> bool:
    """Return whether a drawing, an lxml element, is a thin line and nothing else, in each of its versions."""
    parts = list(element.iter())
    names = [str(part.tag).rpartition("}")[2] for part in parts]
    if not NAMES.issuperset(names) or any((part.text or "").strip() and not _is_number(part) for part in parts):
        return False
    return all(_is_thin_line(part, name) for part, name in zip(parts, names, strict=True)) and bool(
        {"prstGeom", "line", "shape"}.intersection(names)
    )


def _is_thin_line(part: Any, name: str) -> bool:
    if name == "Choice":
        return bool(part.get("Requires") == "wps")
    if name == "prstGeom":
        return part.get("prst") in LINES
    if name == "ln":
        return (
            re.fullmatch(r"\d{1,6}", part.get("w", "9525")) is not None and int(part.get("w", "9525")) <= THICKEST_EMU
        )
    if name == "shape":
        return part.get("type") == "#_x0000_t32" and _is_thin(part.get("strokeweight", "1pt"))
    return name != "line" or _is_thin(part.get("strokeweight", "1pt"))


def _is_thin(weight: str) -> bool:
    found = POINTS.fullmatch(weight.strip())
    return found is not None and float(found[1]) <= THICKEST_PT


def _is_number(part: Any) -> bool:
    # Offsets and sizes are written between tags.
    return re.fullmatch(r"\s*-?(\d+|left|right|center|top|bottom|inside|outside)\s*", part.text) is not None
