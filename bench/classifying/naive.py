"""Cases judged as everyone judges them: a row at a time, a day at a time."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

TODAY = date(2023, 11, 14)
FIRST, LAST = date(2023, 1, 1), date(2023, 12, 31)
SATURDAY = 5
HOLIDAYS = {
    *(date(2022, *day) for day in ((1, 3), (1, 31), (2, 1), (2, 2), (2, 3), (2, 4), (4, 11), (5, 2), (5, 3))),
    *(date(2022, 9, day) for day in (1, 2)),
    *(date(2023, 1, day) for day in (2, 20, 23, 24, 25, 26)),
    *(date(2023, 5, day) for day in (1, 2, 3)),
    *(date(2023, 9, day) for day in (1, 4)),
}


def run(material: Path, _out: Path, lap: Callable[[str], None]) -> dict[str, int]:
    """Judge every case; return how many are late, by how much."""
    table = pd.read_parquet(material / "cases.parquet")
    lap("load")
    late = overdue = days_late = 0
    dates = (table[name].dt.date for name in ("received_at", "due_at", "finished_at"))
    for received, due, finished, status in zip(*dates, table["status"], strict=True):
        done = status == 9 and finished <= TODAY
        ended = finished if done else TODAY
        if received > TODAY or due >= ended or due > LAST or ended < FIRST:
            continue
        late += 1
        overdue += not done
        days_late += max(working_days(due, ended), 1)
    lap("judge")
    return {"late": late, "overdue": overdue, "days_late": days_late}


def working_days(start: date, end: date) -> int:
    """Return the working days after `start` up to and including `end`."""
    count, day = 0, start + timedelta(days=1)
    while day <= end:
        count += day.weekday() < SATURDAY and day not in HOLIDAYS
        day += timedelta(days=1)
    return count
