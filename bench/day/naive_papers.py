"""What the naive peer leaves for people: a letter opened and saved at a time, workbooks through `to_excel`, mails."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pandas as pd
from docx import Document
from docx.document import Document as WordDocument
from docx.text.paragraph import Paragraph
from openpyxl.utils import get_column_letter

Row = dict[str, Any]

TEMPLATES = Path(__file__).resolve().parents[2] / "include" / "templates" / "letters"
FIELD, TAG = re.compile(r"\{\{\s*(\w+).*?\}\}"), re.compile(r"\{%.*?%\}")
HONORIFICS = {"Công dân": "Ông/Bà", "Cá nhân": "Ông/Bà", "Doanh nghiệp": "Quý Công ty", "Tổ chức": "Quý Tổ chức"}
OFFICE_TYPE = "application", "vnd.openxmlformats-officedocument"
KINDS = {".docx": "wordprocessingml.document", ".xlsx": "spreadsheetml.sheet"}
OWED = {
    "cases_overdue": "hồ sơ đang giải quyết quá hạn",
    "apologies_owed": "hồ sơ quá hạn chưa xin lỗi",
    "work_unreported": "công việc chưa báo cáo hoàn thành, lưu trữ",
    "work_unfiled": "công việc chưa lập hồ sơ",
}
SHOWN_IN_MAIL, ANNEX_ROWS = 10, 500


def write_letters(owed: list[Row], campaign: Row, folder: Path) -> int:
    """Write a letter a case and return how many."""
    names = {unit["code"]: unit["name"] for unit in campaign["units"]}
    for case in owed:
        document = Document(TEMPLATES / campaign["letters"]["pending" if case["open"] else "returned"])
        values = letter_values(case, campaign, names[case["unit"]])
        for paragraph in paragraphs_of(document):
            fill(paragraph, values)
        path = folder / case["unit"] / f"{case['Số hồ sơ']}.docx"
        path.parent.mkdir(parents=True, exist_ok=True)
        document.save(path)
    return len(owed)


def letter_values(case: Row, campaign: Row, unit_name: str) -> dict[str, str]:
    office, signatory, new_due = campaign["office"], campaign["signatory"], case["Ngày hẹn trả mới"]
    return {
        "addressee": case["Chủ hồ sơ"] or "",
        "honorific": HONORIFICS.get(case["Đối tượng"], "Ông/Bà/Tổ chức"),
        "address": case["Địa chỉ"] or "",
        "phone": case["Số điện thoại"] or "",
        "case_number": case["Số hồ sơ"],
        "procedure": case["Tên thủ tục hành chính"],
        "received_on": in_words(case["Ngày tiếp nhận"]),
        "due": in_words(case["Ngày hẹn trả"]),
        "reason": case["Lý do quá hạn"] or "",
        "new_due_on": in_words(new_due) if new_due else "",
        "finished_on": in_words(case["ended"]) if case["ended"] else "",
        "days_late": f"{case['days_late']:02d}",
        "unit_name": unit_name,
        "archive": f"VT, {case['unit']}",
        "letterhead_parent": office["letterhead_parent"].upper(),
        "letterhead": office["letterhead"].upper(),
        "office_name": office["name"],
        "office_short": office["short_name"],
        "symbol": f"PXL-{office['symbol']}",
        "place": office["place"],
        "authority": signatory["authority"],
        "position": signatory["position"],
        "signer": signatory["name"],
    }


def paragraphs_of(document: WordDocument) -> Iterator[Paragraph]:
    yield from document.paragraphs
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell.paragraphs


def fill(paragraph: Paragraph, values: Mapping[str, str]) -> None:
    if "{" in paragraph.text:
        text = TAG.sub("", FIELD.sub(lambda found: values[found[1]], paragraph.text))
        # Word may cut a placeholder over several runs: the whole text goes into the first.
        paragraph.runs[0].text = text
        for run in paragraph.runs[1:]:
            run.text = ""


def write_reminders(
    campaign: Row, today: date, figures: Mapping[str, Counter[str]], late: list[Row], items: list[Row], folder: Path
) -> int:
    """Write a workbook and a mail a unit that owes something, and return how many."""
    folder.mkdir()
    written = 0
    for unit in campaign["units"]:
        code = unit["code"]
        owes = owed_sentence(figures[code])
        if not owes:
            continue
        cases = [case for case in late if case["unit"] == code and (case["open"] or not case["apologised"])]
        tasks = [item for item in items if item["unit"] == code and not (item["reported"] and item["filed"])]
        book = folder / f"{campaign['code']}-{code}-{today}.xlsx"
        write_book(book, {"Hồ sơ quá hạn": case_table(cases), "Công việc": work_table(tasks)})
        lines = [f"Kính gửi: {unit['name']}", f"Còn tồn tại đến ngày {today:%d/%m/%Y}: {owes}.", ""]
        lines += [f"- {case['Số hồ sơ']}: {case['Tên thủ tục hành chính']}" for case in cases[:SHOWN_IN_MAIL]]
        lines += [f"- {item['Số đến']}: {item['Trích yếu']}" for item in tasks[:SHOWN_IN_MAIL]]
        lines += ["", f"Hạn hoàn thành: {campaign['deadline_reading']}."]
        for recipient in unit["emails"]:
            mail = folder / f"nhac-viec-{code}-{recipient}.eml"
            write_mail(mail, campaign, recipient, f"[Đôn đốc] {unit['name']}: {owes}", lines, [book])
            written += 1
    return written


def write_report(
    campaign: Row, today: date, figures: Mapping[str, Counter[str]], late: list[Row], items: list[Row], folder: Path
) -> None:
    """Write the report in Word and Excel, and its mail to the Office."""
    names = {unit["code"]: unit["name"] for unit in campaign["units"]}
    rows = [
        {"Đơn vị": names[code], **{OWED.get(k, k): n for k, n in counts.items()}} for code, counts in figures.items()
    ]
    summary = pd.DataFrame(rows).fillna(0)
    cases, word, excel = case_table(late), folder / f"bao-cao-{today}.docx", folder / f"bao-cao-{today}.xlsx"
    owing = [case for case in late if case["open"] or not case["apologised"]]
    undone = [item for item in items if not (item["reported"] and item["filed"])]
    sheets = {"Tổng hợp": summary, "Hồ sơ quá hạn": cases, "Tồn tại về hồ sơ": case_table(owing)}
    write_book(excel, sheets | {"Tồn tại về công việc": work_table(undone)})
    document = Document()
    document.add_heading(f"{campaign['title']} (số liệu đến ngày {today:%d/%m/%Y})", level=1)
    for basis in campaign["legal_basis"]:
        document.add_paragraph(f"Căn cứ {basis};")
    add_table(document, summary)
    add_table(document, cases.head(ANNEX_ROWS))
    document.save(word)
    office, subject = campaign["office"], f"[Báo cáo] {campaign['title']} đến ngày {today:%d/%m/%Y}"
    write_mail(folder / "mail" / "bao-cao.eml", campaign, office["email"], subject, ["Kèm báo cáo."], [word, excel])


def owed_sentence(counts: Mapping[str, int]) -> str:
    return "; ".join(f"{counts[name]} {words}" for name, words in OWED.items() if counts[name])


def case_table(cases: list[Row]) -> pd.DataFrame:
    columns = ["Số hồ sơ", "Tên thủ tục hành chính", "Phòng ban", "Cán bộ xử lý hiện tại", "Ngày tiếp nhận"]
    columns += ["Ngày hẹn trả", "ended", "days_late", "Số văn bản xin lỗi", "Ngày xin lỗi"]
    named = {"ended": "Ngày kết thúc", "days_late": "Số ngày làm việc chậm"}
    return pd.DataFrame(cases, columns=columns).rename(columns=named)


def work_table(items: list[Row]) -> pd.DataFrame:
    columns = ["Số đến", "Trích yếu", "Đơn vị chủ trì", "Người chủ trì (chuyên viên)", "Hạn giải quyết", "days_late"]
    table = pd.DataFrame(items, columns=columns).rename(columns={"days_late": "Số ngày làm việc chậm"})
    table["Chưa báo cáo"] = ["" if item["reported"] else "x" for item in items]
    table["Chưa lập hồ sơ"] = ["" if item["filed"] else "x" for item in items]
    return table


def write_book(path: Path, sheets: Mapping[str, pd.DataFrame]) -> None:
    with pd.ExcelWriter(path, engine="openpyxl", datetime_format="dd/mm/yyyy", date_format="dd/mm/yyyy") as writer:
        for name, table in sheets.items():
            table.to_excel(writer, sheet_name=name, index=False, freeze_panes=(1, 0))
            for i in range(1, len(table.columns) + 1):
                writer.sheets[name].column_dimensions[get_column_letter(i)].width = 20


def add_table(document: WordDocument, frame: pd.DataFrame) -> None:
    table = document.add_table(rows=0, cols=len(frame.columns), style="Table Grid")
    for values in [list(frame.columns), *frame.to_numpy(object).tolist()]:
        for cell, value in zip(table.add_row().cells, values, strict=True):
            cell.text = "" if pd.isna(value) else f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def write_mail(path: Path, campaign: Row, recipient: str, subject: str, lines: list[str], files: list[Path]) -> None:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = campaign["mail"]["sender"], recipient, subject
    message.set_content("\n".join(lines))
    for file in files:
        maintype, family = OFFICE_TYPE
        subtype = f"{family}.{KINDS[file.suffix]}"
        message.add_attachment(file.read_bytes(), maintype=maintype, subtype=subtype, filename=file.name)
    path.write_bytes(message.as_bytes())


def in_words(day: date) -> str:
    return f"ngày {day.day:02d} tháng {day.month:02d} năm {day.year}"
