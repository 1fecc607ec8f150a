"""A waived case through whole days: told with who, why and until when, apart from what is owed, in the audit once."""

import io
import json
import os
import shutil
from dataclasses import replace
from datetime import date

import docx
import openpyxl
import pytest
from sqlalchemy import select
from tests.daily.campaign_days import CODE, Play, write_campaign
from tests.daily.reminded import body

from dondoc.daily import steps, waiving
from dondoc.installation import ROOT, Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger import runs
from dondoc.ledger.store import open_ledger, upgrade_ledger
from dondoc.ledger.tables import audit
from dondoc.office_files.word import WordTemplate
from dondoc.records import FINDINGS
from dondoc.report.document import report_values
from dondoc.report.specimen import specimen
from dondoc.sources.snapshot import read_snapshot

LATE = "000.00.12.H24-250401-0001"
WHO, WHY, UNTIL = "Trưởng ban", "chờ kết luận giám định", "24/04/2025"
EXCUSED = [
    {"kind": kind, "number": LATE, "by": WHO, "reason": WHY, "until": date(2025, 4, 24)}
    for kind in ("case_overdue", "apology_owed")
]
FIRST, SECOND, AFTER = "04-23T07:30", "04-24T07:30", "04-25T07:30"


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Play a campaign's day, its mail in preview; return what plays more of them, and the settings it needs."""
    folder = tmp_path_factory.mktemp("waived")
    shutil.copytree(ROOT / "include" / "campaigns", folder / "campaigns")
    write_campaign(folder / "campaigns", waivers=EXCUSED)
    settings = folder / "campaigns" / CODE / "campaign.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("mode: armed", "mode: preview"), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DONDOC_CAMPAIGNS", str(folder / "campaigns"))
        patch.setenv("DONDOC_OUT", str(folder / "out"))
        upgrade_ledger(Installation.from_environment().ledger_url)
        play = Play(folder / "sources", patch)
        assert play.run(FIRST, {"VP": 5}) is not None
        yield play, {name: value for name, value in os.environ.items() if name.startswith("DONDOC_")}


@pytest.fixture
def office(played, monkeypatch):
    play, settings = played
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return play


@pytest.fixture
def place(office):
    return Workplace.of(steps.day_ref(CODE, f"2025-{FIRST[:5]}"))


def keep(place, day, *, kind="daily"):
    """Enter what a day says of the waivers, with what the first day found."""
    on = date.fromisoformat(f"2025-{day[:5]}")
    there = replace(place, kind=kind, day=replace(place.day, business_date=on))
    opened = {"mode": "preview", "hold_reason": None}
    runs.open_run(place.ledger, campaign=CODE, business_date=on, kind=kind, **opened)
    [path] = place.folder.glob("snapshots/findings-*.parquet")
    waiving.keep(there, read_snapshot(path, FINDINGS))


def acts():
    with open_ledger(Installation.from_environment().ledger_url).begin() as connection:
        rows = connection.execute(select(audit).where(audit.c.action.startswith("waiver")).order_by(audit.c.seq)).all()
    return [(row.action, json.loads(row.detail)["on"]) for row in rows]


def words_of(content):
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def sheet(path, name):
    rows = openpyxl.load_workbook(path, read_only=True)[name].iter_rows(values_only=True)
    return "\n".join(f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell or "") for row in rows for cell in row)


@pytest.mark.parametrize("form", ["plain", "html"])
def test_the_unit_s_mail_says_who_why_and_until_when(place, form):
    text = body(place, "nhac-viec-DNGS", form)
    assert "Được lãnh đạo cho phép tạm miễn" in text
    assert f"{WHO}, đến hết ngày {UNTIL}: {WHY}" in text


def test_the_unit_s_workbook_lists_what_is_waived_on_a_sheet_of_its_own(place):
    [path] = place.folder.glob("mail/*-DNGS-*.xlsx")
    text = sheet(path, "Được tạm miễn")
    assert LATE in text
    assert f"{WHO}, đến hết ngày {UNTIL}: {WHY}" in text


def test_the_day_s_report_lists_what_is_waived_apart_from_what_is_owed(place):
    [document], [book] = place.folder.glob("report/*.docx"), place.folder.glob("report/*.xlsx")
    for text in (words_of(document.read_bytes()), sheet(book, "Được tạm miễn")):
        assert all(part in text for part in (LATE, WHO, WHY, UNTIL))
    assert LATE not in sheet(book, "Tồn tại về hồ sơ")


def test_the_final_report_lists_it_too(place):
    values = report_values(specimen(place.day))
    text = words_of(WordTemplate(place.template("report", "bao-cao.docx")).render(values))
    assert "được người có thẩm quyền cho tạm miễn: không tính là còn tồn tại" in text
    assert "Người cho miễn" in text


def test_the_audit_is_told_of_beginning_and_end_once_whatever_is_run_again(place):
    begun = [("waiver.applied", "2025-04-23")] * 2
    keep(place, FIRST)
    keep(place, SECOND)
    assert acts() == begun
    keep(place, AFTER, kind="backfill")
    assert acts() == begun
    keep(place, AFTER)
    keep(place, FIRST)
    assert acts() == begun + [("waiver.ended", "2025-04-25")] * 2
