"""A mail server that tells at each point of a conversation who is speaking to it, so that the speaker can be killed."""

import threading
from collections import Counter

from tests.mail.sink import Session, Sink

# From the first packet of a sender's line to its farewell; `next` is the mail after the one that was taken.
POINTS = ("connect", "ehlo", "mail", "rcpt", "data", "body", "dot", "reply", "next", "quit")


class Relay(Sink):
    """The sink, with one trap set at a time.

    Attributes:
        sprung: set once the trap has been called.
        delay_seconds: how long it takes over each mail, so that a sending lasts long enough to be disturbed.
    """

    def __init__(self):
        self.trap, self.point, self.sprung, self.delay_seconds = None, "", threading.Event(), 0.0
        super().__init__()

    def set_trap(self, point, trap):
        """Call `trap` with the client's port when the next sender comes to `point`."""
        self.sprung.clear()
        self.point, self.trap = point, trap

    def reach(self, point, connection):
        if point != self.point or self.trap is None:
            return
        trap, self.trap = self.trap, None
        trap(connection.getpeername()[1])
        self.sprung.set()

    def _talk(self, connection, number):
        try:
            self.reach("connect", connection)
            Trapped(self, connection, f"postfix/smtpd[{100 + number}]").run()
        except (OSError, EOFError):
            pass
        finally:
            connection.close()

    def taken_twice(self):
        """Return how many mails were taken more than once."""
        return sum(count - 1 for count in Counter(self.accepted).values())


class Trapped(Session):
    """One connection, with the trap at each of its points."""

    def do_ehlo(self, line):
        self.sink.reach("ehlo", self.connection)
        return super().do_ehlo(line)

    def do_mail(self, line):
        if self.taken:
            self.sink.reach("next", self.connection)
        self.sink.reach("mail", self.connection)
        return super().do_mail(line)

    def do_rcpt(self, line):
        self.sink.reach("rcpt", self.connection)
        return super().do_rcpt(line)

    def do_data(self, line):
        self.sink.reach("data", self.connection)
        return super().do_data(line)

    def _read_message(self):
        self.sink.reach("body", self.connection)
        content = super()._read_message()
        threading.Event().wait(self.sink.delay_seconds)
        return content

    def say(self, line):
        taken = line.startswith("250 2.0.0 Ok: queued")
        if taken:
            self.sink.reach("dot", self.connection)
        super().say(line)
        if taken:
            self.sink.reach("reply", self.connection)

    def do_quit(self, line):
        self.sink.reach("quit", self.connection)
        return super().do_quit(line)
