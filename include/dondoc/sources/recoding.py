"""Columns written for old fonts, converted where that is certain; a text that may be either is never guessed at."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dondoc.sources.legacy import INNER_SIGN, SUSPECT, from_tcvn3, from_vni, is_vietnamese

FONTS = {"tcvn3": from_tcvn3, "vni": from_vni}
SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True)
class _Reading:
    """One text, whether it is Vietnamese as it stands, and what it says in each font that makes Vietnamese of it."""

    text: str
    plain: bool
    fonts: dict[str, str]


def recode(column: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """Return `column` in Unicode, and the mask of rows whose text cannot be told.

    A column is in the font that alone makes Vietnamese of some of its texts. A text that is Vietnamese both ways is
    read in the column's font, unless the column also holds texts that are plainly Unicode: then it cannot be told.
    """
    encoded = column.dictionary_encode()
    words = encoded.dictionary
    if not pc.any(pc.match_substring_regex(words, SUSPECT)).as_py():
        return column, np.zeros(len(column), bool)
    texts = words.to_pylist()
    read = {text: _read(text) for text in texts if not text.isascii()}
    font = _font_of(list(read.values()))
    mixed = any(reading.plain and font not in reading.fonts for reading in read.values())
    settled = [_settle(read[text], font, mixed=mixed) if text in read else text for text in texts]
    lost = np.array([text is None for text in settled])
    recoded = pa.array([old if new is None else new for old, new in zip(texts, settled, strict=True)], pa.string())
    indices = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return recoded.take(encoded.indices), np.append(lost, [False])[indices]


def _read(text: str) -> _Reading:
    bare = text.replace(SOFT_HYPHEN, "")
    if bare.isascii() or is_vietnamese(bare):
        plain = SOFT_HYPHEN in text or is_vietnamese(text)
        text = bare
    else:
        plain = False
    # Old fonts have no letter beyond Latin-1: one such letter and the text is Unicode.
    unicode = any(letter.isalpha() and letter > "\u00ff" for letter in text)
    read = {} if unicode else {font: convert(text) for font, convert in FONTS.items()}
    return _Reading(text, plain, {font: said for font, said in read.items() if said != text and is_vietnamese(said)})


def _font_of(texts: list[_Reading]) -> str | None:
    certain = {next(iter(text.fonts)) for text in texts if not text.plain and len(text.fonts) == 1}
    return certain.pop() if len(certain) == 1 else None


def _settle(text: _Reading, font: str | None, *, mixed: bool) -> str | None:
    if text.plain:
        if font not in text.fonts:
            return text.text
        return None if mixed else text.fonts[font]
    if font in text.fonts:
        return text.fonts[font]
    if len(text.fonts) == 1:
        return next(iter(text.fonts.values()))
    if text.fonts or font or INNER_SIGN.search(text.text):
        return None
    return text.text.replace(SOFT_HYPHEN, "")
