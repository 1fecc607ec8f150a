"""The export both sides read: 200,000 rows, 15 columns, all text, title rows above."""

import random
import sys
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

ROWS = 200_000
FIRST_DAY = date(2023, 1, 2)
HEADINGS = (
    "STT",
    "Số hồ sơ",
    "Tên thủ tục hành chính",
    "Tên lĩnh vực",
    "Phòng ban",
    "Chủ hồ sơ",
    "Số điện thoại",
    "Địa chỉ",
    "Ngày tiếp nhận",
    "Ngày hẹn trả",
    "Ngày kết thúc xử lý",
    "Ngày trả",
    "Cán bộ xử lý hiện tại",
    "Trạng thái",
    "Cập nhật nguồn",
)
UNITS = ("Phòng Quản lý đầu tư", "P. QLLĐ", "Phòng Tài nguyên và Môi trường", "Văn phòng")
PROCEDURES = (
    "Cấp giấy phép xây dựng",
    "Cấp giấy phép lao động",
    "Đăng ký nội quy lao động",
    "Cấp giấy phép môi trường",
)


def prepare(folder: Path) -> None:
    """Write `export.xlsx` into `folder`, the same each time."""
    chance = random.Random(20231114)  # noqa: S311  a seed, no secret
    book = xlsxwriter.Workbook(folder / "export.xlsx", {"constant_memory": True})
    sheet = book.add_worksheet("Danh sách hồ sơ")
    sheet.write_string(0, 0, "DANH SÁCH HỒ SƠ TIẾP NHẬN VÀ GIẢI QUYẾT")
    sheet.write_row(2, 0, HEADINGS)
    for i in range(ROWS):
        sheet.write_row(3 + i, 0, _row(i, chance))
    book.close()


def _row(i: int, chance: random.Random) -> list[str]:
    received = FIRST_DAY + timedelta(days=chance.randrange(300))
    due = received + timedelta(days=chance.randrange(1, 30))
    done = due + timedelta(days=chance.randrange(-3, 4))
    finished = "" if chance.random() < 0.1 else f"{max(done, received):%d/%m/%Y}"
    return [
        str(i + 1),
        f"000.00.12.H24-{received:%y%m%d}-{i:06d}",
        chance.choice(PROCEDURES),
        "Đầu tư",
        chance.choice(UNITS),
        f"Công ty TNHH số {chance.randrange(9000)}",
        f"0225{chance.randrange(10**7):07d}",
        "Khu công nghiệp Đình Vũ, Hải Phòng",
        f"{received:%d/%m/%Y} {chance.randrange(7, 17):02d}:{chance.randrange(60):02d}",
        f"{due:%d/%m/%Y}",
        finished,
        finished,
        f"Cán bộ {chance.randrange(60)}",
        "Đã trả kết quả" if finished else "Đang xử lý",
        "Cổng DVC",
    ]


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
