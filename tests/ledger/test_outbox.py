from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import create_engine, delete, select, text, update
from sqlalchemy.exc import DBAPIError
from tests.conftest import DISCONNECT_OTHERS
from tests.mail import post
from tests.people import LE_VAN_A, TRAN_THI_B

from dondoc.ledger import claims, control, outbox, runs
from dondoc.ledger.audit import verify
from dondoc.ledger.caps import hold_excess
from dondoc.ledger.claims import ClockReading, SendResult
from dondoc.ledger.tables import attempt
from dondoc.ledger.tables import outbox as outbox_table

LEASE = timedelta(minutes=20)
ACCEPTED = SendResult(claims.SENT, "reply", 250, "250 queued as 4F1A2")
MOMENT = post.moment()
LATER = ClockReading(MOMENT.today, MOMENT.office_at + 2 * LEASE, MOMENT.at + 2 * LEASE)


@pytest.fixture
def mail(tmp_path):
    return post.a_mail(tmp_path, "k")


@pytest.fixture
def plan(ledger, mail):
    post.arm(ledger)

    def enter(hold_reason=None, **changes):
        wanted = replace(mail, **changes)
        return outbox.plan_mails(ledger, [outbox.Entry(wanted, hold_reason, "khac.eml")])[0]

    return enter


def take(ledger, *, moment=MOMENT, owner="me", limit=10):
    return claims.claim(ledger, post.job(owner), moment, limit=limit, lease=LEASE)


def send(ledger, result=ACCEPTED):
    (mail,) = take(ledger)
    assert claims.begin(ledger, mail, MOMENT, lease=LEASE)
    claims.settle(ledger, mail, result, MOMENT)


def state(ledger):
    return post.rows(ledger)["k"].state


def attempts(ledger):
    with ledger.begin() as connection:
        return connection.execute(select(attempt).order_by(attempt.c.id)).all()


def test_planning_a_mail_again_doubles_nothing(ledger, plan):
    assert all(plan() for _ in range(3))
    assert post.states(ledger) == {"k": "planned"}


def test_a_held_mail_waits_until_it_may_leave(ledger, plan):
    plan(hold_reason="xem trước")
    assert take(ledger) == []
    plan()
    assert len(take(ledger)) == 1


def test_new_words_replace_old_ones_until_the_mail_is_offered(ledger, plan):
    plan()
    assert plan(payload_sha256="2" * 64)
    assert take(ledger)[0].payload_sha256 == "2" * 64


@pytest.mark.fault(17)
@pytest.mark.parametrize("end", [claims.SENT, claims.UNKNOWN])
def test_another_body_under_a_key_that_may_have_left_is_a_conflict_and_never_sent(ledger, plan, end):
    plan()
    send(ledger, replace(ACCEPTED, state=end))
    assert plan()
    assert not plan(payload_sha256="2" * 64)
    row = post.rows(ledger)["k"]
    assert (row.state, row.conflict_open, row.conflict_sha256, row.conflict_path) == (end, True, "2" * 64, "khac.eml")
    assert [row.dedupe_key for row in outbox.list_uneasy(ledger)] == ["k"]
    assert take(ledger) == []


def test_planning_again_keeps_the_back_off_of_a_deferred_mail(ledger, plan):
    plan()
    send(ledger, SendResult(claims.DEFERRED, "rcpt", 451, "451 later", next_try_at=MOMENT.at + LEASE))
    plan()
    assert take(ledger) == []
    assert len(take(ledger, moment=LATER)) == 1


@pytest.mark.fault(10, 81)
def test_a_mail_is_claimed_once(ledger, plan):
    plan()
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda n: len(take(ledger, owner=f"sender {n}")), range(16)))
    assert sum(taken) == 1


@pytest.mark.fault(2, 81)
def test_what_a_dead_sender_claimed_is_claimed_again_under_a_higher_fence(ledger, plan):
    plan()
    (first,) = take(ledger)
    claims.tidy(ledger, LATER)
    (second,) = take(ledger, moment=LATER)
    assert second.fence > first.fence
    assert not claims.begin(ledger, first, LATER, lease=LEASE)
    assert claims.begin(ledger, second, LATER, lease=LEASE)


@pytest.mark.fault(1)
def test_what_a_dead_sender_was_sending_is_unknown_and_not_sent_again(ledger, plan):
    plan()
    (mail,) = take(ledger)
    claims.begin(ledger, mail, MOMENT, lease=LEASE)
    claims.tidy(ledger, MOMENT)
    assert state(ledger) == "sending"
    claims.tidy(ledger, LATER)
    assert state(ledger) == "unknown"
    assert take(ledger, moment=LATER) == []


@pytest.mark.fault(11)
def test_a_sender_fenced_off_moves_nothing_and_its_answer_is_kept(ledger, plan):
    plan()
    (mail,) = take(ledger)
    claims.begin(ledger, mail, MOMENT, lease=LEASE)
    claims.tidy(ledger, LATER)
    assert not claims.still_held(ledger, mail, LATER)
    assert not claims.settle(ledger, mail, ACCEPTED, LATER)
    assert state(ledger) == "unknown"
    assert [row.code for row in attempts(ledger)] == [None, 250]


def test_attempts_are_append_only(ledger, plan):
    plan()
    send(ledger)
    for change in (update(attempt).values(code=1), delete(attempt)):
        with pytest.raises(DBAPIError, match="append-only"), ledger.begin() as connection:
            connection.execute(change)


@pytest.mark.parametrize(
    ("run", "changes"),
    [
        pytest.param({"mode": "preview"}, {}, id="not armed"),
        pytest.param({"armed_by": None}, {}, id="armed by nobody"),
        pytest.param({"hold_reason": "cổng"}, {}, id="a gate is closed"),
        pytest.param({"kind": "backfill"}, {}, id="only a backfill ran"),
        pytest.param({}, {"business_date": date(2026, 11, 23)}, id="another day's mail"),
        pytest.param({}, {"not_before": post.CLOSES}, id="before its window"),
        pytest.param({}, {"not_after": post.OPENS}, id="after its window"),
    ],
)
def test_no_mail_leaves_that_may_not(ledger, mail, run, changes):
    day = changes.get("business_date", post.DAY)
    values = {"kind": "daily", "mode": "armed", "hold_reason": None, "armed_by": LE_VAN_A} | run
    runs.open_run(ledger, campaign="c", business_date=day, **values)
    outbox.plan_mails(ledger, [outbox.Entry(replace(mail, **changes), None, "")])
    job = replace(post.job(), business_date=day)
    assert claims.claim(ledger, job, MOMENT, limit=9, lease=LEASE) == []


@pytest.mark.fault(59)
@pytest.mark.parametrize("ledger_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_a_connection_the_server_cut_between_two_steps_is_opened_again(ledger, plan):
    plan()
    (mail,) = take(ledger)
    cutter = create_engine(ledger.url)
    with cutter.connect() as connection:
        connection.execute(text(DISCONNECT_OTHERS))
    assert claims.begin(ledger, mail, MOMENT, lease=LEASE)
    with cutter.connect() as connection:
        connection.execute(text(DISCONNECT_OTHERS))
    cutter.dispose()
    assert claims.settle(ledger, mail, ACCEPTED, MOMENT)
    assert post.states(ledger) == {"k": "sent"}


@pytest.mark.parametrize(("resend_on", "leaves"), [(post.DAY, True), (date(2026, 11, 23), False), (None, False)])
def test_a_mail_of_another_day_leaves_only_on_the_day_it_is_to_be_sent_again(ledger, mail, resend_on, leaves):
    day = date(2026, 11, 20)
    runs.open_run(
        ledger, campaign="c", business_date=day, kind="daily", mode="armed", hold_reason=None, armed_by=LE_VAN_A
    )
    outbox.plan_mails(ledger, [outbox.Entry(replace(mail, business_date=day), None, "")])
    with ledger.begin() as connection:
        connection.execute(update(outbox_table).values(resend_on=resend_on))
    job = replace(post.job(), business_date=day)
    assert bool(claims.claim(ledger, job, MOMENT, limit=9, lease=LEASE)) is leaves


@pytest.mark.fault(19)
@pytest.mark.parametrize("stopped", [True, False])
def test_the_switch_is_asked_again_before_each_mail(ledger, plan, stopped):
    plan()
    (mail,) = take(ledger)
    control.set_switch(ledger, stopped=True, by=LE_VAN_A, why="sự cố")
    control.set_switch(ledger, stopped=stopped, by=TRAN_THI_B, why="xong")
    assert claims.begin(ledger, mail, MOMENT, lease=LEASE) is not stopped
    assert verify(ledger).count == 3, "the day armed, the switch thrown twice"


@pytest.mark.fault(14)
def test_what_missed_its_window_expires(ledger, plan):
    plan(not_after=MOMENT.office_at + LEASE)
    claims.tidy(ledger, LATER)
    assert state(ledger) == "expired"


@pytest.mark.fault(22)
@pytest.mark.parametrize(("day_cap", "unit_cap"), [(2, 9), (9, 2)])
def test_more_mails_than_the_cap_are_all_held_before_the_first_leaves(ledger, tmp_path, day_cap, unit_cap):
    post.plan(ledger, tmp_path, "abc")
    reasons = hold_excess(ledger, campaign="c", business_date=post.DAY, day_cap=day_cap, unit_cap=unit_cap)
    assert len(reasons) == 1
    assert set(post.states(ledger).values()) == {"held"}
    assert take(ledger) == []
