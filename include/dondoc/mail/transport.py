"""One mail to one recipient over SMTP, with an exact account of how far it got.

Whatever goes wrong before the final dot can be tried again: the server must throw away what it holds. After the dot, no
answer means that the server may have taken the mail, and only evidence or a person can say.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum

from dondoc.ledger.claims import DEFERRED, FAILED, SENT, UNKNOWN, SendResult

# RFC 5321 4.5.3.2.6: a server may take ten minutes to accept a message; giving up sooner makes duplicates.
FINAL_REPLY_SECONDS = 600.0
BLOCK = 1 << 16
QUEUED_AS = re.compile(r"queued as ([A-Za-z0-9]{4,40})")
# Answers about the account, not about this mail: every other mail would meet them too.
ACCOUNT_REFUSED = frozenset({530, 534, 535, 538})
SERVER_LEAVES = 421


class SmtpStage(StrEnum):
    """How far a conversation got; each is reached just before its bytes leave."""

    SIZE = "size"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    DOT = "dot"
    REPLY = "reply"


@dataclass(frozen=True)
class OutgoingMessage:
    """A message in wire form and its envelope."""

    content: bytes
    sender: str
    recipient: str


class WithdrawnError(Exception):
    """Raised by a watch to stop a conversation before the server can accept the mail."""


class AccountRefusedError(Exception):
    """The server will take no mail from this account."""


Watch = Callable[[SmtpStage], None]


def dated(content: bytes, instant: datetime) -> bytes:
    """Return `content` with the Date it is sent."""
    return b"Date: " + format_datetime(instant).encode() + b"\r\n" + content


def offer(
    session: smtplib.SMTP, message: OutgoingMessage, *, watch: Watch, final_reply_seconds: float = FINAL_REPLY_SECONDS
) -> SendResult:
    """Offer one message to the server; return what is known of it and the server's word.

    Args:
        session: open and logged in; closed afterwards unless it can serve the next mail.
        message: what goes to whom.
        watch: called before each stage; it may raise `WithdrawnError`.
        final_reply_seconds: how long the server may take to accept the mail.

    Raises:
        AccountRefusedError: the server refuses us, not the mail.
    """
    talk = _Conversation(session, watch, final_reply_seconds)
    try:
        code, answer = talk.deliver(message)
    except WithdrawnError:
        session.close()
        return SendResult(DEFERRED, talk.stage, None, "người gửi không còn giữ thư này")
    except (OSError, smtplib.SMTPException) as error:
        session.close()
        return _silence(talk.stage, error)
    if code in ACCOUNT_REFUSED and talk.stage is not SmtpStage.REPLY:
        session.close()
        raise AccountRefusedError(_words(code, answer))
    _ready_for_next(session, code, talk.stage)
    words = _words(code, answer)
    queued = QUEUED_AS.search(words)
    return SendResult(_state(code), talk.stage, code, words, queued[1] if queued else None)


class _Conversation:
    """One message offered over one session, and the stage it is in."""

    def __init__(self, session: smtplib.SMTP, watch: Watch, final_reply_seconds: float) -> None:
        self.stage = SmtpStage.SIZE
        self._session = session
        self._watch = watch
        self._patience = final_reply_seconds

    def deliver(self, message: OutgoingMessage) -> tuple[int, bytes]:
        """Return the first answer that refuses the mail, or the one that takes it."""
        body = _wire_form(message.content)
        if refusal := self._beyond_server(message, len(body)):
            return 552, refusal.encode()
        self._reach(SmtpStage.MAIL)
        code, answer = self._session.mail(_ascii_domain(message.sender), self._options(message, len(body)))
        if code >= 400:
            return code, answer
        self._reach(SmtpStage.RCPT)
        code, answer = self._session.rcpt(_ascii_domain(message.recipient))
        if code >= 400:
            return code, answer
        self._reach(SmtpStage.DATA)
        code, answer = self._session.docmd("DATA")
        if code != 354:
            return (code if code >= 400 else 451), answer
        return self._hand_over(body)

    def _hand_over(self, body: bytes) -> tuple[int, bytes]:
        self._reach(SmtpStage.BODY)
        line = self._session.sock
        if line is None:
            raise smtplib.SMTPServerDisconnected("closed")
        for start in range(0, len(body), BLOCK):
            line.sendall(body[start : start + BLOCK])
        if _spoke_early(line):
            raise smtplib.SMTPServerDisconnected("the server gave up before the end of the message")
        self._reach(SmtpStage.DOT)
        line.settimeout(self._patience)
        line.sendall(b".\r\n")
        self._reach(SmtpStage.REPLY)
        return self._session.getreply()

    def _beyond_server(self, message: OutgoingMessage, size: int) -> str | None:
        """Return why the server, by its own word, cannot take this mail; None when it can."""
        limit = self._session.esmtp_features.get("size", "")
        if limit.isdigit() and 0 < int(limit) < size:
            sizes = f"thư {size // 1000} kB vượt mức {int(limit) // 1000} kB của máy chủ"
            return f"{sizes}: tách tệp đính kèm hoặc gửi liên kết"
        if (
            not message.recipient.isascii()
            and not self._session.has_extn("smtputf8")
            and not _domain_only(message.recipient)
        ):
            return "máy chủ không nhận địa chỉ có dấu (SMTPUTF8): dùng địa chỉ không dấu"
        if not message.content.isascii() and not self._session.has_extn("8bitmime"):
            return "máy chủ không nhận thư 8 bit (8BITMIME): soạn lại thư"
        return None

    def _options(self, message: OutgoingMessage, size: int) -> list[str]:
        options = [f"SIZE={size}"] if self._session.has_extn("size") else []
        if not message.content.isascii():
            options.append("BODY=8BITMIME")
        if not _ascii_domain(message.recipient).isascii():
            options.append("SMTPUTF8")
            self._session.command_encoding = "utf-8"
        return options

    def _reach(self, stage: SmtpStage) -> None:
        self.stage = stage
        self._watch(stage)


def _wire_form(content: bytes) -> bytes:
    """Return the message with CRLF line ends and leading dots doubled (RFC 5321 4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    stuffed = re.sub(rb"(?m)^\.", b"..", lines)
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"


def _spoke_early(line: socket.socket) -> bool:
    """Return whether the server hung up, or gave up, before the message was whole: then it has not taken it."""
    waits = line.gettimeout()
    line.settimeout(0)
    try:
        line.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True
    finally:
        line.settimeout(waits)
    return True


def _silence(stage: SmtpStage, error: Exception) -> SendResult:
    if stage in {SmtpStage.DOT, SmtpStage.REPLY}:
        return SendResult(UNKNOWN, stage, None, f"đã gửi trọn thư nhưng không có trả lời ({type(error).__name__})")
    return SendResult(DEFERRED, stage, None, f"máy chủ ngắt trước khi nhận thư ({type(error).__name__})")


def _ready_for_next(session: smtplib.SMTP, code: int, stage: SmtpStage) -> None:
    """Leave the session able to take another mail, or closed."""
    session.command_encoding = "ascii"
    if session.sock is not None and session.timeout is not None:
        session.sock.settimeout(session.timeout)
    if code == SERVER_LEAVES:
        session.close()
    elif code >= 400 and stage in {SmtpStage.RCPT, SmtpStage.DATA}:
        try:
            session.rset()
        except (OSError, smtplib.SMTPException):
            session.close()


def _state(code: int) -> str:
    if code < 400:
        return SENT
    return FAILED if code >= 500 else DEFERRED


def _domain_only(address: str) -> bool:
    return address.rpartition("@")[0].isascii()


def _ascii_domain(address: str) -> str:
    name, at, domain = address.rpartition("@")
    return f"{name}{at}{domain if domain.isascii() else domain.encode('idna').decode()}"


def _words(code: int, answer: bytes) -> str:
    return f"{code} {answer.decode('utf-8', 'replace')}"[:500]
