"""The rows of a worksheet as SpreadsheetML, written column by column: thousands of rows cost no loop over cells.

Source: ECMA-376, part 1, 18.3.1.73 (row), 18.3.1.4 (c), 22.4.2.4 (ST_Xstring: `_xHHHH_` in a text is an escape).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.utility import xl_col_to_name

from dondoc.office_files.row_heights import LINE_POINTS, MOST_LINES

Kind = Literal["text", "integer", "percent", "date", "fill", "fill_date"]
# So many rows are one piece of XML in memory: about a MB.
ROWS_AT_ONCE = 1024
# The default pool keeps for later what each piece took, several times the piece.
POOL = pa.system_memory_pool()
# A column that holds each value so many times on average is written out once a value; its first rows tell cheaply that
# it may be one.
REPEATED = 5
FIRST_ROWS = 4096
TEXTS = ("text", "fill")
# A cell holds 32,767 UTF-16 units; half as many characters always fit.
LONGEST = 16_383
# What XML 1.0 cannot hold at all.
UNPRINTABLE = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x{fffe}\\x{ffff}]"
ESCAPE_LIKE = "(_x[0-9a-fA-F]{4}_)"
ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
# A text with any of these does not stand in the XML as it is.
CHANGED = f"[&<>\r]|{UNPRINTABLE}|{ESCAPE_LIKE}"
# White space that a reader may drop where the XML does not say otherwise.
SPACED = r"^\s|\s$|\s\s|[\t\n]"
# Excel counts days from here, a day too early for its own year 1900, which it takes for a leap year.
DAYS_TO_1970 = 25_569
US_A_DAY = 86_400_000_000


@dataclass(frozen=True)
class Cells:
    """A column to write: its values, what they are, and the number of its style in the workbook."""

    values: pa.ChunkedArray
    kind: Kind
    style: str


def rows_xml(columns: Sequence[Cells], *, first_row: int, lines: np.ndarray) -> Iterator[memoryview]:
    """Yield the `<row>` elements of `columns`, some thousand rows at a time.

    Text is always an inline string, so that a source's "=…" is never a formula; nulls give empty cells.

    Args:
        columns: all of one length.
        first_row: number of the first row, counted from 1.
        lines: how many lines of text each row is high.
    """
    total = len(columns[0].values)
    first, *others = (f'<c r="{xl_col_to_name(i)}' for i in range(len(columns)))
    higher = [f'" ht="{LINE_POINTS * many}" customHeight="1">{first}' for many in range(2, MOST_LINES + 1)]
    # A row of one line says nothing of its height.
    openings = pa.array([f'">{first}'] * 2 + higher)
    endings = [_Endings(column, after) for column, after in zip(columns, [*others, "</row>"], strict=True)]
    for start in range(0, total, ROWS_AT_ONCE):
        rows = slice(start, min(start + ROWS_AT_ONCE, total))
        opened = openings.take(pa.array(lines[rows]))
        yield _piece(opened, endings, rows, first_row=first_row)


def _piece(openings: pa.Array, columns: Sequence["_Endings"], rows: slice, *, first_row: int) -> memoryview:
    """Return the XML of `rows`, counted from 0; `openings` say how high each is and begin its first cell."""
    numbers = pa.array(np.arange(first_row + rows.start, first_row + rows.stop)).cast(pa.string(), memory_pool=POOL)
    parts: list[pa.Array | str] = ['<row r="', numbers, openings]
    for column in columns:
        parts += [numbers, column.of(rows)]
    # One row lies behind the other in their array: there is nothing to join.
    _, offsets, text = pc.binary_join_element_wise(*parts, "", memory_pool=POOL).buffers()
    return memoryview(text)[: int(np.frombuffer(offsets, np.int32)[len(numbers)])]


class _Endings:
    """The cells of a column, each from behind its row's number to the next one's, as in `" s="4"><v>7</v></c><c r="B`.

    Where values come back, each is written out once for all rows.
    """

    def __init__(self, column: Cells, after: str) -> None:
        """Look at a column; `after` is what follows each cell up to the next row number."""
        self._column = column
        self._after = after
        self._values = column.values
        self._written = None
        head = column.values.slice(0, FIRST_ROWS)
        if not 0 < len(pc.unique(head, memory_pool=POOL)) * REPEATED <= len(head):
            return
        encoded = pc.dictionary_encode(column.values, null_encoding="encode", memory_pool=POOL)
        # All chunks have the same dictionary.
        values = encoded.chunk(0).dictionary
        if len(values) * REPEATED <= len(column.values):
            self._values = pa.concat_arrays([chunk.indices for chunk in encoded.chunks], memory_pool=POOL)
            self._written = self._write(values)

    def of(self, rows: slice) -> pa.Array:
        """Return the endings of `rows`."""
        values = self._values[rows]
        if self._written is not None:
            return pc.take(self._written, values, memory_pool=POOL)
        return self._write(values.combine_chunks(memory_pool=POOL))

    def _write(self, values: pa.Array) -> pa.Array:
        start = f'" s="{self._column.style}"'
        end = f"</c>{self._after}"
        if self._column.kind in TEXTS:
            texts = values.cast(pa.string(), memory_pool=POOL)
            space = ' xml:space="preserve"' if _any_matches(texts, SPACED) else ""
            parts = f'{start} t="inlineStr"><is><t{space}>', _escaped(texts), f"</t></is>{end}"
        else:
            parts = f"{start}><v>", _number(values, self._column.kind), f"</v>{end}"
        return pc.coalesce(
            pc.binary_join_element_wise(*parts, "", memory_pool=POOL), f"{start}/>{self._after}", memory_pool=POOL
        )


def _any_matches(texts: pa.Array, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(texts, pattern, memory_pool=POOL), min_count=0).as_py())


def _number(values: pa.Array, kind: Kind) -> pa.Array:
    if kind == "percent":
        # Rates have two decimals: dividing whole hundredths leaves no fifteen digits.
        values = pc.divide(pc.round(pc.multiply(values.cast(pa.float64()), 100.0)), 10_000.0)
    elif kind == "date":
        instants = values.cast(pa.timestamp("us"), memory_pool=POOL).cast(pa.int64(), memory_pool=POOL)
        days = pc.divide(instants.cast(pa.float64(), memory_pool=POOL), float(US_A_DAY), memory_pool=POOL)
        values = pc.add(days, float(DAYS_TO_1970), memory_pool=POOL)
    return values.cast(pa.string(), memory_pool=POOL)


def _escaped(texts: pa.Array) -> pa.Array:
    if not _any_matches(texts, CHANGED) and (pc.max(pc.binary_length(texts, memory_pool=POOL)).as_py() or 0) <= LONGEST:
        return texts
    texts = pc.utf8_slice_codeunits(texts, 0, LONGEST, memory_pool=POOL)
    texts = pc.replace_substring_regex(texts, UNPRINTABLE, "", memory_pool=POOL)
    texts = pc.replace_substring_regex(texts, ESCAPE_LIKE, r"_x005F\1", memory_pool=POOL)
    for plain, escaped in ESCAPES:
        texts = pc.replace_substring(texts, plain, escaped, memory_pool=POOL)
    return texts
