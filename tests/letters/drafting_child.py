"""Drafts letters in a process of its own, and kills itself without warning at the point it is told.

Each line of standard input is one drafting: output folder, business date, the cases' reason, and, for one that is to
die, the named call and which time it is called, or `moment` and how many milliseconds it lives.
"""

import os
import signal
import sys
import time
from datetime import date
from pathlib import Path

from dondoc import files
from dondoc.campaign import load_calendar, load_campaign
from dondoc.campaign.day import Day
from dondoc.daily import draft_letters
from dondoc.files import remove_torn
from dondoc.installation import ROOT, Installation
from dondoc.installation.workplace import Workplace
from dondoc.letters import drafting
from dondoc.records import CASES
from dondoc.sources.snapshot import write_snapshot
from letters.conftest import frame

COUNT = 12
CALENDAR = ROOT / "include" / "calendars" / "vn.yaml"
NAMED = {
    "record": (drafting, "record_drafts"),
    "write": (drafting, "write_together"),
    "stage": (files, "_write_new"),
    "flush": (os, "fsync"),
    "replace": (Path, "replace"),
    "unlink": (Path, "unlink"),
    "settle": (draft_letters, "_settle"),
    "list": (draft_letters, "write_lists"),
}


def main(business_date, word, point="", times="1"):
    installation = Installation.from_environment()
    day = Day(
        load_campaign(installation.include / "campaigns" / "hai-phong-2023"),
        load_calendar(CALENDAR),
        date.fromisoformat(business_date),
    )
    place = Workplace(installation, day, "daily")
    cases = frame([{"case_number": f"HS-{i}", "reason": word, "source_row": i} for i in range(COUNT)])
    remove_torn(place.folder / "snapshots")  # as `open_day` does
    path = write_snapshot(cases, CASES, folder=place.folder / "snapshots", name="cases")
    found = {"snapshots": [{"name": "cases", "kind": "cases", "path": path.relative_to(place.out).as_posix()}]}
    drafting.CHUNK = 5
    if point:
        die_at(*NAMED[point], int(times))
    draft_letters.draft_letters.__wrapped__(place, found, ["QLDT"])


def die_at(owner, name, times):
    real, left = getattr(owner, name), [times]

    def counted(*args, **kwargs):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)

    setattr(owner, name, counted)


def draft(out, *words):
    os.environ["DONDOC_OUT"] = out
    if (child := os.fork()) == 0:
        main(*words if words[2:3] != ("moment",) else words[:2])
        os._exit(0)
    if words[2:3] == ("moment",):
        time.sleep(int(words[3]) / 1000)
        os.kill(child, signal.SIGKILL)
    return -os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    load_calendar(CALENDAR)  # its modules are slow to load, and no child need load them again
    for line in sys.stdin:
        sys.stdout.write(f"{draft(*line.split())}\n")
        sys.stdout.flush()
