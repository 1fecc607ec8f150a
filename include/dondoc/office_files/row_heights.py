"""How high rows are with the words in them wrapped: not every program works it out when it opens a file."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

LINE_POINTS = 15
# A row higher than this pushes its neighbours off the screen; its cell still holds all.
MOST_LINES = 12
# A column's width is in digits; letters are narrower, and whole words leave some of each line empty.
LETTERS_IN_100_DIGITS = 115
LOST_TO_WORDS = 2


def row_points(texts: Sequence[tuple[Sequence[str | None], int]]) -> list[int]:
    """Return the points of each row of a small table.

    Args:
        texts: of each wrapped column, its texts, all of one length, and its width in characters.
    """
    lines = [[lines_of(text, width) for text in column] for column, width in texts]
    return [LINE_POINTS * max(row) for row in zip(*lines, strict=True)]


def lines_of(text: str | None, width: int) -> int:
    """Return how many lines a text takes in a column of `width` characters."""
    return min(max(1, -(-len(text or "") // _characters(width))), MOST_LINES)


def lines_of_rows(texts: Sequence[tuple[pa.ChunkedArray, int]], rows: int) -> np.ndarray:
    """Return how many lines each of many rows takes, as `row_points` counts them; int8.

    Args:
        texts: of each wrapped column, its texts and its width in characters.
        rows: how many there are.
    """
    highest = np.ones(rows, np.int8)
    for column, width in texts:
        # A column that says nothing at all has no type of its own.
        lengths = pc.fill_null(pc.utf8_length(column.cast(pa.string())), 0).to_numpy()
        held = _characters(width)
        lines = -(-np.minimum(lengths, held * MOST_LINES) // held)
        np.maximum(highest, lines.astype(np.int8), out=highest)
    return highest


def _characters(width: int) -> int:
    return max(width * LETTERS_IN_100_DIGITS // 100 - LOST_TO_WORDS, 1)
