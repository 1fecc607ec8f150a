"""Rows of one number that contradict each other: which columns, and what each row says there."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from dondoc.records import PERSONAL
from dondoc.sources.rows import RawRows

# Nobody mends more numbers by hand, nor compares more values of one.
MAX_NUMBERS = 5_000
MAX_VALUES = 4
NOTHING = "trống"
DIFFERENT = "khác nhau"


def tell_contradictions(
    content: pd.DataFrame, group: np.ndarray, raw: RawRows, rows: np.ndarray
) -> Mapping[int, tuple[str, str]]:
    """Return the headings at odds and what stands under each, by row of `raw`; of personal columns the heading alone.

    Args:
        content: the texts by which rows were compared, one column per field.
        group: which rows of `content` bear one number, shape (n,).
        raw: the rows as they are written.
        rows: the places in `raw` of the rows of `content`, shape (n,).
    """
    if not len(rows):
        return {}
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    codes = {name: pd.factorize(content[name])[0][order] for name in content.columns}
    at_odds = {
        name: np.maximum.reduceat(code, starts) != np.minimum.reduceat(code, starts) for name, code in codes.items()
    }
    told = {}
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(order)], strict=True)):
        if number == MAX_NUMBERS:
            break
        places = rows[order[start:end]]
        words = {
            heading_of(raw, name): _values(raw, name, places, codes[name][start:end])
            for name in content.columns
            if at_odds[name][number]
        }
        said = "; ".join(words), "; ".join(f"{heading}: {values}" for heading, values in words.items())
        told.update(dict.fromkeys(places.tolist(), said) if words else {})
    return told


def heading_of(raw: RawRows, name: str) -> str:
    """Return the file's own heading of a field; a term's unit stands in the column of its length."""
    return raw.headings.get("term_length" if name == "term_unit" else name, name)


def _values(raw: RawRows, name: str, places: np.ndarray, codes: np.ndarray) -> str:
    _, firsts = np.unique(codes, return_index=True)
    different = places[np.sort(firsts)]
    if name in PERSONAL:
        return f"{DIFFERENT} ({', '.join(_where(raw, place) for place in different[:MAX_VALUES])})"
    shown = list(_written(raw, name, different[:MAX_VALUES]))
    more = len(different) - len(shown)
    return " ↔ ".join([*shown, *([f"{more} giá trị khác"] if more else [])])


def _written(raw: RawRows, name: str, places: np.ndarray) -> Iterator[str]:
    column = raw.table.column("term_length" if name == "term_unit" else name)
    for place in places.tolist():
        yield f"{column[place].as_py() or NOTHING} ({_where(raw, place)})"


def _where(raw: RawRows, place: int) -> str:
    within = [part[int(place)].as_py() for part in (raw.file, raw.sheet) if isinstance(part, pa.Array)]
    return ", ".join([f"dòng {raw.rows[place]}", *filter(None, within)])
