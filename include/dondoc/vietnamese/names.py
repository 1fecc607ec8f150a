"""Names as offices write them: one unit or heading in many spellings."""

import difflib
import re
import unicodedata
from collections.abc import Iterable

# The letters of Vietnamese in their order, and the tones in theirs: none, huyền, hỏi, ngã, sắc, nặng.
ALPHABET = {letter: i for i, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=1)}
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
SHAPES = "\u0302\u0306\u031b"  # of â ê ô, ă, ơ ư: letters of their own, not tones


def guess(text: str, known: Iterable[str]) -> str:
    """Return the question whether the nearest of `known` was meant, with a space before it; empty when none is near."""
    near = nearest(text, known)
    return f" Có phải {near}?" if near else ""


def nearest(text: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that `text` is most likely a slip of, None when none is near."""
    return next(iter(difflib.get_close_matches(text, sorted(known), n=1)), None)


def collation_key(text: str) -> tuple[tuple[tuple[int, int], ...], tuple[int, ...]]:
    """Return the key that sorts `text` as a Vietnamese dictionary does: by letter (đ after d), then by tone.

    What is no Vietnamese letter stands before the letters, by code point.
    """
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for mark in unicodedata.normalize("NFD", text.casefold()):
        if mark in TONES and letters:
            tones[-1] = TONES[mark]
        elif mark in SHAPES and letters:
            shaped = unicodedata.normalize("NFC", chr(letters[-1][1]) + mark)
            letters[-1] = ALPHABET.get(shaped, 0), ord(shaped[0])
        else:
            letters.append((ALPHABET.get(mark, 0), ord(mark)))
            tones.append(0)
    return tuple(letters), tuple(tones)


def fold(text: str) -> str:
    """Return the key under which names and headings are the same: no accents, case, punctuation or doubled spaces.

    Offices write one unit as "P. QLĐT", "p.qlđt" and in decomposed Unicode; all must meet.
    """
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", letters).strip()
