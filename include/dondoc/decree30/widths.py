"""Measure a line of Times New Roman: the decree measures rules by the words above them."""

import unicodedata
from collections.abc import Mapping

CM_PER_POINT = 2.54 / 72
# Advance widths of Times New Roman in thousandths of the size. A letter with marks is as wide as the bare one.
_REGULAR = {
    180: "'",
    200: "|",
    250: " ,.",
    278: "/:;\\ijlt",
    333: "!()-I[]`fr",
    389: "Js",
    408: '"',
    444: "?acez“”",
    469: "^",
    480: "{}",
    500: "#$*0123456789_bdghknopquvxyđ–",
    541: "~",
    556: "FPS",
    564: "+<=>",
    611: "ELTZ",
    667: "BCR",
    722: "ADGHKNOQUVXYwĐ",
    778: "&m",
    833: "%",
    889: "M",
    921: "@",
    944: "W",
    1000: "…—",
}
_BOLD = {
    220: "|",
    250: " ,.",
    278: "'/\\il",
    333: "!()-:;[]`fjt",
    389: "Is",
    394: "{}",
    444: "cerz",
    500: "#$*0123456789?J_agovxy–“”",
    520: "~",
    556: 'Sbdhknpquđ"',
    570: "+<=>",
    581: "^",
    611: "FP",
    667: "BELTZ",
    722: "ACDNRUVXYwĐ",
    778: "GHKOQ",
    833: "&m",
    930: "@",
    944: "M",
    1000: "%W…—",
}
_UNKNOWN = 600


def _by_letter(table: Mapping[int, str]) -> dict[str, int]:
    return {letter: width for width, letters in table.items() for letter in letters}


_WIDTHS = {False: _by_letter(_REGULAR), True: _by_letter(_BOLD)}


def width_cm(text: str, *, size: float, bold: bool) -> float:
    """Return the width of `text` in centimetres, set in Times New Roman of `size` points."""
    table = _WIDTHS[bold]
    bare = unicodedata.normalize("NFD", text)
    thousandths = sum(table.get(letter, _UNKNOWN) for letter in bare if not unicodedata.combining(letter))
    return thousandths / 1000 * size * CM_PER_POINT


def laid_widths_cm(text: str, *, within_cm: float, size: float, bold: bool) -> list[float]:
    """Return the width of each line that `text` takes in a column `within_cm` wide."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_cm(longer, size=size, bold=bold) <= within_cm:
            lines[-1] = longer
        else:
            lines.append(word)
    return [width_cm(line, size=size, bold=bold) for line in lines]
