"""The naive peer's report: the figures, the form and every row in Excel, the day's table in Word."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH

from bench.day.naive_books import Sheet, add_chart, add_notes, add_sheet, open_book
from bench.day.naive_figures import (
    APOLOGIES_DUE,
    APOLOGISED,
    APOLOGY_RATE,
    CASE_COUNTS,
    CASES,
    CASES_LATE,
    CASES_OVERDUE,
    FILED,
    FORM,
    RATE,
    REPORTED,
    STATES,
    WORK,
    WORK_COUNTS,
    WORK_DONE,
    WORK_RATE,
    Figures,
    rates_of,
)
from bench.day.naive_mails import number, percent, short_date
from bench.day.naive_rules import ABOUT_CASES, TODAY, working_days

Row = dict[str, Any]

ALL_RATES = (APOLOGY_RATE, WORK_RATE, RATE)
COUNTS = (*CASE_COUNTS, *WORK_COUNTS)
YES = {True: "Có", False: "Không"}
LETTERS = {"drafted": "Dự thảo xin lỗi", "incomplete": "Dự thảo còn thiếu nội dung"}
DAILY = ("Đơn vị", "Hồ sơ quá hạn", "Chưa xin lỗi", "Chưa báo cáo", "Chưa lập hồ sơ", "Tỷ lệ chung", "Cần mỗi ngày")
CASE_ROWS = {
    "Số hồ sơ": "Số hồ sơ",
    "Tên thủ tục hành chính": "Thủ tục hành chính",
    "Tên lĩnh vực": "Lĩnh vực",
    "unit_name": "Đơn vị",
    "Cán bộ xử lý hiện tại": "Cán bộ",
    "Kênh thực hiện": "Kênh tiếp nhận",
    "Ngày tiếp nhận": "Ngày tiếp nhận",
    "Ngày hẹn trả": "Ngày hẹn trả",
    "ended": "Ngày kết thúc",
    "counted": "Trong kỳ",
    "state": "Tình trạng",
    "late": "Quá hạn",
    "days_late": "Số ngày làm việc chậm",
    "days_off": "Số ngày nghỉ đã trừ",
    "apologised": "Đã xin lỗi",
    "row": "Dòng trong tệp nguồn",
    "file": "Tệp nguồn",
}
LATE_ROWS = {
    **{name: CASE_ROWS[name] for name in ("Số hồ sơ", "Tên thủ tục hành chính", "unit_name", "Cán bộ xử lý hiện tại")},
    **{name: CASE_ROWS[name] for name in ("Ngày tiếp nhận", "Ngày hẹn trả", "ended", "days_late", "days_off")},
    "Lý do quá hạn": "Lý do",
    "apologised": "Đã xin lỗi",
    "Số văn bản xin lỗi": "Số văn bản xin lỗi",
    "Ngày xin lỗi": "Ngày xin lỗi",
    "row": "Dòng trong tệp nguồn",
}
WORK_ROWS = {
    "Số đến": "Số đến",
    "Số ký hiệu": "Số ký hiệu",
    "Trích yếu": "Trích yếu",
    "unit_name": "Đơn vị chủ trì",
    "Người chủ trì (chuyên viên)": "Cán bộ",
    "Ngày giao": "Ngày giao",
    "Hạn giải quyết": "Hạn giải quyết",
    "Ngày hoàn thành": "Ngày hoàn thành",
    "counted": "Được tính",
    "Trạng thái xử lý": "Tình trạng",
    "reported": "Đã báo cáo, lưu trữ",
    "Mã hồ sơ": "Mã hồ sơ công việc",
    "filed": "Đã lập hồ sơ",
    "done": "Đạt cả hai",
    "days_late": "Số ngày làm việc chậm",
    "row": "Dòng trong tệp nguồn",
    "file": "Tệp nguồn",
}
FINDING_ROWS = {
    "kind": "Tồn tại",
    "unit_name": "Đơn vị",
    "number": "Số hồ sơ, số đến",
    "subject": "Nội dung",
    "official": "Cán bộ",
    "due_on": "Hạn",
    "days_late": "Số ngày làm việc chậm",
    "days_left": "Số ngày làm việc còn lại",
    "reason": "Căn cứ",
    "row": "Dòng trong tệp nguồn",
}
DEFINITIONS = (
    "Hồ sơ quá hạn: đã kết thúc xử lý sau ngày hẹn trả, hoặc đang giải quyết mà ngày hẹn trả đã qua.",
    "Tỷ lệ xin lỗi = số hồ sơ quá hạn đã có văn bản xin lỗi / tổng số hồ sơ quá hạn trong kỳ.",
    "Tỷ lệ công việc = số công việc đã báo cáo hoàn thành hoặc lưu trữ và đã lập hồ sơ / tổng số công việc được giao.",
    "Tỷ lệ chung = (số hồ sơ đã xin lỗi + số công việc đạt cả hai) / (tổng số hồ sơ quá hạn + tổng số công việc).",
    "Số ngày chậm tính theo ngày làm việc sau ngày hẹn trả.",
)


def write_workbook(
    path: Path,
    campaign: Row,
    figures: Figures,
    letters: Mapping[str, Counter[str]],
    *,
    cases: list[Row],
    items: list[Row],
    findings: list[Row],
) -> None:
    """Write the figures, three charts, the form, what is found, every case and every work item."""
    told, names = f"số liệu đến ngày {short_date(TODAY)}", {unit["code"]: unit["name"] for unit in campaign["units"]}
    late = sorted((case for case in cases if case["late"]), key=lambda case: -case["days_late"])
    about_cases = [one for one in findings if one["kind"] in ABOUT_CASES]
    about_work = [one for one in findings if one["kind"] not in ABOUT_CASES]
    with open_book(path) as book:
        summary = summary_of(names, figures, letters)
        widths = (9, 38, *[12] * len(summary.columns))
        add_sheet(book, "Tổng hợp", Sheet(f"{campaign['title']}, {told}", summary, widths, ALL_RATES))
        add_charts(book, len(names))
        states = count_table(figures["unit"], ("Mã",), (CASES, *STATES), total=True)
        states.insert(1, "Đơn vị", [*names.values(), "Tổng cộng"])
        add_sheet(book, "Tình trạng hồ sơ", Sheet(f"Tình trạng hồ sơ, {told}", states, (9, 38, *[12] * 8)))
        procedures = count_table(figures["procedure"], ("Thủ tục hành chính",), (*CASE_COUNTS, *STATES), APOLOGY_RATE)
        sheet = Sheet(f"Theo thủ tục, {told}", procedures, (60, *[12] * 13), (APOLOGY_RATE,))
        add_sheet(book, "Theo thủ tục", sheet)
        officials = count_table(figures["official"], ("Đơn vị", "Cán bộ"), COUNTS, *ALL_RATES)
        officials["Đơn vị"] = officials["Đơn vị"].map(names)
        add_sheet(book, "Theo cán bộ", Sheet(f"Theo cán bộ, {told}", officials, (38, 26, *[12] * 13), ALL_RATES))
        form = count_table(figures["field"], ("Lĩnh vực (2)",), FORM, total=True)
        add_sheet(book, "II.06a", Sheet(f"Biểu số II.06a/VPCP/KSTT, {told}", form, (44, *[14] * len(FORM))))
        add_rows(book, "Hồ sơ quá hạn", f"Hồ sơ quá hạn và việc xin lỗi, {told}", late, LATE_ROWS)
        add_rows(book, "Tồn tại về hồ sơ", f"Tồn tại về hồ sơ, {told}", about_cases, FINDING_ROWS)
        add_rows(book, "Tồn tại về công việc", f"Tồn tại về công việc, {told}", about_work, FINDING_ROWS)
        add_rows(book, "Hồ sơ", f"Mọi hồ sơ của nguồn, {told}", cases, CASE_ROWS)
        add_rows(book, "Công việc", f"Mọi công việc của nguồn, {told}", items, WORK_ROWS)
        add_notes(book, "Cách tính", DEFINITIONS)


def summary_of(names: Mapping[str, str], figures: Figures, letters: Mapping[str, Counter[str]]) -> pd.DataFrame:
    table = count_table(figures["unit"], ("Mã",), COUNTS, *ALL_RATES, total=True)
    table.insert(1, "Đơn vị", [*names.values(), "Tổng cộng"])
    for name, heading in LETTERS.items():
        counts = [letters[code][name] if code in letters else 0 for code in names]
        table[heading] = [*counts, sum(counts)]
    return table


def count_table(
    counts: Mapping[Any, Counter[str]], keys: tuple[str, ...], names: tuple[str, ...], *rates: str, total: bool = False
) -> pd.DataFrame:
    """Return a row a key, its parts under `keys`; with `total`, a last row of sums."""
    told = [(key if isinstance(key, tuple) else (key,), counted) for key, counted in counts.items()]
    told += [(("Tổng cộng",), sum(counts.values(), Counter()))] if total else []
    rows = []
    for key, counted in told:
        shares = rates_of(counted)
        parts = dict(zip(keys, key, strict=True))
        rows.append(parts | {name: counted[name] for name in names} | {name: shares[name] for name in rates})
    table = pd.DataFrame(rows, columns=[*keys, *names, *rates])
    return table if total or keys == ("Mã",) else table.sort_values(list(keys), ignore_index=True)


def add_charts(book: pd.ExcelWriter, units: int) -> None:
    page, table = book.book.create_sheet("Biểu đồ", 1), book.sheets["Tổng hợp"]
    place = {heading.value: heading.column for heading in table[3]}
    for cell, title, shown in (
        ("A1", "Tỷ lệ chung của từng đơn vị", (RATE,)),
        ("A26", "Hồ sơ quá hạn phải xin lỗi và đã xin lỗi", (APOLOGIES_DUE, APOLOGISED)),
        ("A51", "Công việc được giao và đạt cả hai yêu cầu", (WORK, WORK_DONE)),
    ):
        add_chart(page, cell, title, table, columns=[place[name] for name in shown], rows=units)


def add_rows(book: pd.ExcelWriter, name: str, title: str, rows: list[Row], columns: Mapping[str, str]) -> None:
    table = pd.DataFrame(rows, columns=list(columns))
    for flag in table.select_dtypes("bool").columns:
        table[flag] = table[flag].map(YES)
    add_sheet(book, name, Sheet(title, table.rename(columns=columns), [20] * len(columns)))


def write_document(path: Path, campaign: Row, figures: Figures) -> None:
    """Write the day's figures in Word: letterhead, the deadline in a sentence, a table of the units, who signs."""
    document, office, signatory = Document(), campaign["office"], campaign["signatory"]
    left = working_days(TODAY, campaign["deadline"])
    total = sum(figures["unit"].values(), Counter())
    head = f"{office['letterhead_parent'].upper()}\n{office['letterhead'].upper()}"
    country = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    place = f"{office['place']}, ngày      tháng      năm     "
    add_table(document, [[head, country], [f"Số:        /BC-{office['symbol']}", place]], style=None)
    for line in ("BÁO CÁO", f"Số liệu ngày {short_date(TODAY)}: {campaign['title']}"):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(line).bold = True
    document.add_paragraph(
        f"Thời hạn: {campaign['deadline_reading']}; còn {left} ngày làm việc. Đã xin lỗi {number(total[APOLOGISED])}/"
        f"{number(total[APOLOGIES_DUE])} hồ sơ quá hạn; {number(total[WORK_DONE])}/{number(total[WORK])} công việc đã "
        f"báo cáo hoàn thành và lập hồ sơ. Tỷ lệ chung {percent_of(total)}."
    )
    rows = [daily_row(unit["name"], figures["unit"][unit["code"]], left) for unit in campaign["units"]]
    add_table(document, [list(DAILY), *rows, daily_row("Tổng cộng", total, left)])
    document.add_paragraph("“Cần mỗi ngày”: số việc phải xong mỗi ngày để đạt 100% đúng hạn. Chi tiết ở tệp Excel.")
    signed = f"{signatory['authority']}\n{signatory['position']}\n\n\n{signatory['name']}"
    to = f"Nơi nhận:\n- Lãnh đạo {office['short_name']} (để báo cáo);\n- Lưu: VT, {office['unit']}."
    add_table(document, [[to, signed]], style=None)
    document.save(path)


def daily_row(name: str, counts: Counter[str], left: int) -> list[str]:
    owed = counts[APOLOGIES_DUE] - counts[APOLOGISED], counts[WORK] - counts[WORK_DONE]
    told = (counts[CASES_LATE], owed[0], counts[WORK] - counts[REPORTED], counts[WORK] - counts[FILED])
    return [name, *map(number, told), percent_of(counts), number(-(-sum(owed) // left))]


def percent_of(counts: Counter[str]) -> str:
    rate = rates_of(counts)[RATE]
    return percent(None if rate is None else 100 * rate)


def add_table(document: WordDocument, rows: list[list[str]], *, style: str | None = "Table Grid") -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style=style)
    for values in rows:
        for cell, value in zip(table.add_row().cells, values, strict=True):
            cell.text = value


def report_totals(figures: Figures) -> Row:
    """Return the office's figures by the names the mail's template uses."""
    total = sum(figures["unit"].values(), Counter())
    named = {"cases_late": CASES_LATE, "apologies_done": APOLOGISED, "apologies_due": APOLOGIES_DUE}
    named |= {"work_done": WORK_DONE, "work_total": WORK}
    return {name: total[of] for name, of in named.items()}


def owed_words(counts: Counter[str]) -> str:
    owed = {
        "hồ sơ đang giải quyết quá hạn": counts[CASES_OVERDUE],
        "hồ sơ quá hạn chưa xin lỗi": counts[APOLOGIES_DUE] - counts[APOLOGISED],
        "công việc chưa báo cáo hoàn thành, lưu trữ": counts[WORK] - counts[REPORTED],
        "công việc chưa lập hồ sơ": counts[WORK] - counts[FILED],
    }
    return "; ".join(f"{number(count)} {words}" for words, count in owed.items() if count)
