"""Source files as tables of text: the right sheet, the header under its title rows, the data above its foot."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from dondoc.errors import SourceError
from dondoc.names import fold
from dondoc.sources.profile import Profile

HEADER_SEARCH_ROWS = 30
MAX_COLUMNS = 400
# How fastexcel writes a cell that Excel itself knows as a date.
EXCEL_INSTANT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class RawRows:
    """The data rows of one file, every cell as text.

    Attributes:
        table: one string column a field that was found, cleaned: NFC, trimmed, empty is null.
        rows: int64, the row of each record as the file's reader counts it, from 1.
        file: the file's name.
        sheet: the sheet's name, empty for csv.
        headings: the file's own heading by field, for messages.
    """

    table: pa.Table
    rows: np.ndarray
    file: str
    sheet: str
    headings: dict[str, str]


def find_file(pattern: Path) -> Path:
    """Return the file a source's path or glob names; among several, the last by name, since exports carry their date.

    Raises:
        SourceError: there is none.
    """
    if pattern.is_file():
        return pattern
    matches = sorted(path for path in pattern.parent.glob(pattern.name) if path.is_file())
    if not matches:
        raise SourceError(
            "Không tìm thấy tệp nguồn.",
            where=pattern,
            remedy="đặt tệp kết xuất vào đúng chỗ, hoặc chỉ chỗ khác bằng biến DONDOC_SOURCE_<TÊN NGUỒN>.",
        )
    return matches[-1]


def read_rows(path: Path, profile: Profile) -> RawRows:
    """Return the data rows of the workbook or csv at `path`.

    Raises:
        SourceError: the file cannot be read, no sheet carries the profile's headings, or there are no data rows.
    """
    best: dict[str, int] = {}
    for sheet, grid in _grids(path):
        header, fields = _find_header(grid, profile)
        if set(profile.required) <= set(fields):
            return _data_rows(grid, header, fields, profile=profile, path=path, sheet=sheet)
        best = max(best, fields, key=len)
    missing = [" / ".join(profile.headings[field]) for field in profile.required if field not in best]
    found = ", ".join(profile.headings[field][0] for field in best) or "không có cột nào"
    raise SourceError(
        f"Tệp không có đủ cột của hồ sơ nguồn “{profile.title}”: thiếu {'; '.join(missing)}. Đã thấy: {found}.",
        where=path,
        remedy="kết xuất lại đúng mẫu, hoặc thêm tên cột của tệp vào mục headings của hồ sơ nguồn.",
    )


def _grids(path: Path) -> Iterator[tuple[str, pa.Table]]:
    if path.suffix.lower() == ".csv":
        yield "", _csv_grid(path)
        return
    try:
        workbook = fastexcel.read_excel(path)
        for sheet in workbook.sheet_names:
            # skip_rows=0 keeps leading empty rows, so that row numbers are Excel's.
            loaded = workbook.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
            yield sheet, pa.table(loaded.to_arrow())
    except (fastexcel.FastExcelError, OSError) as error:
        raise SourceError(
            "Không đọc được tệp bảng tính.",
            where=path,
            remedy="mở tệp bằng Excel và lưu lại dạng .xlsx không mật khẩu, rồi đặt lại.",
        ) from error


def _csv_grid(path: Path) -> pa.Table:
    names = [f"f{i}" for i in range(MAX_COLUMNS)]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            width = max(
                (len(row) for _, row in zip(range(HEADER_SEARCH_ROWS), csv.reader(file), strict=False)), default=0
            )
        return pyarrow.csv.read_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(column_names=names[:width]),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names[:width], pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(
            "Không đọc được tệp csv.", where=path, remedy="lưu lại tệp dạng CSV UTF-8, dấu phẩy ngăn cột."
        ) from error


def _find_header(grid: pa.Table, profile: Profile) -> tuple[int, dict[str, int]]:
    head = grid.slice(0, HEADER_SEARCH_ROWS).to_pydict().values()
    candidates = [(i, profile.fields_of(list(cells))) for i, cells in enumerate(zip(*head, strict=True))]
    return max(candidates, key=lambda candidate: len(candidate[1]), default=(0, {}))


def _data_rows(
    grid: pa.Table, header: int, fields: dict[str, int], *, profile: Profile, path: Path, sheet: str
) -> RawRows:
    names = {field: str(grid.column(column)[header].as_py()).strip() for field, column in fields.items()}
    body = grid.slice(header + 1)
    table = pa.table({field: _clean(body.column(column)) for field, column in fields.items()})
    keep = _is_record(table, _clean(body.column(0)), profile)
    rows = np.arange(len(body)) + header + 2
    if not keep.any():
        raise SourceError("Tệp không có dòng dữ liệu nào.", where=path, remedy="kết xuất lại tệp từ hệ thống nguồn.")
    return RawRows(table.filter(pa.array(keep)), rows[keep], file=path.name, sheet=sheet, headings=names)


def _clean(column: pa.ChunkedArray) -> pa.ChunkedArray:
    text = pc.utf8_normalize(column, form="NFC")
    # Control characters would kill a workbook or a letter later; none of them is text.
    text = pc.replace_substring_regex(text, r"[\x00-\x1f\x7f\x{00a0}\x{200b}\x{feff}\s]+", " ")
    text = pc.utf8_trim_whitespace(text)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _is_record(table: pa.Table, first_column: pa.ChunkedArray, profile: Profile) -> np.ndarray:
    """Return which rows are records: not blank, and not in the foot that a foot word opens below the last key."""
    filled = np.zeros(len(table), dtype=bool)
    for column in table.columns:
        filled |= column.is_valid().to_numpy()
    keyed = table.column(profile.key[0]).is_valid().to_numpy()
    words = tuple(fold(word) for word in profile.foot)
    below = int(np.flatnonzero(keyed)[-1]) + 1 if keyed.any() else 0
    leading = pc.coalesce(first_column, *table.columns).slice(below).to_pylist()
    for offset, text in enumerate(leading):
        if words and text and fold(text).startswith(words):
            filled[below + offset :] = False
            break
    return filled
