"""What the watchdog finds, from facts and a time alone."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from dondoc.ledger.control import Switch
from dondoc.ledger.days import DayRow
from dondoc.watch.rules import CampaignState, find_problems

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2023, 11, day) for day in (13, 14, 15, 16))
FRIDAY = date(2023, 11, 10)


def done(day, **changes):
    return replace(DayRow(day, "done", None, None, False, 3), **changes)


@pytest.fixture
def find(hai_phong, vietnam):
    """Return the names of the problems at a time of November 2023, all days before it done unless told otherwise."""
    mail = hai_phong.mail.model_copy(update={"mode": "armed", "armed_by": "Lê Văn A"})

    def run(day, hour, minute=0, *, rows=None, mode="armed", **facts):
        campaign = hai_phong.model_copy(update={"mail": mail.model_copy(update={"mode": mode})})
        now = datetime(2023, 11, day, hour, minute, tzinfo=hai_phong.zone)
        all_done = {one: done(one) for one in (FRIDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY) if one <= now.date()}
        known = {"uneasy": {}, "final_state": None, "switch": None, "last_mail_on": now.date()}
        known |= {"letters_held": 0} | facts
        shown = {one: row for one, row in (all_done | (rows or {})).items() if row is not None}
        found = find_problems(campaign, vietnam, CampaignState(rows=shown, **known), now=now)
        return [problem.name for problem in found]

    return run


@pytest.mark.fault(56)
@pytest.mark.parametrize(
    ("day", "hour", "state", "expected"),
    [
        pytest.param(14, 9, None, [], id="not yet its hour"),
        pytest.param(14, 10, None, ["no_run:2023-11-14"], id="its hour is past"),
        pytest.param(14, 10, "running", ["unfinished:2023-11-14"], id="still running"),
        pytest.param(14, 10, "failed", ["failed:2023-11-14"], id="it failed"),
        pytest.param(15, 8, "missed", ["no_run:2023-11-14"], id="told once more the next morning"),
        pytest.param(16, 8, "missed", [], id="history after that"),
    ],
)
def test_a_working_day_must_have_its_run(find, day, hour, state, expected):
    row = done(TUESDAY, state=state, missed=state == "missed") if state else None
    assert find(day, hour, rows={TUESDAY: row}) == expected


def test_nobody_is_called_for_a_run_on_a_day_off(find):
    assert find(11, 12, rows={FRIDAY: None}) == []
    assert find(13, 12, rows={FRIDAY: None, MONDAY: None}) == ["no_run:2023-11-10", "no_run:2023-11-13"]


def test_nobody_is_called_for_days_before_the_campaign_was_taken_up(find):
    assert find(13, 12, rows={FRIDAY: None}) == []


@pytest.mark.fault(8)
@pytest.mark.parametrize(
    ("hour", "minute", "state", "expected"),
    [
        pytest.param(15, 14, None, [], id="46 minutes before"),
        pytest.param(15, 15, None, ["final_near"], id="45 minutes before"),
        pytest.param(15, 15, "planned", ["final_near"], id="it waits"),
        pytest.param(16, 0, "unknown", ["final_late"], id="nobody knows"),
        pytest.param(16, 0, "sent", [], id="it left"),
    ],
)
def test_the_final_report_must_have_left(find, hour, minute, state, expected):
    assert find(16, hour, minute, final_state=state) == expected


def test_a_final_report_that_never_left_is_told_of_the_day_after_too(find):
    assert "final_late" in find(17, 8)


def test_held_letters_are_told_of_until_somebody_decides(find):
    assert find(14, 12, letters_held=2) == ["letters_held"]
    assert find(14, 12, letters_held=0) == []


def test_mail_that_was_not_taken_is_named_until_somebody_can_have_looked(find):
    assert find(14, 12, set_aside=1) == ["set_aside"]
    assert find(14, 12, set_aside=0) == []


@pytest.mark.fault(82)
def test_mails_in_doubt_and_a_switch_are_told_of(find):
    found = find(14, 12, uneasy={"unknown": 2, "held": 1}, switch=Switch(True, "Lê Văn A", "thử"))
    assert found == ["stopped", "mails:unknown", "mails:held"]
    assert find(14, 12, switch=Switch(False, "Lê Văn A", "xong")) == []


@pytest.mark.parametrize(
    ("last_mail_on", "units_behind", "mode", "silent"),
    [
        pytest.param(FRIDAY, 3, "armed", True, id="two working days"),
        pytest.param(MONDAY, 3, "armed", False, id="one working day"),
        pytest.param(None, 3, "armed", True, id="never"),
        pytest.param(FRIDAY, 0, "armed", False, id="nobody is behind"),
        pytest.param(FRIDAY, 3, "preview", False, id="silent by choice"),
    ],
)
def test_silence_while_units_are_behind_is_told_of(find, last_mail_on, units_behind, mode, silent):
    rows = {TUESDAY: done(TUESDAY, units_behind=units_behind), WEDNESDAY: done(WEDNESDAY, units_behind=units_behind)}
    found = find(15, 12, rows=rows, last_mail_on=last_mail_on, mode=mode)
    assert found == (["silence"] if silent else [])


@pytest.mark.parametrize("at", [(9, 12), (25, 12)])
def test_outside_its_time_a_campaign_is_left_alone(find, at):
    assert find(*at, uneasy={"unknown": 1}, final_state=None) == []


@pytest.mark.parametrize(
    ("state", "mode", "expected"),
    [
        pytest.param("done", "armed", ["held:2023-11-14"], id="yesterday's file again: said why"),
        pytest.param("done", "preview", [], id="silent by choice"),
        pytest.param("failed", "armed", ["failed:2023-11-14"], id="told as what it is"),
    ],
)
def test_a_day_that_sends_nothing_says_why(find, state, mode, expected):
    row = done(TUESDAY, state=state, hold_reason="cổng same_content: dữ liệu giống hệt ngày 13/11/2023")
    assert find(14, 11, rows={TUESDAY: row}, mode=mode) == expected


@pytest.mark.parametrize(
    ("today", "names"),
    [
        pytest.param(date(2026, 10, 30), [], id="October"),
        pytest.param(date(2026, 11, 2), ["calendar:2027"], id="November"),
        pytest.param(date(2026, 12, 31), ["calendar:2027"], id="the last day"),
    ],
)
def test_a_calendar_still_awaited_in_november_is_told_once_a_week(hai_phong, vietnam, today, names):
    dates = {"starts_on": date(2026, 10, 1), "deadline": date(2027, 1, 15)}
    campaign = hai_phong.model_copy(update=dates | {"final_report_at": datetime(2027, 1, 15, 16)})
    now = datetime.combine(today, time(6), campaign.zone)
    rows = {day: done(day) for day in vietnam.working_days(campaign.starts_on, today)}
    facts = CampaignState(rows=rows, uneasy={}, final_state=None, switch=None, last_mail_on=today, letters_held=0)
    found = find_problems(campaign, vietnam, facts, now=now)
    assert [problem.name for problem in found] == names
    assert all(problem.told_on(today).weekday() == 0 for problem in found)
