"""What cannot be made for one unit keeps no other's from leaving, is told, and is made by the next try."""

import re

import pytest
from tests.daily.reminded import CODE, compose, figures_of, live

from dondoc.daily import mail_planning, setbacks, steps
from dondoc.daily.stationery import mail_templates
from dondoc.errors import DondocError, LedgerError
from dondoc.installation.workplace import Workplace
from dondoc.ledger import days, runs
from dondoc.mail.digest import digest_values

TUESDAY = "2023-11-14"
OWED = {"QLDT": ["A", "B"], "TNMT": ["C"], "VP": ["D"]}
TOLD = "Phòng Quản lý đầu tư: thư nhắc việc chưa soạn được. Lỗi phần mềm ở bước “Soạn thư nhắc việc”: ValueError"


@pytest.fixture
def day(monkeypatch, turn_to, installation, ledger_url):
    """Compose the day's reminders in one batch; return its workplace, and what it raised."""
    monkeypatch.setenv("DONDOC_LEDGER_URL", ledger_url)
    turn_to(TUESDAY)

    def run():
        try:
            return compose(TUESDAY, OWED), None
        except DondocError as error:
            return Workplace.of(steps.day_ref(CODE, TUESDAY)), error

    return run


@pytest.fixture
def spoilt(monkeypatch):
    """Return the units whose reminder cannot be laid out; a test may mend them."""
    whole, units = mail_planning.write_reminder, {"QLDT": ValueError("Nguyễn Văn Mật, 0912345678")}

    def write(place, unit, **facts):
        if unit.code in units:
            raise units[unit.code]
        return whole(place, unit, **facts)

    monkeypatch.setattr(mail_planning, "write_reminder", write)
    return units


def closed(place):
    runs.close_run(place.ledger, place.run.id)
    return days.day_rows(place.ledger, campaign=CODE)[place.day.business_date]


@pytest.mark.fault(118)
def test_the_other_units_of_the_batch_are_reminded_and_the_failure_is_told_in_our_words(day, spoilt):
    place, error = day()
    assert live(place) == {"planned": ["nhac-viec-TNMT", "nhac-viec-VP"]}
    assert str(error).startswith(TOLD)
    assert "Mật" not in str(error)
    [note] = setbacks.setback_notes(place)
    assert (note["unit"], note["reason"].startswith(TOLD)) == ("QLDT", True)


@pytest.mark.fault(118)
def test_the_leaders_digest_says_whose_reminder_was_not_made(day, spoilt):
    place, _ = day()
    name = place.day.campaign.unit_by_code["QLDT"].name
    assert setbacks.units_unreminded(place) == [name]
    figures = figures_of(place.day.campaign.units, OWED, 9)
    values = digest_values(place.day, figures, letters_held=0, unreminded=[name]) | {"addressee": "đồng chí"}
    text = mail_templates(place).render("tong-hop", values)
    for body in (text.plain, text.html):
        assert re.search(f"Hôm nay chưa soạn được thư nhắc việc cho (<strong>)?{name}", body)


@pytest.mark.fault(118)
def test_the_day_is_not_done_until_that_very_unit_is(day, spoilt):
    place, _ = day()
    ended = closed(place)
    assert (ended.state, ended.error.startswith(TOLD)) == ("failed", True)
    steps.compose_reminders.__wrapped__(place, found_of(place), ["VP"])
    assert closed(place).state == "failed"
    spoilt.clear()
    steps.compose_reminders.__wrapped__(place, found_of(place), ["QLDT"])
    assert live(place) == {"planned": ["nhac-viec-QLDT", "nhac-viec-TNMT", "nhac-viec-VP"]}
    assert (closed(place).state, closed(place).error, setbacks.setback_notes(place)) == ("done", None, [])


def test_a_run_opened_anew_owes_nothing_of_the_attempt_before(day, spoilt):
    day()
    spoilt.clear()
    place, error = day()
    assert (error, closed(place).state, len(live(place)["planned"])) == (None, "done", 3)


@pytest.mark.fault(59)
def test_a_ledger_that_is_away_is_no_units_trouble(day, spoilt):
    spoilt["QLDT"] = LedgerError("Không mở được sổ cái.", where="sổ", remedy="mở")
    place, error = day()
    assert str(error).startswith("Không mở được sổ cái")
    assert (live(place), setbacks.setback_notes(place)) == ({}, [])


def found_of(place):
    kept = runs.snapshots_of_day(place.ledger, campaign=CODE, business_date=place.day.business_date)
    return {one["source"]: one["path"] for one in kept}
