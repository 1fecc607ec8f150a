"""The naive peer's reading: `pandas.read_excel`, then every cell of every row parsed in Python."""

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

DATE_FORMATS = ("%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%H:%M:%S %d/%m/%Y")
NOT_RECEIVED = ("Mới đăng ký", "Không được tiếp nhận")
PAUSED = ("Yêu cầu bổ sung giấy tờ", "Yêu cầu thực hiện nghĩa vụ tài chính", "Dừng xử lý")
WITHDRAWN = "Công dân yêu cầu rút hồ sơ"
DONE = ("Đã xử lý xong", "Đã trả kết quả")
UNDONE_WORK = ("Chưa xử lý", "Đang xử lý")
ARCHIVED = "Đã lưu trữ"
HINTS = {
    "đơn vị không có trong đợt": "sửa tên đơn vị, hoặc thêm tên này vào aliases của đơn vị trong đợt",
    "thiếu dữ liệu bắt buộc": "điền ô này trên hệ thống nguồn",
    "trùng số nhưng khác nội dung": "giữ một dòng đúng, bỏ dòng kia",
    "ngày không hợp lệ": "viết ngày dạng 05/12/2023",
}

Row = dict[str, Any]


@dataclass(frozen=True)
class Export:
    """What one list's columns are called.

    Attributes:
        source: its name in the campaign.
        file: its path in the campaign's folder.
        sheet: the sheet that holds it.
        title_rows: rows above the headings.
        key: columns that identify a record.
        unit: the column of the unit that answers.
        status: the column of the status.
        statuses: every status that is known.
        finished: the column of the finish.
        ends: the statuses that must have a finish.
        dates: columns of dates.
        start: the day a record begins.
        later: dates that cannot precede it.
        required: columns no record can be without.
    """

    source: str
    file: str
    sheet: str
    title_rows: int
    key: tuple[str, ...]
    unit: str
    status: str
    statuses: tuple[str, ...]
    finished: str
    ends: tuple[str, ...]
    dates: tuple[str, ...]
    start: str
    later: tuple[str, ...]
    required: tuple[str, ...]


CASES = Export(
    source="cases",
    file="sample/ho-so-mot-cua.xlsx",
    sheet="Danh sách hồ sơ",
    title_rows=4,
    key=("Số hồ sơ",),
    unit="Phòng ban",
    status="Trạng thái",
    statuses=(*NOT_RECEIVED, *PAUSED, WITHDRAWN, *DONE, "Được tiếp nhận", "Đang xử lý"),
    finished="Ngày kết thúc xử lý",
    ends=DONE,
    dates=("Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Ngày trả", "Ngày xin lỗi", "Ngày hẹn trả mới"),
    start="Ngày tiếp nhận",
    later=("Ngày hẹn trả", "Ngày kết thúc xử lý"),
    required=("Số hồ sơ", "Tên thủ tục hành chính", "Phòng ban", "Ngày tiếp nhận", "Trạng thái"),
)
WORK = Export(
    source="work",
    file="sample/cong-viec-hpnet.xlsx",
    sheet="Danh sách công việc",
    title_rows=3,
    key=("Số đến", "Ngày đến"),
    unit="Đơn vị chủ trì",
    status="Trạng thái xử lý",
    statuses=(*UNDONE_WORK, "Đã báo cáo hoàn thành", "Đã hoàn thành", ARCHIVED),
    finished="Ngày hoàn thành",
    ends=(),
    dates=("Ngày đến", "Ngày giao", "Hạn giải quyết", "Ngày hoàn thành"),
    start="Ngày giao",
    later=("Ngày hoàn thành",),
    required=("Số đến", "Trích yếu", "Đơn vị chủ trì", "Ngày giao", "Trạng thái xử lý"),
)


class RefusedError(ValueError):
    """A row that cannot be used: which column, what stands there, what is wrong."""


def read_list(folder: Path, export: Export, units: list[Row]) -> tuple[list[Row], list[Row]]:
    """Return the rows that can be used, and the others with what is wrong with them."""
    frame = pd.read_excel(
        folder / export.file, sheet_name=export.sheet, header=export.title_rows, dtype=object, engine="openpyxl"
    )
    foot = frame.index[frame["STT"] == "Tổng cộng"][0]
    frame = frame.iloc[:foot].drop_duplicates([name for name in frame.columns if name != "STT"])
    codes = {simple(name): unit["code"] for unit in units for name in (unit["name"], *unit.get("aliases", ()))}
    # The first row below the headings, as Excel counts.
    first, file = export.title_rows + 2, Path(export.file).name
    good, bad = [], []
    for place, cells in zip(frame.index, frame.to_dict("records"), strict=True):
        try:
            good.append(read_row(cells, export, codes) | {"file": file, "row": place + first})
        except RefusedError as refused:
            bad.append(refusal(cells, export, place + first, *refused.args))
    times = Counter(key_of(row, export) for row in good)
    for row in good:
        if times[key_of(row, export)] > 1:
            cells, number = frame.loc[row["row"] - first].to_dict(), export.key[0]
            bad.append(refusal(cells, export, row["row"], number, row[number], "trùng số nhưng khác nội dung"))
    return [row for row in good if times[key_of(row, export)] == 1], sorted(bad, key=lambda row: row["row"])


def read_row(cells: Mapping[str, Any], export: Export, codes: Mapping[str, str]) -> Row:
    row = {name: read_date(name, cell) if name in export.dates else read_text(cell) for name, cell in cells.items()}
    for name in export.required:
        if row[name] is None:
            raise RefusedError(name, None, "thiếu dữ liệu bắt buộc")
    row["unit"] = codes.get(simple(row[export.unit]))
    if row["unit"] is None:
        raise RefusedError(export.unit, row[export.unit], "đơn vị không có trong đợt")
    if row[export.status] not in export.statuses:
        raise RefusedError(export.status, row[export.status], "giá trị không có trong hồ sơ nguồn")
    for name in export.later:
        if row[name] and row[name].date() < row[export.start].date():
            raise RefusedError(name, cells[name], "ngày này đứng trước ngày tiếp nhận hoặc ngày giao")
    if row[export.status] in export.ends and not row[export.finished]:
        raise RefusedError(export.finished, None, "đã xử lý xong nhưng thiếu ngày kết thúc")
    return row


def refusal(cells: Row, export: Export, row: int, field: str, value: object, message: str) -> Row:
    return {
        "source": export.source,
        "file": Path(export.file).name,
        "sheet": export.sheet,
        "row": row,
        "number": cells[export.key[0]],
        "field": field,
        "value": value,
        "message": message,
        "hint": HINTS.get(message, "đối chiếu hồ sơ gốc và sửa ô này"),
        "cells": cells,
    }


def key_of(row: Row, export: Export) -> tuple[Any, ...]:
    return tuple(row[name] for name in export.key)


def simple(name: str) -> str:
    return " ".join(name.lower().split())


def read_text(cell: Any) -> str | None:
    return None if pd.isna(cell) else unicodedata.normalize("NFC", str(cell)).strip() or None


def read_date(name: str, cell: Any) -> datetime | None:
    if pd.isna(cell):
        return None
    if isinstance(cell, datetime):
        return cell
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(cell.strip(), form)  # noqa: DTZ007 (the office's wall clock)
        except ValueError:
            continue
    raise RefusedError(name, cell, "ngày không hợp lệ")
