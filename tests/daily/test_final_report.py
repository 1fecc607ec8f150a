"""Under which kind a day's report leaves, by what left before, for which end, and what has arisen since."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import update
from tests.mail import post

from dondoc.daily import final_report
from dondoc.ledger import outbox, runs
from dondoc.ledger.outbox import Entry
from dondoc.ledger.tables import outbox as table

# The campaign of these days ends on Thursday the 16th of November 2023.
OLD_END, NEW_END = 16, 20


def on(day):
    return date(2023, 11, day)


@pytest.fixture
def kind(place, tmp_path, monkeypatch):
    """Return the kind of a day's report; `finals` are day, state and end of those that were planned before."""

    def ask(finals, today, *, final_run, done=True, arisen=7, end=OLD_END, ended=()):
        code = place.day.campaign.code
        monkeypatch.setattr(final_report, "all_done", lambda _figures: done)
        monkeypatch.setattr(final_report, "_arisen", lambda _figures: arisen)
        monkeypatch.setattr(final_report, "_arisen_on", lambda _place, _day: 7)
        for day, state, its_end in finals:
            values = {"campaign": code, "kind": "final", "business_date": on(day), "ending": its_end and on(its_end)}
            key = f"k{day}"
            outbox.plan_mails(place.ledger, [Entry(post.a_mail(tmp_path, key, **values), None, "x")])
            with place.ledger.begin() as connection:
                connection.execute(update(table).where(table.c.dedupe_key == key).values(state=state))
        opened = {"campaign": code, "kind": "daily", "mode": "armed", "hold_reason": None}
        for day in ended:
            one = runs.open_run(place.ledger, business_date=on(day), final_run=day >= end, **opened)
            runs.close_run(place.ledger, one.id)
        runs.open_run(place.ledger, business_date=on(today), final_run=final_run, **opened)
        ends = {"deadline": on(end), "final_report_at": datetime(2023, 11, end, 16)}
        campaign = place.day.campaign.model_copy(update=ends)
        moved = replace(place, day=replace(place.day, campaign=campaign, business_date=on(today)))
        return final_report.report_kind(moved, None, [])

    return ask


EARLY, LAST = [(14, "sent", OLD_END)], [(16, "sent", OLD_END)]


@pytest.mark.fault(104, 105)
@pytest.mark.parametrize(
    ("finals", "today", "facts", "expected"),
    [
        pytest.param([], 14, {"final_run": False}, "final", id="all done before the last day"),
        pytest.param([], 14, {"final_run": False, "done": False}, "report", id="not yet"),
        pytest.param([], 16, {"final_run": False}, "report", id="on the last morning the final run is near"),
        pytest.param([], 16, {"final_run": True, "done": False}, "final", id="the final run"),
        pytest.param(EARLY, 14, {"final_run": False, "done": False}, "final", id="it left earlier this day"),
        pytest.param(EARLY, 15, {"final_run": False}, "report", id="one left early: daily reports go on"),
        pytest.param(EARLY, 16, {"final_run": True}, None, id="left early, nothing arose"),
        pytest.param(EARLY, 16, {"final_run": True, "done": False}, "final", id="left early, work is left now"),
        pytest.param(EARLY, 16, {"final_run": True, "arisen": 8}, "final", id="left early, more arose and was done"),
        pytest.param(LAST, 17, {"final_run": True, "done": False}, None, id="left on the last day"),
        pytest.param([(16, "expired", OLD_END)], 17, {"final_run": True}, "final", id="kept from leaving"),
        pytest.param([(16, "claimed", OLD_END)], 17, {"final_run": True}, "final", id="its sender died before"),
        pytest.param(
            [*EARLY, (16, "expired", OLD_END)], 17, {"final_run": True, "ended": [16]}, "final",
            id="a replacement kept from leaving",
        ),
        pytest.param(
            [*EARLY, (17, "failed", OLD_END)], 17, {"final_run": True, "ended": [16]}, "final",
            id="a replacement kept from leaving twice",
        ),
        pytest.param(
            EARLY, 17, {"final_run": True, "done": False, "ended": [16]}, None, id="work of after the last day"
        ),
        pytest.param(EARLY, 17, {"final_run": True, "done": False}, "final", id="left early, the last day had no run"),
        pytest.param([(16, "sent", None)], 17, {"final_run": True}, None, id="of an older version"),
        pytest.param(LAST, 17, {"final_run": False, "end": NEW_END}, "report", id="moved: daily reports go on"),
        pytest.param(LAST, 20, {"final_run": True, "end": NEW_END}, "final", id="moved: another on the new day"),
        pytest.param(
            [*LAST, (20, "sent", NEW_END)], 21, {"final_run": True, "end": NEW_END}, None, id="moved: once more"
        ),
    ],
)  # fmt: skip
def test_which_report_a_day_owes(kind, finals, today, facts, expected):
    assert kind(finals, today, **facts) == expected
