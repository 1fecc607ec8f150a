"""From text to typed records: every row is accepted, a copy of another, or quarantined with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dondoc.names import fold
from dondoc.records import INSTANT, SCHEMAS, CaseStatus, conform, to_frame
from dondoc.sources.files import EXCEL_INSTANT, RawRows
from dondoc.sources.pauses import read_pauses
from dondoc.sources.profile import Profile

# A date outside these years is a slip of the keyboard, not a date.
FIRST_INSTANT, LAST_INSTANT = pd.Timestamp(2000, 1, 1), pd.Timestamp(2100, 1, 1)

# A sender does not mend more by hand; the quarantine's csv has them all.
MAX_RETURNED_ROWS = 10_000

REASONS = {
    "missing_key": ("thiếu số hồ sơ, số công việc", "điền số vào cột này"),
    "missing_value": ("thiếu dữ liệu bắt buộc", "điền cột này"),
    "bad_date": ("ngày không hợp lệ", "viết lại ngày đúng định dạng của hệ thống nguồn"),
    "bad_pause": ("khoảng tạm dừng không hợp lệ", "đối chiếu ngày yêu cầu và ngày nhận bổ sung ở hệ thống nguồn"),
    "unknown_unit": ("đơn vị không có trong đợt", "sửa tên đơn vị, hoặc thêm tên này vào aliases của đơn vị trong đợt"),
    "unknown_value": ("giá trị không có trong hồ sơ nguồn", "sửa giá trị, hoặc khai báo ở mục values của hồ sơ nguồn"),
    "date_order": ("ngày này đứng trước ngày tiếp nhận hoặc ngày giao", "đối chiếu hồ sơ gốc và sửa ngày"),
    "unfinished": ("đã xử lý xong nhưng thiếu ngày kết thúc", "điền ngày kết thúc xử lý"),
    "conflict": ("trùng số nhưng khác nội dung", "giữ một dòng đúng, bỏ dòng kia"),
}

QUARANTINE = pa.schema(
    [
        pa.field("source", pa.string()),
        pa.field("file", pa.string()),
        pa.field("sheet", pa.string()),
        pa.field("row", pa.int64()),
        pa.field("number", pa.string()),
        pa.field("field", pa.string()),  # the file's own heading
        pa.field("value", pa.string()),
        pa.field("reason", pa.string()),  # a key of REASONS
        pa.field("message", pa.string()),
        pa.field("hint", pa.string()),
    ]
)

# One row a cell of a rejected row, as its file has it, so that its sender can mend it and send it again.
REJECTED = pa.schema(
    [
        pa.field("file", pa.string()),
        pa.field("sheet", pa.string()),
        pa.field("row", pa.int64()),
        pa.field("position", pa.int32()),  # of the column among those of the profile
        pa.field("heading", pa.string()),  # the file's own
        pa.field("value", pa.string()),
    ]
)

DONE = (CaseStatus.FINISHED, CaseStatus.RETURNED)
FIRST_DATE = {"cases": "received_at", "work": "assigned_at"}
LATER_DATES = {"cases": ("due_at", "finished_at"), "work": ("finished_at",)}


@dataclass(frozen=True)
class Intake:
    """What came of a file: `rows_in` = accepted + quarantined + duplicates, always; `rejected` has schema REJECTED."""

    accepted: pd.DataFrame
    quarantined: pd.DataFrame
    rejected: pd.DataFrame
    rows_in: int
    duplicates: int


def take_in(raw: RawRows, profile: Profile, *, source: str, units: Mapping[str, str]) -> Intake:
    """Return the records of `raw` in the profile's schema, and the rows that cannot be one.

    Args:
        raw: rows of text.
        profile: how the source writes.
        source: the source's name, for the quarantine.
        units: unit codes by folded name.
    """
    typed, faults = _type_columns(raw, profile, units)
    _note(faults, "date_order", **_out_of_order(typed, profile.kind))
    if profile.kind == "cases":
        # Neither late nor on time can be said of it, so nothing may be.
        done = typed["status"].isin(DONE).to_numpy(bool)
        _note(faults, "unfinished", finished_at=done & typed["finished_at"].isna().to_numpy(bool))
    faulty = np.zeros(len(raw.table), dtype=bool)
    for _, _, mask in faults:
        faulty |= mask
    copies, conflicts = _repeated(typed, raw.table, faulty, profile.key)
    faults.append(("conflict", profile.key[0], conflicts & ~copies))
    quarantined = _quarantine(raw, faults, source=source, key=profile.key[0], ignore=copies)
    accepted = typed[~(faulty | conflicts | copies)]
    return Intake(
        accepted=conform(accepted, SCHEMAS[profile.kind]),
        quarantined=quarantined,
        rejected=_cells(raw, np.flatnonzero((faulty | conflicts) & ~copies)[:MAX_RETURNED_ROWS]),
        rows_in=len(raw.table),
        duplicates=int(copies.sum()),
    )


Faults = list[tuple[str, str, np.ndarray]]  # reason, field, mask of rows; the first that applies to a row counts


def _type_columns(raw: RawRows, profile: Profile, units: Mapping[str, str]) -> tuple[pd.DataFrame, Faults]:
    schema = SCHEMAS[profile.kind]
    columns: dict[str, pa.ChunkedArray | pa.Array] = {
        "source_row": pa.array(raw.rows, pa.int64()),
        "source_file": pa.repeat(raw.file, len(raw.table)),
    }
    faults: Faults = []
    for name in set(schema.names) - set(columns) - set(raw.table.column_names):
        columns[name] = pa.nulls(len(raw.table), schema.field(name).type)
    for name in raw.table.column_names:
        text = raw.table.column(name)
        columns[name], reason = _typed(text, schema.field(name), profile, units)
        absent = "missing_key" if name in profile.key else "missing_value"
        if name in profile.required:
            _note(faults, absent, **{name: text.is_null().to_numpy()})
        _note(faults, reason, **{name: pc.and_(text.is_valid(), columns[name].is_null()).to_numpy()})
    return to_frame(pa.table(columns).select(schema.names)), faults


def _typed(
    text: pa.ChunkedArray, field: pa.Field, profile: Profile, units: Mapping[str, str]
) -> tuple[pa.ChunkedArray | pa.Array, str]:
    """Return `text` in the field's type, null where it does not fit, and the reason such a row is refused for."""
    if field.name == "unit":
        return _by_word(text, units, field.type), "unknown_unit"
    if field.name in profile.values:
        words = {fold(word): code for word, code in profile.values[field.name].items()}
        return _by_word(text, words, field.type), "unknown_value"
    if field.name == "pauses":
        return read_pauses(text, lambda moments: _instants(moments, profile.date_formats)), "bad_pause"
    if field.type == INSTANT:
        return _instants(text, profile.date_formats), "bad_date"
    return text, "unknown_value"


def _note(faults: Faults, refusal: str, /, **masks: np.ndarray) -> None:
    faults.extend((refusal, field, mask) for field, mask in masks.items() if mask.any())


def _by_word(text: pa.ChunkedArray, codes: Mapping[str, str | int], dtype: pa.DataType) -> pa.Array:
    """Return the code of each word; the few distinct words are folded once, whatever the number of rows."""
    encoded = text.combine_chunks().dictionary_encode()
    translated = pa.array([codes.get(fold(word)) for word in encoded.dictionary.to_pylist()], dtype)
    return translated.take(encoded.indices)


def _instants(text: pa.ChunkedArray, formats: tuple[str, ...]) -> pa.Array:
    """Return the instants that `text` writes in one of `formats`, or as Excel's own dates; null where in none."""
    encoded = text.combine_chunks().dictionary_encode()
    words = encoded.dictionary.to_pandas().astype(object)
    parsed = pd.Series(pd.NaT, index=words.index, dtype="datetime64[us]")
    for form in (EXCEL_INSTANT, *formats):
        open_ = parsed.isna()
        if not open_.any():
            break
        parsed[open_] = pd.to_datetime(words[open_], format=form, errors="coerce").astype("datetime64[us]")
    parsed = parsed.where(parsed.between(FIRST_INSTANT, LAST_INSTANT))
    return pa.Array.from_pandas(parsed, type=INSTANT).take(encoded.indices)


def _out_of_order(typed: pd.DataFrame, kind: str) -> dict[str, np.ndarray]:
    """Return, by field, the rows whose date stands on a day before the one the record began."""
    first = typed[FIRST_DATE[kind]].dt.floor("D")
    return {field: (typed[field] < first).fillna(False).to_numpy(bool) for field in LATER_DATES[kind]}


def _repeated(
    typed: pd.DataFrame, raw: pa.Table, faulty: np.ndarray, key: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Return two masks: rows that repeat an earlier one exactly, and rows that share a key with different content."""
    copies, conflicts = np.zeros(len(typed), bool), np.zeros(len(typed), bool)
    keyed = typed[key[0]].notna().to_numpy(bool)
    shared = np.flatnonzero(typed.duplicated(list(key), keep=False).to_numpy() & keyed)
    if not len(shared):
        return copies, conflicts
    content = typed.iloc[shared].drop(columns=["source_row", "source_file"]).astype(str)
    # A faulty value is null once typed: such rows are compared as they were written.
    doubtful = faulty[shared]
    content["written"] = ""
    content.loc[doubtful, "written"] = [str(row) for row in raw.take(shared[doubtful]).to_pylist()]
    copies[shared] = content.duplicated().to_numpy()
    left = shared[~copies[shared]]
    conflicts[left] = typed.iloc[left].duplicated(list(key), keep=False).to_numpy()
    return copies, conflicts


def _quarantine(raw: RawRows, faults: Faults, *, source: str, key: str, ignore: np.ndarray) -> pd.DataFrame:
    seen = ignore.copy()
    rows: list[tuple[int, str | None, str, str | None, str]] = []
    numbers = raw.table.column(key)
    for reason, field, mask in faults:
        heading = raw.headings.get(field, field)
        column = raw.table.column(field) if field in raw.headings else pa.nulls(len(seen), pa.string())
        fresh = np.flatnonzero(mask & ~seen)
        seen[fresh] = True
        rows.extend((int(raw.rows[i]), numbers[i].as_py(), heading, column[i].as_py(), reason) for i in fresh.tolist())
    rows.sort(key=lambda row: row[0])
    return to_frame(
        pa.table(
            [
                [source] * len(rows),
                [raw.file] * len(rows),
                [raw.sheet] * len(rows),
                *[[row[i] for row in rows] for i in range(5)],
                [REASONS[row[4]][0] for row in rows],
                [REASONS[row[4]][1] for row in rows],
            ],
            schema=QUARANTINE,
        )
    )


def _cells(raw: RawRows, chosen: np.ndarray) -> pd.DataFrame:
    """Return the cells of the `chosen` rows, schema REJECTED, column after column."""
    table, rows = raw.table.take(chosen), raw.rows[chosen]
    columns = [
        pa.table(
            [
                pa.repeat(raw.file, len(rows)),
                pa.repeat(raw.sheet, len(rows)),
                pa.array(rows, pa.int64()),
                pa.repeat(pa.scalar(position, pa.int32()), len(rows)),
                pa.repeat(raw.headings[name], len(rows)),
                table.column(name),
            ],
            schema=REJECTED,
        )
        for position, name in enumerate(table.column_names)
    ]
    return to_frame(pa.concat_tables(columns))
