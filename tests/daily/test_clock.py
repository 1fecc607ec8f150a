"""A day's result depends on its business date and its files; the machine's clock may stand in any year."""

import json
from datetime import datetime

import pytest
from tests.daily.campaign_days import CODE, Play, write_campaign
from tests.people import LE_VAN_A

from dondoc.daily import steps
from dondoc.installation import Installation
from dondoc.ledger import clock
from dondoc.ledger.store import open_ledger

FIGURES = ("sources", "findings", "units", "total", "letters")
COUNTS = ("rows_in", "accepted", "quarantined", "duplicates")


@pytest.mark.parametrize("year", [2023, 2024, 2041])
def test_the_same_rows_are_rejected_in_any_year(monkeypatch, place, year):
    """The sample's export is a week newer than its business date: what begins after that day is refused, always."""
    monkeypatch.setattr(Installation, "now", lambda _self, zone: datetime(year, 12, 1, 9, tzinfo=zone))
    ref = steps.open_day(steps.day_ref(CODE, "2023-11-14"))
    taken = [steps.pull(ref, source) for source in ("cases", "work")]
    assert [[snapshot[count] for count in COUNTS] for snapshot in taken] == [
        [2000, 1947, 41, 12],
        [5000, 4866, 114, 20],
    ]


def test_a_whole_day_says_the_same_whenever_it_is_computed(tmp_path, monkeypatch, own_campaigns, installation):
    write_campaign(own_campaigns, mail={"mode": "preview", "sender": "don-doc@bql-haiphong.example.vn"})
    play, said = Play(tmp_path / "sources", monkeypatch), []
    play.turn_to("04-24T08:00")
    play.export({"VP": 2})
    for year in (2025, 2026, 2055):
        play.at = play.at.replace(year=year)
        clock.confirm(open_ledger(installation.ledger_url), play.at, by=LE_VAN_A, reason="thử")
        ref = steps.day_ref(CODE, "2025-04-24", backfill=year > 2025)
        play.run_day(ref)
        summary = json.loads((installation.out / CODE / "2025-04-24" / "summary.json").read_text(encoding="utf-8"))
        said.append({name: summary[name] for name in FIGURES})
    assert said[0] == said[1] == said[2]
