"""The office's Word templates, filled as the day fills them."""

import io
import subprocess
import sys
import zipfile
from dataclasses import replace

import docx
import pandas as pd
import pytest
from docx.enum.text import WD_COLOR_INDEX

from dondoc.daily.stationery import PENDING, RETURNED, letter_templates
from dondoc.installation import ROOT
from dondoc.letters.draft import COLUMNS, draft_letter

TEMPLATES = ROOT / "include" / "templates"
CASE = {
    "case_number": "000.00.12.H24-231002-0001",
    "unit": "QLDT",
    "procedure": "Cấp giấy chứng nhận đăng ký đầu tư",
    "received_at": pd.Timestamp(2023, 10, 2),
    "due_at": pd.Timestamp(2023, 10, 17, 16, 30),
    "ended_on": None,
    "days_late": 5,
    "applicant": "CÔNG TY TNHH A & B <越南>",
    "applicant_kind": "business",
    "address": "Lô CN5, KCN Đình Vũ",
    "phone": None,
    "reason": "Chờ ý kiến của sở chuyên ngành.",
    "new_due_at": pd.Timestamp(2023, 11, 24),
}
FINISHED = {"ended_on": pd.Timestamp(2023, 10, 24)}


@pytest.fixture
def letter(place):
    templates = letter_templates(place)

    def write(**facts):
        draft = draft_letter(dict.fromkeys(COLUMNS) | CASE | facts, place.day)
        return docx.Document(io.BytesIO(templates[draft.returned].render(draft.values)))

    return write


def words(document):
    return "\n".join(paragraph.text for paragraph in document.paragraphs).replace("\u00a0", " ")


def gaps(document):
    runs = [run for paragraph in document.paragraphs for run in paragraph.runs]
    return [run.text for run in runs if run.font.highlight_color == WD_COLOR_INDEX.YELLOW]


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {info.filename: (info.date_time, archive.read(info)) for info in archive.infolist()}


def test_the_shipped_templates_are_the_originals(tmp_path):
    for script in TEMPLATES.glob("*.py"):
        (tmp_path / script.name).write_bytes(script.read_bytes())
    subprocess.run([sys.executable, tmp_path / "originals.py"], check=True, capture_output=True)
    shipped = [path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*.docx")]
    assert len(shipped) == 8
    for name in shipped:
        assert members(tmp_path / name) == members(TEMPLATES / name)


def test_a_pending_letter_gives_the_reason_and_the_new_day(letter):
    text = words(letter())
    assert "Lý do: Chờ ý kiến của sở chuyên ngành.\n" in text
    assert "sẽ trả kết quả giải quyết hồ sơ cho Quý Công ty vào ngày 24 tháng 11 năm 2023." in text
    assert gaps(letter()) == []


def test_a_finished_case_is_told_how_late_and_promised_nothing(letter):
    text = words(letter(**FINISHED))
    assert "đến ngày 24 tháng 10 năm 2023" in text
    assert "chậm 05 ngày làm việc" in text
    assert "sẽ trả" not in text
    assert "hẹn lại" not in text.casefold()


@pytest.mark.parametrize(
    ("facts", "marks"),
    [
        ({"reason": None}, ["bổ sung lý do"]),
        ({"new_due_at": None}, ["bổ sung ngày hẹn trả mới"]),
        ({"reason": None, "new_due_at": None}, ["bổ sung lý do", "bổ sung ngày hẹn trả mới"]),
        ({"reason": None} | FINISHED, ["bổ sung lý do"]),
        ({"applicant": None}, ["bổ sung tên người nộp hồ sơ"]),
    ],
)
def test_what_nobody_gave_is_a_marked_gap(letter, facts, marks):
    found = gaps(letter(**facts))
    assert len(found) == len(marks)
    assert all(mark in gap for mark, gap in zip(marks, found, strict=True))


@pytest.mark.parametrize(
    ("kind", "addressee"),
    [
        ("business", "CÔNG TY"),
        ("citizen", "Ông/Bà CÔNG TY"),
        (None, "CÔNG TY"),
        ("organisation", "CÔNG TY"),
    ],
)
def test_only_a_person_is_addressed_by_title(letter, kind, addressee):
    assert f"Kính gửi:\t{addressee} TNHH A & B <越南>\n" in words(letter(applicant_kind=kind))


def test_address_and_phone_take_a_line_only_when_known(letter):
    text = words(letter(address=None, phone="0225 382 320"))
    assert "Địa chỉ" not in text
    assert "\tĐiện thoại: 0225 382 320\n" in text


@pytest.mark.parametrize("facts", [{}, FINISHED], ids=["pending", "finished"])
def test_a_letter_says_whom_to_call(place, letter, facts):
    office = place.day.campaign.office
    assert f"xin liên hệ: {office.name}, thư điện tử {office.email}.\n" in words(letter(**facts))
    desk = office.model_copy(update={"contact": "Bộ phận Một cửa, điện thoại 0225 000 0000"})
    named = replace(place.day, campaign=place.day.campaign.model_copy(update={"office": desk}))
    draft = draft_letter(dict.fromkeys(COLUMNS) | CASE | facts, named)
    text = words(docx.Document(io.BytesIO(letter_templates(place)[draft.returned].render(draft.values))))
    assert "xin liên hệ: Bộ phận Một cửa, điện thoại 0225 000 0000." in text


def test_a_pending_letter_does_not_change_by_itself_from_day_to_day(place):
    templates = letter_templates(place)
    assert not {"days_late", "finished_on"} & templates[PENDING].fields
    assert "new_due_on" not in templates[RETURNED].fields
