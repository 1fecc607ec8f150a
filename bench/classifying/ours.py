"""Cases judged by the rules the DAG uses: one vector expression over all of them, evidence included."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dondoc.campaign import load_calendar, load_campaign
from dondoc.campaign.day import Day
from dondoc.checks.registry import find_all
from dondoc.daily.check import judge
from dondoc.frames import to_frame
from dondoc.installation import ROOT
from dondoc.records import CASES, FIRST_DATES, SCHEMAS, FindingKind, empty_frame

TODAY = date(2023, 11, 14)
SAME_FOR_ALL = {"procedure": "Cấp giấy phép xây dựng", "unit": "QLDT", "source_file": "cases.parquet", "source_row": 1}


def run(material: Path, _out: Path, lap: Callable[[str], None]) -> dict[str, int]:
    """Judge every case by all the rules of a campaign and find what is owed; return how many are late, by how much."""
    records = {kind: empty_frame(schema) for kind, schema in SCHEMAS.items()}
    records["cases"] = load(material / "cases.parquet")
    campaign = load_campaign(ROOT / "include" / "campaigns" / "hai-phong-2023")
    day = Day(campaign, load_calendar(ROOT / "include" / "calendars" / "vn.yaml"), TODAY)
    lap("load")
    facts = judge(day, records, empty_frame(FIRST_DATES))
    lap("judge")
    findings = find_all(facts)
    lap("findings")
    return {
        "late": int(facts.cases["late"].sum()),
        "overdue": int((findings["kind"] == FindingKind.CASE_OVERDUE).sum()),
        "days_late": int(facts.cases["days_late"].sum()),
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
