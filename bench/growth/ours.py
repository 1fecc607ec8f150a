"""The steps of the day whose work grows with the cases, as the DAG runs them."""

import os
from collections.abc import Callable
from pathlib import Path

from bench.growth.sizes import CODE
from dondoc.daily import steps
from dondoc.records import UNAPOLOGISED

BUSINESS_DATE = "2023-11-14"


def run(material: Path, out: Path, lap: Callable[[str], None]) -> dict[str, int]:
    """Take the cases of `material` in, judge them and write the report into `out`; return what was found."""
    os.environ["DONDOC_CAMPAIGNS"] = str(material)
    day = steps.open_day(steps.day_ref(CODE, BUSINESS_DATE))
    lap("open_day")
    snapshots = [steps.pull(day, "cases")]
    lap("pull")
    snapshots = steps.gate(day, snapshots)
    lap("gate")
    found = steps.check(day, snapshots)
    lap("check")
    steps.write_report(day, found)
    lap("write_report")
    owed = sum(found["counts"][kind] for kind in UNAPOLOGISED)
    return {"cases": snapshots[0]["accepted"], "owed": owed}
