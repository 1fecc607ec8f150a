"""The fonts of a PDF: which letters their codes mean, and how wide each is."""

import re
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.generic import IndirectObject, StreamObject

MAP_SECTION = re.compile(rb"begin(codespacerange|bfchar|bfrange)(.*?)end\1", re.DOTALL)
MAP_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")
# Widths are told in thousandths of the size.
UNIT = 0.001
DEFAULT_WIDTH = 1000
MOST_CODES = 0x10000


class UnmappedError(Exception):
    """A font does not say which letters its glyphs are."""


@dataclass(frozen=True)
class Font:
    """What a font's codes mean; `size` bytes a code, widths in units of the text's size."""

    size: int
    letters: dict[int, str]
    widths: dict[int, float]
    default_width: float

    def decode(self, codes: bytes) -> list[tuple[str, float]]:
        """Return each letter of a shown string with its width.

        Raises:
            UnmappedError: a code has no letter.
        """
        numbers = [int.from_bytes(codes[i : i + self.size], "big") for i in range(0, len(codes), self.size)]
        if not all(number in self.letters for number in numbers):
            raise UnmappedError
        return [(self.letters[number], self.widths.get(number, self.default_width)) for number in numbers]


def at(holder: Any, key: Any) -> Any:
    """Return what stands under `key` of a dictionary, reached through references; None when nothing does."""
    return holder[key] if isinstance(holder, dict) and key in holder else None


def there(found: Any) -> Any:
    """Return the object itself where a reference to it is given."""
    return found.get_object() if isinstance(found, IndirectObject) else found


def font_of(font: Any) -> Font | None:
    """Return the font of a page's resources, None when it does not say which letters its glyphs are."""
    size, letters = _letters_of(font)
    if not letters:
        return None
    if at(font, "/Subtype") == "/Type0":
        inner = there(at(font, "/DescendantFonts")[0])
        return Font(size, letters, _cid_widths(at(inner, "/W") or []), float(at(inner, "/DW") or DEFAULT_WIDTH) * UNIT)
    first = int(at(font, "/FirstChar") or 0)
    unit = _unit(font)
    widths = {first + i: float(there(width)) * unit for i, width in enumerate(at(font, "/Widths") or ())}
    return Font(size, letters, widths, 0.5)


def _unit(font: Any) -> float:
    return float(at(font, "/FontMatrix")[0]) if at(font, "/Subtype") == "/Type3" else UNIT


def _cid_widths(listed: Any) -> dict[int, float]:
    widths = dict[int, float]()
    given = [there(one) for one in listed]
    while given:
        first = int(given.pop(0))
        second = given.pop(0) if given else []
        if isinstance(second, list):
            widths |= {first + i: float(there(width)) * UNIT for i, width in enumerate(second)}
        elif given:
            widths |= dict.fromkeys(range(first, min(int(second), first + MOST_CODES) + 1), float(given.pop(0)) * UNIT)
    return widths


def _letters_of(font: Any) -> tuple[int, dict[int, str]]:
    to_unicode = at(font, "/ToUnicode")
    if isinstance(to_unicode, StreamObject):
        return _mapped(to_unicode.data)
    if at(font, "/Encoding") == "/WinAnsiEncoding" and at(font, "/Subtype") != "/Type0":
        return 1, {code: bytes([code]).decode("cp1252", errors="ignore") for code in range(32, 256)}
    return 1, {}


def _mapped(cmap: bytes) -> tuple[int, dict[int, str]]:
    size = 1
    letters = dict[int, str]()
    for kind, body in MAP_SECTION.findall(cmap):
        tokens = [b"[" if opens else b"]" if closes else code for code, opens, closes in MAP_TOKEN.findall(body)]
        if kind == b"codespacerange" and tokens:
            size = max(1, len(_bytes(tokens[0])))
        elif kind == b"bfchar":
            letters |= {_number(code): _text(text) for code, text in zip(tokens[::2], tokens[1::2], strict=False)}
        elif kind == b"bfrange":
            _spread(tokens, letters)
    return size, letters


def _spread(tokens: list[bytes], letters: dict[int, str]) -> None:
    i = 0
    while i + 2 < len(tokens):
        first = _number(tokens[i])
        last = min(_number(tokens[i + 1]), first + MOST_CODES)
        if tokens[i + 2] == b"[":
            end = tokens.index(b"]", i)
            letters |= {first + j: _text(text) for j, text in enumerate(tokens[i + 3 : end])}
            i = end + 1
            continue
        # Only the last letter of the text counts on.
        start = _text(tokens[i + 2])
        letters |= {code: start[:-1] + chr(ord(start[-1]) + code - first) for code in range(first, last + 1) if start}
        i += 3


def _bytes(digits: bytes) -> bytes:
    return bytes.fromhex(digits.decode("ascii"))


def _number(digits: bytes) -> int:
    return int.from_bytes(_bytes(digits), "big")


def _text(digits: bytes) -> str:
    return _bytes(digits).decode("utf-16-be", errors="replace")
