"""Senders stopped (SIGSTOP) past their lease, then woken (SIGCONT): what they still send.

python -m tests.mail.zombies --zombies 200 --write docs/reliability.md
"""

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from tests.mail import post
from tests.mail.kills import Yard, ledger_address
from tests.mail.sink import IDENTITY

from dondoc.ledger.claims import tidy
from dondoc.ledger.store import open_ledger, upgrade_ledger
from dondoc.mail.sending import Pace

POINTS = ("claimed", "intent", "mail", "rcpt", "data", "body", "dot")
LEASE_SECONDS = 0.6
LEASE = timedelta(seconds=LEASE_SECONDS)
# The longest conversation is left as it is: what stops one that wakes is its lease. Whoever takes over has the usual
# one, which a busy machine does not outlast.
PACE = Pace(heartbeat=LEASE / 4, claim_lease=LEASE, offer_lease=LEASE)


@dataclass
class Zombies:
    """What the stopped senders came to."""

    database: str
    zombies: int = 0
    sent_after_waking: int = 0
    taken_over: int = 0
    left_unknown: int = 0


def stop_at(point):
    """Return an observer that stops its own process at the first passing of `point`."""
    passed = []

    def observe(event):
        if event == point and not passed:
            passed.append(event)
            os.kill(os.getpid(), signal.SIGSTOP)

    return observe


def spawn(yard, observe, pace):
    pid = os.fork()
    if pid:
        return pid
    code = 9
    try:
        sender = post.sender(open_ledger(yard.url), yard.folder, observe=observe, pace=pace)
        sender.carry(post.job(f"sender {os.getpid()}"), post.account(yard.port))
        code = 0
    finally:
        os._exit(code)


def taken(yard):
    return len(IDENTITY.findall(yard.log.read_bytes().replace(b" message-id=", b"\nmessage-id: ")))


def one_zombie(yard, key, point, tally):
    """Stop a sender at `point`, let another take over what it may, wake the first, and count what it sends."""
    with yard.ledger() as engine:
        post.plan_many(engine, yard.folder, [key])
    zombie = spawn(yard, stop_at(point), PACE)
    _, status = os.waitpid(zombie, os.WUNTRACED)
    assert os.WIFSTOPPED(status), point
    time.sleep(LEASE_SECONDS * 1.2)
    before = taken(yard)
    with yard.ledger() as engine:
        tidy(engine, post.moment())
    assert os.waitpid(spawn(yard, lambda _event: None, Pace()), 0)[1] == 0
    tally.taken_over += taken(yard) - before
    before = taken(yard)
    os.kill(zombie, signal.SIGCONT)
    assert os.waitpid(zombie, 0)[1] == 0
    tally.zombies += 1
    tally.sent_after_waking += taken(yard) - before
    with yard.ledger() as engine:
        tally.left_unknown += post.states(engine)[key] == "unknown"


def run_zombies(url, count):
    """Return the tally of `count` zombies on the ledger at `url`, the points in turn."""
    upgrade_ledger(url)
    with tempfile.TemporaryDirectory() as folder:
        yard = Yard(url, Path(folder))
        tally = Zombies(url.split(":")[0].split("+")[0])
        for n in range(count):
            one_zombie(yard, f"z{n}", POINTS[n % len(POINTS)], tally)
        yard.relay.terminate()
    return tally


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--zombies", type=int, default=2 * len(POINTS))
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--write", type=Path, help="write the page of figures")
    chosen = parser.parse_args()
    databases = chosen.database or ["sqlite", "postgresql"]
    tallies = []
    for database in databases:
        with ledger_address(database) as url:
            tallies.append(run_zombies(url, -(-chosen.zombies // len(databases))))
    sys.stdout.write(json.dumps([asdict(tally) for tally in tallies], indent=2) + "\n")
    if chosen.write:
        from tests.mail.page import write_zombies

        write_zombies(chosen.write, tallies, command=" ".join(["python -m tests.mail.zombies", *sys.argv[1:]]))
    return int(any(tally.sent_after_waking for tally in tallies))


if __name__ == "__main__":
    sys.exit(main())
