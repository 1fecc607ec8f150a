"""Many senders on one outbox: how many mails a second, how much memory, and nothing twice.

python -m tests.mail.load --mails 10000 --senders 8 --size 50000 --write docs/reliability.md
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.mail import post
from tests.mail.kills import Yard, ledger_address
from tests.mail.sink import IDENTITY

from dondoc.ledger.store import open_ledger, upgrade_ledger


@dataclass
class Load:
    """What one run of several senders came to."""

    database: str
    mails: int
    senders: int
    size: int
    seconds: float
    mails_a_second: float
    accepted: int
    accepted_twice: int
    not_sent: int
    peak_megabytes: float


def sender(yard, report):
    """Send until nothing waits; tell the peak memory of this process."""
    post.sender(open_ledger(yard.url), yard.folder).carry(post.job(f"sender {os.getpid()}"), post.account(yard.port))
    os.write(report, f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.1f}\n".encode())


def run_load(url, *, mails, senders, size):
    """Return what `senders` processes made of `mails` mails of `size` bytes in the outbox at `url`."""
    upgrade_ledger(url)
    with tempfile.TemporaryDirectory() as folder:
        yard = Yard(url, Path(folder))
        keys = [f"m{i}" for i in range(mails)]
        with yard.ledger() as engine:
            post.plan_many(engine, yard.folder, keys, size=size)
        read, write = os.pipe()
        began = time.monotonic()
        for pid in [spawn(yard, write) for _ in range(senders)]:
            assert os.waitpid(pid, 0)[1] == 0
        seconds = time.monotonic() - began
        os.close(write)
        with os.fdopen(read) as told:
            peaks = [float(line) for line in told]
        with yard.ledger() as engine:
            ends = Counter(post.states(engine).values())
        taken = Counter(IDENTITY.findall(yard.log.read_bytes().replace(b" message-id=", b"\nmessage-id: ")))
        yard.relay.terminate()
    return Load(
        database=url.split(":")[0].split("+")[0],
        mails=mails,
        senders=senders,
        size=size,
        seconds=round(seconds, 1),
        mails_a_second=round(mails / seconds, 1),
        accepted=len(taken),
        accepted_twice=sum(taken.values()) - len(taken),
        not_sent=mails - ends["sent"],
        peak_megabytes=max(peaks),
    )


def spawn(yard, report):
    pid = os.fork()
    if pid:
        return pid
    code = 9
    try:
        sender(yard, report)
        code = 0
    finally:
        os._exit(code)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mails", type=int, action="append")
    parser.add_argument("--senders", type=int, default=8)
    parser.add_argument("--size", type=int, default=0)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--write", type=Path, help="write the page of figures")
    chosen = parser.parse_args()
    loads = []
    for database in chosen.database or ["sqlite", "postgresql"]:
        for mails in chosen.mails or [1000]:
            with ledger_address(database) as url:
                loads.append(run_load(url, mails=mails, senders=chosen.senders, size=chosen.size))
    sys.stdout.write(json.dumps([asdict(load) for load in loads], indent=2) + "\n")
    if chosen.write:
        from tests.mail.page import write_loads

        write_loads(chosen.write, loads, command=" ".join(["python -m tests.mail.load", *sys.argv[1:]]))
    return int(any(load.accepted_twice or load.not_sent for load in loads))


if __name__ == "__main__":
    sys.exit(main())
