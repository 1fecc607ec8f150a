"""The office's Word templates, filled as a day fills them."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from dondoc.campaign import Campaign
from dondoc.campaign.day import Day
from dondoc.campaign.letterhead import office_fields
from dondoc.installation import ROOT
from dondoc.letters.draft import COLUMNS, draft_letter
from dondoc.office_files.word import WordTemplate
from dondoc.report.addendum import addendum_values
from dondoc.report.changes import DayChanges, FigureChange, ListChange
from dondoc.report.document import report_values
from dondoc.report.specimen import specimen

TEMPLATES = ROOT / "include" / "templates"
CASE = {
    "case_number": "000.00.12.H24-231002-0001",
    "unit": "QLDT",
    "procedure": "Cấp giấy chứng nhận đăng ký đầu tư",
    "received_at": pd.Timestamp(2023, 10, 2),
    "due_at": pd.Timestamp(2023, 10, 17, 16, 30),
    "ended_on": None,
    "days_late": 5,
    "applicant": "Công ty TNHH Mẫu",
    "applicant_kind": "business",
    "address": "Lô CN5, KCN Đình Vũ",
    "phone": "0225 382 320",
    "reason": "Chờ ý kiến của sở chuyên ngành.",
    "new_due_at": pd.Timestamp(2023, 11, 24),
    "apologised": False,
}
LETTERS = {False: "xin-loi-chua-tra.docx", True: "xin-loi-da-tra.docx"}


@pytest.fixture(scope="session")
def samples(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("samples")


@pytest.fixture(scope="session")
def letter(samples, hai_phong, vietnam):
    """Return what writes the letter of a case and returns its path."""
    templates = {returned: WordTemplate(TEMPLATES / "letters" / name) for returned, name in LETTERS.items()}

    def write(campaign: Campaign = hai_phong, **facts) -> Path:
        draft = draft_letter(dict.fromkeys(COLUMNS) | CASE | facts, Day(campaign, vietnam, date(2023, 11, 14)))
        path = samples / f"{len(list(samples.iterdir()))}.docx"
        path.write_bytes(templates[draft.returned].render(draft.values))
        return path

    return write


@pytest.fixture(scope="session")
def report(samples, hai_phong, vietnam):
    """Return what writes a report of a day from a template and returns its path."""
    facts = specimen(Day(hai_phong, vietnam, date(2023, 11, 14)))

    def write(template: str = "bao-cao.docx", *, missing=(), late: int = 3, **values) -> Path:
        filled = report_values(facts, missing=missing)
        if late == 0:
            filled |= {"behind": [], "cases": [], "procedures": []}
        path = samples / f"{len(list(samples.iterdir()))}.docx"
        path.write_bytes(WordTemplate(TEMPLATES / "report" / template).render(filled | values))
        return path

    return write


@pytest.fixture(scope="session")
def addendum(samples, hai_phong, vietnam) -> Path:
    """Return the correction of a report that has left."""
    facts = specimen(Day(hai_phong, vietnam, date(2023, 11, 14)))
    changes = DayChanges(
        (FigureChange("Tổng cộng", "hồ sơ quá hạn", 1, 2),), (ListChange("Hồ sơ quá hạn", ("1",), ()),)
    )
    path = samples / "dinh-chinh.docx"
    values = addendum_values(facts, changes, sent_file="bao-cao-2023-11-14.docx", sent=b"")
    path.write_bytes(WordTemplate(TEMPLATES / "report" / "dinh-chinh.docx").render(values))
    return path


@pytest.fixture(scope="session")
def public_list(samples, hai_phong) -> Path:
    """Return the public list of a few apologies, filled as it is published."""
    row = {"case_number": CASE["case_number"], "procedure": CASE["procedure"], "applicant": CASE["applicant"]}
    row |= {"due_on": "17/10/2023", "days_late": "5", "number": "12/PXL-BQL"}
    values = office_fields(hai_phong, document_type="TB") | {
        "apologies": [{"no": str(i)} | row for i in range(1, 4)],
        "count": "3",
        "as_of": "ngày 14 tháng 11 năm 2023",
    }
    path = samples / "danh-sach.docx"
    path.write_bytes(WordTemplate(TEMPLATES / "letters" / "danh-sach-xin-loi.docx").render(values))
    return path
