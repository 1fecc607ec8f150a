"""Cases judged by the rules the DAG uses: one vector expression over all of them, evidence included."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dondoc.campaign import Period, load_calendar
from dondoc.checks.overdue import find_in_cases, judge_cases
from dondoc.installation import ROOT
from dondoc.records import CASES, FindingKind, to_frame

TODAY = date(2023, 11, 14)
PERIOD = Period(first=date(2023, 1, 1), last=date(2023, 12, 31))
SAME_FOR_ALL = {"procedure": "Cấp giấy phép xây dựng", "unit": "QLDT", "source_file": "cases.parquet", "source_row": 1}


def run(material: Path, _out: Path, lap: Callable[[str], None]) -> dict[str, int]:
    """Judge every case and find what is owed; return how many are late, by how much."""
    cases = load(material / "cases.parquet")
    calendar = load_calendar(ROOT / "include" / "calendars" / "vn.yaml")
    lap("load")
    judged = judge_cases(cases, as_of=TODAY, period=PERIOD, by_timestamp=False, calendar=calendar)
    findings = find_in_cases(judged)
    lap("judge")
    return {
        "late": int(judged["late"].sum()),
        "overdue": int((findings["kind"] == FindingKind.CASE_OVERDUE).sum()),
        "days_late": int(judged["days_late"].sum()),
    }


def load(path: Path) -> pd.DataFrame:
    """Return the cases in the schema the rules take, what the file does not say left empty."""
    table = pq.read_table(path)
    columns = {name: table[name].cast(CASES.field(name).type) for name in table.column_names}
    for field in CASES:
        if field.name not in columns:
            value = pa.scalar(SAME_FOR_ALL.get(field.name), field.type)
            columns[field.name] = pa.repeat(value, len(table))
    return to_frame(pa.table([columns[name] for name in CASES.names], names=CASES.names))
