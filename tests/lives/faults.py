"""Faults at chosen places: a process killed, a disk full, a ledger full, and a mail server in a mood."""

import email
import email.policy
import errno
import pathlib
import smtplib
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from unittest import mock

from sqlalchemy.engine.default import DefaultDialect

from dondoc import files

KILL, DISK, LEDGER = "kill", "disk", "ledger"


class Killed(BaseException):
    """The process is gone: nothing it would still have done happens."""


class Faults:
    """What strikes at the n-th effect (a commit, a file put in place, a word to the mail server), and goes on."""

    def __init__(self) -> None:
        """Begin with a sound machine."""
        self.kind, self.left, self.struck = "", 0, False
        self.strikes = Counter[str]()

    def arm(self, kind: str, after: int) -> None:
        """Let `kind` strike after so many effects."""
        self.kind, self.left, self.struck = kind, after, False

    def clear(self) -> bool:
        """Begin a new process on a sound machine; return whether the fault had struck."""
        struck, self.struck, self.kind = self.struck, False, ""
        return struck

    def point(self, where: str) -> None:
        """Strike here if it is time: a dead process does nothing more, a full disk takes nothing more."""
        if self.kind not in {KILL, where}:
            return
        self.left -= 1
        if self.left >= 0:
            return
        self.strikes[self.kind] += not self.struck
        self.struck = True
        if self.kind == KILL:
            raise Killed
        if self.kind == DISK:
            raise OSError(errno.ENOSPC, "No space left on device")
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error


@dataclass(frozen=True)
class Accepted:
    """A mail the server took: from then on it is in somebody's hands."""

    at: datetime
    identity: str
    recipient: str
    subject: str
    rehearsed: bool


@dataclass
class Server:
    """The mail server: `mood` is up, down, later (4xx), lost (takes the mail, says nothing), or gone (before it)."""

    faults: Faults
    mood: str = "up"
    at: datetime | None = None
    rehearsed: bool = False
    accepted: list[Accepted] = field(default_factory=list)

    def connect(self, _host: str, _port: int, **_options: object) -> "Session":
        """Open a session."""
        self.faults.point("smtp")
        if self.mood == "down":
            raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")
        return Session(self)

    def take(self, content: bytes, recipient: str) -> None:
        """Take a mail."""
        head = email.message_from_bytes(content.partition(b"\r\n\r\n")[0], policy=email.policy.default)
        subject = " ".join(str(head["Subject"]).split())
        self.accepted.append(Accepted(self.at, str(head["Message-ID"]), recipient, subject, self.rehearsed))


class Session:
    """As much of `smtplib.SMTP`, and of its socket, as one conversation asks for."""

    def __init__(self, server: Server) -> None:
        """Greet."""
        self.server, self.sock, self.timeout = server, self, None
        self.esmtp_features, self.command_encoding = {"8bitmime": ""}, "ascii"
        self.recipient, self.content = "", b""

    def ehlo_or_helo_if_needed(self) -> None:
        """Do nothing: the server is known."""

    def has_extn(self, name: str) -> bool:
        """Return whether the server can do that."""
        return name in self.esmtp_features

    def mail(self, _sender: str, _options: list[str]) -> tuple[int, bytes]:
        """Hear who writes."""
        self.server.faults.point("smtp")
        return 250, b"ok"

    def rcpt(self, recipient: str) -> tuple[int, bytes]:
        """Hear to whom."""
        self.recipient, self.content = recipient, b""
        return (451, b"later") if self.server.mood == "later" else (250, b"ok")

    def docmd(self, _word: str) -> tuple[int, bytes]:
        """Hear that the mail comes."""
        self.server.faults.point("smtp")
        return 354, b"go on"

    def sendall(self, data: bytes) -> None:
        """Take in what comes; what ends in the dot is a whole mail."""
        if self.server.mood == "gone":
            raise ConnectionResetError
        if data == b".\r\n":
            self.server.faults.point("smtp")
            self.server.take(self.content, self.recipient)
            self.server.faults.point("smtp")
        self.content += data

    def getreply(self) -> tuple[int, bytes]:
        """Say that the mail is taken, or hang up."""
        if self.server.mood == "lost":
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        return 250, b"ok: queued as ABCDE"

    def rset(self) -> None:
        """Forget the mail begun."""

    def close(self) -> None:
        """Hang up."""
        self.sock = None

    quit = close

    def recv(self, _size: int) -> bytes:
        """Have nothing to say yet."""
        raise BlockingIOError

    def gettimeout(self) -> None:
        """Return no patience."""

    def settimeout(self, _seconds: float | None) -> None:
        """Take no patience."""


@contextmanager
def at_the_edges(faults: Faults, server: Server) -> Iterator[None]:
    """Let every commit, every file put in place and every connection to the mail server pass the faults."""
    replace, created, temporary = pathlib.Path.replace, files._created, tempfile.mkstemp
    commit = DefaultDialect.do_commit

    def faulty_replace(path, target):
        faults.point(DISK)
        replace(path, target)
        if faults.kind == KILL:
            faults.point(DISK)

    def faulty_creation(path):
        faults.point(DISK)
        return created(path)

    def faulty_temporary(*args, **kwargs):
        faults.point(DISK)
        return temporary(*args, **kwargs)

    def faulty_commit(dialect, connection):
        faults.point(LEDGER)
        commit(dialect, connection)
        if faults.kind == KILL:
            faults.point(LEDGER)

    with ExitStack() as stack:
        for owner, name, new in (
            (pathlib.Path, "replace", faulty_replace),
            (files, "_created", faulty_creation),
            (tempfile, "mkstemp", faulty_temporary),
            (DefaultDialect, "do_commit", faulty_commit),
            (smtplib, "SMTP", server.connect),
        ):
            stack.enter_context(mock.patch.object(owner, name, new))
        yield
