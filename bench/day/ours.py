"""The daily job as the DAG runs it, step after step, without Airflow."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from bench.day.tasks import Forked, InTurn
from dondoc.daily import steps
from dondoc.daily.references import Found
from dondoc.installation import Installation
from dondoc.installation.workplace import Workplace
from dondoc.records import UNAPOLOGISED, FindingKind

BUSINESS_DATE = "2023-11-14"
DAYS_COUNTED = (*UNAPOLOGISED, FindingKind.WORK_UNREPORTED)


def run(_material: Path, out: Path, lap: Callable[[str], None]) -> dict[str, int]:
    """Do the day's work of the sample campaign."""
    return work_through("hai-phong-2023", out, lap, InTurn())


def work_through(code: str, out: Path, lap: Callable[[str], None], tasks: InTurn | Forked) -> dict[str, int]:
    """Do the day's work into `out`, where an empty ledger lies, calling `lap` after each step; return the counts."""
    [day] = tasks.run((steps.open_day, steps.day_ref(code, BUSINESS_DATE)))
    lap("open_day")
    sources = Installation.from_environment().campaign(code).sources
    snapshots = tasks.run(*((steps.pull, day, source.name) for source in sources))
    lap("pull")
    [snapshots] = tasks.run((steps.gate, day, snapshots))
    lap("gate")
    [found] = tasks.run((steps.check, day, snapshots))
    lap("check")
    tasks.run(*((steps.draft_letters, day, found, batch["units"]) for batch in found["letters"]))
    lap("draft_letters")
    # As in the DAG, none of these waits for another.
    reminders = [(steps.compose_reminders, day, found, batch["units"]) for batch in found["reminders"]]
    [report, *_] = tasks.run((steps.write_report, day, found), *reminders, (steps.return_rejected, day, snapshots))
    tasks.run((steps.compose_digest, day, found))
    lap("report, reminders, returns")
    tasks.run((steps.close_day, day, found, report))
    lap("close_day")
    return _counts(Workplace.of(day).folder, found, out) | {"peak_kib": tasks.peak_kib}


def _counts(folder: Path, found: Found, out: Path) -> dict[str, int]:
    """Return what the summary says, read back as a person would, and the working days late of what is owed."""
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    findings = pd.read_parquet(out / found["findings"], columns=["kind", "days_late"])
    return {
        "cases_late": summary["total"]["cases_late"],
        "days_late": int(findings.loc[findings["kind"].isin(DAYS_COUNTED), "days_late"].sum()),
        "apologies_owed": sum(summary["findings"][kind] for kind in UNAPOLOGISED),
        "work_unreported": summary["findings"]["work_unreported"],
        "work_unfiled": summary["findings"]["work_unfiled"],
        "letters": summary["letters"]["drafted"],
        "mails": sum(len(list(folder.glob(f"mail/{name}-*.eml"))) for name in ("nhac-viec", "bao-cao")),
    }
