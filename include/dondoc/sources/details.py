"""List facts that a source keeps apart from its records: pauses, holders; found like records, by their headings."""

from pathlib import Path

from dondoc.errors import SourceError
from dondoc.records import INSTANT, SCHEMAS
from dondoc.sources.body import RecordShape, data_rows
from dondoc.sources.header import find_header
from dondoc.sources.listing import files_named
from dondoc.sources.profile import Detail, Profile, foot_words
from dondoc.sources.rows import RawRows, join_rows
from dondoc.sources.sheets import Grid, read_grids


def read_details(path: Path, profile: Profile, sheets: list[Grid]) -> dict[str, RawRows]:
    """Return the rows of each list fact of the profile that `sheets`, or the files beside `path`, hold.

    A sheet that is not there is no fault: an export without pauses has none.

    Raises:
        SourceError: a file beside `path` that should hold details cannot be read or lacks their headings.
    """
    found = {}
    for name, detail in profile.details.items():
        inner = SCHEMAS[profile.kind].field(name).type.value_type
        instants = {field.name for field in inner if field.type == INSTANT}
        shape = RecordShape("number", foot_words(profile), instants)
        parts = _beside(path, profile, detail, shape) if detail.path else _among(sheets, detail, shape, path)
        if parts:
            found[name] = join_rows(parts)
    return found


def _among(sheets: list[Grid], detail: Detail, shape: RecordShape, path: Path) -> list[RawRows]:
    fitting = [(grid, find_header(grid.cells, detail.headings)) for grid in sheets]
    return [
        data_rows(grid, header, shape, path)
        for grid, header in fitting
        if {"number", *detail.required} <= set(header.columns)
    ]


def _beside(path: Path, profile: Profile, detail: Detail, shape: RecordShape) -> list[RawRows]:
    parts = []
    for file in files_named(path.parent / detail.path):
        # A csv's separator is proved by its headings, which here are the detail's.
        apart = profile.model_copy(update={"headings": detail.headings})
        found = _among(list(read_grids(file, apart)), detail, shape, file)
        if not found:
            names = [" / ".join(detail.headings[field]) for field in ("number", *detail.required)]
            raise SourceError(
                f"Tệp chi tiết không có đủ cột: cần {'; '.join(names)}.",
                where=file,
                remedy="kết xuất lại đúng mẫu, hoặc sửa mục details của hồ sơ nguồn.",
            )
        parts.extend(found)
    return parts
