"""Mails that a server put off: offered again outside the day's run, never twice, and told when they never leave."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from tests.mail import post
from tests.mail.sink import Behaviour, Sink
from tests.people import LE_VAN_A

from dondoc.commands.days import days_board
from dondoc.daily import dispatch, mail_administration, publication, put_off, steps
from dondoc.errors import InOtherHandsError, MailError
from dondoc.installation import Installation
from dondoc.ledger import claims, outbox, runs, waiting
from dondoc.ledger.control import set_switch
from dondoc.ledger.outbox import Entry
from dondoc.ledger.tables import outbox as table
from dondoc.watch.alarm import facts_of
from dondoc.watch.rules import find_problems

CODE = "hai-phong-2023"


@pytest.fixture
def day(place, monkeypatch):
    """Return the sample day at nine o'clock, opened and armed, one mail a name planned as the run did."""
    at = datetime(2023, 11, 14, 9, tzinfo=place.day.campaign.zone)
    monkeypatch.setattr(Installation, "now", lambda _self, _zone: at)
    place.out.mkdir(exist_ok=True)
    opened = {"campaign": CODE, "business_date": place.day.business_date, "kind": "daily", "mode": "armed"}
    runs.open_run(place.ledger, hold_reason=None, armed_by=LE_VAN_A, **opened)

    def plan(*names, kind="reminder", closes=None):
        window = {"not_before": at.astimezone(UTC), "not_after": closes or (at + timedelta(hours=8)).astimezone(UTC)}
        values = window | {"campaign": CODE, "business_date": place.day.business_date, "kind": kind}
        for name in names:
            recipient = f"{name}@{next(iter(place.day.campaign.mail.allowed_domains))}"
            mail = post.a_mail(place.out, name, recipient=recipient, unit=name, **values)
            outbox.plan_mails(place.ledger, [Entry(mail, None, "x")])
        return place

    return plan


def send(place, port):
    return dispatch.send_planned(place, "reminder", lambda: post.account(port))


def offer(port):
    return put_off.offer_again(CODE, lambda: post.account(port))


def time_passes(place):
    with place.ledger.begin() as connection:
        later = update(table).where(table.c.next_try_at.is_not(None))
        connection.execute(later.values(next_try_at=datetime(2020, 1, 1, tzinfo=UTC)))


@pytest.mark.fault(122)
def test_a_mail_put_off_leaves_in_a_later_round_and_once(day):
    place = day("a", "b")
    with Sink(Behaviour(greylist=1)) as server:
        assert send(place, server.port) == {"deferred": 2}
        assert offer(server.port).words == "đã gửi 0, còn chờ 2"
        assert "14/11/2023  đang chạy, 2 thư chờ gửi lại" in days_board(place.installation, CODE)
        time_passes(place)
        assert offer(server.port).words == "đã gửi 2, còn chờ 0"
        assert offer(server.port) is None
        assert len(server.accepted) == len(set(server.accepted)) == 2


@pytest.mark.fault(8)
def test_a_server_that_is_away_ends_the_step_and_its_mails_leave_whatever_became_of_the_run(day, free_port):
    place = day("a")
    assert send(place, free_port) == {"deferred": 1}
    assert "Không mở được phiên gửi thư" in post.rows(place.ledger)["a"].reason
    runs.fail_step(place.ledger, place.run.id, "khac", "hỏng ở bước khác")
    time_passes(place)
    with Sink() as server:
        assert offer(server.port).words == "đã gửi 1, còn chờ 0"


def test_what_a_run_still_has_to_send_is_left_to_it(day):
    place = day("a")
    with Sink() as server:
        assert offer(server.port) is None
        runs.close_run(place.ledger, place.run.id)
        assert offer(server.port).words == "đã gửi 1, còn chờ 0"


@pytest.mark.fault(81)
def test_what_evidence_or_a_person_sends_again_leaves_whatever_became_of_the_run(day):
    place = day("a")
    with place.ledger.begin() as connection:
        connection.execute(update(table).values(attempts=1))
    with Sink() as server:
        assert offer(server.port).words == "đã gửi 1, còn chờ 0"


@pytest.mark.fault(14)
def test_a_mail_that_never_left_is_told_once_its_window_is_over(day, free_port, monkeypatch):
    place = day("a")
    send(place, free_port)
    evening = datetime(2023, 11, 14, 18, tzinfo=place.day.campaign.zone)
    monkeypatch.setattr(Installation, "now", lambda _self, _zone: evening)
    with pytest.raises(MailError, match="1 thư hết giờ gửi mà chưa gửi được"):
        offer(free_port)
    assert post.states(place.ledger) == {"a": "expired"}
    monkeypatch.setattr(put_off, "LOOK_BACK", timedelta())
    assert offer(free_port) is None


def test_mails_that_nothing_offers_again_are_told_by_the_watchdog(day, free_port):
    place = day("a")
    send(place, free_port)
    campaign, calendar, at = place.day.campaign, place.day.calendar, place.installation.now(place.day.campaign.zone)
    assert facts_of(place.ledger, campaign, calendar, now=at).forgotten == 0
    time_passes(place)
    facts = facts_of(place.ledger, campaign, calendar, now=at)
    assert "forgotten" in [problem.name for problem in find_problems(campaign, calendar, facts, now=at)]


@pytest.mark.fault(82)
def test_the_summary_and_the_pages_of_a_closed_day_say_what_became_of_its_mails(day, monkeypatch):
    place, renewed = day("a"), []
    monkeypatch.setattr(put_off, "write_preview", renewed.append)
    place.folder.mkdir(parents=True)
    summary = place.folder / "summary.json"
    with Sink(Behaviour(greylist=1)) as server:
        send(place, server.port)
        summary.write_text(json.dumps({"findings": {}, "mails": {"sent": 0}}), encoding="utf-8")
        time_passes(place)
        offer(server.port)
    assert json.loads(summary.read_text(encoding="utf-8"))["mails"]["states"] == {"sent": 1}
    assert [one.day.business_date for one in renewed] == [place.day.business_date]


@pytest.mark.fault(122)
def test_the_final_report_is_offered_first(day):
    place = day("k", kind="final")
    day("a")
    runs.close_run(place.ledger, place.run.id)
    found = waiting.put_off_mails(place.ledger, campaign=CODE, today=place.day.business_date)
    assert [kind for _, kind in found] == ["final", "reminder"]


def test_a_sender_that_dies_leaves_a_mail_put_off_as_it_was(ledger, tmp_path):
    post.plan(ledger, tmp_path, ["a", "b"])
    [mail] = claims.claim(ledger, post.job(), post.moment(), limit=1, lease=timedelta(minutes=1))
    claims.begin(ledger, mail, post.moment(), lease=timedelta(minutes=1))
    refused = claims.SendResult(claims.DEFERRED, "rcpt", 451, "sau", next_try_at=post.now(-60))
    claims.settle(ledger, mail, refused, post.moment())
    claims.claim(ledger, post.job(), post.moment(), limit=9, lease=timedelta(minutes=1))
    claims.tidy(ledger, post.moment(120))
    assert post.states(ledger) == {"a": "deferred", "b": "planned"}


@pytest.mark.fault(81)
@pytest.mark.parametrize("reached", ["claimed", "sending"])
def test_a_send_step_is_not_done_while_another_sender_holds_a_mail_of_its(day, reached):
    place = day("a")
    moment, other = dispatch.ticking(place)(), claims.SendJob(CODE, place.day.business_date, "reminder", "other")
    [mail] = claims.claim(place.ledger, other, moment, limit=1, lease=timedelta(seconds=30))
    if reached == "sending":
        claims.begin(place.ledger, mail, moment, lease=timedelta(seconds=30))
    with Sink() as server:
        with pytest.raises(InOtherHandsError, match="1 thư đang do tiến trình gửi khác giữ"):
            steps.send_mail(place.ref, "reminder", lambda: post.account(server.port))
        time_passes_for_leases(place)
        steps.send_mail(place.ref, "reminder", lambda: post.account(server.port))
    assert post.states(place.ledger) == {"a": "sent" if reached == "claimed" else "unknown"}


def test_a_mail_that_may_not_leave_yet_keeps_no_step_from_being_done(day):
    place = day("a")
    set_switch(place.ledger, stopped=True, by=LE_VAN_A, why="thử")
    assert steps.send_mail(place.ref, "reminder", lambda: post.account(1)) == {}


def time_passes_for_leases(place):
    with place.ledger.begin() as connection:
        over = update(table).where(table.c.lease_expires_at.is_not(None))
        connection.execute(over.values(lease_expires_at=datetime(2020, 1, 1, tzinfo=UTC)))


@pytest.mark.fault(82)
@pytest.mark.parametrize("reached", ["planned", "claimed", "sending"])
def test_a_mail_left_by_a_day_that_is_over_is_named_by_the_list_the_summary_and_the_watchdog(day, reached, vietnam):
    place = day("a")
    moment, other = dispatch.ticking(place)(), claims.SendJob(CODE, place.day.business_date, "reminder", "dead")
    if reached != "planned":
        [mail] = claims.claim(place.ledger, other, moment, limit=1, lease=timedelta(seconds=8))
    if reached == "sending":
        claims.begin(place.ledger, mail, moment, lease=timedelta(seconds=8))
    assert mail_administration.show(place.installation) == "Không có thư nào cần xem."
    runs.close_run(place.ledger, place.run.id)
    assert "thư nhắc việc ngày 14/11/2023, a, tới a@" in mail_administration.show(place.installation)
    [noted] = [note for note in publication._attention(place) if note["unit"] == "a"]
    assert (noted["kind"], noted["state"]) == ("reminder", reached)
    at = datetime(2023, 11, 14, 9, 45, tzinfo=place.day.campaign.zone)
    with place.ledger.begin() as connection:
        connection.execute(update(table).values(changed_at=datetime(2020, 1, 1, tzinfo=UTC)))
    facts = facts_of(place.ledger, place.day.campaign, vietnam, now=at)
    assert "left" in [problem.name for problem in find_problems(place.day.campaign, vietnam, facts, now=at)]
