"""Files as grids of text cells, one per sheet, whatever their form."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dondoc.sources.cells import BookFacts, SheetFacts, of_merges, survey_ods, survey_xlsx
from dondoc.sources.csv_text import read_csv_grid
from dondoc.sources.markup import read_html, read_spreadsheetml
from dondoc.sources.merges import xls_merges
from dondoc.sources.profile import Profile
from dondoc.sources.safety import Form, form_of, unreadable

EPOCH_1900 = date(1899, 12, 30)
EPOCH_1904 = date(1904, 1, 1)
# The record of an old .xls that says its serials count from 1904; those it may hold are then not believed.
XLS_FROM_1904 = b"\x22\x00\x02\x00\x01\x00"


@dataclass(frozen=True)
class Grid:
    """One sheet: its name, its cells as text columns, the day serial dates count from (None: none are allowed).

    Attributes:
        ragged: mask of rows with another number of cells than the heading's, in a csv.
        merges: cells merged downwards: their column, first and last row, counted from 0.
    """

    sheet: str
    cells: pa.Table
    epoch: date | None
    hidden: bool = False
    ragged: np.ndarray | None = None
    merges: tuple[tuple[int, int, int], ...] = ()


def read_grids(path: Path, profile: Profile) -> Iterator[Grid]:
    """Yield the sheets of the file at `path`, the visible before the hidden; each is loaded when it is asked for.

    Raises:
        SourceError: the file is hostile, broken, protected, or no table.
    """
    form = form_of(path)
    if form is Form.TEXT:
        cells, ragged = read_csv_grid(path, profile)
        yield Grid("", cells, EPOCH_1900 if profile.serials else None, ragged=ragged)
        return
    yield from read_workbook(path, form)


MARKUP = {Form.HTML: read_html, Form.SPREADSHEETML: read_spreadsheetml}


def _markup_grids(path: Path, form: Form) -> Iterator[Grid]:
    for sheet in MARKUP[form](path):
        yield Grid(sheet.name, sheet.table(), None, hidden=sheet.hidden, merges=tuple(sheet.merges))


def read_workbook(path: Path, form: Form) -> Iterator[Grid]:
    """Yield the sheets of the workbook at `path`, as `read_grids` does; `form` is what it is by its content.

    Raises:
        SourceError: the file is hostile, broken or protected.
    """
    facts = BookFacts({}, from_1904=False)
    if form is Form.XLSX:
        facts = survey_xlsx(path)
    elif form is Form.ODS:
        facts = survey_ods(path)
    elif form is Form.XLS:
        facts = BookFacts(of_merges(xls_merges(path.read_bytes())), from_1904=False)
    hidden = []
    grids = _markup_grids(path, form) if form in MARKUP else _sheets(path, facts, _epoch(path, form, facts))
    for grid in grids:
        if grid.hidden:
            hidden.append(grid)
        else:
            yield grid
    yield from hidden


def _epoch(path: Path, form: Form, facts: BookFacts) -> date | None:
    if form is Form.XLS and XLS_FROM_1904 in path.read_bytes():
        return None
    return EPOCH_1904 if facts.from_1904 else EPOCH_1900


def _sheets(path: Path, facts: BookFacts, epoch: date | None) -> Iterator[Grid]:
    try:
        book = fastexcel.read_excel(path)
        for sheet in book.sheet_names:
            # skip_rows=0 keeps leading empty rows, so that row numbers are Excel's.
            loaded = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
            batch, errors = loaded.to_arrow_with_errors()
            spoilt = [(*error.position, _word(error.detail)) for error in errors.errors] if errors else []
            spoilt += facts.sheets.get(sheet, SheetFacts()).spoilt
            merges = tuple(facts.sheets.get(sheet, SheetFacts()).merges)
            hidden = loaded.visible != "visible"
            grid = Grid(sheet, _mark(pa.table(batch), spoilt), epoch, hidden=hidden, merges=merges)
            # The reader keeps every cell a second time; a suspended generator would hold on to it.
            del loaded, batch, errors
            yield grid
    except (fastexcel.FastExcelError, OSError) as error:
        raise unreadable(path, "tệp bị hỏng bên trong") from error


ERROR_WORDS = {"NA": "#N/A", "Ref": "#REF!", "Value": "#VALUE!", "Div0": "#DIV/0!", "Name": "#NAME?", "Num": "#NUM!"}


def _word(detail: str) -> str:
    name = detail.rpartition("Error(")[2].partition(")")[0]
    return ERROR_WORDS.get(name, "#VALUE!")


def _mark(table: pa.Table, spoilt: list[tuple[int, int, str]]) -> pa.Table:
    """Return `table` with a word in each cell that has no usable value, so that it is not taken for empty."""
    by_column: dict[int, dict[int, str]] = {}
    for row, column, word in spoilt:
        if row < table.num_rows and column < table.num_columns:
            by_column.setdefault(column, {})[row] = word
    for column, words in by_column.items():
        rows = np.array(sorted(words))
        mask = np.zeros(table.num_rows, bool)
        mask[rows] = True
        marked = pc.replace_with_mask(
            table.column(column).combine_chunks(), pa.array(mask), pa.array([words[row] for row in rows], pa.string())
        )
        table = table.set_column(column, pa.field(table.column_names[column], pa.string()), marked)
    return table
