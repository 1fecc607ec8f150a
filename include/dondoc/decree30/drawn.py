"""Measure lines drawn as shapes."""

import re
from typing import Any

EMU_PER_CM = 360_000
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
ANCHORED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"
VML = "{urn:schemas-microsoft-com:vml}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
LINES = ("line", "straightConnector1")
LENGTH = re.compile(r"(-?[\d.]+)(pt|cm|mm|in)?")
CM_PER_UNIT = {"pt": 2.54 / 72, "cm": 1.0, "mm": 0.1, "in": 2.54, "": 2.54 / 72}


def drawn_rules_cm(paragraph: Any) -> list[float]:
    """Return the lengths of the straight lines anchored in `paragraph`, an lxml element."""
    found = [
        float(extent.get("cx", 0)) / EMU_PER_CM
        for extent in paragraph.iter(ANCHORED)
        if any(shape.get("prst") in LINES for shape in extent.getparent().iter(f"{DRAWING}prstGeom"))
    ]
    old = [shape for tag in ("line", "shape") for shape in paragraph.iter(f"{VML}{tag}") if not is_fallback(shape)]
    return found + [length for length in map(_vml_length_cm, old) if length]


def is_fallback(element: Any) -> bool:
    """Return whether `element` only repeats a newer one for old programs."""
    return next(element.iterancestors(FALLBACK), None) is not None


def _vml_length_cm(shape: Any) -> float:
    if shape.tag == f"{VML}line":
        ends = [shape.get(end, "0,0").split(",")[0] for end in ("from", "to")]
        return abs(_cm(ends[1]) - _cm(ends[0]))
    style = dict(part.split(":", 1) for part in shape.get("style", "").split(";") if ":" in part)
    return _cm(style.get("width", "0")) if shape.get("type") == "#_x0000_t32" else 0.0


def _cm(length: str) -> float:
    match = LENGTH.match(length.strip())
    return float(match[1]) * CM_PER_UNIT[match[2] or ""] if match else 0.0
