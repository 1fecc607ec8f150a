"""Takes in answers in a process of its own, and kills itself without warning at the point it is told.

Each line of standard input is one run, as JSON: the environment, the port of the mailbox, and, for one that is to die,
the named call, which time it is called, and whether it dies after it instead of before.
"""

import json
import os
import signal
import sys
import traceback
from datetime import UTC, date, datetime, time

from dondoc.answers import inbox, intake, post
from dondoc.campaign import load_calendar
from dondoc.daily import receipts, replies
from dondoc.installation import ROOT, Installation
from dondoc.ledger import answers, outbox
from dondoc.mail.mailbox import Mailbox
from dondoc.untrusted import confined, drop_folder, mails

CODE = "hai-phong-2023"
TODAY = date(2023, 11, 14)
CALENDAR = ROOT / "include" / "calendars" / "vn.yaml"
NAMED = {
    "keep": (intake, "write_whole"),
    "record": (answers, "record_file"),
    "flush": (os, "fsync"),
    "result": (drop_folder, "_write"),
    "move": (os, "rename"),
    "plan": (receipts, "plan_receipt"),
    "enter": (outbox, "plan_mails"),
    "told": (answers, "mark_told"),
    "read": (post.answers, "mark_read"),
}


def main(port, point="", times="1", after=""):
    # A process of its own to read in would be started anew for each of these short lives.
    confined.READER.ask = lambda function, arguments, named, name: function(*arguments, **named)
    mails.why_unproved = lambda *_, **__: ""
    # Nine in the morning of the tests' day, as in their own process: receipts are written within the hours of mail.
    Installation.now = lambda _self, zone: datetime(2023, 11, 14, 9, tzinfo=zone)
    if point:
        die_at(*NAMED[point], int(times), after=bool(after))
    # Receipts are planned within the hours of the office's mail, whatever the machine's hour.
    Installation.now = lambda _self, zone: datetime.combine(TODAY, time(9), zone)
    box = Mailbox.of_connection("127.0.0.1", int(port), "don-doc", "secret", {"use_ssl": False})
    place = replies._place(CODE)
    at = datetime.now(UTC)
    inbox.take_in_folder(place, at=at)
    post.take_in_mail(place, box, at=at)
    replies.write_receipts(CODE)


def die_at(owner, name, times, *, after):
    real, left = getattr(owner, name), [times]

    def counted(*args, **kwargs):
        left[0] -= 1
        if left[0] == 0:
            if after:
                real(*args, **kwargs)
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)

    setattr(owner, name, counted)


def take(settings, *words):
    if (child := os.fork()) == 0:
        os.environ |= settings
        code = 3
        try:
            main(*words)
            code = 0
        except Exception:
            traceback.print_exc()
            raise
        finally:
            os._exit(code)
    return -os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    load_calendar(CALENDAR)  # its modules are slow to load, and no child need load them again
    for line in sys.stdin:
        sys.stdout.write(f"{take(*json.loads(line))}\n")
        sys.stdout.flush()
