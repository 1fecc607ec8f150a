"""Rows set aside: the reasons, in the operator's words, and the table that tells of them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from dondoc.frames import to_frame
from dondoc.sources.rows import Fault, RawRows

CONFLICT = "conflict"
REASONS = {
    "unreadable": ("ô lỗi hoặc công thức chưa tính", "mở tệp bằng Excel, sửa ô này, lưu lại"),
    "shifted": (
        "dòng thừa hoặc thiếu cột so với tiêu đề",
        "kết xuất lại; nội dung có dấu ngăn cột phải đặt trong nháy kép",
    ),
    "legacy_text": ("mã chữ cũ (TCVN3, VNI) không chuyển chắc chắn được", "chuyển nội dung sang Unicode rồi đặt lại"),
    "missing_key": ("thiếu số hồ sơ, số công việc", "điền số vào cột này"),
    "damaged_key": ("số bị bảng tính làm hỏng hoặc sai dạng", "định dạng cột là Văn bản (Text) rồi nhập lại đúng số"),
    "missing_value": ("thiếu dữ liệu bắt buộc", "điền cột này"),
    "bad_date": ("ngày không hợp lệ", "viết lại ngày đúng định dạng của hệ thống nguồn"),
    "bad_number": ("số không hợp lệ", "viết lại bằng chữ số"),
    "bad_term": ("thời hạn giải quyết không hiểu được", "viết số kèm đơn vị, ví dụ: 20 ngày làm việc"),
    "bad_pause": ("khoảng tạm dừng không hợp lệ", "đối chiếu ngày yêu cầu và ngày nhận bổ sung ở hệ thống nguồn"),
    "unknown_unit": ("đơn vị không có trong đợt", "sửa tên đơn vị, hoặc thêm tên này vào aliases của đơn vị trong đợt"),
    "unknown_value": ("giá trị không có trong hồ sơ nguồn", "sửa giá trị, hoặc khai báo ở mục values của hồ sơ nguồn"),
    "date_order": ("ngày này đứng trước ngày tiếp nhận hoặc ngày giao", "đối chiếu hồ sơ gốc và sửa ngày"),
    "future": ("ngày tiếp nhận hoặc ngày giao ở sau ngày tính", "đối chiếu hồ sơ gốc và sửa ngày"),
    "unfinished": ("đã xử lý xong nhưng thiếu ngày kết thúc", "điền ngày kết thúc xử lý"),
    CONFLICT: ("trùng số nhưng khác nội dung", "giữ một dòng đúng, bỏ dòng kia"),
    "unknown_record": ("dòng chi tiết của một số không có trong bảng chính", "kết xuất lại cả hai bảng cùng lúc"),
    "bad_detail": ("bảng chi tiết của hồ sơ này có dòng sai", "sửa các dòng chi tiết bị loại của hồ sơ"),
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

# One row per cell of a rejected row, as its file has it, so that its sender can mend it and send it again.
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
# A sender does not mend more by hand; the quarantine's csv has them all.
MAX_RETURNED_ROWS = 10_000


def note(faults: list[Fault], refusal: str, /, **masks: np.ndarray) -> None:
    """Add to `faults` that the rows of each field's mask are refused for `refusal`."""
    faults.extend((refusal, field, mask) for field, mask in masks.items() if mask.any())


def any_of(faults: list[Fault], count: int) -> np.ndarray:
    """Return the mask of rows that some fault applies to."""
    faulty = np.zeros(count, bool)
    for _, _, mask in faults:
        faulty |= mask
    return faulty


def quarantine(
    raw: RawRows,
    faults: list[Fault],
    *,
    source: str,
    key: str,
    ignore: np.ndarray,
    contradictions: Mapping[int, tuple[str, str]] | None = None,
) -> pd.DataFrame:
    """Return a row of `QUARANTINE` for each faulty row of `raw`, with the first fault that applies.

    Args:
        raw: the rows as they are written.
        faults: reason, field and mask of rows, in the order they are to be told in.
        source: the source's name.
        key: the field of the record's number.
        ignore: mask of rows that are no fault of their own.
        contradictions: headings and values that tell of a conflict, by row.
    """
    known = contradictions or {}
    seen = ignore.copy()
    chosen = []
    for order, (_, _, mask) in enumerate(faults):
        fresh = np.flatnonzero(mask & ~seen)
        seen[fresh] = True
        chosen.append(np.stack([fresh, np.full(len(fresh), order)]))
    picked, orders = np.concatenate(chosen, axis=1) if chosen else np.empty((2, 0), np.int64)
    at = np.argsort(picked, kind="stable")
    picked = picked[at]
    orders = orders[at]
    reasons = [faults[order][0] for order in orders]
    fields = [faults[order][1] for order in orders]
    told = [
        known[row]
        if reason == CONFLICT and row in known
        else (raw.headings.get(field, field), _written(raw, field, row))
        for reason, field, row in zip(reasons, fields, picked.tolist(), strict=True)
    ]
    return to_frame(
        pa.table(
            [
                pa.repeat(pa.scalar(source, pa.string()), len(picked)),
                raw.files().take(pa.array(picked)),
                raw.sheets().take(pa.array(picked)),
                pa.array(raw.rows[picked], pa.int64()),
                raw.table.column(key).take(pa.array(picked)),
                [headings for headings, _ in told],
                pa.array([values for _, values in told], pa.string()),
                reasons,
                [REASONS[reason][0] for reason in reasons],
                [REASONS[reason][1] for reason in reasons],
            ],
            schema=QUARANTINE,
        )
    )


def _written(raw: RawRows, field: str, row: int) -> str | None:
    if field not in raw.table.column_names or not pa.types.is_string(raw.table.schema.field(field).type):
        return None
    value: str | None = raw.table.column(field)[int(row)].as_py()
    return value


def rejected_cells(raw: RawRows, refused: np.ndarray) -> pd.DataFrame:
    """Return the cells of the rows that the mask `refused` names, schema REJECTED, column after column."""
    chosen = pa.array(np.flatnonzero(refused)[:MAX_RETURNED_ROWS])
    table = raw.table.take(chosen)
    rows = raw.rows[chosen.to_numpy()]
    files = raw.files().take(chosen)
    sheets = raw.sheets().take(chosen)
    columns = [
        pa.table(
            [
                files,
                sheets,
                pa.array(rows, pa.int64()),
                pa.repeat(pa.scalar(position, pa.int32()), len(rows)),
                pa.repeat(raw.headings.get(name, name), len(rows)),
                table.column(name),
            ],
            schema=REJECTED,
        )
        for position, name in enumerate(table.column_names)
    ]
    return to_frame(pa.concat_tables(columns))
