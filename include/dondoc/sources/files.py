"""Source files found and read: one file, the newest of several, or all of them as one source."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, tzinfo
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dondoc.errors import SourceError
from dondoc.files import file_sha256, why_unreadable
from dondoc.records import INSTANT, SCHEMAS
from dondoc.sources.body import RecordShape, data_rows
from dondoc.sources.details import read_details
from dondoc.sources.header import Header, find_header, likely_headings
from dondoc.sources.headings import shortened
from dondoc.sources.listing import by_age, dated, files_named
from dondoc.sources.profile import Profile, foot_words
from dondoc.sources.rows import RawRows, join_rows
from dondoc.sources.sheets import Grid, read_grids
from dondoc.vietnamese.wording import short_date


def find_files(pattern: Path) -> list[Path]:
    """Return the files a source's path, folder or glob names, by name; lock files and unfinished copies are left out.

    Raises:
        SourceError: there is none.
    """
    try:
        matches = files_named(pattern)
    except OSError as error:
        reason, remedy = why_unreadable(error)
        raise SourceError(f"Không mở được chỗ đặt tệp nguồn: {reason}.", where=pattern, remedy=remedy) from error
    if not matches:
        raise SourceError(
            "Không tìm thấy tệp nguồn.",
            where=pattern,
            remedy="đặt tệp kết xuất vào đúng chỗ, hoặc chỉ chỗ khác bằng biến DONDOC_SOURCE_<TÊN NGUỒN>.",
        )
    return matches


def find_file(pattern: Path) -> Path:
    """Return the file a source's path or glob names; among several, the newest by the date in its name (`by_age`).

    Raises:
        SourceError: there is none.
    """
    return max(find_files(pattern), key=by_age)


def source_files(
    pattern: Path, profile: Profile, *, until: date | None = None, zone: tzinfo | None = None
) -> list[Path]:
    """Return the files that make the source: the newest, or all, as the profile says.

    Args:
        pattern: the source's path or glob.
        profile: of the source.
        until: the latest day a file's own date may be; None for any.
        zone: of the day on which a file without a date in its name was last written.

    Raises:
        SourceError: there is none.
    """
    files = find_files(pattern)
    if until is not None:
        files = [path for path in files if dated(path, zone) <= until]
        if not files:
            raise SourceError(
                f"Không có tệp nguồn nào của ngày {short_date(until)} trở về trước.",
                where=pattern,
                remedy="đặt lại tệp của ngày ấy, tên có ngày, rồi chạy lại; hoặc ghi quyết định dùng tệp hiện có bằng "
                "lệnh `dondoc source retake`.",
            )
    return files if profile.several == "all" else [max(files, key=by_age)]


def read_source(pattern: Path, profile: Profile) -> RawRows:
    """Return the rows of every file that makes the source now.

    Raises:
        SourceError: as `find_files` and `read_rows`.
    """
    return read_files(source_files(pattern, profile), profile)


def read_files(files: Sequence[Path], profile: Profile) -> RawRows:
    """Return the rows of all the files, as one source.

    Raises:
        SourceError: as `read_rows`.
    """
    return join_rows([read_rows(path, profile) for path in files])


def read_rows(path: Path, profile: Profile) -> RawRows:
    """Return the data rows of the workbook or csv at `path`.

    Visible sheets that carry the profile's headings are read, hidden ones only where no visible one does. Of a second
    such sheet only the records the first does not name are taken: it is mostly a view of the first.

    Raises:
        SourceError: the file cannot be read or is being written, no sheet carries the profile's headings, or there are
            no data rows.
    """
    with _unchanged(path):
        parts, others = _parts(path, profile)
        rows = parts[0]
        for part in parts[1:]:
            rows = _with_new_records(rows, part, profile.key[0])
        if not len(rows):
            raise SourceError(
                "Tệp không có dòng dữ liệu nào.", where=path, remedy="kết xuất lại tệp từ hệ thống nguồn."
            )
        return replace(rows, details=read_details(path, profile, others)) if profile.details else rows


@contextmanager
def _unchanged(path: Path) -> Iterator[None]:
    """Refuse what was read of a file that changed meanwhile, whatever came of it."""
    before = _print_of(path)
    try:
        yield
    finally:
        if _print_of(path) != before:
            raise SourceError(
                "Tệp nguồn đang được ghi dở khi đọc.", where=path, remedy="đợi chép xong rồi chạy lại bước này."
            )


def _print_of(path: Path) -> tuple[int, int, str]:
    try:
        status = path.stat()
        return status.st_size, status.st_mtime_ns, file_sha256(path)
    except OSError as error:
        raise SourceError(
            "Không mở được tệp nguồn.", where=path, remedy="kiểm tra quyền đọc, hoặc đặt lại tệp."
        ) from error


def _parts(path: Path, profile: Profile) -> tuple[list[RawRows], list[Grid]]:
    schema = SCHEMAS[profile.kind]
    shape = RecordShape(profile.key[0], foot_words(profile), {field.name for field in schema if field.type == INSTANT})
    parts: list[RawRows] = []
    others: list[Grid] = []
    best = Header(0, {}, {}, (), 0)
    seen = list[str]()
    for grid in read_grids(path, profile):
        header = find_header(grid.cells, profile.headings)
        if not set(profile.required) <= set(header.columns):
            best = max(best, header, key=lambda one: len(one.written))
            seen = seen or likely_headings(grid.cells)
            others.extend([grid] if profile.details else [])
        elif not (grid.hidden and parts):
            parts.append(data_rows(grid, header, shape, path))
    if not parts:
        raise _unfitting(path, profile, best, seen)
    return parts, others


def _unfitting(path: Path, profile: Profile, header: Header, seen: Sequence[str]) -> SourceError:
    """Return the error for a table without the profile's headings: those looked for and those there are."""
    missing = [" / ".join(profile.headings[field]) for field in profile.required if field not in header.written]
    if header.written:
        others = f"; không thuộc hồ sơ nguồn: {_listed(header.unknown)}" if header.unknown else ""
        told = f"Đã thấy: {_listed(header.written.values())}{others}."
    elif seen:
        told = f"Không cột nào khớp; các cột của tệp: {_listed(seen)}."
    else:
        told = "Không nhận ra dòng tiêu đề nào."
    return SourceError(
        f"Tệp không có đủ cột của hồ sơ nguồn “{profile.title}”: thiếu {'; '.join(missing)}. {told}",
        where=path,
        remedy="kết xuất lại đúng mẫu, hoặc thêm tên cột của tệp vào mục headings của hồ sơ nguồn.",
    )


def _listed(headings: Iterable[str]) -> str:
    return ", ".join(shortened(heading) for heading in headings)


def _with_new_records(rows: RawRows, more: RawRows, key: str) -> RawRows:
    known = pc.is_in(more.table.column(key), value_set=rows.table.column(key).combine_chunks().drop_null())
    fresh = ~np.asarray(known.to_numpy())
    if not fresh.any():
        return rows
    added = RawRows(
        more.table.filter(pa.array(fresh)),
        more.rows[fresh],
        file=more.file,
        sheet=more.sheet,
        headings=more.headings,
        unknown=more.unknown,
        faults=tuple((reason, field, mask[fresh]) for reason, field, mask in more.faults),
    )
    return join_rows([rows, added])
