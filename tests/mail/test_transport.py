"""One mail to a server on this machine that misbehaves as told: what is known of it afterwards."""

from datetime import UTC, datetime
from email import message_from_bytes

import pytest
from tests.mail import post
from tests.mail.sink import Behaviour, Sink

from dondoc.errors import MailError, UnreachableError
from dondoc.mail.account import Security, SmtpAccount
from dondoc.mail.session import SmtpConnection, open_session
from dondoc.mail.transport import OutgoingMessage, WithdrawnError, dated, offer

SENT_AT = datetime(2023, 11, 14, 7, 30, tzinfo=UTC)
CONTENT = dated(post.content_of("k"), SENT_AT)


def offer_to(behaviour, content=CONTENT, recipient="b@example.vn", watch=lambda _stage: None, wait=2.0):
    with Sink(behaviour) as server:
        session = open_session(post.account(server.port))
        result = offer(
            session, OutgoingMessage(content, "a@example.vn", recipient), watch=watch, final_reply_seconds=wait
        )
        session.close()
        return result, server


LARGE = b"Subject: x\r\n\r\n" + (b"x" * 76 + b"\r\n") * 100_000
BEHAVIOURS = [
    pytest.param(Behaviour(), CONTENT, ("sent", "reply", 250), 1, id="accepted"),
    pytest.param(Behaviour(mail="450 busy"), CONTENT, ("deferred", "mail", 450), 0, id="busy"),
    pytest.param(Behaviour(greylist=1), CONTENT, ("deferred", "rcpt", 451), 0, id="greylisted"),
    pytest.param(Behaviour(rcpt="550 unknown"), CONTENT, ("failed", "rcpt", 550), 0, id="no such recipient"),
    pytest.param(Behaviour(leave_after=0, mail="421 bye"), CONTENT, ("deferred", "mail", 421), 0, id="leaving"),
    pytest.param(Behaviour(size=100), CONTENT, ("failed", "size", 552), 0, id="too large by its own word"),
    pytest.param(Behaviour(drop_before_dot=True), LARGE, ("deferred", "body", None), 0, id="gone before the dot"),
    pytest.param(Behaviour(after_data="452 full"), CONTENT, ("deferred", "reply", 452), 0, id="full at the end"),
    pytest.param(Behaviour(after_data="552 large"), CONTENT, ("failed", "reply", 552), 0, id="refused at the end"),
    pytest.param(Behaviour(drop_after_accept=True), CONTENT, ("unknown", "reply", None), 1, id="gone after taking it"),
    pytest.param(Behaviour(final_delay_seconds=0.5), CONTENT, ("sent", "reply", 250), 1, id="slow to answer"),
    pytest.param(Behaviour(final_delay_seconds=4), CONTENT, ("unknown", "reply", None), 1, id="slower than we wait"),
]


@pytest.mark.fault(3, 4)
@pytest.mark.parametrize(("behaviour", "content", "expected", "taken"), BEHAVIOURS)
def test_what_is_known_of_a_mail_after_each_answer(behaviour, content, expected, taken):
    result, server = offer_to(behaviour, content)
    assert (result.state, result.stage, result.code) == expected
    assert len(server.accepted) == taken


def test_the_mail_arrives_whole_and_carries_the_day_it_was_sent():
    result, server = offer_to(Behaviour())
    message = message_from_bytes(server.bodies[0])
    assert message["Date"] == "Tue, 14 Nov 2023 07:30:00 +0000"
    assert message.get_payload().strip() == ".body"
    assert result.queue_id == "Q000000000"


@pytest.mark.fault(11)
@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "body", "dot"])
def test_a_sender_that_loses_its_right_before_the_dot_sends_nothing(stage):
    def watch(reached):
        if reached == stage:
            raise WithdrawnError

    result, server = offer_to(Behaviour(), watch=watch)
    assert (result.state, result.stage) == ("deferred", stage)
    assert server.accepted == []


@pytest.mark.fault(20)
@pytest.mark.parametrize(
    ("content", "recipient", "extensions", "state"),
    [
        (CONTENT + "đ".encode(), "b@example.vn", ("8BITMIME",), "sent"),
        (CONTENT + "đ".encode(), "b@example.vn", (), "failed"),
        (CONTENT, "đ@example.vn", ("SMTPUTF8", "8BITMIME"), "sent"),
        (CONTENT, "đ@example.vn", ("8BITMIME",), "failed"),
        (CONTENT, "b@cơ-quan.vn", (), "sent"),
    ],
)
def test_what_a_server_cannot_carry_is_refused_before_it_is_offered(content, recipient, extensions, state):
    result, server = offer_to(Behaviour(extensions=extensions), content, recipient)
    assert result.state == state
    assert len(server.accepted) == (state == "sent")


@pytest.mark.fault(9)
def test_a_certificate_that_does_not_verify_stops_us_and_nothing_goes_in_the_clear(certificate):
    with Sink(Behaviour(starttls=certificate, auth="235 ok")) as server:
        account = post.account(server.port, security=Security.STARTTLS, login="u", password="secret")
        with pytest.raises(MailError, match="SSLCertVerificationError"):
            open_session(account)
    assert server.auths == []


@pytest.mark.fault(9)
def test_a_server_without_tls_is_not_spoken_to_without_it():
    with Sink(Behaviour(auth="235 ok")) as server, pytest.raises(MailError, match="SMTPNotSupportedError"):
        open_session(post.account(server.port, security=Security.STARTTLS, login="u", password="p"))
    assert server.auths == []


def test_an_office_with_its_own_authority_names_it(certificate):
    with Sink(Behaviour(starttls=certificate)) as server:
        account = post.account(server.port, host="localhost", security=Security.STARTTLS, ca_file=certificate[0])
        open_session(account).quit()


@pytest.mark.parametrize(
    ("answer", "error"), [("535 5.7.8 no", MailError), ("454 4.7.0 later", UnreachableError)], ids=["refused", "busy"]
)
def test_a_refused_account_is_final_and_a_busy_one_is_not(answer, error):
    with Sink(Behaviour(auth=answer)) as server, pytest.raises(error, match="dondoc_smtp") as caught:
        open_session(post.account(server.port, login="u", password="secret"))
    assert "secret" not in str(caught.value) + repr(post.account(1, login="u", password="secret"))


def test_a_line_is_opened_again_so_many_times_and_no_more():
    with Sink() as server:
        waited = []
        line = SmtpConnection(post.account(server.port), post.pulse(), pause=waited.append)
        for _ in range(6):
            line.session().close()
        with pytest.raises(UnreachableError, match="ngắt liên tục"):
            line.session()
    assert len(waited) == 5
    assert waited[-1] > waited[0]


@pytest.mark.parametrize(
    ("extra", "security", "port"),
    [
        ({}, Security.TLS, 465),
        ({"disable_ssl": True}, Security.STARTTLS, 587),
        ({"disable_ssl": True, "disable_tls": True}, Security.NONE, 25),
    ],
)
def test_an_airflow_connection_is_read_as_airflow_reads_it(extra, security, port):
    account = SmtpAccount.of_connection("mail", None, None, None, extra)
    assert (account.security, account.port) == (security, port)


@pytest.mark.parametrize("extra", [{"ssl_context": "none"}, {"auth_type": "oauth2"}])
def test_a_connection_that_is_unsafe_or_lacks_its_credentials_is_refused(extra):
    with pytest.raises(MailError, match="dondoc_smtp"):
        SmtpAccount.of_connection("mail", None, None, None, extra)
