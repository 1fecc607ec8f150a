"""Pictures that stand in a line like a letter, as a logo above the nation's name: whole, upright, the only version.

Their words, if any, can be read on a print alone.
"""

import re
from typing import Any

RELATIONSHIPS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
# What every program decodes to the same points.
BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
# The elements of such a picture, as Word and LibreOffice write it.
NAMES = frozenset(
    """
    drawing inline extent effectExtent docPr cNvGraphicFramePr graphicFrameLocks graphic graphicData pic nvPicPr cNvPr
    cNvPicPr picLocks blipFill blip extLst ext useLocalDpi stretch fillRect spPr xfrm off prstGeom avLst ln noFill
    """.split()  # noqa: SIM905  read as the prose it is
)
# Half an A4 page each way.
WIDEST_EMU = 3_780_000
TALLEST_EMU = 5_346_000
SIZE = re.compile(r"\d{1,8}")


def is_plain_image(content: bytes) -> bool:
    """Return whether an image's bytes are of a form that every program shows alike."""
    return content.startswith(BEGINNINGS)


def is_plain_picture(element: Any) -> bool:
    """Return whether a drawing, an lxml element, is one picture in the line and nothing else."""
    parts = [(str(part.tag).rpartition("}")[2], part) for part in element.iter()]
    names = [name for name, _ in parts]
    if not NAMES.issuperset(names) or any((part.text or "").strip() for _, part in parts):
        return False
    once = all(names.count(name) == 1 for name in ("inline", "extent", "pic", "blip"))
    return once and all(_is_plain(name, part) for name, part in parts)


def _is_plain(name: str, part: Any) -> bool:
    if name in ("docPr", "cNvPr"):
        return part.get("hidden", "0") in ("0", "false")
    if name == "extent":
        return _is_within(part.get("cx", ""), WIDEST_EMU) and _is_within(part.get("cy", ""), TALLEST_EMU)
    if name == "blip":
        return set(part.attrib) <= {f"{RELATIONSHIPS}embed", "cstate"} and f"{RELATIONSHIPS}embed" in part.attrib
    if name == "prstGeom":
        return bool(part.get("prst") == "rect")
    # Turned, mirrored, cut, or seen through it is another picture in another program.
    return name not in ("xfrm", "fillRect", "stretch", "blipFill", "spPr") or not set(part.attrib) - {
        "dpi",
        "rotWithShape",
    }


def _is_within(size: str, most: int) -> bool:
    return SIZE.fullmatch(size) is not None and 0 < int(size) <= most
