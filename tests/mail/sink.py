"""A small SMTP server on raw sockets that behaves as told, and writes what it took as a Postfix relay would.

One thread a connection. `Behaviour` says where it misbehaves; what it accepts goes to its log.
"""

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

IDENTITY = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


@dataclass
class Behaviour:
    """What the server does amiss; by default it takes everything."""

    mail: str = "250 2.1.0 Ok"
    rcpt: str = "250 2.1.5 Ok"
    greylist: int = 0  # 451 to the first so many RCPT of each recipient
    refuse: tuple[str, ...] = ()  # 550 to these recipients
    after_data: str = ""  # the final reply instead of 250
    drop_before_dot: bool = False
    drop_after_accept: bool = False
    leave_after: int = 0  # 421 at the (n+1)th MAIL of a session
    final_delay_seconds: float = 0
    size: int = 0
    auth: str = ""  # the answer to AUTH; none offered when empty
    starttls: tuple[str, str] | None = None  # certificate and key files
    extensions: tuple[str, ...] = ("8BITMIME",)
    seen: dict[str, int] = field(default_factory=dict)


class Sink:
    """The server, listening on a free port of this machine from the moment it is made."""

    def __init__(
        self, behaviour: Behaviour | None = None, *, log: Path | None = None, shift: Callable[[], float] | None = None
    ):
        self.behaviour, self.log, self.shift = behaviour or Behaviour(), log, shift or (lambda: 0.0)
        self.accepted, self.bodies, self.auths, self.sessions = [], [], [], 0
        self.longest_kept = 20_000
        self._lock = threading.Lock()
        self._listener = socket.socket()
        # A small window, so that a sender cannot finish a large message that is not being read.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(128)
        self.port = self._listener.getsockname()[1]
        self.note("postfix/postfix-script[1]: starting the Postfix mail system")
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def note(self, text):
        """Write one line of the relay's log; a line written is a line another process can read."""
        if self.log is not None:
            stamp = datetime.now(UTC) + timedelta(seconds=self.shift())
            with self.log.open("a") as file:
                file.write(f"{stamp.isoformat()} relay {text}\n")

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.sessions += 1
            threading.Thread(target=self._talk, args=(connection, self.sessions), daemon=True).start()

    def _talk(self, connection, number):
        session = Session(self, connection, f"postfix/smtpd[{100 + number}]")
        self.note(f"{session.process}: connect from localhost[127.0.0.1]")
        try:
            session.run()
        except (OSError, ssl.SSLError, EOFError):
            pass
        finally:
            counts = f"mail={session.mails} data={session.taken} commands=9"
            self.note(f"{session.process}: disconnect from localhost[127.0.0.1] ehlo=1 {counts}")
            connection.close()

    def take(self, content, process):
        """Accept a message: from here on it is the server's."""
        identity = IDENTITY.search(content)[1].decode()
        with self._lock:
            queue = f"Q{len(self.accepted):09X}"
            self.accepted.append(identity)
            self.bodies.append(content if len(content) < self.longest_kept else b"")
            self.note(f"{process}: {queue}: client=localhost[127.0.0.1]")
            self.note(f"postfix/cleanup[7]: {queue}: message-id={identity}")
            self.note(f"postfix/qmgr[8]: {queue}: from=<x>, size={len(content)}, nrcpt=1 (queue active)")
            self.note(f"postfix/smtp[9]: {queue}: to=<y>, relay=z, delay=0, dsn=2.0.0, status=sent (250 ok)")
        return queue


class Session:
    """One connection."""

    def __init__(self, sink, connection, process):
        self.sink, self.does, self.connection, self.process = sink, sink.behaviour, connection, process
        self.file = connection.makefile("rb")
        self.mails = self.taken = 0

    def say(self, line):
        self.connection.sendall(line.encode() + b"\r\n")

    def run(self):
        self.say("220 sink ESMTP")
        while line := self.file.readline():
            verb = line[:4].upper().decode("ascii", "replace").strip()
            if getattr(self, f"do_{verb.lower()}", self.do_other)(line.decode("utf-8", "replace").strip()) is False:
                return

    def do_ehlo(self, _line):
        offers = ["sink", *self.does.extensions]
        offers += [f"SIZE {self.does.size}"] if self.does.size else []
        offers += ["AUTH PLAIN LOGIN XOAUTH2"] if self.does.auth else []
        offers += ["STARTTLS"] if self.does.starttls else []
        self.connection.sendall("".join(f"250-{offer}\r\n" for offer in offers).encode() + b"250 HELP\r\n")

    def do_star(self, _line):
        self.say("220 go")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.does.starttls)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.file = self.connection.makefile("rb")

    def do_auth(self, line):
        self.sink.auths.append(line)
        self.say(self.does.auth)

    def do_mail(self, _line):
        self.mails += 1
        if self.does.leave_after and self.mails > self.does.leave_after:
            self.say("421 4.3.2 shutting down")
            return False
        return self.say(self.does.mail)

    def do_rcpt(self, line):
        address = re.search("<(.*?)>", line)[1]
        tries = self.does.seen[address] = self.does.seen.get(address, 0) + 1
        if tries <= self.does.greylist:
            return self.say("451 4.7.1 greylisted, come back later")
        return self.say("550 5.1.1 no such user" if address in self.does.refuse else self.does.rcpt)

    def do_data(self, _line):
        self.say("354 go on")
        if self.does.drop_before_dot:
            self.file.read(100)
            return False
        content = self._read_message()
        if self.does.after_data:
            return self.say(self.does.after_data)
        queue = self.sink.take(content, self.process)
        self.taken += 1
        if self.does.drop_after_accept:
            return False
        time.sleep(self.does.final_delay_seconds)
        return self.say(f"250 2.0.0 Ok: queued as {queue}")

    def _read_message(self):
        lines = []
        while (line := self.file.readline()) != b".\r\n":
            if not line:
                raise EOFError
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def do_rset(self, _line):
        self.say("250 Ok")

    do_noop = do_rset

    def do_quit(self, _line):
        self.say("221 bye")
        return False

    def do_other(self, _line):
        self.say("500 what?")
