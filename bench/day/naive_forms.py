"""The naive peer's workbook for a unit: its own rows, yellow where something is asked, written with openpyxl."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bench.day.naive_rules import APOLOGY_OWED, OWED_CASES, OWED_WORK, TODAY, UNFILED, UNREPORTED, is_working

Row = dict[str, Any]

HEADINGS, FIRST_ROW = 3, 4
YELLOW, GREY = PatternFill("solid", fgColor="FFF2CC"), PatternFill("solid", fgColor="E7E6E6")
HEAD = PatternFill("solid", fgColor="D9E2F3")
THIN = Side(style="thin", color="BFBFBF")
FRAME, WRAP, OPEN = Border(THIN, THIN, THIN, THIN), Alignment(wrap_text=True, vertical="top"), Protection(locked=False)
ADVICE = "Chỉ điền ô màu vàng; ô xám không phải điền. Xem trang “Cách điền”. Lưu rồi gửi lại chính tệp này."
OTHER = "Lý do khác (ghi rõ)"
HORIZON = timedelta(days=400)
CASE_COLUMNS = {
    "Số hồ sơ": 28,
    "Thủ tục hành chính": 40,
    "Cán bộ": 20,
    "Ngày hẹn trả": 12,
    "Ngày kết thúc": 12,
    "Số ngày làm việc chậm": 10,
    "Lý do quá hạn (đơn vị điền)": 26,
    "Lý do, nói rõ thêm (đơn vị điền)": 32,
    "Ngày hẹn trả mới (đơn vị điền)": 14,
    "Số văn bản xin lỗi (đơn vị điền)": 16,
    "Ngày xin lỗi (đơn vị điền)": 14,
    "Đơn vị đã trả lời": 34,
    "Mã dòng (không sửa)": 18,
}
WORK_COLUMNS = {
    "Số đến": 12,
    "Trích yếu": 52,
    "Người chủ trì": 20,
    "Hạn giải quyết": 12,
    "Số ngày làm việc chậm": 10,
    "Còn thiếu": 30,
    "Ngày báo cáo hoàn thành (đơn vị điền)": 16,
    "Mã hồ sơ công việc (đơn vị điền)": 22,
    "Đơn vị đã trả lời": 34,
    "Mã dòng (không sửa)": 18,
}
ADVICE_COLUMNS = {
    "Nội dung": 44,
    "Số": 28,
    "Trích yếu": 48,
    "Hạn": 14,
    "Số ngày làm việc còn lại": 14,
    "Số ngày làm việc chậm": 14,
    "Ghi chú": 44,
}
GUIDE = (
    "1. Chỉ điền ô màu vàng. Ô xám không phải điền. Các ô khác bị khóa; có sửa cũng không được tính.",
    "2. Lý do quá hạn: chọn trong danh sách, nói rõ thêm ở ô bên cạnh. Lý do được in vào thư xin lỗi.",
    "3. Ngày hẹn trả mới: chỉ cho hồ sơ chưa giải quyết xong; phải là ngày làm việc sau hôm nay. Phải kèm lý do.",
    "4. Đã có văn bản xin lỗi: điền cả số và ngày của văn bản. Không ghi lùi ngày.",
    "5. Công việc: điền ngày đã báo cáo hoàn thành và mã hồ sơ công việc, đồng thời cập nhật trên hệ thống.",
    "6. Ô đã có chữ là câu đơn vị trả lời trước đó: để nguyên nếu không đổi.",
    "7. Lưu tệp (dạng .xlsx), gửi kèm thư trả lời tới {email}, từ địa chỉ thư của đơn vị.",
    "8. Trang được khóa không có mật khẩu. Có bỏ khóa thì mỗi dòng vẫn phải giữ nguyên số hồ sơ, số đến của nó.",
)


def write_form(path: Path, campaign: Row, unit: Row, findings: list[Row]) -> None:
    """Write the workbook the unit fills in and sends back; `findings` are its own."""
    book, told = Workbook(), f"số liệu ngày {TODAY:%d/%m/%Y}"
    page, hidden = book.active, book.create_sheet("dondoc")
    reasons, days = [*campaign["answers"]["reasons"], OTHER], days_to_promise()
    key = f"{campaign['code']}/{unit['code']}/{TODAY}"
    page.title = "Hồ sơ quá hạn"
    rows = add_cases(page, [one for one in findings if one["kind"] in OWED_CASES], key)
    finish(page, f"{unit['name']}: hồ sơ quá hạn, {told}", CASE_COLUMNS, hide=len(CASE_COLUMNS))
    if rows:
        guard_cases(page, FIRST_ROW + rows - 1, len(reasons), len(days))
    page = book.create_sheet("Công việc", 1)
    rows = add_work(page, [one for one in findings if one["kind"] in OWED_WORK], key)
    finish(page, f"{unit['name']}: công việc, {told}", WORK_COLUMNS, hide=len(WORK_COLUMNS))
    if rows:
        guard_work(page, FIRST_ROW + rows - 1)
    advice = [one for one in findings if one["kind"] not in OWED_CASES + OWED_WORK]
    if advice:
        add_advice(book.create_sheet("Lưu ý", 2), advice, unit)
    add_guide(book.create_sheet("Cách điền", 3), campaign, unit, key)
    add_lists(hidden, key, reasons, days)
    book.save(path)


def add_cases(page: Worksheet, owed: list[Row], key: str) -> int:
    unsaid = {one["number"] for one in owed if one["kind"] == APOLOGY_OWED}
    cases = {one["number"]: one["record"] for one in owed}
    for row, (number, case) in enumerate(cases.items(), start=FIRST_ROW):
        known = case["Ngày hẹn trả mới"]
        told = "hệ thống đã ghi ngày hẹn trả mới" if known else None
        values = [number, case["Tên thủ tục hành chính"], case["Cán bộ xử lý hiện tại"], case["Ngày hẹn trả"]]
        values += [case["ended"], case["days_late"], None, None, known, None, None, told, f"{key}/{number}"]
        asked = {7, 8} | ({9} if case["open"] and not known else set()) | ({10, 11} if number in unsaid else set())
        write_row(page, row, values, fills=range(7, 12), asked=asked)
    return len(cases)


def add_work(page: Worksheet, owed: list[Row], key: str) -> int:
    lacking: dict[str, set[str]] = {}
    for one in owed:
        lacking.setdefault(one["number"], set()).add(one["kind"])
    items = {one["number"]: one["record"] for one in owed}
    for row, (number, item) in enumerate(items.items(), start=FIRST_ROW):
        kinds = lacking[number]
        asked = {place for place, kind in ((7, UNREPORTED), (8, UNFILED)) if kind in kinds}
        missing = ["báo cáo hoàn thành"] * (7 in asked) + ["hồ sơ công việc"] * (8 in asked)
        values = [number, item["Trích yếu"], item["Người chủ trì (chuyên viên)"], item["Hạn giải quyết"]]
        values += [item["days_late"], "; ".join(missing), None, None, None, f"{key}/{number}"]
        write_row(page, row, values, fills=range(7, 9), asked=asked)
    return len(items)


def add_advice(page: Worksheet, advice: list[Row], unit: Row) -> None:
    for row, one in enumerate(advice, start=FIRST_ROW):
        values = [one["kind"], one["number"], one["subject"], one["due_on"], one["days_left"], one["days_late"], None]
        write_row(page, row, values, fills=range(0), asked=set())
    finish(page, f"{unit['name']}: nội dung cần lưu ý", ADVICE_COLUMNS)


def write_row(page: Worksheet, row: int, values: list[Any], *, fills: range, asked: set[int]) -> None:
    """Write a row; the cells of `fills` are yellow and open where they are asked for, else grey and shut."""
    for column, value in enumerate(values, start=1):
        cell = page.cell(row, column, value)
        cell.border, cell.alignment = FRAME, WRAP
        if isinstance(value, date) or column in fills:
            cell.number_format = "dd/mm/yyyy"
        if column in asked:
            cell.fill, cell.protection = YELLOW, OPEN
        elif column in fills:
            cell.fill = GREY


def finish(page: Worksheet, title: str, columns: dict[str, int], *, hide: int | None = None) -> None:
    """Write title, advice and headings above the rows, and lock the page; column `hide` holds the rows' marks."""
    page["A1"], page["A1"].font = title, Font(bold=True, size=13)
    if hide:
        page["A2"] = ADVICE
    for place, (heading, width) in enumerate(columns.items(), start=1):
        cell = page.cell(HEADINGS, place, heading)
        cell.font, cell.fill, cell.border, cell.alignment = Font(bold=True), HEAD, FRAME, WRAP
        page.column_dimensions[get_column_letter(place)].width = width
    if hide:
        page.column_dimensions[get_column_letter(hide)].hidden = True
    page.freeze_panes = f"A{FIRST_ROW}"
    page.auto_filter.ref = f"A{HEADINGS}:{get_column_letter(len(columns))}{max(page.max_row, HEADINGS)}"
    page.print_title_rows, page.page_setup.orientation = f"{HEADINGS}:{HEADINGS}", "landscape"
    lock(page)


def lock(page: Worksheet) -> None:
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = page.protection.autoFilter = False


def guard_cases(page: Worksheet, last: int, reasons: int, days: int) -> None:
    day = f"Ngày làm việc sau ngày {TODAY:%d/%m/%Y}. Chỉ được hẹn lại một lần."
    apology = "Ngày ghi trên văn bản xin lỗi đã ký: không trước ngày hẹn trả, không sau hôm nay."
    guard(page, "G", last, "Chọn một lý do trong danh sách.", type="list", formula1=f"dondoc!$C$1:$C${reasons}")
    guard(page, "H", last, "Không quá 500 ký tự.", type="textLength", operator="lessThanOrEqual", formula1="500")
    guard(page, "I", last, day, type="custom", formula1=f"COUNTIF(dondoc!$D$1:$D${days},I{FIRST_ROW})=1")
    guard(page, "J", last, "Không quá 60 ký tự.", type="textLength", operator="lessThanOrEqual", formula1="60")
    guard(page, "K", last, apology, type="custom", formula1=f"AND(K{FIRST_ROW}>=D{FIRST_ROW},K{FIRST_ROW}<=TODAY())")


def guard_work(page: Worksheet, last: int) -> None:
    told = "Ngày đã báo cáo hoàn thành trên hệ thống: không sau hôm nay."
    guard(page, "G", last, told, type="date", operator="between", formula1="DATE(2000,1,1)", formula2="TODAY()")
    guard(page, "H", last, "Không quá 100 ký tự.", type="textLength", operator="lessThanOrEqual", formula1="100")


def guard(page: Worksheet, column: str, last: int, told: str, **rule: Any) -> None:
    """Let Excel refuse in `column` what `rule` forbids, and say `told`."""
    check = DataValidation(allow_blank=True, showErrorMessage=True, showInputMessage=True, **rule)
    check.error = check.prompt = told
    check.add(f"{column}{FIRST_ROW}:{column}{last}")
    page.add_data_validation(check)


def add_guide(page: Worksheet, campaign: Row, unit: Row, key: str) -> None:
    page.append([f"{unit['name']}: cách điền và gửi lại"])
    page.append([])
    for line in (*GUIDE, f"Mã nhận dạng tệp: {key}"):
        page.append([line.format(email=campaign["office"]["email"])])
    page.column_dimensions["A"].width = 105
    lock(page)


def add_lists(page: Worksheet, key: str, reasons: list[str], days: list[date]) -> None:
    """Write what the checks look up, on a page nobody sees."""
    for row, day in enumerate(days, start=1):
        page.cell(row, 4, day)
    for row, reason in enumerate(reasons, start=1):
        page.cell(row, 3, reason)
    page["A1"], page["B1"] = "Mã nhận dạng tệp", key
    page.sheet_state = "veryHidden"


def days_to_promise() -> list[date]:
    """Return the working days a case may still be promised for."""
    days = (TODAY + timedelta(days=i) for i in range(1, HORIZON.days + 1))
    return [day for day in days if is_working(day)]
