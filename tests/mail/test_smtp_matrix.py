"""Eleven ways a mail server behaves, for one, five and fifty recipients: where every row ends."""

from collections import Counter

import pytest
from tests.mail import post
from tests.mail.sink import Behaviour, Sink

from dondoc.errors import MailError, UnreachableError
from dondoc.files import sha256_of
from dondoc.ledger.store import open_ledger
from dondoc.mail.account import Security
from dondoc.mail.sending import Pace

HOUR = 3600.0
# A server that drops us without taking anything is opened again five times: six mails meet it, the rest wait.
PATIENCE = 6
LARGE = b"Subject: x\r\n\r\n" + (b"x" * 76 + b"\r\n") * 100_000


@pytest.fixture
def ledger(tmp_path, new_ledger):
    engine = open_ledger(new_ledger(tmp_path / "ledger.sqlite"))
    yield engine
    engine.dispose()


@pytest.fixture(params=[1, 5, 50])
def keys(request):
    return [f"k{i}" for i in range(request.param)]


@pytest.fixture
def deliver(ledger, tmp_path, keys):
    """Return a function that offers the mails to a server again and again, an hour apart; and the states at the end."""

    def run(server, passes=1, error=None, **account):
        raised = set()
        for n in range(passes):
            sender = post.sender(ledger, tmp_path, moment=lambda n=n: post.moment(n * HOUR))
            try:
                sender.carry(post.job(), post.account(server.port, **account))
            except (MailError, UnreachableError) as caught:
                raised.add(type(caught))
        assert raised <= {error}
        return Counter(post.states(ledger).values())

    return run


def assert_once_each(server, count):
    assert len(server.accepted) == len(set(server.accepted)) == count


def test_a_server_that_takes_all(ledger, tmp_path, keys, deliver):
    post.plan(ledger, tmp_path, keys)
    with Sink() as server:
        assert deliver(server, passes=3) == {"sent": len(keys)}
    assert_once_each(server, len(keys))
    assert server.sessions == 1


@pytest.mark.fault(6)
def test_greylisting_is_waited_out(ledger, tmp_path, keys, deliver):
    post.plan(ledger, tmp_path, keys)
    with Sink(Behaviour(greylist=2)) as server:
        assert deliver(server) == {"deferred": len(keys)}
        assert deliver(server) == {"deferred": len(keys)}, "not before its back-off"
        assert deliver(server, passes=4) == {"sent": len(keys)}
    assert_once_each(server, len(keys))


@pytest.mark.fault(6, 14)
def test_greylisting_past_the_window_expires_and_is_told(ledger, tmp_path, keys, deliver):
    post.plan(ledger, tmp_path, keys, not_after=post.now(HOUR / 2))
    with Sink(Behaviour(greylist=99)) as server:
        assert deliver(server, passes=2) == {"expired": len(keys)}
    assert_once_each(server, 0)


@pytest.mark.fault(7)
def test_one_refused_recipient_stops_no_other(ledger, tmp_path, keys, deliver):
    post.plan(ledger, tmp_path, keys)
    with Sink(Behaviour(refuse=("k0@co-quan.example.vn",))) as server:
        assert deliver(server, passes=2) == Counter({"failed": 1, "sent": len(keys) - 1}) - Counter()
    assert post.states(ledger)["k0"] == "failed"


def test_a_server_that_leaves_after_two_mails_is_opened_again(ledger, tmp_path, keys, deliver):
    post.plan(ledger, tmp_path, keys)
    with Sink(Behaviour(leave_after=2)) as server:
        assert deliver(server, passes=6) == {"sent": len(keys)}
    assert_once_each(server, len(keys))


def test_a_server_that_always_leaves_is_left_alone_after_a_while(ledger, tmp_path, keys, deliver):
    post.plan(ledger, tmp_path, keys)
    met = min(len(keys), PATIENCE)
    with Sink(Behaviour(mail="421 4.3.2 shutting down")) as server:
        states = deliver(server, error=UnreachableError)
    assert states == Counter({"deferred": met, "planned": len(keys) - met}) - Counter()
    assert server.sessions <= PATIENCE


@pytest.mark.fault(8)
def test_no_server_leaves_all_planned(ledger, tmp_path, keys, deliver):
    post.plan(ledger, tmp_path, keys)
    server = Sink()
    server.close()
    assert deliver(server, error=UnreachableError) == {"planned": len(keys)}


@pytest.mark.fault(4)
def test_a_drop_before_the_dot_can_be_tried_again(ledger, tmp_path, keys, deliver):
    (tmp_path / "large.eml").write_bytes(LARGE)
    post.plan(ledger, tmp_path, keys, path="large.eml", payload_sha256=sha256_of(LARGE))
    met = min(len(keys), PATIENCE)
    with Sink(Behaviour(drop_before_dot=True)) as server:
        states = deliver(server, error=UnreachableError)
    assert states == Counter({"deferred": met, "planned": len(keys) - met}) - Counter()
    assert_once_each(server, 0)


@pytest.mark.fault(3)
def test_a_drop_after_the_dot_is_never_tried_again(ledger, tmp_path, keys, deliver):
    post.plan(ledger, tmp_path, keys)
    met = min(len(keys), PATIENCE)
    with Sink(Behaviour(drop_after_accept=True)) as server:
        states = deliver(server, error=UnreachableError)
        assert states == Counter({"unknown": met, "planned": len(keys) - met}) - Counter()
        deliver(server, passes=12, error=UnreachableError)
    assert set(post.states(ledger).values()) == {"unknown"}
    assert_once_each(server, len(keys))


@pytest.mark.fault(5)
def test_a_slow_final_reply_is_waited_for(ledger, tmp_path, keys, deliver):
    post.plan(ledger, tmp_path, keys)
    with Sink(Behaviour(final_delay_seconds=0.02)) as server:
        assert deliver(server) == {"sent": len(keys)}
    assert_once_each(server, len(keys))
    assert Pace().final_reply_seconds == 600


@pytest.mark.fault(9)
@pytest.mark.parametrize("answer", ["535 5.7.8 no", "534 5.7.9 no"])
def test_a_refused_account_stops_at_once_and_keeps_all_planned(ledger, tmp_path, keys, deliver, answer):
    post.plan(ledger, tmp_path, keys)
    with Sink(Behaviour(auth=answer)) as server:
        assert deliver(server, error=MailError, login="u", password="p") == {"planned": len(keys)}
    assert server.sessions == 1


def test_a_server_that_wants_a_login_stops_us_at_its_first_word(ledger, tmp_path, keys, deliver):
    post.plan(ledger, tmp_path, keys)
    with Sink(Behaviour(mail="530 5.7.0 authentication required")) as server:
        assert deliver(server, error=MailError) == {"planned": len(keys)}


@pytest.mark.fault(9)
def test_a_bad_certificate_stops_at_once_and_keeps_all_planned(ledger, tmp_path, keys, deliver, certificate):
    post.plan(ledger, tmp_path, keys)
    with Sink(Behaviour(starttls=certificate)) as server:
        assert deliver(server, error=MailError, security=Security.STARTTLS) == {"planned": len(keys)}
    assert server.sessions == 1


@pytest.mark.fault(20)
@pytest.mark.parametrize("behaviour", [Behaviour(size=100), Behaviour(after_data="552 5.3.4 too large")])
def test_a_mail_too_large_fails_and_says_what_to_do(ledger, tmp_path, keys, deliver, behaviour):
    post.plan(ledger, tmp_path, keys)
    with Sink(behaviour) as server:
        assert deliver(server, passes=2) == {"failed": len(keys)}
    assert_once_each(server, 0)
    reason = post.rows(ledger)["k0"].reason
    assert ("tách tệp" in reason) == bool(behaviour.size)
