"""Drafts letters in a process of its own, and kills itself without warning at the point it is told.

Arguments: business date, case reasons' word, the named call to die at, and which time it is called.
"""

import os
import signal
import sys
from datetime import date
from pathlib import Path

from dondoc.campaign import load_calendar, load_campaign
from dondoc.daily import papers
from dondoc.day import Day
from dondoc.installation import Installation
from dondoc.letters import drafting
from dondoc.sources.snapshot import write_snapshot
from dondoc.records import CASES
from dondoc.workplace import Workplace
from letters.conftest import frame

COUNT = 12
NAMED = {
    "record": (drafting, "record_drafts"),
    "write": (drafting, "write_together"),
    "stage": (Path, "write_bytes"),
    "flush": (os, "fsync"),
    "replace": (Path, "replace"),
    "unlink": (Path, "unlink"),
    "settle": (papers, "_settle"),
    "list": (papers, "write_lists"),
}


def main(business_date, word, point="", times="1"):
    installation = Installation.from_environment()
    include = installation.include
    day = Day(
        load_campaign(include / "campaigns" / "hai-phong-2023"),
        load_calendar(include / "calendars" / "vn.yaml"),
        date.fromisoformat(business_date),
    )
    place = Workplace(installation, day, "daily")
    cases = frame([{"case_number": f"HS-{i}", "reason": word, "source_row": i} for i in range(COUNT)])
    path = write_snapshot(cases, CASES, folder=place.folder / "snapshots", name="cases")
    found = {"snapshots": [{"kind": "cases", "path": path.relative_to(place.out).as_posix()}]}
    drafting.CHUNK = 5
    if point:
        die_at(*NAMED[point], int(times))
    papers.draft_letters.__wrapped__(place, found, ["QLDT"])


def die_at(owner, name, times):
    real, left = getattr(owner, name), [times]

    def counted(*args, **kwargs):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)

    setattr(owner, name, counted)


if __name__ == "__main__":
    # Each line of standard input is one drafting, in a child that may die; the interpreter and pandas load once.
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            main(*line.split())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{-os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
