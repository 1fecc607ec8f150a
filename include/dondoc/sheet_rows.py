"""The rows of a worksheet as SpreadsheetML, written a column at a time: thousands of rows cost no loop over cells.

Source: ECMA-376, part 1, 18.3.1.73 (row), 18.3.1.4 (c), 22.4.2.4 (ST_Xstring: `_xHHHH_` in a text is an escape).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.utility import xl_col_to_name

Kind = Literal["text", "integer", "percent", "date", "fill", "fill_date"]
# So many rows are one piece of XML in memory: less than 1 MB.
ROWS_AT_ONCE = 512
# The default pool keeps for later what each piece took, several times the piece.
POOL = pa.system_memory_pool()
# A cell holds 32,767 UTF-16 units; half as many characters always fit.
LONGEST = 16_383
# What XML 1.0 cannot hold at all.
UNPRINTABLE = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x{fffe}\\x{ffff}]"
ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
# Excel counts days from here, a day too early for its own year 1900, which it takes for a leap year.
DAYS_TO_1970 = 25_569
US_A_DAY = 86_400_000_000


@dataclass(frozen=True)
class Cells:
    """A column to write: its values, what they are, and the number of its style in the workbook."""

    values: pa.ChunkedArray
    kind: Kind
    style: str


def rows_xml(columns: Sequence[Cells], *, first_row: int) -> Iterator[bytes]:
    """Yield the `<row>` elements of `columns`, some thousand rows at a time.

    Text is always an inline string, so that a source's "=…" is never a formula; nulls give empty cells.

    Args:
        columns: all of one length.
        first_row: number of the first row, counted from 1.
    """
    total = len(columns[0].values)
    for start in range(0, total, ROWS_AT_ONCE):
        count = min(ROWS_AT_ONCE, total - start)
        numbers = pa.array(range(first_row + start, first_row + start + count)).cast(pa.string())
        parts: list[pa.Array | str] = ['<row r="', numbers, '">']
        for i, column in enumerate(columns):
            parts.append(_cells(column, numbers, letters=xl_col_to_name(i), start=start))
        rows = pc.binary_join_element_wise(*parts, "</row>", "", memory_pool=POOL)
        whole = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, count], pa.int32()), rows), "", memory_pool=POOL)
        yield whole[0].as_buffer().to_pybytes()


def _cells(column: Cells, numbers: pa.Array, *, letters: str, start: int) -> pa.Array:
    values = column.values.slice(start, len(numbers)).combine_chunks()
    opening = f'<c r="{letters}'
    empty = pc.binary_join_element_wise(opening, numbers, f'" s="{column.style}"/>', "", memory_pool=POOL)
    if values.null_count == len(values):
        return empty
    if column.kind in {"text", "fill"}:
        before, after = f'" s="{column.style}" t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
        shown = _escaped(values.cast(pa.string()))
    else:
        before, after = f'" s="{column.style}"><v>', "</v></c>"
        shown = _number(values, column.kind)
    filled = pc.binary_join_element_wise(opening, numbers, before, shown, after, "", memory_pool=POOL)
    return pc.coalesce(filled, empty, memory_pool=POOL)


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
    texts = pc.replace_substring_regex(texts, "(_x[0-9a-fA-F]{4}_)", r"_x005F\1", memory_pool=POOL)
    for plain, escaped in ESCAPES:
        texts = pc.replace_substring(texts, plain, escaped, memory_pool=POOL)
    return texts
