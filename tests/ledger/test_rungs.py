"""One reminder a day to one address about one unit, and rungs that are climbed by what became of their mails."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from tests.mail import post

from dondoc.ledger import outbox
from dondoc.ledger.caps import hold_excess
from dondoc.ledger.rungs import Climbed, MailedRung, climbed, rungs_of_mails, units_written_to
from dondoc.ledger.tables import outbox as table

DEADLINE = post.DAY + timedelta(days=2)
TOMORROW = post.DAY + timedelta(days=1)
HEAD = MailedRung("VP", "head:1", DEADLINE)


@pytest.fixture
def plan(ledger, tmp_path):
    """Plan the day's reminder to one address, under a key and body for the facts named."""

    def enter(facts, *, rungs=(), hold=None, **changes):
        mail = replace(post.a_mail(tmp_path, facts), recipient="vp@co-quan.example.vn", **changes)
        return outbox.plan_mails(ledger, [outbox.Entry(mail, hold, f"{facts}-khac.eml", rungs)])[0]

    return enter


def become(ledger, key, state):
    with ledger.begin() as connection:
        connection.execute(update(table).where(table.c.dedupe_key == key).values(state=state))


@pytest.mark.parametrize("state", outbox.OPEN_STATES)
def test_other_facts_take_the_place_of_a_mail_that_was_not_offered(ledger, plan, state):
    plan("old")
    become(ledger, "old", state)
    assert plan("new")
    assert post.states(ledger) == {"old": "withdrawn", "new": "planned"}


@pytest.mark.parametrize("state", ["claimed", "sending", "sent", "unknown"])
def test_other_facts_are_a_conflict_once_a_mail_may_have_left(ledger, plan, state):
    plan("old")
    become(ledger, "old", state)
    assert not plan("new")
    assert post.states(ledger) == {"old": state}
    row = post.rows(ledger)["old"]
    assert (row.conflict_open, row.conflict_path) == (True, "new-khac.eml")


def test_facts_that_come_back_bring_their_mail_back(ledger, plan):
    for facts in ("old", "new", "old", "old"):
        assert plan(facts)
    assert post.states(ledger) == {"old": "planned", "new": "withdrawn"}


def test_the_database_itself_refuses_a_second_reminder_of_the_day(ledger, plan):
    plan("old")
    second = dict(post.rows(ledger)["old"]._mapping) | {"id": 99, "dedupe_key": "other"}
    with pytest.raises(IntegrityError), ledger.begin() as connection:
        connection.execute(insert(table).values(second))


def test_another_day_unit_or_kind_is_another_mail(ledger, plan):
    plan("a")
    plan("b", business_date=TOMORROW)
    plan("c", unit="QLDT")
    plan("d", kind="report")
    assert set(post.states(ledger).values()) == {"planned"}


def test_what_is_no_longer_owed_is_withdrawn_and_counts_no_more(ledger, plan):
    plan("a")
    plan("b", unit="QLDT")
    plan("c", unit="TTR")
    become(ledger, "b", "sent")
    gone = outbox.withdraw_unowed(ledger, campaign="c", business_date=post.DAY, kind="reminder", keep=["c"])
    assert (gone, post.states(ledger)) == (1, {"a": "withdrawn", "b": "sent", "c": "planned"})
    assert sum(outbox.count_mails(ledger, campaign="c", business_date=post.DAY).values()) == 2
    caps = {"day_cap": 2, "unit_cap": 1}
    assert hold_excess(ledger, campaign="c", business_date=post.DAY, **caps) == []


def test_what_a_person_sends_again_is_not_withdrawn(ledger, plan):
    plan("a")
    with ledger.begin() as connection:
        connection.execute(update(table).values(resends=1))
    gone = outbox.withdraw_unowed(ledger, campaign="c", business_date=post.DAY, kind="reminder", keep=[])
    assert (gone, post.states(ledger)) == (0, {"a": "planned"})


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        *((state, True) for state in ("sending", "sent", "unknown")),
        *((state, False) for state in ("claimed", *outbox.OPEN_STATES)),
    ],
)
def test_a_rung_is_climbed_by_a_mail_that_may_have_left(ledger, plan, state, counts):
    plan("a", rungs=[HEAD])
    become(ledger, "a", state)
    known = {Climbed("VP", "head:1", "vp@co-quan.example.vn")} if counts else set()
    assert climbed(ledger, campaign="c", deadline=DEADLINE, before=TOMORROW) == known


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"before": post.DAY}, id="its own day, so that a day run again plans the same"),
        pytest.param({"deadline": date(2027, 1, 1)}, id="another deadline: another ladder"),
        pytest.param({"campaign": "d"}, id="another campaign"),
    ],
)
def test_a_rung_is_climbed_on_earlier_days_of_its_own_ladder(ledger, plan, asked):
    plan("a", rungs=[HEAD])
    become(ledger, "a", "sent")
    assert climbed(ledger, **{"campaign": "c", "deadline": DEADLINE, "before": TOMORROW} | asked) == frozenset()


def test_a_mail_carries_the_rungs_it_was_last_planned_with(ledger, plan):
    plan("a", rungs=[HEAD, MailedRung("VP", "deputy:3", DEADLINE)])
    plan("a", rungs=[HEAD])
    (row,) = post.rows(ledger).values()
    assert rungs_of_mails(ledger, campaign="c", business_date=post.DAY) == {row.id: ["head:1"]}
    assert units_written_to(ledger, campaign="c", kind="reminder", before=TOMORROW) == {"VP"}
    assert units_written_to(ledger, campaign="c", kind="reminder", before=post.DAY) == set()
