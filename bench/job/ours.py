"""The large office's day as the DAG runs it, a process a task and mapped tasks side by side, without Airflow."""

import os
from collections.abc import Callable
from pathlib import Path

from bench.day.ours import work_through
from bench.day.tasks import Forked


def run(material: Path, out: Path, lap: Callable[[str], None]) -> dict[str, int]:
    """Do the day's work into `out`, where an empty ledger lies; return the counts."""
    os.environ["DONDOC_CAMPAIGNS"] = str(material)
    return work_through("van-phong-lon", out, lap, Forked())
