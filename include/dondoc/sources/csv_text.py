"""Text files with separated columns: encoding and separator found with proof, every row kept."""

import csv
import io
import re
import unicodedata
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from dondoc.errors import SourceError
from dondoc.sources.cells import MAX_COLUMNS, MAX_ROWS
from dondoc.sources.header import SEARCH_ROWS, Header, find_header
from dondoc.sources.legacy import WORD, from_tcvn3, from_vni, is_syllable
from dondoc.sources.profile import Profile

SEPARATORS = (",", ";", "\t", "|")
REMEDY = "lưu lại tệp dạng CSV UTF-8, dấu phẩy ngăn cột."
SAMPLE = 200_000
# Enough words of a language to know it by, and the share of them that must be words of it.
PROOF_SHARE = 0.9
csv.field_size_limit(2**24)


def read_csv_grid(path: Path, profile: Profile) -> tuple[pa.Table, np.ndarray]:
    """Return the cells of the text file at `path`, and the mask of rows with another number of cells than the heading.

    Raises:
        SourceError: the encoding cannot be proved, or a quotation mark is left open.
    """
    text = decode_text(path.read_bytes(), path)
    separator, header = _separator(text, profile)
    content = text.encode("utf-8", "surrogatepass")
    regular = _read_regular(content, separator)
    if regular is not None:
        return regular, np.zeros(len(regular), bool)
    return _read_ragged(text, separator, header, path)


def decode_text(content: bytes, path: Path) -> str:
    """Return the text that `content` is, in whatever encoding it can be proved to be.

    Raises:
        SourceError: in none.
    """
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        nulls = np.frombuffer(content[:4096], np.uint8) == 0
        if nulls.mean() > 0.2:
            return content.decode("utf-16-le" if nulls[1::2].sum() > nulls[::2].sum() else "utf-16-be")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    for decode in (_cp1258, _tcvn3, _vni):
        text = decode(content)
        if text is not None and _is_proved(text):
            return text
    raise SourceError("Không đọc được tệp: không nhận ra bảng mã.", where=path, remedy=REMEDY)


def _cp1258(content: bytes) -> str | None:
    try:
        return unicodedata.normalize("NFC", content.decode("cp1258"))
    except UnicodeDecodeError:
        return None


def _tcvn3(content: bytes) -> str:
    return from_tcvn3(content.decode("latin-1"))


def _vni(content: bytes) -> str:
    return from_vni(content.decode("latin-1"))


def _is_proved(text: str) -> bool:
    words = {word for word in WORD.findall(text[:SAMPLE]) if not word.isascii()}
    return bool(words) and sum(map(is_syllable, words)) >= PROOF_SHARE * len(words)


def _separator(text: str, profile: Profile) -> tuple[str, Header]:
    """Return the separator that makes the most headings of the first rows, and the header found with it."""
    # By all that do not occur the rows are the same: one cell each.
    absent = [separator for separator in SEPARATORS if separator not in text[:SAMPLE]]
    tried = [separator for separator in SEPARATORS if separator not in absent[1:]]
    found = [(separator, find_header(_grid(_head(text, separator)), profile.headings)) for separator in tried]
    return max(found, key=lambda pair: (len(pair[1].columns), pair[1].width))


def _head(text: str, separator: str) -> list[list[str]]:
    rows = csv.reader(io.StringIO(text[:SAMPLE], newline=""), delimiter=separator)
    return [row[:MAX_COLUMNS] for _, row in zip(range(SEARCH_ROWS), rows, strict=False)]


def _grid(rows: list[list[str]]) -> pa.Table:
    width = max(map(len, rows), default=0)
    padded = [row + [""] * (width - len(row)) for row in rows]
    return pa.table([pa.array(column, pa.string()) for column in zip(*padded, strict=True)], names=_names(width))


def _names(width: int) -> list[str]:
    return [f"f{i}" for i in range(width)]


def _read_regular(content: bytes, separator: str) -> pa.Table | None:
    """Return the cells when every row has as many, read by Arrow; None leaves the file to the slow reader."""
    start = content[:SAMPLE].decode("utf-8", "replace")
    width = max(map(len, _head(start, separator)), default=0)
    # An odd number of quotation marks leaves one open, and Arrow would take the rest of the file for one cell.
    if not width or content.count(b'"') % 2:
        return None
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(content),
            read_options=pyarrow.csv.ReadOptions(column_names=_names(width), block_size=2**24),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=separator, newlines_in_values=b'"' in content, ignore_empty_lines=False
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(_names(width), pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
    except pa.ArrowInvalid:
        return None
    return None if _swallows_rows(table, content, separator) else table


def _swallows_rows(table: pa.Table, content: bytes, separator: str) -> bool:
    """Return whether a cell holds what looks like a whole row: a quotation mark opened by mistake."""
    if b'"' not in content:
        return False
    sign = re.escape(separator)
    row = rf"\n(?:[^\n]*{sign}){{{max(2, len(table.columns) // 2)}}}"
    return any(pa.compute.any(pa.compute.match_substring_regex(column, row)).as_py() for column in table.columns)


def _read_ragged(text: str, separator: str, header: Header, path: Path) -> tuple[pa.Table, np.ndarray]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise SourceError(
            f"Không đọc được tệp csv: dấu nháy kép không khép ({error}).", where=path, remedy=REMEDY
        ) from error
    width = max(map(len, rows), default=0)
    if width > MAX_COLUMNS or len(rows) > MAX_ROWS:
        raise SourceError("Tệp csv quá lớn hoặc sai dấu ngăn cột.", where=path, remedy=REMEDY)
    cells = _grid(rows)
    expected = len(rows[header.first_data_row - 1]) if rows else 0
    ragged = np.array([bool(row) and any(row) and len(row) != expected for row in rows], bool)
    swallowed = np.array([_holds_rows(row, separator, width) for row in rows], bool)
    return cells, ragged | swallowed


def _holds_rows(row: list[str], separator: str, width: int) -> bool:
    return any("\n" in cell and cell.count(separator) >= max(2, width // 2) for cell in row)
