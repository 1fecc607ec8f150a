"""A line to the mail server: opened when needed, opened again when it drops, so many times and no more."""

import logging
import random
import smtplib
import ssl
import time
from collections.abc import Callable

from dondoc.errors import DondocError, MailError, UnreachableError
from dondoc.mail.account import Security, SmtpAccount
from dondoc.mail.heartbeat import Heartbeat
from dondoc.mail.oauth import TokenSource, xoauth2

log = logging.getLogger(__name__)

CONNECT_SECONDS = 30
MAX_REOPENINGS = 5
FIRST_WAIT_SECONDS = 1.0
JITTER = random.SystemRandom()
# A second try would meet the same certificate, the same missing extension, the same refusal.
FINAL = (ssl.SSLCertVerificationError, smtplib.SMTPNotSupportedError, FileNotFoundError)


class SmtpConnection:
    """One sender's line to one server; `heartbeat` is told whenever the server is asked."""

    def __init__(
        self, account: SmtpAccount, heartbeat: Heartbeat, *, pause: Callable[[float], None] = time.sleep
    ) -> None:
        """Prepare a line to `account`'s server; nothing is opened yet."""
        self.heartbeat = heartbeat
        self._account = account
        self._pause = pause
        self._tokens = TokenSource(account.grant) if account.grant else None
        self._session: smtplib.SMTP | None = None
        self._drops = 0

    def session(self) -> smtplib.SMTP:
        """Return the open session, opened (again) when there is none.

        Raises:
            MailError: its certificate does not verify, or it refuses the account; trying again would not help.
            UnreachableError: it does not answer, or dropped us too many times without taking a mail.
        """
        if self._session is not None and self._session.sock is None:
            self._session = None
            self._drops += 1
            if self._drops > MAX_REOPENINGS:
                raise _fault(self._account, UnreachableError, "máy chủ ngắt liên tục")
            wait = FIRST_WAIT_SECONDS * 2 ** (self._drops - 1) * JITTER.uniform(0.5, 1.5)
            told = "Máy chủ thư %s:%s ngắt phiên. Tiếp theo: mở lại sau %.0f giây (lần %d trên %d)."
            log.warning(told, self._account.host, self._account.port, wait, self._drops, MAX_REOPENINGS)
            self._pause(wait)
        if self._session is None:
            self.heartbeat.asks("mở phiên", then="các thư chờ được hẹn gửi lại sau ít phút")
            try:
                self._session = open_session(self._account, self._tokens)
            finally:
                self.heartbeat.hears()
        return self._session

    def served(self) -> None:
        """Note that the server took a mail: only drops that serve nobody count against it."""
        self._drops = 0

    def close(self) -> None:
        """Say goodbye, or just hang up."""
        if self._session is None or self._session.sock is None:
            return
        try:
            self._session.quit()
        except (OSError, smtplib.SMTPException):
            self._session.close()


def open_session(account: SmtpAccount, tokens: TokenSource | None = None) -> smtplib.SMTP:
    """Return a session with the mail server, protected and logged in as the account says; never less than it says.

    Raises:
        MailError: its certificate does not verify, it cannot protect the session, or it refuses the account.
        UnreachableError: it does not answer now.
    """
    session: smtplib.SMTP | None = None
    try:
        context = ssl.create_default_context(cafile=account.ca_file)
        if account.security is Security.TLS:
            session = smtplib.SMTP_SSL(account.host, account.port, timeout=CONNECT_SECONDS, context=context)
        else:
            session = smtplib.SMTP(account.host, account.port, timeout=CONNECT_SECONDS)
        if account.security is Security.STARTTLS:
            session.starttls(context=context)
        session.ehlo_or_helo_if_needed()
        _log_in(session, account, tokens)
    except (OSError, smtplib.SMTPException, DondocError) as error:
        if session is not None:
            session.close()
        if isinstance(error, DondocError):
            raise
        family = MailError if is_final(error) else UnreachableError
        raise _fault(account, family, type(error).__name__) from error
    return session


def is_final(error: Exception) -> bool:
    """Return whether trying the account again would meet the same refusal."""
    refused = isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500
    return refused or isinstance(error, FINAL)


def _log_in(session: smtplib.SMTP, account: SmtpAccount, tokens: TokenSource | None) -> None:
    if tokens is not None:
        answer = xoauth2(account.login or "", tokens.token())
        # A refused token is answered by a challenge that wants an empty line before the final word.
        session.auth("XOAUTH2", lambda challenge=None: "" if challenge else answer)
    elif account.login:
        session.login(account.login, account.password or "")


def _fault(account: SmtpAccount, family: type[DondocError], what: str) -> DondocError:
    return family(
        f"Không mở được phiên gửi thư ({what}).",
        where=f"máy chủ thư {account.host}:{account.port}",
        remedy="kiểm tra kết nối dondoc_smtp trong Airflow: máy chủ, cổng, mã hoá, tài khoản.",
    )
