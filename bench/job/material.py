"""The large office both sides work for: a campaign of 200 units and its two exports, of 200,000 rows each."""

import random
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter
import yaml

from bench.day.naive import FOLDER, TODAY

UNITS, CASES, ITEMS = 200, 200_000, 200_000
# One case in 40 is late and owes an apology; one item in 10 lacks its report or its file.
ONE_LATE_IN, ONE_UNDONE_IN = 40, 10
CASE_HEADINGS = (
    *("STT", "Số hồ sơ", "Tên thủ tục hành chính", "Tên lĩnh vực", "Phòng ban", "Chủ hồ sơ", "Đối tượng"),
    *("Số điện thoại", "Địa chỉ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Ngày trả"),
    *("Cán bộ xử lý hiện tại", "Trạng thái", "Số văn bản xin lỗi", "Ngày xin lỗi", "Lý do quá hạn", "Ngày hẹn trả mới"),
)
WORK_HEADINGS = (
    *("STT", "Số đến", "Ngày đến", "Số ký hiệu", "Trích yếu", "Cơ quan ban hành", "Đơn vị chủ trì"),
    *("Người chủ trì (chuyên viên)", "Ngày giao", "Hạn giải quyết", "Ngày hoàn thành", "Trạng thái xử lý", "Mã hồ sơ"),
)
PROCEDURES = (
    "Cấp giấy phép xây dựng",
    "Cấp giấy phép lao động",
    "Đăng ký nội quy lao động",
    "Cấp giấy phép môi trường",
)
SUMMARIES = (
    "V/v báo cáo tình hình thu hút đầu tư quý",
    "V/v rà soát thủ tục hành chính",
    "V/v góp ý dự thảo quyết định",
)

Row = tuple[object, ...]


def prepare(folder: Path) -> None:
    """Write the campaign `van-phong-lon` into `folder`, the same each time."""
    chance = random.Random(20231114)  # noqa: S311  a seed, no secret
    home = folder / "van-phong-lon"
    (home / "sample").mkdir(parents=True)
    campaign = yaml.safe_load((FOLDER / "campaign.yaml").read_text(encoding="utf-8"))
    campaign |= {"code": home.name, "units": office_units()}
    campaign["office"]["unit"] = campaign["units"][0]["code"]
    (home / "campaign.yaml").write_text(yaml.safe_dump(campaign, allow_unicode=True), encoding="utf-8")
    names = [unit["name"] for unit in campaign["units"]]
    cases = [CASE_HEADINGS, *(case_row(i, names, chance) for i in range(CASES))]
    _write(home / "sample" / "ho-so-mot-cua.xlsx", "Danh sách hồ sơ", 4, cases)
    work = [WORK_HEADINGS, *(_item(i, names, chance) for i in range(ITEMS))]
    _write(home / "sample" / "cong-viec-hpnet.xlsx", "Danh sách công việc", 3, work)


def office_units() -> list[dict[str, object]]:
    return [
        {
            "code": f"P{i:03d}",
            "name": f"Phòng nghiệp vụ số {i:03d}",
            "emails": [f"phong-{i:03d}@bql-haiphong.example.vn"],
        }
        for i in range(1, UNITS + 1)
    ]


def case_row(i: int, names: Sequence[str], chance: random.Random) -> Row:
    late = i % ONE_LATE_IN == 0
    received = date(2023, 1, 3) + timedelta(days=chance.randrange(270))
    due = received + timedelta(days=chance.randrange(5, 30))
    finished = due + timedelta(days=chance.randrange(1, 12) if late else -chance.randrange(5))
    is_open = late and chance.random() < 0.5
    ended = "" if is_open else f"{finished:%d/%m/%Y}"
    return (
        i + 1,
        f"000.00.12.H24-{received:%y%m%d}-{i:06d}",
        chance.choice(PROCEDURES),
        "Đầu tư",
        names[i // ONE_LATE_IN % len(names)],
        f"Công ty TNHH số {chance.randrange(9000)}",
        "Doanh nghiệp",
        f"0225{chance.randrange(10**7):07d}",
        "Khu công nghiệp Đình Vũ, Hải Phòng",
        f"{received:%d/%m/%Y} {chance.randrange(7, 17):02d}:{chance.randrange(60):02d}",
        f"{due:%d/%m/%Y}",
        ended,
        ended,
        _official(i // ONE_LATE_IN % len(names), chance),
        "Đang xử lý" if is_open else "Đã trả kết quả",
        "",
        "",
        "Hồ sơ phải lấy ý kiến nhiều cơ quan" if late else "",
        "30/11/2023" if is_open else "",
    )


def _item(i: int, names: Sequence[str], chance: random.Random) -> Row:
    undone = i % ONE_UNDONE_IN == 0
    assigned = date(2023, 1, 3) + timedelta(days=chance.randrange(290))
    due = assigned + timedelta(days=chance.randrange(3, 20))
    reported = not undone or chance.random() < 0.5
    finished = min(due, TODAY)
    return (
        i + 1,
        str(i + 1),
        f"{assigned:%d/%m/%Y}",
        f"{chance.randrange(6000)}/UBND-VX",
        f"{chance.choice(SUMMARIES)} {chance.randrange(1, 5)}",
        "UBND thành phố",
        names[i // ONE_UNDONE_IN % len(names)],
        _official(i // ONE_UNDONE_IN % len(names), chance),
        f"{assigned:%d/%m/%Y}",
        f"{due:%d/%m/%Y}",
        f"{finished:%d/%m/%Y}" if reported else "",
        "Đã báo cáo hoàn thành" if reported else "Đang xử lý",
        "" if undone else f"H24.2023.{i % 400:03d}",
    )


def _official(unit: int, chance: random.Random) -> str:
    return f"Cán bộ {unit}-{chance.randrange(3)}"


def _write(path: Path, sheet_name: str, title_rows: int, rows: Sequence[Row]) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(sheet_name)
        sheet.write_string(0, 0, sheet_name.upper())
        for place, row in _placed(rows, title_rows):
            sheet.write_row(place, 0, row)


def _placed(rows: Sequence[Row], title_rows: int) -> Iterator[tuple[int, Row]]:
    yield from enumerate(rows, start=title_rows)
    yield title_rows + len(rows), ("Tổng cộng",)


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
