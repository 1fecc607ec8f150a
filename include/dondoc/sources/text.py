"""Cells as clean text."""

import re
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

# Zero-width signs and direction marks show nothing and part a word in two for whoever compares it. The soft hyphen
# (U+00AD) stays: it is a letter of an old Vietnamese encoding (`legacy`).
INVISIBLE = r"[\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2064}\x{2066}-\x{2069}\x{feff}]+"
# Control characters would kill a workbook or a letter later; none of them is text.
BLANK = r"[\x00-\x20\x7f-\x{9f}\x{00a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]+"


def clean_text(column: pa.ChunkedArray) -> pa.Array:
    """Return `column` with one form for each text: NFC, single spaces, nothing invisible; empty is null.

    Each distinct text is treated once, whatever the number of rows.
    """
    encoded = column.combine_chunks().dictionary_encode()
    words = encoded.dictionary
    if not pc.all(pc.string_is_ascii(words)).as_py():
        words = pc.replace_substring_regex(pc.utf8_normalize(words, form="NFC"), INVISIBLE, "")
    words = pc.utf8_trim_whitespace(pc.replace_substring_regex(words, BLANK, " "))
    return pc.if_else(pc.equal(words, ""), pa.scalar(None, pa.string()), words).take(encoded.indices)


def clean_cell(text: object) -> str:
    """Return one cell as `clean_text` would, empty for none."""
    if text is None:
        return ""
    cleaned: str | None = clean_text(pa.chunked_array([pa.array([str(text)])]))[0].as_py()
    return cleaned or ""


# A row that sums the rows above it. "Công ty" has another letter, "cộng đồng" another meaning.
TOTAL = re.compile(r"(?:tổng (?:cộng|số)|cộng)(?! đồng)\b|tổng\W*$")


def is_total(text: str) -> bool:
    """Return whether `text` opens a row of totals, "Tổng cộng" or "Cộng phòng A"."""
    return TOTAL.match(clean_cell(text).casefold()) is not None


NUMBER_MARK = re.compile(r"\(?(\d{1,2})\)?(?:\s*=.*)?|[A-Z]")


def is_column_numbers(cells: list[str]) -> bool:
    """Return whether `cells` are the row of column numbers "(1) (2) (3)=(1)+(2)" under a heading."""
    marks = [NUMBER_MARK.fullmatch(cell) for cell in cells if cell]
    numbers = [int(mark[1]) for mark in marks if mark and mark[1]]
    rising = all(first < second for first, second in pairwise(numbers))
    return None not in marks and len(numbers) >= 3 and rising and numbers[0] <= 3
