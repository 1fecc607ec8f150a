"""The export pulled as the DAG pulls it: every row typed, checked, and kept in an immutable snapshot."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from dondoc.campaign import load_campaign
from dondoc.installation import ROOT
from dondoc.records import CASES
from dondoc.sources.files import read_rows
from dondoc.sources.intake import take_in
from dondoc.sources.profile import load_profile
from dondoc.sources.snapshot import write_snapshot

BUSINESS_DATE = date(2023, 11, 14)


def run(material: Path, out: Path, lap: Callable[[str], None]) -> dict[str, int]:
    """Take the export in; return what it holds."""
    campaign = load_campaign(ROOT / "include" / "campaigns" / "hai-phong-2023")
    profile = load_profile(ROOT / "include" / "sources" / "one-stop-export.yaml")
    raw = read_rows(material / "export.xlsx", profile)
    lap("read")
    intake = take_in(raw, profile, source="cases", units=campaign.unit_by_name)
    lap("check")
    write_snapshot(intake.accepted, CASES, folder=out, name="cases")
    lap("snapshot")
    cases = intake.accepted
    return {
        "rows": intake.rows_in,
        "unfinished": int(cases["finished_at"].isna().sum()),
        "finished_late": int((cases["finished_at"] > cases["due_at"]).sum()),
    }
