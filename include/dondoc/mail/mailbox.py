"""Mailboxes we only read, over IMAP: the archive of what was sent, and where bounces come back."""

import imaplib
import ssl
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from dondoc.errors import MailError, UnreachableError

TIMEOUT_SECONDS = 60
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Mailbox:
    """A mailbox: `imaps://` is TLS from the start, `imap://` turns to TLS, and only this machine is read without."""

    host: str
    port: int
    login: str
    folder: str
    tls: bool
    password: str = field(repr=False)

    @classmethod
    def of_url(cls, url: str) -> "Mailbox":
        """Return the mailbox of `imaps://user:password@host:993/folder`.

        Raises:
            MailError: it is not such an address.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"imaps", "imap"} or not (parts.hostname and parts.username):
            raise MailError(
                "Địa chỉ hộp thư không hợp lệ.",
                where="biến DONDOC_ARCHIVE_MAILBOX hoặc DONDOC_BOUNCE_MAILBOX",
                remedy="viết dạng imaps://nguoi-dung:mat-khau@may-chu:993/INBOX.",
            )
        tls = parts.scheme == "imaps"
        port = parts.port or (993 if tls else 143)
        folder = unquote(parts.path.strip("/")) or "INBOX"
        return cls(parts.hostname, port, unquote(parts.username), folder, tls, unquote(parts.password or ""))


def find_messages(box: Mailbox, message_ids: Collection[str]) -> set[str]:
    """Return those of `message_ids` that the mailbox holds.

    Raises:
        MailError: it refuses us.
        UnreachableError: it does not answer.
    """
    with _opened(box) as session:
        return {identity for identity in message_ids if _search(session, "HEADER", "Message-ID", _quoted(identity))}


def fetch_since(box: Mailbox, since: date) -> list[bytes]:
    """Return the messages that arrived on or after `since`, unread ones left unread.

    Raises:
        MailError: it refuses us.
        UnreachableError: it does not answer.
    """
    day = f"{since.day}-{MONTHS[since.month - 1]}-{since.year}"
    with _opened(box) as session:
        found = []
        for number in _search(session, "SINCE", day):
            _, parts = session.fetch(number.decode(), "(BODY.PEEK[])")
            found += [part[1] for part in parts if isinstance(part, tuple)]
        return found


def _search(session: imaplib.IMAP4, *criteria: str) -> list[bytes]:
    word, found = session.search(None, *criteria)
    if word != "OK":
        raise imaplib.IMAP4.error("SEARCH")
    return found[0].split() if found and found[0] else []


@contextmanager
def _opened(box: Mailbox) -> Iterator[imaplib.IMAP4]:
    try:
        session = _connect(box)
        try:
            session.login(box.login, box.password)
            if session.select(f'"{box.folder}"', readonly=True)[0] != "OK":
                raise imaplib.IMAP4.error("SELECT")
            yield session
        finally:
            session.logout()
    except (OSError, imaplib.IMAP4.error) as error:
        final = isinstance(error, ssl.SSLCertVerificationError) or type(error) is imaplib.IMAP4.error
        raise (MailError if final else UnreachableError)(
            f"Không đọc được hộp thư ({type(error).__name__}).",
            where=f"máy chủ {box.host}:{box.port}, thư mục {box.folder}",
            remedy="kiểm tra địa chỉ, tài khoản và tên thư mục của hộp thư.",
        ) from error


def _connect(box: Mailbox) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if box.tls:
        return imaplib.IMAP4_SSL(box.host, box.port, ssl_context=context, timeout=TIMEOUT_SECONDS)
    session = imaplib.IMAP4(box.host, box.port, timeout=TIMEOUT_SECONDS)
    if not _is_this_machine(box.host):
        session.starttls(context)
    return session


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
