"""The workbook that goes back to who exported a file: its rejected rows as they were, and what is wrong with each."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dondoc.office_files.workbook import Column, Workbook

SHEET = "Dòng bị loại"
GUIDE = "Hướng dẫn"
# Marked as ours: a heading of the file's own must not be met twice when the workbook is read as a source.
OURS = (
    Column("Đôn Đốc: lý do bị loại", "message", width=30),
    Column("Đôn Đốc: cột sai", "field", width=24),
    Column("Đôn Đốc: giá trị sai", "value", width=36),
    Column("Đôn Đốc: cách sửa", "hint", width=36),
    Column("Đôn Đốc: tệp", "file", width=24),
    Column("Đôn Đốc: trang", "sheet", width=14),
    Column("Đôn Đốc: dòng", "row", width=10),
    Column("Đôn Đốc: số hồ sơ, số đến", "number", width=28),
)
# To be mended in the file itself; on paper its row and number tell which it is.
CELL_WIDTH = 20


def returned_workbook(quarantined: pd.DataFrame, rejected: pd.DataFrame, *, title: str) -> bytes:
    """Return the workbook of one file's rejected rows, every cell as text.

    Args:
        quarantined: the file's rows of schema `intake.QUARANTINE`, at least one.
        rejected: the file's cells, schema `intake.REJECTED`; rows without cells are counted in the guide, not shown.
        title: the line above the table.
    """
    cells, own = _wide(rejected)
    shown = quarantined.merge(cells, on=["sheet", "row"], how="inner")
    book = Workbook()
    book.add_table(SHEET, shown, (*OURS, *own), title=title)
    book.add_notes(GUIDE, _guide(left_out=len(quarantined) - len(shown)), title="Sửa và gửi lại")
    return book.to_bytes()


def _wide(rejected: pd.DataFrame) -> tuple[pd.DataFrame, list[Column]]:
    """Return a row a rejected row, its cells in columns named by position, and how to show them."""
    positions, starts = np.unique(rejected["position"].to_numpy("int64"), return_index=True)
    # Column after column, each with all the rejected rows in one order (`refusals.rejected_cells`).
    height = len(rejected) // max(len(positions), 1)
    wide = {name: rejected[name].array[:height] for name in ("sheet", "row")}
    shown = []
    for position, start in zip(positions, starts, strict=True):
        name = f"cell_{position}"
        wide[name] = rejected["value"].array[start : start + height]
        shown.append(Column(rejected["heading"].iloc[start], name, width=CELL_WIDTH, on_paper=False))
    return pd.DataFrame(wide), shown


def _guide(left_out: int) -> Sequence[str]:
    lines = [
        "Mỗi dòng ở trang “Dòng bị loại” là một dòng Đôn Đốc không dùng được; nó chưa được tính vào con số nào.",
        "1. Xem “lý do bị loại”, “cột sai”, “giá trị sai” và “cách sửa”. Mỗi dòng chỉ nêu lỗi đầu tiên gặp phải.",
        "2. Cách tốt nhất: sửa ngay trên hệ thống nguồn, rồi kết xuất lại như mọi ngày.",
        "3. Nếu chưa sửa được trên hệ thống: sửa ở các cột của chính tệp nguồn (bên phải), giữ nguyên tên cột, rồi gửi "
        "lại tệp này cho Văn phòng. Ngày viết dạng 05/12/2023. Không cần xóa các cột “Đôn Đốc: …”.",
        "Mọi ô ở đây là chữ, kể cả số và ngày; ô bắt đầu bằng dấu = cũng không phải công thức.",
        "Tệp có thông tin cá nhân: chỉ người phụ trách nguồn được mở, không chuyển tiếp.",
    ]
    if left_out:
        lines.append(
            f"Còn {left_out} dòng bị loại khác không in ở đây; danh sách đủ ở tệp quarantine.csv của Văn phòng."
        )
    return lines
