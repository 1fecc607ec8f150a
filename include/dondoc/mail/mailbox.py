"""Mailboxes we only read, over IMAP: the archive of what was sent, and where bounces come back."""

import imaplib
import re
import ssl
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote, urlsplit

from dondoc.errors import MailError, UnreachableError

TIMEOUT_SECONDS = 60
MAX_MESSAGE_BYTES = 40 * 2**20
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
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

    @classmethod
    def of_connection(
        cls, host: str | None, port: int | None, login: str | None, password: str | None, extra: Mapping[str, Any]
    ) -> "Mailbox":
        """Return the mailbox of an Airflow connection: TLS from the start unless its extra says `"use_ssl": false`.

        Raises:
            MailError: it names no server or no account.
        """
        if not (host and login):
            raise MailError(
                "Kết nối hộp thư chưa có máy chủ hoặc tài khoản.",
                where="Airflow, Admin > Connections, hộp thư ở mục answers.mailbox của đợt",
                remedy="điền mục Host, Login, Password của kết nối (loại Generic).",
            )
        tls = extra.get("use_ssl", True) is not False
        return cls(host, port or (993 if tls else 143), login, str(extra.get("folder") or "INBOX"), tls, password or "")

    @property
    def name(self) -> str:
        """Return what tells this mailbox from others, without its secret."""
        return f"{self.login}@{self.host}:{self.port}/{self.folder}"[:120]


def find_messages(box: Mailbox, message_ids: Collection[str]) -> set[str]:
    """Return those of `message_ids` that the mailbox holds.

    Raises:
        MailError: it refuses us.
        UnreachableError: it does not answer.
    """
    with _opened(box) as session:
        return {identity for identity in message_ids if _search(session, "HEADER", "Message-ID", _quoted(identity))}


def fetch_unread(box: Mailbox, since: date, unread: Callable[[list[str]], list[str]]) -> Iterator[tuple[str, bytes]]:
    """Yield the messages that arrived on or after `since` and that `unread` picks, each with its lasting mark.

    The mailbox stays as it is, unread ones unread: who was read is the caller's to remember, by marks made of the
    mailbox's validity and the message's number in it (RFC 3501, 2.3.1.1). A message over `MAX_MESSAGE_BYTES` is empty.

    Raises:
        MailError: the mailbox refuses us.
        UnreachableError: it does not answer.
    """
    with _opened(box) as session:
        validity = b"".join(part or b"" for part in session.response("UIDVALIDITY")[1]).decode() or "0"
        numbers = _uid(session, "SEARCH", "SINCE", _imap_day(since))
        marks = {f"{validity}:{number}": number for number in (numbers[0] or b"").decode().split()} if numbers else {}
        for mark in unread(list(marks)):
            size = SIZE.search(b" ".join(_bytes(_uid(session, "FETCH", marks[mark], "(RFC822.SIZE)"))))
            fits = size is not None and int(size[1]) <= MAX_MESSAGE_BYTES
            parts = _uid(session, "FETCH", marks[mark], "(BODY.PEEK[])") if fits else []
            yield mark, next((part[1] for part in parts if isinstance(part, tuple)), b"")


def _uid(session: imaplib.IMAP4, command: str, *arguments: str) -> list[Any]:
    word, found = session.uid(command, *arguments)
    if word != "OK":
        raise imaplib.IMAP4.error(f"UID {command}")
    return found


def _bytes(parts: list[Any]) -> Iterator[bytes]:
    for part in parts:
        yield from (part if isinstance(part, tuple) else [part or b""])


def _imap_day(day: date) -> str:
    return f"{day.day}-{MONTHS[day.month - 1]}-{day.year}"


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
    except (OSError, imaplib.IMAP4.error, UnicodeEncodeError) as error:
        # IMAP's LOGIN takes no letters beyond ASCII: such an account cannot be right either.
        wrong = isinstance(error, ssl.SSLCertVerificationError | UnicodeEncodeError)
        final = wrong or type(error) is imaplib.IMAP4.error
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
