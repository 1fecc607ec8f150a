"""One case in two systems: counted once, as the system that stands first has it; what the others say is kept apart."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dondoc.records import CaseStatus, arrow_of, conform, days_of, empty_frame, instants_of
from dondoc.sources.repeats import same_numbers

# One row per case that two systems hold and tell differently: `case_number` as the first has it, and what differs.
DIFFERENCES = pa.schema(
    [pa.field("case_number", pa.string(), nullable=False), pa.field("note", pa.string(), nullable=False)]
)
STATUS_WORDS = {
    CaseStatus.REGISTERED: "Mới đăng ký",
    CaseStatus.RECEIVED: "Được tiếp nhận",
    CaseStatus.NOT_RECEIVED: "Không được tiếp nhận",
    CaseStatus.IN_PROCESS: "Đang xử lý",
    CaseStatus.SUPPLEMENT_ASKED: "Yêu cầu bổ sung giấy tờ",
    CaseStatus.FEE_ASKED: "Yêu cầu thực hiện nghĩa vụ tài chính",
    CaseStatus.WITHDRAWN: "Công dân yêu cầu rút hồ sơ",
    CaseStatus.STOPPED: "Dừng xử lý",
    CaseStatus.FINISHED: "Đã xử lý xong",
    CaseStatus.RETURNED: "Đã trả kết quả",
}
COMPARED = {"status": "trạng thái", "due_at": "ngày hẹn trả", "finished_at": "ngày kết thúc xử lý", "unit": "đơn vị"}
NOTHING = "không ghi"


def merge_cases(
    frames: Sequence[pd.DataFrame],
    systems: Sequence[str],
    *,
    units: Mapping[str, str] | None = None,
    by_timestamp: bool = False,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cases of several systems, each number once, and what the systems disagree on, schema DIFFERENCES.

    Args:
        frames: schema `records.CASES` or some of its columns, in the order that decides whom to believe.
        systems: the name of the system each frame comes from, for operators.
        units: names of the units by code.
        by_timestamp: whether instants differ by the second; else by the day.
    """
    whole = pd.concat(frames, ignore_index=True)
    numbers = same_numbers(arrow_of(whole["case_number"]))
    again = (
        pd.Series(numbers.to_pandas()).duplicated().to_numpy(bool) if len(frames) > 1 else np.zeros(len(whole), bool)
    )
    if not again.any():
        return whole, empty_frame(DIFFERENCES)
    first = pc.index_in(numbers, value_set=numbers).to_numpy(zero_copy_only=False)[again]
    system = np.repeat(np.array(systems, object), [len(frame) for frame in frames])
    one = whole.iloc[first].reset_index(drop=True)
    other = whole[again].reset_index(drop=True)
    note = np.full(len(one), "", object)
    for name, words in COMPARED.items():
        differs = _differs(one[name], other[name], by_timestamp=by_timestamp)
        told = [_written(name, frame[name][differs], units or {}) for frame in (one, other)]
        named = [" (" + names[differs] + ")" for names in (system[first], system[again])]
        note[differs] += f"; {words}: " + told[0] + named[0] + " ↔ " + told[1] + named[1]
    rows = pd.DataFrame({"case_number": one["case_number"], "note": [words.removeprefix("; ") for words in note]})
    return whole[~again].reset_index(drop=True), conform(rows[rows["note"] != ""], DIFFERENCES)


def _differs(one: pd.Series, other: pd.Series, *, by_timestamp: bool) -> np.ndarray:
    if pa.types.is_timestamp(one.dtype.pyarrow_dtype):
        read = instants_of if by_timestamp else days_of
        first = read(one)
        second = read(other)
        return (first != second) & ~(np.isnat(first) & np.isnat(second))
    return (one != other).fillna(one.isna() != other.isna()).to_numpy(bool)


def _written(name: str, values: pd.Series, units: Mapping[str, str]) -> np.ndarray:
    if name == "status":
        return np.array([STATUS_WORDS[CaseStatus(value)] for value in values], object)
    if name == "unit":
        return np.array([units.get(value, value) for value in values], object)
    return values.dt.strftime("%d/%m/%Y %H:%M").str.removesuffix(" 00:00").fillna(NOTHING).to_numpy(object)
