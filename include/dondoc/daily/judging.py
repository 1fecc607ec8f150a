"""What is owed on the day, decided from the snapshots."""

import logging
from collections.abc import Sequence

import pandas as pd

from dondoc.checks.filing import find_in_work, judge_work
from dondoc.checks.findings import gather
from dondoc.checks.overdue import find_in_cases, judge_cases
from dondoc.daily import admission
from dondoc.daily.references import Batch, Found, Snapshot
from dondoc.daily.step import step
from dondoc.figures import FIGURES, is_behind, unit_figures
from dondoc.ledger.letters import units_with_open_letters
from dondoc.records import CASES, FINDINGS, WORK, FindingKind, empty_frame
from dondoc.sources.snapshot import read_snapshot, write_snapshot
from dondoc.workplace import Workplace

log = logging.getLogger(__name__)

# A mapped task costs Airflow about a second to schedule; more units than this go several to a task.
MAX_BATCHES = 30


@step
def check(place: Workplace, snapshots: Sequence[Snapshot]) -> Found:
    """Find what is owed on the day, compute its figures once, judge their growth, and share the units out."""
    cases, work = judged(place, snapshots)
    units = place.day.campaign.units
    findings = gather([find_in_cases(cases), find_in_work(work)], unit_order=[unit.code for unit in units])
    figures = unit_figures(cases, work, units)
    admission.judge_late_cases(place, int(figures["cases_late"].sum()))
    folder = place.folder / "snapshots"
    counts = findings["kind"].value_counts()
    owing = set(findings.loc[findings["kind"] == FindingKind.APOLOGY_OWED, "unit"])
    # A unit that owes no more may still have letters to withdraw or to hold.
    owing |= units_with_open_letters(place.ledger, campaign=place.day.campaign.code)
    return Found(
        snapshots=list(snapshots),
        findings=write_snapshot(findings, FINDINGS, folder=folder, name="findings").relative_to(place.out).as_posix(),
        figures=write_snapshot(figures, FIGURES, folder=folder, name="figures").relative_to(place.out).as_posix(),
        counts={kind.value: int(counts.get(kind.value, 0)) for kind in FindingKind},
        letters=_batches([unit.code for unit in units if unit.code in owing], place),
        reminders=_batches([row["code"] for row in figures.to_dict("records") if is_behind(row)], place),
        gates=admission.gate_notes(place),
    )


def judged(place: Workplace, snapshots: Sequence[Snapshot]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return all cases and all work with what they are on the day, recomputed from the snapshots."""
    day, campaign = place.day, place.day.campaign
    cases = _records(place, snapshots, "cases")
    work = _records(place, snapshots, "work")
    judged = judge_cases(
        cases,
        as_of=day.business_date,
        period=campaign.period,
        by_timestamp=campaign.precision == "datetime",
        calendar=day.calendar,
    )
    return judged, judge_work(work, as_of=day.business_date, calendar=day.calendar)


def _records(place: Workplace, snapshots: Sequence[Snapshot], kind: str) -> pd.DataFrame:
    schema = {"cases": CASES, "work": WORK}[kind]
    frames = [read_snapshot(place.out / snapshot["path"], schema) for snapshot in snapshots if snapshot["kind"] == kind]
    return pd.concat(frames, ignore_index=True) if frames else empty_frame(schema)


def read_figures(place: Workplace, found: Found) -> pd.DataFrame:
    """Return the day's figures by unit code, as `check` left them."""
    return read_snapshot(place.out / found["figures"], FIGURES).set_index("code", drop=False)


def _batches(codes: Sequence[str], place: Workplace) -> list[Batch]:
    size = -(-len(codes) // MAX_BATCHES) or 1
    groups = [list(codes[i : i + size]) for i in range(0, len(codes), size)]
    names = place.day.campaign.unit_by_code
    return [
        Batch(label=names[group[0]].name + (f" và {len(group) - 1} đơn vị khác" if group[1:] else ""), units=group)
        for group in groups
    ]
