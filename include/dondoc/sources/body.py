"""The records of a sheet: what stands under its headings and is neither heading, total nor signature."""

from collections.abc import Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dondoc.errors import SourceError
from dondoc.sources.dates import write_serials
from dondoc.sources.header import Header
from dondoc.sources.recoding import recode
from dondoc.sources.rows import Fault, RawRows
from dondoc.sources.sheets import Grid
from dondoc.sources.text import clean_text, is_column_numbers, is_total
from dondoc.vietnamese.names import fold

TOTALS = frozenset({"tong", "cong", "tong cong", "tong so"})


@dataclass(frozen=True)
class RecordShape:
    """The marks of a record row: the field that names it, the words of a foot, the fields that are instants."""

    key: str
    foot: tuple[str, ...]
    instants: Set[str]


def data_rows(grid: Grid, header: Header, shape: RecordShape, path: Path) -> RawRows:
    """Return the records under `header`, cleaned, in Unicode, with day numbers written as dates.

    Raises:
        SourceError: two columns carry one heading and say different things.
    """
    body = grid.cells.slice(header.first_data_row)

    def cleaned(field: str) -> tuple[pa.Array, np.ndarray]:
        text, lost = recode(_chosen(body, header.columns[field], f"{path}, {grid.sheet}", header.written[field]))
        return write_serials(text, grid.epoch) if field in shape.instants else text, lost

    # Arrow lets go of the interpreter while it works, so that columns are cleaned side by side.
    with ThreadPoolExecutor() as pool:
        columns = dict(zip(header.columns, pool.map(cleaned, header.columns), strict=True))
    table = _filled_down(pa.table({field: text for field, (text, _) in columns.items()}), grid, header, shape)
    faults = [("legacy_text", field, lost) for field, (_, lost) in columns.items() if lost.any()]
    if grid.ragged is not None:
        faults.append(("shifted", shape.key, grid.ragged[header.first_data_row :]))
    keep = _is_record(table, body, header, shape)
    return RawRows(
        table.filter(pa.array(keep)),
        (np.arange(len(body)) + header.first_data_row + 1)[keep],
        file=path.name,
        sheet=grid.sheet,
        headings=header.written,
        unknown=header.unknown,
        faults=tuple(_kept(fault, keep) for fault in faults),
    )


def _filled_down(table: pa.Table, grid: Grid, header: Header, shape: RecordShape) -> pa.Table:
    """Return `table` with what a cell merged over several records says in each of them, but for their numbers."""
    keyed = _mask(table.column(shape.key).is_valid())
    for name in table.column_names:
        above = _above(grid, header.columns[name][0], top=header.first_data_row, rows=len(table))
        if name == shape.key or above is None:
            continue
        text = table.column(name).combine_chunks()
        filled = pc.if_else(pa.array(keyed & _mask(text.is_null())), text.take(pa.array(above)), text)
        table = table.set_column(table.column_names.index(name), name, filled)
    return table


def _above(grid: Grid, column: int, *, top: int, rows: int) -> np.ndarray | None:
    """Return for each row below `top` the row its cell of `column` begins in; None where no cell is merged."""
    spans = [
        (first - top, min(last - top, rows - 1))
        for place, first, last in grid.merges
        if place == column and top <= first < top + rows
    ]
    above = np.arange(rows)
    for first, last in spans:
        rows -= last - first
        if rows < 0:  # merged cells over more rows than there are lie over each other: no program writes that
            break
        above[first : last + 1] = first
    return above if spans else None


def _kept(fault: Fault, keep: np.ndarray) -> Fault:
    reason, field, mask = fault
    return reason, field, mask[keep]


def _chosen(body: pa.Table, places: list[int], where: str, heading: str) -> pa.Array:
    """Return the first of the columns under one heading, when the others add nothing to it."""
    first, *others = [clean_text(body.column(place)) for place in places]
    for place, other in zip(places[1:], others, strict=True):
        if pc.any(pc.and_(other.is_valid(), pc.fill_null(pc.not_equal(other, first), fill_value=True))).as_py():
            letters = f"{_letters(places[0])} và {_letters(place)}"
            raise SourceError(
                f"Hai cột cùng mang tiêu đề “{heading}” mà nội dung khác nhau: cột {letters}.",
                where=where,
                remedy="xóa hoặc đổi tên một trong hai cột, rồi đặt lại tệp.",
            )
    return first


def _letters(column: int) -> str:
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def _is_record(table: pa.Table, body: pa.Table, header: Header, shape: RecordShape) -> np.ndarray:
    """Return which rows are records: not blank, no heading printed again, no total, not in the foot.

    The foot opens below the last key, where a foot word leads; a total may also stand among the records.
    """
    filled = np.zeros(len(table), dtype=bool)
    for column in table.columns:
        filled |= _mask(column.is_valid())
    keyed = _mask(table.column(shape.key).is_valid())
    total = _is_total(table.column(shape.key), shape.foot) | _is_sum(table, body, header, shape)
    filled &= ~total & ~_is_heading(table, header)
    keyed &= filled
    below = int(np.flatnonzero(keyed)[-1]) + 1 if keyed.any() else 0
    for row in np.flatnonzero(filled & ~keyed).tolist():
        cells = [str(cell).strip() if (cell := column[row].as_py()) else "" for column in body.columns]
        leading = fold(next((cell for cell in cells if cell), ""))
        sums = is_total(next((cell for cell in cells if cell), "")) and _says_little(table, row)
        if sums or _opens_foot(leading, shape.foot):
            filled[row : None if row >= below else row + 1] = False
            if row >= below:
                break
        elif is_column_numbers(cells):
            filled[row] = False
    return filled


def _opens_foot(leading: str, foot: tuple[str, ...]) -> bool:
    """Return whether a row's folded first words are of a foot; a total counts whole: "Tổng công ty" is a name."""
    return any(leading == word or (word not in TOTALS and leading.startswith(word)) for word in foot)


def _is_total(key: pa.ChunkedArray, foot: tuple[str, ...]) -> np.ndarray:
    total = np.zeros(len(key), bool)
    # A number has digits, a foot word none: few keys are left to fold.
    for row in np.flatnonzero(_mask(pc.fill_null(pc.match_substring_regex(key, "^[^0-9]+$"), fill_value=False))):
        total[row] = fold(key[int(row)].as_py()) in foot
    return total


def _is_sum(table: pa.Table, body: pa.Table, header: Header, shape: RecordShape) -> np.ndarray:
    """Return which rows are sums with a count where the number stands: "Cộng" before it, and hardly anything after."""
    total = np.zeros(len(table), bool)
    for place in range(min(header.columns[shape.key]) + 1):
        column = body.column(place)
        # Of the rows of an export few begin with a letter of "Tổng" or "Cộng".
        likely = _mask(pc.fill_null(pc.match_substring_regex(column, "^\\s*[TtCc]"), fill_value=False))
        total[[row for row in np.flatnonzero(likely).tolist() if is_total(column[row].as_py())]] = True
    for row in np.flatnonzero(total).tolist():
        total[row] = _says_little(table, row)
    return total


def _says_little(table: pa.Table, row: int) -> bool:
    return 2 * sum(column[row].is_valid for column in table.columns) <= len(table.columns)


def _is_heading(table: pa.Table, header: Header) -> np.ndarray:
    same = np.zeros(len(table), np.int16)
    for field, written in header.written.items():
        same += _mask(pc.fill_null(pc.equal(table.column(field), written), fill_value=False))
    return same >= max(2, len(header.written) // 2)


def _mask(flags: pa.ChunkedArray | pa.Array) -> np.ndarray:
    return np.asarray(flags.to_numpy() if isinstance(flags, pa.ChunkedArray) else flags.to_numpy(zero_copy_only=False))
