"""Sending, against a real SMTP server on this machine that misbehaves as told."""

from datetime import UTC, datetime
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller

from dondoc.errors import UnreachableError
from dondoc.mail.transport import Outcome, Security, SmtpAccount, connect, send_message

CONTENT = b"From: a@example.vn\r\nTo: b@example.vn\r\nSubject: x\r\n\r\n.body\r\n"
SENT_AT = datetime(2023, 11, 14, 7, 30, tzinfo=UTC)


class Server:
    """Answers as it was told, and keeps what it accepted."""

    def __init__(self, recipient="250 OK", data="250 OK"):
        self.recipient, self.data, self.accepted = recipient, data, []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if self.recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802
        if self.data.startswith("2") or self.data == "drop":
            self.accepted.append(envelope.content)
        if self.data == "drop":
            server.transport.abort()
        return self.data


@pytest.fixture
def offer(free_port):
    return lambda server: offer_to(server, free_port)


def offer_to(server, port):
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with connect(SmtpAccount("127.0.0.1", port, Security.NONE)) as session:
            return send_message(session, CONTENT, sender="a@example.vn", recipient="b@example.vn", sent_at=SENT_AT)
    finally:
        controller.stop()


@pytest.mark.parametrize(
    ("server", "outcome", "accepted"),
    [
        pytest.param(Server(), Outcome.SENT, 1, id="accepted"),
        pytest.param(Server(recipient="451 later"), Outcome.DEFERRED, 0, id="greylisted"),
        pytest.param(Server(recipient="550 unknown"), Outcome.FAILED, 0, id="no such recipient"),
        pytest.param(Server(data="452 full"), Outcome.DEFERRED, 0, id="refused for now after the data"),
        pytest.param(Server(data="554 spam"), Outcome.FAILED, 0, id="refused for good after the data"),
        pytest.param(Server(data="drop"), Outcome.UNKNOWN, 1, id="gone after taking the mail"),
    ],
)
def test_what_is_known_of_a_mail_after_each_answer(offer, server, outcome, accepted):
    assert offer(server)[0] is outcome
    assert len(server.accepted) == accepted


def test_the_mail_arrives_whole_and_carries_the_day_it_was_sent(offer):
    server = Server()
    offer(server)
    message = message_from_bytes(server.accepted[0])
    assert message["Date"] == "Tue, 14 Nov 2023 07:30:00 +0000"
    assert message.get_payload().strip() == ".body"


def test_no_server_is_a_clear_error_without_the_password():
    account = SmtpAccount("127.0.0.1", 1, Security.NONE, "user", "secret")
    with pytest.raises(UnreachableError, match="dondoc_smtp") as caught, connect(account):
        pass
    assert "secret" not in str(caught.value) + repr(account)


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
