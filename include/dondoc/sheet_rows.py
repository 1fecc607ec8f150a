"""The rows of a worksheet as SpreadsheetML, written a column at a time: thousands of rows cost no loop over cells.

Source: ECMA-376, part 1, 18.3.1.73 (row), 18.3.1.4 (c), 22.4.2.4 (ST_Xstring: `_xHHHH_` in a text is an escape).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.utility import xl_col_to_name

Kind = Literal["text", "integer", "percent", "date", "fill", "fill_date"]
# So many rows are one piece of XML in memory: some MB.
ROWS_AT_ONCE = 1024
# The default pool keeps for later what each piece took, several times the piece.
POOL = pa.system_memory_pool()
# Values of which so many rows or more have the same are written out once a value.
REPEATED = 4
TEXTS = ("text", "fill")
# A cell holds 32,767 UTF-16 units; half as many characters always fit.
LONGEST = 16_383
# What XML 1.0 cannot hold at all.
UNPRINTABLE = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x{fffe}\\x{ffff}]"
ESCAPE_LIKE = "(_x[0-9a-fA-F]{4}_)"
ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
# What does not stand in the XML as it is, and white space that a reader may drop where the XML does not forbid it.
NOT_PLAIN = rf"[&<>\r\n\t]|^\s|\s$|\s\s|{UNPRINTABLE}|{ESCAPE_LIKE}"
# Excel counts days from here, a day too early for its own year 1900, which it takes for a leap year.
DAYS_TO_1970 = 25_569
US_A_DAY = 86_400_000_000


@dataclass(frozen=True)
class Cells:
    """A column to write: its values, what they are, and the number of its style in the workbook."""

    values: pa.ChunkedArray
    kind: Kind
    style: str


def rows_xml(columns: Sequence[Cells], *, first_row: int) -> Iterator[memoryview]:
    """Yield the `<row>` elements of `columns`, some thousand rows at a time.

    Text is always an inline string, so that a source's "=…" is never a formula; nulls give empty cells.

    Args:
        columns: all of one length.
        first_row: number of the first row, counted from 1.
    """
    total, plain = len(columns[0].values), [_is_plain(column) for column in columns]
    for start in range(0, total, ROWS_AT_ONCE):
        count = min(ROWS_AT_ONCE, total - start)
        numbers = pa.array(range(first_row + start, first_row + start + count)).cast(pa.string())
        parts: list[pa.Array | str] = ['<row r="', numbers, '">']
        for i, column in enumerate(columns):
            values = column.values.slice(start, count).combine_chunks()
            parts += [f'<c r="{xl_col_to_name(i)}', numbers, _endings(values, column, plain=plain[i])]
        rows = pc.binary_join_element_wise(*parts, "</row>", "", memory_pool=POOL)
        # One row lies behind the other in their array: there is nothing to join.
        _, offsets, text = rows.buffers()
        yield memoryview(text)[: int(np.frombuffer(offsets, np.int32)[count])]


def _endings(values: pa.Array, column: Cells, *, plain: bool) -> pa.Array:
    """Return cells of a column, each from behind its row's number on, as in `" s="4"><v>7</v></c>`.

    What comes back is written out once a value, not once a row.
    """
    encoded = pc.dictionary_encode(values, memory_pool=POOL)
    if len(encoded.dictionary) * REPEATED > len(values):
        written = _written(values, column, plain=plain)
    else:
        written = pc.take(_written(encoded.dictionary, column, plain=plain), encoded.indices, memory_pool=POOL)
    return pc.fill_null(written, f'" s="{column.style}"/>') if written.null_count else written


def _written(values: pa.Array, column: Cells, *, plain: bool) -> pa.Array:
    start = f'" s="{column.style}"'
    if column.kind in TEXTS:
        texts, space = values.cast(pa.string()), "" if plain else ' xml:space="preserve"'
        parts = f'{start} t="inlineStr"><is><t{space}>', texts if plain else _escaped(texts), "</t></is></c>"
    else:
        parts = f"{start}><v>", _number(values, column.kind), "</v></c>"
    return pc.binary_join_element_wise(*parts, "", memory_pool=POOL)


def _is_plain(column: Cells) -> bool:
    """Return whether a column is text that stands in the XML as it is."""
    values = column.values
    if column.kind not in TEXTS or not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return False
    if (pc.max(pc.binary_length(values)).as_py() or 0) > LONGEST:
        return False
    return not pc.any(pc.match_substring_regex(values, NOT_PLAIN)).as_py()


def _number(values: pa.Array, kind: Kind) -> pa.Array:
    if kind == "percent":
        # Rates have two decimals: dividing whole hundredths leaves no fifteen digits.
        values = pc.divide(pc.round(pc.multiply(values.cast(pa.float64()), 100.0)), 10_000.0)
    elif kind == "date":
        instants = values.cast(pa.timestamp("us")).cast(pa.int64())
        values = pc.add(pc.divide(instants.cast(pa.float64()), float(US_A_DAY)), float(DAYS_TO_1970))
    return values.cast(pa.string())


def _escaped(texts: pa.Array) -> pa.Array:
    texts = pc.utf8_slice_codeunits(texts, 0, LONGEST, memory_pool=POOL)
    texts = pc.replace_substring_regex(texts, UNPRINTABLE, "", memory_pool=POOL)
    texts = pc.replace_substring_regex(texts, ESCAPE_LIKE, r"_x005F\1", memory_pool=POOL)
    for plain, escaped in ESCAPES:
        texts = pc.replace_substring(texts, plain, escaped, memory_pool=POOL)
    return texts
