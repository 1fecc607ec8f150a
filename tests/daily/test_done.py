"""Done means done: a run stands as failed until the very step that failed has succeeded."""

import sqlite3
from contextlib import suppress
from datetime import date
from itertools import count

import pytest
from sqlalchemy.engine.default import DefaultDialect
from tests.daily.campaign_days import CODE, Play, write_campaign

from dondoc.commands.days import days_board
from dondoc.commands.outcome import print_outcome
from dondoc.daily import steps
from dondoc.errors import DondocError
from dondoc.installation import Installation
from dondoc.ledger.runs import find_run
from dondoc.ledger.store import open_ledger

DAY = "2025-04-24"


@pytest.fixture
def play(tmp_path, monkeypatch, own_campaigns, installation):
    write_campaign(own_campaigns)
    found = Play(tmp_path / "sources", monkeypatch)
    found.turn_to("04-24 08:00")
    found.export({})
    return found


def stands():
    ledger = open_ledger(Installation.from_environment().ledger_url)
    found = find_run(ledger, campaign=CODE, business_date=date(2025, 4, 24), kind="daily")
    return found.state, found.error


def test_the_first_error_stands_until_that_very_step_succeeds(play):
    play.missing = {"work"}
    play.export({})
    ref = steps.open_day(steps.day_ref(CODE, DAY))
    with pytest.raises(DondocError):
        steps.pull(ref, "work")
    steps.pull(ref, "cases")
    state, error = stands()
    assert (state, error.splitlines()[0]) == ("failed", "Không tìm thấy tệp nguồn.")
    with pytest.raises(DondocError):
        steps.stand_in(ref, [])
    assert stands()[1].splitlines()[0] == "Không tìm thấy tệp nguồn."
    play.missing = set()
    play.export({})
    steps.pull(ref, "work")
    assert stands() == ("running", None)


@pytest.mark.fault(57, 106)
def test_a_box_that_was_killed_keeps_the_run_from_being_done(play):
    ref = steps.open_day(steps.day_ref(CODE, DAY))
    taken = steps.gate(ref, [steps.pull(ref, source) for source in ("cases", "work")])
    found = steps.check(ref, taken)
    [late] = found["letters"]
    for batch in found["reminders"]:
        steps.compose_reminders(ref, found, batch["units"])
    steps.compose_digest(ref, found)
    steps.compose_closing(ref, found)
    steps.return_rejected(ref, taken)
    report = steps.write_report(ref, found)
    steps.close_day(ref, found, report)
    state, error = stands()
    assert (state, error) == ("failed", f"{late['label']}: thư xin lỗi chưa soạn được: bước dừng giữa chừng.")
    assert f"24/04/2025  {'hỏng':<30}".rstrip() in days_board(Installation.from_environment(), CODE)
    steps.draft_letters(ref, found, late["units"])
    steps.close_day(ref, found, report)
    assert stands() == ("done", None)


def test_of_a_day_that_failed_and_was_closed_the_table_is_shown_after_what_stopped_it(play, capsys):
    ref, found = ready()
    installation, day = Installation.from_environment(), date(2025, 4, 24)
    assert (print_outcome(installation, CODE, day), capsys.readouterr().out) == (1, "")
    steps.close_day(ref, found, steps.write_report(ref, found))
    assert print_outcome(installation, CODE, day) == 1
    told = capsys.readouterr()
    assert "Thư tổng hợp cho lãnh đạo chưa soạn được" in told.err
    assert ("Kết quả khi đóng ngày lần gần nhất, lúc" in told.out, "Tổng cộng" in told.out) == (True, True)


def test_a_box_that_was_killed_in_the_middle_keeps_the_run_from_being_done(play, monkeypatch):
    ref, found = ready()

    def killed(*_given):
        raise KeyboardInterrupt

    steps.compose_closing(ref, found)
    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        patch.setattr("dondoc.daily.compose_digest.standing_of", killed)
        steps.compose_digest(ref, found)
    assert stands() == ("running", None), "another box that fails is told first"
    report = steps.write_report(ref, found)
    steps.close_day(ref, found, report)
    assert stands() == ("failed", "Thư tổng hợp cho lãnh đạo chưa soạn được: bước dừng giữa chừng.")
    steps.compose_digest(ref, found)
    steps.close_day(ref, found, report)
    assert stands() == ("done", None)


def ready():
    """Run the day up to its letters and reminders; return its reference and what its checks found."""
    ref = steps.open_day(steps.day_ref(CODE, DAY))
    taken = steps.gate(ref, [steps.pull(ref, source) for source in ("cases", "work")])
    found = steps.check(ref, taken)
    steps.return_rejected(ref, taken)
    for step, batches in ((steps.draft_letters, found["letters"]), (steps.compose_reminders, found["reminders"])):
        for batch in batches:
            step(ref, found, batch["units"])
    return ref, found


def test_a_closing_that_failed_once_does_not_stand_in_its_own_way(play, monkeypatch):
    ref, found = ready()
    steps.compose_digest(ref, found)
    steps.compose_closing(ref, found)
    report = steps.write_report(ref, found)
    with monkeypatch.context() as patch, suppress(DondocError):
        patch.setattr("dondoc.daily.opening.write_preview", lambda _place: 1 / 0)
        steps.close_day(ref, found, report)
    assert stands()[0] == "failed"
    steps.close_day(ref, found, report)
    assert stands() == ("done", None)


@pytest.mark.fault(106)
def test_a_day_is_not_done_while_the_step_that_closes_it_is_not(play, monkeypatch):
    ref, found = ready()
    steps.compose_digest(ref, found)
    steps.compose_closing(ref, found)
    report = steps.write_report(ref, found)
    commit, left = DefaultDialect.do_commit, 0

    def full(dialect, connection):
        nonlocal left
        left -= 1
        if left < 0:
            raise sqlite3.OperationalError("database or disk is full")
        commit(dialect, connection)

    told = []
    for left_at in count():
        with monkeypatch.context() as patched:
            left = left_at
            patched.setattr(DefaultDialect, "do_commit", full)
            with suppress(DondocError):
                steps.close_day(ref, found, report)
                break
        told.append(stands()[0])
    assert told
    assert "done" not in told
    assert stands() == ("done", None)
