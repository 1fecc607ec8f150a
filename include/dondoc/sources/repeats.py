"""Records said more than once: exact copies, and one number with different contents."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dondoc.records import arrow_of
from dondoc.sources.contradictions import tell_contradictions
from dondoc.sources.rows import RawRows

OF_THE_FILE = ("source_row", "source_file")

# Letters of other alphabets that look like Latin ones: a number typed with them is the same number to the eye.
LOOKALIKES = str.maketrans("АВЕКМНОРСТХУІЈЅаеорсхуіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαν", "ABEKMHOPCTXYIJSaeopcxyijsABEZHIKMNOPTYXoav")


def same_numbers(text: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return the key under which numbers are the same to a reader: no case, spaces or foreign look-alike letters."""
    whole = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    lower = pc.replace_substring(pc.utf8_lower(whole), pattern=" ", replacement="")
    foreign = pc.invert(pc.fill_null(pc.string_is_ascii(whole), fill_value=True))
    if not pc.any(foreign).as_py():
        return lower
    folded = [_fold_number(number) for number in pc.filter(whole, foreign).to_pylist()]
    return pc.replace_with_mask(lower, foreign, pa.array(folded, pa.string()))


def _fold_number(number: str) -> str:
    return unicodedata.normalize("NFKC", number).translate(LOOKALIKES).casefold().replace(" ", "")


@dataclass(frozen=True)
class Repeats:
    """Rows of numbers said more than once.

    Attributes:
        copies: mask of the rows that repeat an earlier one.
        conflicts: mask of the rows that share a key with different content.
        told: the headings at odds and what stands under each, by row; of the first groups of rows alone.
    """

    copies: np.ndarray
    conflicts: np.ndarray
    told: Mapping[int, tuple[str, str]] = field(default_factory=dict)


def find_repeats(
    typed: pd.DataFrame, raw: RawRows, faulty: np.ndarray, key: tuple[str, ...], *, by_timestamp: bool
) -> Repeats:
    """Return which rows repeat an earlier one, and which contradict another of their key.

    Args:
        typed: the records, one column per field; null where what is written fits no type.
        raw: the same rows as they are written.
        faulty: mask of the rows that are refused for another reason; a sound row is no copy of one.
        key: the fields that name a record.
        by_timestamp: whether instants differ by the second; else those of one day are the same.
    """
    copies = np.zeros(len(typed), bool)
    conflicts = np.zeros(len(typed), bool)
    keys = typed[list(key)] if by_timestamp else _by_day(typed[list(key)])
    numbers = pd.Series(same_numbers(raw.table.column(key[0])), dtype=pd.ArrowDtype(pa.string()))
    keys = keys.assign(**{key[0]: numbers})
    shared = np.flatnonzero(keys.duplicated(keep=False).to_numpy() & numbers.notna().to_numpy(bool))
    if not len(shared):
        return Repeats(copies, conflicts)
    content = _content(typed.iloc[shared].drop(columns=[*key, *OF_THE_FILE]), raw, shared, by_timestamp=by_timestamp)
    group = keys.iloc[shared].groupby(list(key), sort=False, dropna=False).ngroup().to_numpy()
    repeated = content.assign(group=group, faulty=faulty[shared]).duplicated().to_numpy()
    copies[shared] = repeated
    left = np.flatnonzero(~repeated)
    left = left[pd.Series(group[left]).duplicated(keep=False).to_numpy()]
    conflicts[shared[left]] = True
    return Repeats(copies, conflicts, tell_contradictions(content.iloc[left], group[left], raw, shared[left]))


def _content(typed: pd.DataFrame, raw: RawRows, rows: np.ndarray, *, by_timestamp: bool) -> pd.DataFrame:
    """Return the texts by which `rows` are compared: what fits no type stands as it is written."""
    content = (typed if by_timestamp else _by_day(typed)).astype(str)
    for name in set(typed.columns) & set(raw.table.column_names):
        unfit = typed[name].isna().to_numpy(bool)
        written = raw.table.column(name).take(pa.array(rows[unfit])).to_pylist()
        content.loc[unfit, name] = [f"“{value}”" if value else "" for value in written]
    return content


def _by_day(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` with its instants at their days, those of its lists too."""
    kinds = {name: frame[name].dtype.pyarrow_dtype for name in frame.columns}
    days = {name: frame[name].dt.floor("D") for name, kind in kinds.items() if pa.types.is_timestamp(kind)}
    lists = {name: _spans_by_day(frame[name]) for name, kind in kinds.items() if pa.types.is_list(kind)}
    return frame.assign(**days, **lists)


def _spans_by_day(column: pd.Series) -> list[str]:
    return [
        str([[at.date() if isinstance(at, datetime) else at for at in span.values()] for span in spans or ()])
        for spans in arrow_of(column).to_pylist()
    ]
