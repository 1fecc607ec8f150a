"""The naive peer's workbooks: `DataFrame.to_excel`, then openpyxl for title, widths, filter and print."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl.chart import BarChart, Reference
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Row = dict[str, Any]

# Below the title and an empty row.
HEADINGS = 3
GUIDE = (
    "Mỗi dòng ở trang “Dòng bị loại” là một dòng không dùng được; nó chưa được tính vào con số nào.",
    "1. Xem “lý do bị loại”, “cột sai”, “giá trị sai” và “cách sửa”. Mỗi dòng chỉ nêu lỗi đầu tiên gặp phải.",
    "2. Cách tốt nhất: sửa ngay trên hệ thống nguồn, rồi kết xuất lại như mọi ngày.",
    "3. Nếu chưa sửa được trên hệ thống: sửa ở các cột của chính tệp nguồn (bên phải), giữ tên cột, rồi gửi lại.",
    "Tệp có thông tin cá nhân: chỉ người phụ trách nguồn được mở, không chuyển tiếp.",
)
REFUSED = {
    "message": "Đôn Đốc: lý do bị loại",
    "field": "Đôn Đốc: cột sai",
    "value": "Đôn Đốc: giá trị sai",
    "hint": "Đôn Đốc: cách sửa",
    "file": "Đôn Đốc: tệp",
    "sheet": "Đôn Đốc: trang",
    "row": "Đôn Đốc: dòng",
}


@dataclass(frozen=True)
class Sheet:
    """A table below its title; `rates` are columns shown as percent."""

    title: str
    table: pd.DataFrame
    widths: Iterable[int]
    rates: tuple[str, ...] = ()


def open_book(path: Path) -> pd.ExcelWriter:
    """Return the workbook at `path`, to be filled inside `with`."""
    return pd.ExcelWriter(path, engine="openpyxl", datetime_format="dd/mm/yyyy", date_format="dd/mm/yyyy")


def add_sheet(book: pd.ExcelWriter, name: str, sheet: Sheet) -> None:
    sheet.table.to_excel(book, sheet_name=name, index=False, startrow=HEADINGS - 1)
    lay_out(book.sheets[name], sheet)


def add_notes(book: pd.ExcelWriter, name: str, lines: Iterable[str]) -> None:
    page = book.book.create_sheet(name)
    page.column_dimensions["A"].width = 120
    for line in lines:
        page.append([line])


def lay_out(page: Worksheet, sheet: Sheet) -> None:
    last = get_column_letter(len(sheet.table.columns))
    page["A1"] = sheet.title
    page.freeze_panes = f"A{HEADINGS + 1}"
    page.auto_filter.ref = f"A{HEADINGS}:{last}{HEADINGS + len(sheet.table)}"
    page.print_title_rows = f"{HEADINGS}:{HEADINGS}"
    page.page_setup.orientation = "landscape"
    for i, width in enumerate(sheet.widths, start=1):
        page.column_dimensions[get_column_letter(i)].width = width
    for name in sheet.rates:
        place = list(sheet.table.columns).index(name) + 1
        for (cell,) in page.iter_rows(min_row=HEADINGS + 1, min_col=place, max_col=place):
            cell.number_format = "0.00%"


def add_chart(page: Worksheet, place: str, title: str, of: Worksheet, *, columns: Iterable[int], rows: int) -> None:
    """Draw `columns` of `of`, a group of bars a row, named by its second column, at `place` of `page`."""
    chart, last = BarChart(), HEADINGS + rows
    chart.type, chart.title, chart.height, chart.width = "bar", title, 12, 24
    for column in columns:
        chart.add_data(Reference(of, min_col=column, min_row=HEADINGS, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(of, min_col=2, min_row=HEADINGS + 1, max_row=last))
    page.add_chart(chart, place)


def write_refused(path: Path, refused: list[Row], title: str) -> None:
    """Write the rows of one file that cannot be used, as they were, beside what is wrong with each."""
    rows = [
        {heading: row[name] for name, heading in REFUSED.items()}
        | {name: None if pd.isna(cell) else str(cell) for name, cell in row["cells"].items() if name != "STT"}
        for row in refused
    ]
    table = pd.DataFrame(rows)
    widths = (30, 18, 20, 36, 24, 14, 10, *[20] * len(table.columns))
    with open_book(path) as book:
        add_sheet(book, "Dòng bị loại", Sheet(title, table, widths))
        add_notes(book, "Hướng dẫn", GUIDE)
