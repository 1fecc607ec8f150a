"""Find the headings of a table, and which column holds which field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import pyarrow as pa

from dondoc.sources.legacy import readings
from dondoc.sources.text import clean_text, is_column_numbers
from dondoc.vietnamese.names import fold

SEARCH_ROWS = 30
# A group heading above its sub-headings, above those again: no export goes deeper.
MAX_DEPTH = 3

# What a heading hardly holds and a record always does.
VALUE = re.compile(r"[0-9@]")

Headings = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Header:
    """The headings of a table.

    Attributes:
        first_data_row: index of the row below the headings and their column numbers.
        columns: indices of the columns that may hold each field, by field; more than one means the same heading twice.
        written: the file's own heading by field.
        unknown: headings of no field.
        width: columns that carry a heading.
    """

    first_data_row: int
    columns: dict[str, list[int]]
    written: dict[str, str]
    unknown: tuple[str, ...]
    width: int


def find_header(cells: pa.Table, headings: Headings) -> Header:
    """Return the place under the title rows of `cells` where most of `headings` stand, the first and shallowest."""
    rows = _head(cells)
    wanted = {field: [fold(name) for name in names] for field, names in headings.items()}
    best: dict[str, list[int]] = {}
    labels: list[list[str]] = []
    place = 0
    depth = 1
    for tried in range(1, MAX_DEPTH + 1):
        for start in range(len(rows) - tried + 1):
            candidate = [_labels(rows[start : start + tried], column) for column in range(cells.num_columns)]
            found = _match(candidate, wanted)
            if len(found) > len(best):
                best = found
                labels = candidate
                place = start
                depth = tried
    written = {field: labels[columns[0]][0] for field, columns in best.items()}
    below = place + depth
    while below < len(rows) and is_column_numbers(rows[below]):
        below += 1
    width = max((index + 1 for index, names in enumerate(labels) if names), default=0)
    known = {column for columns in best.values() for column in columns}
    unknown = tuple(names[0] for column, names in enumerate(labels) if names and column not in known)
    return Header(below, best, written, unknown, width)


def likely_headings(cells: pa.Table) -> list[str]:
    """Return what looks like the headings of a table without a known one: its fullest row of words without digits.

    A row of records has digits, in its numbers and dates: no value of a record is taken for a heading.
    """
    rows = [[cell for cell in row if cell] for row in _head(cells)]
    wordy = [row for row in rows if len(row) > 1 and not any(VALUE.search(cell) for cell in row)]
    return max(wordy, key=len, default=[])


def _head(cells: pa.Table) -> list[list[str]]:
    """Return the rows among which the headings are looked for, cleaned, all at once; empty cells are empty texts."""
    columns = cells.slice(0, SEARCH_ROWS).columns
    texts = [chunk for column in columns for chunk in column.cast(pa.string()).chunks]
    cleaned = [text or "" for text in clean_text(pa.chunked_array(texts, pa.string())).to_pylist()]
    height = min(len(cells), SEARCH_ROWS)
    return [cleaned[row::height] for row in range(height)]


def _labels(rows: list[list[str]], column: int) -> list[str]:
    """Return what a column may be called: its own lowest heading, then that with the groups it stands under."""
    own = [row[column] for row in rows if row[column]]
    if not own:
        return []
    stack = [_spread(row, column) for row in rows[:-1]] + [rows[-1][column]]
    named = [name for name in stack if name]
    joined = [" ".join(named)] + [f"{upper} {lower}" for upper, lower in pairwise(named)]
    return list(dict.fromkeys([own[-1], *joined]))


def _spread(row: list[str], column: int) -> str:
    """Return the heading of a merged cell for each column under it; a reader keeps it in the first one only."""
    return next((row[i] for i in range(column, -1, -1) if row[i]), "")


# A heading is looked at again with each row that may stand above or below it.
@lru_cache(maxsize=4096)
def _keys(name: str) -> tuple[str, ...]:
    return tuple(map(fold, readings(name)))


def _match(labels: list[list[str]], wanted: Mapping[str, list[str]]) -> dict[str, list[int]]:
    known: dict[str, list[int]] = {}
    for column, names in enumerate(labels):
        for key in dict.fromkeys(key for name in names for key in _keys(name)):
            known.setdefault(key, []).append(column)
    found = {}
    for field, names in wanted.items():
        columns = next((known[name] for name in names if name in known), None)
        if columns:
            found[field] = columns
    return found
