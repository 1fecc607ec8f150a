"""Kills senders in the middle of their work, thousands of times, and counts what a server on this machine took.

    python -m tests.mail.kills --kills 2000 --seed 20261124 --write docs/reliability.md

Real code in child processes, a real SMTP conversation with a server in a process of its own, SIGKILL at random times
and at every named point. Leases of minutes are played in seconds: between two children the clock that senders and relay
share jumps half an hour.
"""

import argparse
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
import traceback
import uuid
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine, func, select, text
from tests.mail import post
from tests.mail.sink import IDENTITY, Sink

from dondoc.ledger.claims import tidy
from dondoc.ledger.store import open_ledger, upgrade_ledger
from dondoc.ledger.tables import attempt, outbox
from dondoc.mail.reconcile import reconcile
from dondoc.mail.sending import Pace

POSTGRES = os.environ.get("DONDOC_TEST_POSTGRES", "postgresql+psycopg2://postgres@127.0.0.1/postgres")
POINTS = ("claimed", "intent", "mail", "rcpt", "data", "body", "dot", "reply", "answered", "settled")
UTC = ZoneInfo("UTC")
MAILS_A_ROUND = 60
JUMP_SECONDS = 1800.0
LONGEST_LIFE_SECONDS = 0.15


@dataclass
class Tally:
    """What came of the kills."""

    database: str
    seed: int
    kills: int = 0
    at_points: dict = field(default_factory=lambda: dict.fromkeys(POINTS, 0))
    senders: int = 0
    mails: int = 0
    accepted_twice: int = 0
    lost: int = 0
    unknown: int = 0
    reconciled_sent: int = 0
    reconciled_absent: int = 0
    left_to_a_person: int = 0
    seconds: float = 0.0


class Yard:
    """A ledger, a relay with its log, and the clock they share."""

    def __init__(self, url, folder):
        self.url, self.folder, self.log = url, folder, folder / "mail.log"
        self.clock = multiprocessing.RawValue("d", 0.0)  # no lock: its holder may be killed
        here, there = multiprocessing.Pipe()
        self.relay = multiprocessing.Process(target=self._relay, args=(there,), daemon=True)
        self.relay.start()
        self.port = here.recv()

    def _relay(self, pipe):
        pipe.send(Sink(log=self.log, shift=lambda: self.clock.value).port)
        signal.pause()

    def moment(self):
        return post.moment(self.clock.value)

    def jump(self):
        """Let half an hour pass, in which the relay's log goes on."""
        self.clock.value += JUMP_SECONDS
        with self.log.open("a") as file:
            file.write(f"{self.moment().at.isoformat()} relay postfix/anvil[3]: statistics\n")

    @contextmanager
    def ledger(self):
        engine = open_ledger(self.url)
        try:
            yield engine
        finally:
            engine.dispose()


def sender(yard, tripwire):
    """Be one sender until the work is done or the process killed."""
    engine = open_ledger(yard.url)
    tidy(engine, yard.moment())
    reconcile(engine, [yard.log], moment=yard.moment(), zone=UTC)
    sender = post.sender(engine, yard.folder, moment=yard.moment, observe=tripwire, pace=Pace(batch=10))
    sender.carry(post.job(str(os.getpid())), post.account(yard.port))


def tripwire_at(point, passes):
    """Return an observer that kills its own process at the nth passing of `point`."""
    left = [passes]

    def observe(event):
        if event == point:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return observe


def fork(yard, tripwire):
    pid = os.fork()
    if pid:
        return pid
    code = 9
    try:
        sender(yard, tripwire)
        code = 0
    except Exception:
        traceback.print_exc()
        raise
    finally:
        os._exit(code)


def one_kill(yard, dice, tally):
    """Start one sender, or two at once, and kill: at a named point, or whenever; return whether any was left to die."""
    tally.senders += 1
    if dice.random() < 0.5:
        point = POINTS[tally.senders % len(POINTS)]
        died = died_by_kill(fork(yard, tripwire_at(point, dice.randint(1, 4))))
        tally.at_points[point] += died
        tally.kills += died
        return
    pids = [fork(yard, lambda _event: None) for _ in range(dice.choice((1, 1, 2)))]
    tally.senders += len(pids) - 1
    for pid in pids:
        time.sleep(dice.uniform(0, LONGEST_LIFE_SECONDS))
        os.kill(pid, signal.SIGKILL)
        tally.kills += died_by_kill(pid)


def died_by_kill(pid):
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return 1
    if os.WEXITSTATUS(status):
        raise SystemExit(f"a sender failed by itself: {os.WEXITSTATUS(status)}")
    return 0


def waiting(yard):
    with yard.ledger() as engine, engine.begin() as connection:
        return connection.scalar(select(func.count()).select_from(outbox).where(outbox.c.state != "sent"))


def one_round(yard, dice, tally):
    """Plan mails, kill until none waits, let the last sender finish, and compare the ledger with what was taken."""
    yard.log.unlink(missing_ok=True)
    yard.jump()
    keys = [uuid.UUID(int=dice.getrandbits(128)).hex for _ in range(MAILS_A_ROUND)]
    with yard.ledger() as engine:
        post.plan_many(engine, yard.folder, keys, size=dice.choice((0, 0, 20_000)))
    tally.mails += len(keys)
    # Killed for as long as there is work to interrupt; then two quiet passes: one to notice, one to prove.
    while waiting(yard):
        one_kill(yard, dice, tally)
        yard.jump()
    compare(yard, keys, tally)


def compare(yard, keys, tally):
    taken = Counter(IDENTITY.findall(yard.log.read_bytes().replace(b" message-id=", b"\nmessage-id: ")))
    wanted = {post.message_id(key, post.SENDER).encode() for key in keys}
    tally.accepted_twice += sum(count - 1 for count in taken.values())
    tally.lost += len(wanted - set(taken)) + len(set(taken) - wanted)


def count_evidence(yard, tally):
    with yard.ledger() as engine, engine.begin() as connection:
        stages = Counter(
            "lease" if row.stage == "lease" else "absent" if "không có" in row.answer else "sent"
            for row in connection.execute(select(attempt).where(attempt.c.stage.in_(["lease", "reconcile"])))
        )
        left = select(func.count()).select_from(outbox).where(outbox.c.state == "unknown")
        tally.left_to_a_person = connection.scalar(left)
    tally.unknown, tally.reconciled_absent, tally.reconciled_sent = stages["lease"], stages["absent"], stages["sent"]


def kill_many(url, *, kills, seed):
    """Return the tally of at least `kills` kills on the ledger at `url`."""
    dice, began = random.Random(seed), time.monotonic()
    upgrade_ledger(url)
    with tempfile.TemporaryDirectory() as folder:
        yard = Yard(url, Path(folder))
        tally = Tally(url.split(":")[0].split("+")[0], seed)
        while tally.kills < kills:
            one_round(yard, dice, tally)
        count_evidence(yard, tally)
        yard.relay.terminate()
    tally.seconds = round(time.monotonic() - began, 1)
    return tally


@contextmanager
def ledger_address(database):
    """Yield the address of an empty ledger of the test's own."""
    if database == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/ledger.sqlite"
        return
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    name = f"dondoc_kills_{uuid.uuid4().hex[:12]}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield server.url.set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--json", action="store_true", help="print the tallies as JSON")
    parser.add_argument("--write", type=Path, help="write the page of figures")
    chosen = parser.parse_args()
    databases = chosen.database or ["sqlite", "postgresql"]
    tallies = []
    for database in databases:
        with ledger_address(database) as url:
            tallies.append(kill_many(url, kills=-(-chosen.kills // len(databases)), seed=chosen.seed))
    sys.stdout.write(json.dumps([asdict(tally) for tally in tallies], indent=None if chosen.json else 2) + "\n")
    if chosen.write:
        from tests.mail.page import write_kills

        write_kills(chosen.write, tallies, command=" ".join(["python -m tests.mail.kills", *sys.argv[1:]]))
    return int(any(tally.accepted_twice or tally.lost or tally.left_to_a_person for tally in tallies))


if __name__ == "__main__":
    sys.exit(main())
