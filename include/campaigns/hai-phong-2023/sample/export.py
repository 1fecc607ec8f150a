"""How the two systems write what is so: headings, the many spellings of a unit or a date, the sheet with its foot."""

import random
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

import vocabulary as v
import xlsxwriter
from facts import Case, Work

Cell = str | int | datetime | None
Cells = dict[str, Cell]
Row = tuple[Cell, ...]
# A workbook states when it was made: a constant keeps its bytes the same.
MADE_AT = datetime(2023, 11, 22, 8, 0, tzinfo=UTC)
ONE_IN_NFD = 25
DATE_FORMS = {False: "dd/mm/yyyy", True: "dd/mm/yyyy hh:mm"}
CASE_TITLES = (
    "UBND THÀNH PHỐ HẢI PHÒNG\nBAN QUẢN LÝ KHU KINH TẾ HẢI PHÒNG",
    "DANH SÁCH HỒ SƠ TIẾP NHẬN VÀ GIẢI QUYẾT",
    "Từ ngày 01/01/2023 đến ngày 14/11/2023",
    "",
)
WORK_TITLES = ("BAN QUẢN LÝ KHU KINH TẾ HẢI PHÒNG", "DANH SÁCH CÔNG VIỆC ĐƯỢC GIAO TRÊN HPNET NĂM 2023", "")
COVER = (
    "HƯỚNG DẪN",
    "Dữ liệu nằm ở trang tính “Danh sách hồ sơ”.",
    "Dữ liệu mẫu: tổ chức, cá nhân, địa chỉ và số điện thoại đều không có thật.",
)
CASE_HEADINGS = (
    "STT",
    "Số hồ sơ",
    "Tên thủ tục hành chính",
    "Tên lĩnh vực",
    "Phòng ban",
    "Cơ quan/đơn vị",
    "Chủ hồ sơ",
    "Đối tượng",
    "Số điện thoại",
    "Địa chỉ",
    "Ngày tiếp nhận",
    "Ngày hẹn trả",
    "Hạn xử lý",
    "Số ngày giải quyết",
    "Ngày kết thúc xử lý",
    "Ngày trả",
    "Cán bộ xử lý hiện tại",
    "Bước xử lý hiện tại",
    "Trạng thái",
    "Số văn bản xin lỗi",
    "Ngày xin lỗi",
    "Lý do quá hạn",
    "Ngày hẹn trả mới",
    "Cập nhật nguồn",
)
WORK_HEADINGS = (
    "STT",
    "Số đến",
    "Ngày đến",
    "Số ký hiệu",
    "Trích yếu",
    "Cơ quan ban hành",
    "Đơn vị chủ trì",
    "Đơn vị phối hợp",
    "Người chủ trì (chuyên viên)",
    "Ngày giao",
    "Hạn giải quyết",
    "Ngày hoàn thành",
    "Trạng thái xử lý",
    "Mã hồ sơ",
)
WIDE = (
    "Tên thủ tục hành chính",
    "Phòng ban",
    "Cơ quan/đơn vị",
    "Chủ hồ sơ",
    "Địa chỉ",
    "Lý do quá hạn",
    "Trích yếu",
    "Cơ quan ban hành",
    "Đơn vị chủ trì",
    "Đơn vị phối hợp",
)
UNIT_BY_CODE = {unit.code: unit for unit in v.UNITS}


def write_cases(rows: Sequence[Row], path: Path) -> None:
    """Write the one-stop export: a cover sheet, then the list."""
    with xlsxwriter.Workbook(path) as book:
        cover = book.add_worksheet("Hướng dẫn")
        cover.set_column(0, 0, 90)
        cover.write_column(0, 0, COVER)
        _write_list(book, "Danh sách hồ sơ", CASE_TITLES, [CASE_HEADINGS, *rows], total_under=2)


def write_work(rows: Sequence[Row], path: Path) -> None:
    """Write the e-office export: the list alone."""
    with xlsxwriter.Workbook(path) as book:
        _write_list(book, "Danh sách công việc", WORK_TITLES, [WORK_HEADINGS, *rows], total_under=4)


def spell_case(rng: random.Random, case: Case) -> Cells:
    """Return the case as a row of the one-stop export, without its STT."""
    limit = f"{case.procedure.days:02d} ngày{' làm việc' if case.procedure.working else ''}" if case.due else None
    values: tuple[Cell, ...] = (
        None,
        case.number,
        case.procedure.name,
        case.procedure.field,
        _unit_name(rng, case.unit),
        "Ban Quản lý Khu kinh tế Hải Phòng",
        case.applicant.name,
        case.applicant.kind,
        case.applicant.phone,
        case.applicant.address,
        _instant(rng, case.start),
        _instant(rng, case.due),
        _instant(rng, case.due),
        limit,
        _instant(rng, case.finished),
        _instant(rng, case.returned),
        _official(rng, case.unit),
        v.STEPS.get(case.status, "Tạm dừng"),
        case.status,
        case.apology_number,
        _day(rng, case.apologised),
        case.reason,
        _day(rng, case.new_due),
        f"{v.EXPORTED:%d/%m/%Y} 23:00",
    )
    return _in_one_form(rng, dict(zip(CASE_HEADINGS, values, strict=True)))


def spell_work(rng: random.Random, item: Work) -> Cells:
    """Return the item as a row of the e-office export, without its STT."""
    issuer, suffix = rng.choice(v.ISSUERS)
    others = rng.sample([unit.name for unit in v.UNITS if unit.code != item.unit], rng.choice((0, 0, 0, 1, 2)))
    values: tuple[Cell, ...] = (
        None,
        int(item.number) if rng.random() < 0.6 else item.number,
        _day(rng, item.arrived),
        f"{rng.randint(1, 6000)}/{suffix}",
        item.summary,
        issuer,
        _unit_name(rng, item.unit),
        "; ".join(others) or None,
        _official(rng, item.unit),
        _day(rng, item.start),
        _day(rng, item.due),
        _instant(rng, item.finished),
        item.status,
        item.file_code,
    )
    return _in_one_form(rng, dict(zip(WORK_HEADINGS, values, strict=True)))


def _in_one_form(rng: random.Random, cells: Cells) -> Cells:
    """Return the row as it is, or now and then in decomposed Unicode, as files that passed through a Mac are."""
    if rng.randrange(ONE_IN_NFD):
        return cells
    return {k: unicodedata.normalize("NFD", cell) if isinstance(cell, str) else cell for k, cell in cells.items()}


def _unit_name(rng: random.Random, code: str) -> str:
    unit = UNIT_BY_CODE[code]
    name = rng.choice((unit.name, unit.name, unit.name, *unit.aliases))
    spellings = (name.upper(), name.lower(), f"  {name} ", name.replace(" ", "  "))
    return rng.choice(spellings) if rng.random() < 0.15 else name


def _official(rng: random.Random, code: str) -> str:
    n = list(UNIT_BY_CODE).index(code) * 3 + rng.randrange(3)
    return " ".join(names[n % len(names)] for names in (v.SURNAMES, v.MIDDLES, v.GIVENS))


def _day(rng: random.Random, day: date | None) -> Cell:
    """Return the day as a real date or as text, both of which one column holds."""
    if day is None:
        return None
    return datetime.combine(day, time()) if rng.random() < 0.5 else f"{day:%d/%m/%Y}"


def _instant(rng: random.Random, day: date | None) -> Cell:
    """Return the day as `_day` does, or with an hour of the office: hours never decide anything."""
    if day is None or rng.random() < 0.7:
        return _day(rng, day)
    at = datetime.combine(day, time(rng.choice((7, 8, 9, 10, 13, 14, 15, 16)), rng.randrange(60)))
    return at if rng.random() < 0.3 else f"{at:%d/%m/%Y %H:%M}"


def _write_list(
    book: xlsxwriter.Workbook, name: str, titles: Sequence[str], table: Sequence[Row], *, total_under: int
) -> None:
    """Add a sheet: titles, headings, rows, total, signature, as an office prints it."""
    book.set_properties({"created": MADE_AT})
    sheet, last = book.add_worksheet(name), len(table[0]) - 1
    bold = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1})
    forms = {timed: book.add_format({"num_format": form, "align": "left"}) for timed, form in DATE_FORMS.items()}
    title = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True})
    for row, text in enumerate(titles):
        sheet.merge_range(row, 0, row, last, text, title)
    sheet.set_row(0, 15 * (1 + titles[0].count("\n")))
    sheet.set_row(len(titles), 32)
    for column, heading in enumerate(table[0]):
        sheet.set_column(column, column, 12 if column == 0 else 40 if heading in WIDE else 18)
        sheet.write(len(titles), column, heading, bold)
    for row, cells in enumerate(table[1:], start=len(titles) + 1):
        for column, cell in enumerate(cells):
            if isinstance(cell, datetime):
                sheet.write_datetime(row, column, cell, forms[cell.time() != time()])
            elif isinstance(cell, str):
                sheet.write_string(row, column, cell)
            elif cell is not None:
                sheet.write_number(row, column, cell)
    foot = len(titles) + len(table)
    sheet.write_string(foot, 0, "Tổng cộng", title)
    sheet.write_number(foot, total_under, len(table) - 1, title)
    sheet.write_string(foot + 2, last - 1, "Người lập biểu", title)
    sheet.write_string(foot + 6, last - 1, "Lương Thu Ước", title)
    sheet.freeze_panes(len(titles) + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(len(titles))
