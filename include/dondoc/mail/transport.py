"""One mail to one recipient over SMTP, with an exact account of how far it got."""

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum
from typing import Any

from dondoc.errors import MailError, UnreachableError

CONNECT_SECONDS = 30
# RFC 5321 4.5.3.2.6: a server may take ten minutes to accept a message; giving up sooner makes duplicates.
FINAL_REPLY_SECONDS = 600


class Security(StrEnum):
    """How the connection is protected; a certificate that does not verify is always an error."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


DEFAULT_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


@dataclass(frozen=True)
class SmtpAccount:
    """The office's mail account. The password comes from an Airflow connection and is never printed."""

    host: str
    port: int
    security: Security
    login: str | None = None
    password: str | None = None

    @classmethod
    def of_connection(
        cls, host: str | None, port: int | None, login: str | None, password: str | None, extra: Mapping[str, Any]
    ) -> "SmtpAccount":
        """Return the account of an Airflow connection of type SMTP, read as Airflow's own mail does.

        Raises:
            MailError: the connection names no server.
        """
        if not host:
            raise MailError(
                "Kết nối gửi thư chưa có máy chủ.", where="dondoc_smtp, mục Host", remedy="điền máy chủ thư."
            )
        if not extra.get("disable_ssl"):
            security = Security.TLS
        else:
            security = Security.NONE if extra.get("disable_tls") else Security.STARTTLS
        return cls(host, port or DEFAULT_PORTS[security], security, login or None, password or None)

    def __repr__(self) -> str:
        """Return the account without its password."""
        return f"SmtpAccount({self.host}:{self.port}, {self.security})"


class Outcome(StrEnum):
    """What is known of a mail after an attempt."""

    SENT = "sent"
    DEFERRED = "planned"  # refused for now, or never offered: may be tried again
    FAILED = "failed"  # refused for good
    UNKNOWN = "unknown"  # offered whole, and no answer: never sent again by a machine


@contextmanager
def connect(account: SmtpAccount) -> Iterator[smtplib.SMTP]:
    """Open and close a session with the mail server.

    Raises:
        MailError: its certificate does not verify, or it refuses the account; trying again would not help.
        UnreachableError: it does not answer.
    """
    context = ssl.create_default_context()
    try:
        if account.security is Security.TLS:
            session: smtplib.SMTP = smtplib.SMTP_SSL(
                account.host, account.port, timeout=CONNECT_SECONDS, context=context
            )
        else:
            session = smtplib.SMTP(account.host, account.port, timeout=CONNECT_SECONDS)
        if account.security is Security.STARTTLS:
            session.starttls(context=context)
        if account.login:
            session.login(account.login, account.password or "")
        session.ehlo_or_helo_if_needed()
    except (OSError, smtplib.SMTPException) as error:
        final = isinstance(error, (ssl.SSLCertVerificationError, smtplib.SMTPAuthenticationError))
        raise (MailError if final else UnreachableError)(
            f"Không mở được phiên gửi thư ({type(error).__name__}).",
            where=f"máy chủ thư {account.host}:{account.port}",
            remedy="kiểm tra kết nối dondoc_smtp trong Airflow: máy chủ, cổng, mã hoá, tài khoản.",
        ) from error
    try:
        yield session
    finally:
        try:
            session.quit()
        except smtplib.SMTPException:
            session.close()


def send_message(
    session: smtplib.SMTP, content: bytes, *, sender: str, recipient: str, sent_at: datetime
) -> tuple[Outcome, str]:
    """Offer one message to the server; return what is known of it and the server's word.

    Whatever goes wrong before the message's last byte is offered can be tried again. After that no answer means that
    the server may have it.
    """
    dated = b"Date: " + format_datetime(sent_at).encode() + b"\r\n" + content
    try:
        session.rset()
        for code, answer in (
            session.mail(sender, [f"size={len(dated)}"] if session.has_extn("size") else []),
            session.rcpt(recipient),
        ):
            if code >= 400:
                return _refusal(code), _words(code, answer)
    except smtplib.SMTPServerDisconnected as error:
        return Outcome.DEFERRED, f"máy chủ ngắt trước khi nhận thư: {error}"
    try:
        if session.sock is not None:
            session.sock.settimeout(FINAL_REPLY_SECONDS)
        code, answer = session.data(dated)
    except smtplib.SMTPDataError as error:
        return _refusal(error.smtp_code), _words(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        session.close()
        return Outcome.UNKNOWN, f"không nhận được trả lời sau khi gửi: {type(error).__name__}"
    if code >= 400:
        return _refusal(code), _words(code, answer)
    return Outcome.SENT, _words(code, answer)


def _refusal(code: int) -> Outcome:
    return Outcome.FAILED if code >= 500 else Outcome.DEFERRED


def _words(code: int, answer: bytes | str) -> str:
    return f"{code} {answer.decode('utf-8', 'replace') if isinstance(answer, bytes) else answer}"[:500]
