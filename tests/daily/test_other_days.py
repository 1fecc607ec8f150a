"""Runs of days that are not today: to come, off, past, before the campaign was taken up here, backfilled."""

import json
from datetime import date

import pytest
from sqlalchemy import select
from tests.daily.campaign_days import CODE, Play, mails, write_campaign
from tests.mail.sink import Sink

from dondoc.commands.days import days_board
from dondoc.commands.outcome import print_outcome
from dondoc.daily import final, steps
from dondoc.errors import DondocError
from dondoc.installation import Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger.store import open_ledger
from dondoc.ledger.tables import run


@pytest.fixture
def play(tmp_path, monkeypatch, own_campaigns, installation):
    write_campaign(own_campaigns)
    with Sink() as sink:
        found = Play(tmp_path / "sources", monkeypatch)
        found.port, found.server = sink.port, sink
        yield found


def runs(installation):
    with open_ledger(installation.ledger_url).begin() as connection:
        return connection.execute(select(run)).all()


@pytest.mark.fault(114)
@pytest.mark.parametrize(
    ("day", "words"),
    [("2025-04-25", "Ngày 25/04/2025 chưa tới; hôm nay là ngày 24/04/2025"), ("2025-04-20", "20/04/2025 là ngày nghỉ")],
)
@pytest.mark.parametrize("backfill", [False, True])
def test_a_day_to_come_and_a_day_off_are_refused_and_leave_nothing(play, installation, day, words, backfill):
    play.turn_to("04-24 08:00")
    with pytest.raises(DondocError, match=words):
        steps.open_day(steps.day_ref(CODE, day, backfill=backfill))
    assert runs(installation) == []


@pytest.mark.fault(114)
def test_a_day_that_was_typed_too_early_and_then_passes_is_missed(play, installation):
    play.run("04-24 08:00", {})
    with pytest.raises(DondocError):
        steps.open_day(steps.day_ref(CODE, "2025-04-25"))
    play.run("04-26 08:00", {})
    assert {row.business_date.day: row.state for row in runs(installation)} == {24: "done", 25: "missed", 26: "done"}


def test_a_campaign_taken_up_on_its_fourth_day_reproaches_nobody_with_the_three_before(play, installation, capsys):
    play.run("04-25 08:00", {})
    place = Workplace.of(steps.day_ref(CODE, "2025-04-25"))
    said = "Ngày làm việc khi đợt chưa được theo dõi ở đây: 22/04/2025, 23/04/2025, 24/04/2025"
    assert (final.missed_days(place), final.missed_lines(place)) == ([], [said])
    assert [row.business_date.day for row in runs(installation)] == [25]
    installation = Installation.from_environment()
    assert days_board(installation, CODE).count("chưa theo dõi ở đây") == 3
    print_outcome(installation, CODE, date(2025, 4, 25))
    assert said in capsys.readouterr().out
    steps.open_day(steps.day_ref(CODE, "2025-04-22"))
    assert final.missed_days(place) == [], "a run typed for a day before is no sign that the campaign was followed then"


@pytest.mark.fault(113)
def test_a_backfill_over_today_leaves_todays_mail_alone(play, installation):
    port, play.port = play.port, 1
    play.run("04-24 08:00", {})
    waiting = mails(installation)
    assert {row.state for row in waiting} == {"deferred"}
    play.port = port
    play.run("04-24 08:30", {"VP": 3}, backfill=True)
    assert mails(installation) == waiting


@pytest.mark.fault(113)
def test_past_days_whose_mail_left_are_run_again_without_a_conflict(play, installation):
    play.run("04-24 08:00", {})
    before = mails(installation)
    assert {row.state for row in before} == {"sent"}
    play.turn_to("04-25 08:00")
    play.export({"VP": 4})
    for backfill in (True, False):
        play.run_day(steps.day_ref(CODE, "2025-04-24", backfill=backfill))
    assert mails(installation)[: len(before)] == before
    assert not any(row.conflict_open for row in mails(installation))
    summary = json.loads((installation.out / CODE / "2025-04-24" / "summary.json").read_text(encoding="utf-8"))
    assert summary["mails"]["attention"] == []
