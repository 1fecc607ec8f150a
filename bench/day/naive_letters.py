"""The naive peer's letters: a Word template opened, filled and saved a letter, and a list of them a unit."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from docx import Document
from docx.document import Document as WordDocument
from docx.text.paragraph import Paragraph

from bench.day.naive_books import Sheet, add_sheet, open_book
from bench.day.naive_rules import by_unit

Row = dict[str, Any]

TEMPLATES = Path(__file__).resolve().parents[2] / "include" / "templates"
FIELD, TAG = re.compile(r"\{\{\s*(\w+).*?\}\}"), re.compile(r"\{%.*?%\}")
HONORIFICS = {"Công dân": "Ông/Bà", "Cá nhân": "Ông/Bà", "Doanh nghiệp": "Quý Công ty", "Tổ chức": "Quý Tổ chức"}
LIST_WIDTHS = (6, 28, 50, 22, 30, 40, 14, 16, 12, 60)


def write_letters(owed: list[Row], campaign: Row, folder: Path) -> dict[str, Counter[str]]:
    """Write a letter a case and a list of them a unit; return how many each unit has drafted, and incomplete."""
    names, written = {unit["code"]: unit["name"] for unit in campaign["units"]}, {}
    for code, cases in by_unit(owed).items():
        (folder / code).mkdir(parents=True)
        listed = []
        for number, case in enumerate(sorted(cases, key=lambda case: case["Số hồ sơ"]), start=1):
            path = folder / code / f"{case['Số hồ sơ']}.docx"
            write_letter(case, campaign, names[code], path)
            listed.append(list_row(number, case, path))
        with open_book(folder / code / "danh-sach-thu.xlsx") as book:
            title = f"Thư xin lỗi của {names[code]}"
            add_sheet(book, "Thư xin lỗi", Sheet(title, pd.DataFrame(listed), LIST_WIDTHS))
        written[code] = Counter(drafted=len(listed), incomplete=sum(bool(row["Còn thiếu"]) for row in listed))
    return written


def write_letter(case: Row, campaign: Row, unit_name: str, path: Path) -> None:
    document = Document(TEMPLATES / "letters" / campaign["letters"]["pending" if case["open"] else "returned"])
    values = letter_values(case, campaign, unit_name)
    for paragraph in paragraphs_of(document):
        fill(paragraph, values)
    document.save(path)


def list_row(number: int, case: Row, path: Path) -> Row:
    missing = ["lý do quá hạn"] * (not case["Lý do quá hạn"])
    missing += ["ngày hẹn trả mới"] * (case["open"] and not case["Ngày hẹn trả mới"])
    return {
        "STT": number,
        "Mã hồ sơ": case["Số hồ sơ"],
        "Thủ tục hành chính": case["Tên thủ tục hành chính"],
        "Trạng thái": "còn thiếu nội dung" if missing else "đủ nội dung, chờ duyệt",
        "Còn thiếu": "; ".join(missing),
        "Ghi chú": None,
        "Ngày hẹn trả mới": case["Ngày hẹn trả mới"] if case["open"] else None,
        "Số văn bản": None,
        "Ngày ký": None,
        "Tệp": path.name,
    }


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


def in_words(day: date) -> str:
    return f"ngày {day.day:02d} tháng {day.month:02d} năm {day.year}"
