"""A waiver is in the audit once when it is first applied and once when it holds no more, whatever is run again."""

import json
import os
import signal
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from dondoc.ledger import audit, runs
from dondoc.ledger.store import open_ledger
from dondoc.ledger.tables import audit as audit_rows
from dondoc.ledger.waivers import EXPIRED, REMOVED, AppliedWaiver, keep_waivers

MONDAY, TUESDAY, WEDNESDAY = (date(2023, 11, day) for day in (13, 14, 15))
WAIVER = AppliedWaiver("apology_owed", "HS-1", "Trưởng ban", "chờ kết luận giám định", TUESDAY)


@pytest.fixture
def play(ledger):
    """Play a day of the campaign: the waivers of its configuration, and whether they excuse anything."""

    def run(on, *configured, applied=True):
        given = {"mode": "preview", "armed_by": None, "hold_reason": None}
        runs.open_run(ledger, campaign="c", business_date=on, kind="daily", **given)
        valid = [one for one in configured if on <= one.until]
        keep_waivers(ledger, campaign="c", on=on, valid=valid, applied=valid if applied else [])
        return acts(ledger)

    return run


def acts(ledger):
    with ledger.connect() as connection:
        rows = connection.execute(select(audit_rows).order_by(audit_rows.c.seq)).all()
    details = [json.loads(row.detail) for row in rows]
    return [(row.action, detail["on"], detail.get("why")) for row, detail in zip(rows, details, strict=True)]


APPLIED = ("waiver.applied", "2023-11-13", None)
OVER = ("waiver.ended", "2023-11-15", EXPIRED)


def test_a_waiver_is_told_of_when_it_is_first_applied_and_when_it_expires(play):
    assert play(MONDAY, WAIVER) == [APPLIED]
    assert play(TUESDAY, WAIVER) == [APPLIED]
    assert play(WEDNESDAY, WAIVER) == [APPLIED, OVER]
    assert play(WEDNESDAY, WAIVER) == [APPLIED, OVER]


def test_a_waiver_that_excuses_nothing_is_not_told_of(play):
    assert play(MONDAY, WAIVER, applied=False) == []
    assert play(WEDNESDAY, WAIVER, applied=False) == []


def test_a_waiver_lasts_while_what_it_excused_is_done(play):
    play(MONDAY, WAIVER)
    assert play(TUESDAY, WAIVER, applied=False) == [APPLIED]


def test_a_waiver_taken_out_of_the_configuration_ends(play):
    play(MONDAY, WAIVER)
    assert play(TUESDAY) == [APPLIED, ("waiver.ended", "2023-11-14", REMOVED)]


def test_a_waiver_made_longer_is_another_waiver(play):
    play(MONDAY, WAIVER)
    told = play(TUESDAY, replace(WAIVER, until=WEDNESDAY))
    assert told == [APPLIED, ("waiver.ended", "2023-11-14", REMOVED), ("waiver.applied", "2023-11-14", None)]


def test_a_day_run_again_after_a_later_one_tells_of_nothing(play):
    play(MONDAY)
    play(WEDNESDAY, replace(WAIVER, until=WEDNESDAY))
    told = [("waiver.applied", "2023-11-15", None)]
    assert play(MONDAY, WAIVER) == told
    assert play(TUESDAY) == told


def test_the_audit_says_who_why_and_until_when(ledger, play):
    play(MONDAY, WAIVER)
    with ledger.connect() as connection:
        [row] = connection.execute(select(audit_rows)).all()
    detail = json.loads(row.detail)
    assert (row.actor, row.subject) == ("cấu hình của đợt (ghi tên: Trưởng ban)", "c HS-1")
    assert (detail["by"], detail["reason"], detail["until"]) == ("Trưởng ban", WAIVER.reason, "2023-11-14")


@pytest.mark.parametrize("name", ["lock", "record", "_append"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_anywhere_the_next_attempt_tells_of_all_once(ledger, ledger_url, play, name, when):
    play(MONDAY, WAIVER)
    other = replace(WAIVER, number="HS-2", until=WEDNESDAY)
    runs.open_run(
        ledger,
        campaign="c",
        business_date=WEDNESDAY,
        kind="daily",
        mode="preview",
        armed_by=None,
        hold_reason=None,
    )
    ledger.dispose()
    if (child := os.fork()) == 0:
        die_at(name, when)
        keep_waivers(open_ledger(ledger_url), campaign="c", on=WEDNESDAY, valid=[other], applied=[other])
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert acts(ledger) == [APPLIED]
    assert play(WEDNESDAY, other) == [APPLIED, OVER, ("waiver.applied", "2023-11-15", None)]
    assert audit.verify(ledger).broken_at is None


def die_at(name, when):
    real = getattr(audit, name)

    def dying(*args, **kwargs):
        if when == "after":
            real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(audit, name, dying)
