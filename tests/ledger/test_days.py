"""The campaign's days in the ledger, and what may leave on the last of them, on each database."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from tests.mail import post
from tests.people import LE_VAN_A

from dondoc.ledger import claims, days, endings, outbox, runs
from dondoc.ledger.caps import hold_excess
from dondoc.ledger.store import now
from dondoc.ledger.tables import outbox as table

MONDAY, TUESDAY, WEDNESDAY = (date(2023, 11, day) for day in (13, 14, 15))


def open_run(ledger, day, **changes):
    values = {"campaign": "c", "business_date": day, "kind": "daily", "mode": "armed", "hold_reason": None}
    return runs.open_run(ledger, **values | changes)


@pytest.mark.fault(56)
def test_days_without_a_run_are_entered_as_missed_once(ledger):
    open_run(ledger, TUESDAY)
    assert days.mark_missed(ledger, campaign="c", days=[MONDAY, TUESDAY]) == [MONDAY]
    assert days.mark_missed(ledger, campaign="c", days=[MONDAY, TUESDAY]) == []
    found = days.day_rows(ledger, campaign="c")
    assert {day: (row.state, row.missed) for day, row in found.items()} == {
        MONDAY: ("missed", True),
        TUESDAY: ("running", False),
    }


@pytest.mark.fault(56)
def test_a_missed_day_that_runs_later_stays_missed(ledger):
    days.mark_missed(ledger, campaign="c", days=[MONDAY])
    runs.close_run(ledger, open_run(ledger, MONDAY).id)
    runs.close_run(ledger, open_run(ledger, TUESDAY, missed=True).id)
    found = days.day_rows(ledger, campaign="c")
    assert [(row.state, row.missed) for row in found.values()] == [("done", True), ("done", True)]


def test_only_a_run_of_an_earlier_day_that_began_long_ago_was_cut_short(ledger):
    for day in (MONDAY, TUESDAY):
        open_run(ledger, day)
    days.end_cut_short(ledger, campaign="c", before=TUESDAY, started_before=now() - timedelta(hours=1))
    assert {row.state for row in days.day_rows(ledger, campaign="c").values()} == {"running"}
    days.end_cut_short(ledger, campaign="c", before=TUESDAY, started_before=now() + timedelta(seconds=1))
    assert [row.state for row in days.day_rows(ledger, campaign="c").values()] == ["failed", "running"]


def test_a_source_is_absent_until_it_is_taken(ledger):
    run = open_run(ledger, MONDAY)
    for reason in ("một", "hai"):
        days.record_absence(ledger, run.id, source="work", reason=reason)
    assert days.absences(ledger, run.id) == {"work": "hai"}
    days.end_absence(ledger, run.id, source="work")
    assert days.absences(ledger, run.id) == {}


def test_the_latest_snapshot_up_to_the_day_stands_in_first(ledger):
    for day in (WEDNESDAY, MONDAY, TUESDAY):
        counts = dict.fromkeys(("rows_in", "accepted", "quarantined", "duplicates"), 1)
        row = {"source": "work", "kind": "work", "file_sha256": "x", "path": f"c/{day}/snapshots/work-1.parquet"}
        runs.record_snapshot(ledger, open_run(ledger, day).id, row | counts)
    found = days.usable_snapshots(ledger, campaign="c", source="work", until=TUESDAY)
    assert [days.taken_for(row["path"]) for row in found] == [TUESDAY, MONDAY]


@pytest.mark.parametrize(
    ("kind", "held_by", "leaves"),
    [
        pytest.param("final", "gate", True, id="a gate does not hold the final report"),
        pytest.param("report", "gate", False, id="it holds every other"),
        pytest.param("final", "preview", False, id="a preview holds all"),
    ],
)
def test_what_a_closed_gate_holds(ledger, tmp_path, kind, held_by, leaves):
    held = "xem trước" if held_by == "preview" else None
    run = runs.open_run(
        ledger, campaign="c", business_date=post.DAY, kind="daily", mode="armed", hold_reason=held, armed_by=LE_VAN_A
    )
    runs.hold_mail(ledger, run.id, "cổng đóng")
    outbox.plan_mails(ledger, [outbox.Entry(post.a_mail(tmp_path, "k", kind=kind), None, "x")])
    job = claims.SendJob("c", post.DAY, kind, "me")
    taken = claims.claim(ledger, job, post.moment(), limit=9, lease=timedelta(minutes=1))
    assert bool(taken) == leaves


@pytest.mark.fault(22)
def test_too_many_mails_hold_each_other_but_not_the_final_report(ledger, tmp_path):
    post.plan(ledger, tmp_path, ["a", "b"])
    outbox.plan_mails(ledger, [outbox.Entry(post.a_mail(tmp_path, "k", kind="final"), None, "x")])
    hold_excess(ledger, campaign="c", business_date=post.DAY, day_cap=2, unit_cap=9)
    assert post.states(ledger) == {"a": "held", "b": "held", "k": "planned"}


@pytest.mark.fault(89)
@pytest.mark.parametrize(
    ("caps", "held"), [((2, 9), "3 thư báo nhận trong ngày"), ((9, 2), "3 thư báo nhận cho đơn vị")]
)
def test_however_many_receipts_there_are_they_hold_no_other_mail(ledger, tmp_path, caps, held):
    post.plan(ledger, tmp_path, "abc", kind="receipt")
    post.plan(ledger, tmp_path, "d")
    asked = {"campaign": "c", "business_date": post.DAY}
    [reason] = hold_excess(ledger, **asked, day_cap=caps[0], unit_cap=caps[1])
    assert held in reason
    assert post.states(ledger) == dict.fromkeys("abc", "held") | {"d": "planned"}


@pytest.mark.fault(51, 104)
@pytest.mark.parametrize(
    ("state", "again", "counts"),
    [
        pytest.param("sent", False, True, id="it was taken"),
        pytest.param("sending", False, True, id="it may have been taken"),
        pytest.param("unknown", False, True, id="nobody knows"),
        pytest.param("claimed", False, False, id="its sender died before it began"),
        pytest.param("deferred", False, False, id="it was put off until its day was over"),
        pytest.param("planned", True, True, id="a person lets it leave again"),
        pytest.param("claimed", True, True, id="it is about to leave again"),
        pytest.param("expired", True, False, id="it did not leave again"),
    ],
)
def test_a_mail_of_an_earlier_day_counts_while_it_left_or_still_may(ledger, tmp_path, state, again, counts):
    post.plan(ledger, tmp_path, ["a"], kind="final")
    tomorrow = post.DAY + timedelta(days=1)
    with ledger.begin() as connection:
        connection.execute(update(table).values(state=state, resend_on=tomorrow if again else None))
    asked = {"campaign": "c", "kind": "final", "today": tomorrow}
    assert bool(endings.offered_on_other_days(ledger, **asked)) == counts


def test_a_mail_of_the_whole_campaign_is_known_by_who_has_it(ledger, tmp_path):
    post.plan(ledger, tmp_path, ["a"], kind="closing")
    job, lease = claims.SendJob("c", post.DAY, "closing", "me"), timedelta(hours=1)
    [mail] = claims.claim(ledger, job, post.moment(), limit=9, lease=lease)
    claims.begin(ledger, mail, post.moment(), lease=lease)
    asked = {"campaign": "c", "kind": "closing"}
    [note] = endings.offered_on_other_days(ledger, **asked, today=MONDAY)
    assert (note.unit, note.recipient, note.business_date) == ("VP", "a@co-quan.example.vn", post.DAY)
    assert endings.offered_on_other_days(ledger, **asked, today=post.DAY) == []
    assert outbox.units_offered(ledger, campaign="c", business_date=post.DAY, kind="closing") == {"VP"}
    slot = {"campaign": "c", "business_date": post.DAY, "kind": "closing", "unit": "VP"}
    offered = [outbox.was_offered(ledger, **slot, recipient=f"{name}@co-quan.example.vn") for name in "ab"]
    assert offered == [True, False]
