"""A lost or rotten file of an old day stops no report: it is made again from the ledger, or said to be gone."""

import json
import re
import shutil
from datetime import date

import docx
import pytest
from sqlalchemy import update

from dondoc.daily import past_figures, stand_in, steps
from dondoc.installation.workplace import Workplace
from dondoc.ledger import runs
from dondoc.ledger.tables import snapshot

from .conftest import CAMPAIGN, DAYS, report_of

FIRST, SECOND, LAST = DAYS


@pytest.fixture
def last_day(ran, tmp_path, monkeypatch):
    """Return the final run of three days in an installation that a test may harm, and what its checks left."""
    out, found = ran
    shutil.copytree(out, tmp_path / "out")
    monkeypatch.setenv("DONDOC_OUT", str(tmp_path / "out"))
    day, left = found[LAST]
    return day, json.loads(json.dumps(left))


def kept_of(day, on, name):
    place = Workplace.of(day)
    taken = runs.snapshots_of_day(place.ledger, campaign=CAMPAIGN, business_date=date.fromisoformat(on))
    return next(place.out / one["path"] for one in taken if one["source"] == name)


def rot(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def forget_figures(day):
    """Leave the ledger as a version without figures in it left it."""
    with Workplace.of(day).ledger.begin() as connection:
        connection.execute(update(snapshot).where(snapshot.c.source == past_figures.FIGURES_NAME).values(profile=None))


def texts(path):
    document = docx.Document(path)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    words = [paragraph.text for paragraph in document.paragraphs] + cells
    # The ledger's mark is another at each writing.
    return [re.sub(r"sổ cái khi lập [0-9a-f-]+", "sổ cái khi lập", text) for text in words]


@pytest.mark.fault(110)
def test_lost_figures_and_first_dates_come_back_from_the_ledger_and_the_snapshots(last_day):
    day, found = last_day
    before = texts(report_of(day)[0])
    kept_of(day, FIRST, "figures").unlink()
    for on, name in ((SECOND, "figures"), (FIRST, "first-dates"), (SECOND, "first-dates")):
        rot(kept_of(day, on, name))
    steps.write_report(day, found)
    assert texts(report_of(day)[0]) == before
    assert past_figures.lost_lines(Workplace.of(day)) == []


@pytest.mark.fault(110)
def test_what_is_gone_from_files_and_ledger_is_said_and_the_final_report_is_made(last_day):
    day, found = last_day
    forget_figures(day)
    rot(kept_of(day, FIRST, "figures"))
    written = steps.write_report(day, found)
    line = "Số liệu ngày 14/11/2023 không còn: tiến độ không so với các ngày này."
    assert any(line in text for text in texts(report_of(day)[0]))
    steps.close_day(day, found, written)
    summary = json.loads((Workplace.of(day).folder / "summary.json").read_text())
    assert summary["lost"] == [line.removesuffix(".")]


def test_a_day_whose_cases_are_lost_with_the_register_is_named_on_page_one(last_day):
    day, found = last_day
    kept_of(day, SECOND, "first-dates").unlink()
    rot(kept_of(day, SECOND, "cases"))
    again = steps.check(day, found["snapshots"])
    steps.write_report(day, again)
    first = texts(report_of(day)[0])[:14]
    assert any(one.startswith("- Bản chụp hồ sơ ngày 15/11/2023 không còn: ngày hẹn đầu tiên") for one in first)


@pytest.mark.fault(110)
def test_lost_findings_of_yesterday_stop_no_reminder(last_day):
    day, found = last_day
    rot(kept_of(day, SECOND, "findings"))
    units = [code for batch in found["reminders"] for code in batch["units"]]
    assert steps.compose_reminders(day, found, units) == len(units) > 0


@pytest.mark.fault(111)
def test_a_rotten_snapshot_stands_in_for_no_source(last_day):
    day, _ = last_day
    place = Workplace.of(day)
    rot(kept_of(day, LAST, "work"))
    assert stand_in._latest(place, "work")["file"] == "của ngày 2023-11-15"
