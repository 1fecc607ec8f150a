"""Columns written for old fonts, converted where that is certain; a text that may be either is never guessed at."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dondoc.sources.legacy import INNER_SIGN, from_tcvn3, from_vni, is_plain, is_vietnamese

FONTS = {"tcvn3": from_tcvn3, "vni": from_vni}
SOFT_HYPHEN = "\u00ad"
# Old fonts have no letter beyond Latin-1: one such letter and the text is Unicode.
BEYOND = r"[\x{0100}-\x{024f}\x{1e00}-\x{1eff}]"


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
    unicode = pc.match_substring_regex(words, BEYOND)
    doubtful = pc.and_(pc.invert(pc.string_is_ascii(words)), pc.invert(unicode))
    texts = pc.filter(words, doubtful).to_pylist()
    if not texts or is_plain(" ".join(texts)):
        return column, np.zeros(len(column), bool)
    read = [_read(text) for text in texts]
    font = _font_of(read)
    mixed = pc.any(unicode).as_py() or any(text.plain and font not in text.fonts for text in read)
    settled = [_settle(text, font, mixed=mixed) for text in read]
    said = pa.array([old if new is None else new for old, new in zip(texts, settled, strict=True)], pa.string())
    lost = pa.array([text is None for text in settled], pa.bool_())
    lost = pc.replace_with_mask(pa.repeat(pa.scalar(value=False), len(words)), doubtful, lost).take(encoded.indices)
    recoded = pc.replace_with_mask(words, doubtful, said).take(encoded.indices)
    return recoded, np.asarray(pc.fill_null(lost, fill_value=False))


def _read(text: str) -> _Reading:
    bare = text.replace(SOFT_HYPHEN, "")
    if bare.isascii() or is_vietnamese(bare):
        plain = True
        text = bare
    else:
        plain = False
    read = {font: convert(text) for font, convert in FONTS.items()}
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
