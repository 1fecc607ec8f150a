"""A sender's leases: kept while it lives, free seconds after it died; and what is said while a server is silent."""

import logging
import os
import signal
import time
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError
from tests.mail import post
from tests.mail.sink import Behaviour, Sink

from dondoc.ledger import claims
from dondoc.ledger.store import open_ledger
from dondoc.mail import sending as module
from dondoc.mail.sending import Pace

TICK = timedelta(seconds=0.05)
SHORT = timedelta(seconds=0.8)


def child(ledger_url, folder, port, *, dies_at):
    """Be one sender in a process of its own, killed at the third passing of a point."""
    pid = os.fork()
    if pid:
        return pid
    left = [3]

    def observe(event):
        left[0] -= event == dies_at
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        post.sender(open_ledger(ledger_url), folder, observe=observe).carry(post.job("child"), post.account(port))
    finally:
        os._exit(0)


@pytest.mark.fault(81)
@pytest.mark.parametrize(("dies_at", "left"), [("intent", 8), ("answered", 8)])
def test_ten_seconds_after_a_sender_died_the_next_one_sends_all_it_had_not_offered(ledger_url, tmp_path, dies_at, left):
    ledger, keys = open_ledger(ledger_url), [f"k{n}" for n in range(11)]
    post.plan_many(ledger, tmp_path, keys)
    with Sink() as server:
        died = os.waitpid(child(ledger_url, tmp_path, server.port, dies_at=dies_at), 0)[1]
        assert os.WIFSIGNALED(died)
        in_ten_seconds = post.sender(ledger, tmp_path, moment=lambda: post.moment(10))
        assert in_ten_seconds.carry(post.job("next"), post.account(server.port)) == {"sent": left}
        a_minute_later = post.moment(60)
        claims.tidy(ledger, a_minute_later)
        assert sorted(post.states(ledger).values()) == ["sent"] * 10 + ["unknown"]
        assert len(server.accepted) == len(set(server.accepted))
    ledger.dispose()


def test_a_sender_at_work_keeps_its_mails_past_any_lease(ledger_url, tmp_path):
    ledger = open_ledger(ledger_url)
    post.plan_many(ledger, tmp_path, ["a", "b"])
    with Sink(Behaviour(final_delay_seconds=1)) as server:

        def observe(event):
            if event == "answered":
                claims.tidy(ledger, post.moment())
                assert claims.claim(ledger, post.job("thief"), post.moment(), limit=9, lease=TICK) == []

        pace = Pace(heartbeat=TICK, claim_lease=SHORT, offer_lease=SHORT)
        sender = post.sender(ledger, tmp_path, pace=pace, observe=observe)
        assert sender.carry(post.job(), post.account(server.port)) == {"sent": 2}
    ledger.dispose()


@pytest.mark.fault(11)
@pytest.mark.parametrize("point", ["mail", "data", "body", "dot"])
def test_a_sender_whose_heart_stood_still_stops_before_the_dot(ledger, tmp_path, monkeypatch, point):
    post.plan_many(ledger, tmp_path, ["a"])
    monkeypatch.setattr(module.Heartbeat, "_beat", lambda _self: None)
    with Sink() as server:
        pace = Pace(offer_lease=4 * TICK)
        stopped = (5 * TICK).total_seconds()
        slow = post.sender(ledger, tmp_path, pace=pace, observe=lambda event: time.sleep(stopped * (event == point)))
        assert slow.carry(post.job(), post.account(server.port)) == {"deferred": 1}
        assert server.accepted == []


def test_what_the_server_said_is_kept_until_the_ledger_takes_it(ledger, tmp_path, monkeypatch):
    post.plan_many(ledger, tmp_path, ["a"])
    waited, settle = [], claims.settle

    def away(*args):
        if len(waited) < 60:
            raise OperationalError("", {}, Exception())
        return settle(*args)

    monkeypatch.setattr(claims, "settle", away)
    with Sink() as server:
        sender = post.sender(ledger, tmp_path, pause=waited.append)
        assert sender.carry(post.job(), post.account(server.port)) == {"sent": 1}
    assert post.states(ledger) == {"a": "sent"}


def test_a_ledger_that_stays_away_ends_the_round_though_the_clock_stands_still(ledger, tmp_path, monkeypatch):
    post.plan_many(ledger, tmp_path, ["a"])
    waited, moment = [], post.moment()

    def away(*_):
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(claims, "settle", away)
    with Sink() as server:
        sender = post.sender(ledger, tmp_path, pause=waited.append, moment=lambda: moment)
        with pytest.raises(OperationalError):
            sender.carry(post.job(), post.account(server.port))
    assert sum(waited) == Pace().longest_absence.total_seconds()


def test_a_ledger_that_is_away_before_the_dot_puts_no_mail_in_doubt(ledger, tmp_path, monkeypatch):
    post.plan_many(ledger, tmp_path, ["a"])

    def away(*_):
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(claims, "still_held", away)
    with Sink() as server:
        assert post.sender(ledger, tmp_path).carry(post.job(), post.account(server.port)) == {"deferred": 1}
        assert server.accepted == []


@pytest.mark.fault(8)
def test_within_a_minute_the_log_names_a_silent_server_and_what_is_tried_next(ledger, tmp_path, caplog):
    post.plan_many(ledger, tmp_path, ["a"])
    pace = Pace(heartbeat=TICK, longest_silence=2 * TICK)
    with Sink(Behaviour(final_delay_seconds=0.5)) as server, caplog.at_level(logging.WARNING):
        post.sender(ledger, tmp_path, pace=pace).carry(post.job(), post.account(server.port))
    said = [record.getMessage() for record in caplog.records]
    named = f"Máy chủ thư 127.0.0.1:{server.port} chưa trả lời"
    assert any(line.startswith(named) and "(nhận thư). Tiếp theo: chờ tới 10 phút" in line for line in said)
    assert Pace().longest_silence + Pace().heartbeat < timedelta(minutes=1)
