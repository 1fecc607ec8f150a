"""The day's steps, one function each: what a DAG task calls. Each can be repeated without doing anything twice."""

import functools
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd

from dondoc.checks import gates
from dondoc.checks.filing import find_in_work, judge_work
from dondoc.checks.findings import gather
from dondoc.checks.overdue import find_in_cases, judge_cases
from dondoc.daily import postroom, preflight, publication
from dondoc.daily.references import Batch, Found, Snapshot
from dondoc.errors import DondocError
from dondoc.figures import FIGURES, is_behind, unit_figures
from dondoc.files import file_sha256
from dondoc.ledger import runs
from dondoc.ledger.letters import live_letters, record_letters
from dondoc.letters.draft import draft_letter
from dondoc.letters.drafting import write_drafts
from dondoc.mail.transport import SmtpAccount
from dondoc.records import CASES, FINDINGS, SCHEMAS, WORK, FindingKind, empty_frame
from dondoc.sources.files import find_file, read_rows
from dondoc.sources.intake import QUARANTINE, take_in
from dondoc.sources.profile import load_profile
from dondoc.sources.snapshot import read_snapshot, write_snapshot
from dondoc.workplace import DayRef, Kind, Workplace

log = logging.getLogger(__name__)

# A mapped task costs Airflow about a second to schedule; more units than this go several to a task.
MAX_BATCHES = 30

P = ParamSpec("P")
R = TypeVar("R")


def step(function: Callable[Concatenate[Workplace, P], R]) -> Callable[Concatenate[DayRef, P], R]:
    """Make a step callable by the day's reference; what stops it is written in the day's row before it is raised."""

    @functools.wraps(function)
    def run_step(ref: DayRef, *args: P.args, **kwargs: P.kwargs) -> R:
        place = Workplace.of(ref)
        began = time.perf_counter()
        try:
            result = function(place, *args, **kwargs)
        except DondocError as error:
            log.error("%s", error)
            runs.fail_run(place.ledger, place.run.id, str(error))
            raise
        except Exception as error:
            runs.fail_run(
                place.ledger, place.run.id, f"Lỗi phần mềm ở bước {function.__name__}: {type(error).__name__}"
            )
            raise
        log.info("%s: %.2f s", function.__name__, time.perf_counter() - began)
        return result

    return run_step


def open_day(ref: DayRef, *, mode: str | None = None) -> DayRef:
    """Open the day in the ledger, settle whether mail may leave, and check all that can be checked before any pull.

    Args:
        ref: the day.
        mode: `preview` or `armed` for this run alone; the campaign's own when None.
    """
    place = Workplace.of(ref)
    campaign = place.day.campaign
    wanted = mode or campaign.mail.mode
    today = place.installation.today(campaign.zone)
    reason = gates.hold_reason(place.day, backfill=place.kind == "backfill", mode=wanted, today=today)
    runs.open_run(
        place.ledger,
        campaign=campaign.code,
        business_date=place.day.business_date,
        kind=place.kind,
        mode=wanted,
        hold_reason=reason,
    )
    log.info("%s, %s: %s", campaign.code, place.day.business_date, reason or "thư sẽ được gửi")
    _check_before_work(place.ref)
    return place.ref


@step
def _check_before_work(place: Workplace) -> None:
    preflight.check(place)


@step
def pull(place: Workplace, source: str) -> Snapshot:
    """Read one source into an immutable snapshot and set aside the rows that cannot be used."""
    campaign = place.day.campaign
    described = next(item for item in campaign.sources if item.name == source)
    profile = load_profile(place.installation.include / "sources" / f"{described.profile}.yaml")
    path = find_file(place.installation.source_pattern(campaign, described))
    intake = take_in(read_rows(path, profile), profile, source=source, units=campaign.unit_by_name)
    folder = place.folder / "snapshots"
    kept = write_snapshot(intake.accepted, SCHEMAS[profile.kind], folder=folder, name=source)
    refused = write_snapshot(intake.quarantined, QUARANTINE, folder=folder, name=f"{source}-quarantine")
    snapshot = Snapshot(
        name=source,
        kind=profile.kind,
        file=path.name,
        sha256=file_sha256(path),
        path=kept.relative_to(place.out).as_posix(),
        quarantine=refused.relative_to(place.out).as_posix(),
        rows_in=intake.rows_in,
        accepted=len(intake.accepted),
        quarantined=len(intake.quarantined),
        duplicates=intake.duplicates,
        unknown_units=int((intake.quarantined["reason"] == "unknown_unit").sum()),
    )
    counts = ("rows_in", "accepted", "quarantined", "duplicates")
    runs.record_snapshot(
        place.ledger,
        place.run.id,
        {"source": source, "kind": profile.kind, "file_sha256": snapshot["sha256"], "path": snapshot["path"]}
        | {name: snapshot[name] for name in counts},  # type: ignore[literal-required]
    )
    log.info("%s: %s", source, {name: snapshot[name] for name in counts})  # type: ignore[literal-required]
    return snapshot


@step
def gate(place: Workplace, snapshots: Sequence[Snapshot]) -> list[Snapshot]:
    """Publish the quarantined rows, and hold the day's mail when too much was rejected."""
    taken = list(snapshots)
    refused = [read_snapshot(place.out / snapshot["quarantine"], QUARANTINE) for snapshot in taken]
    publication.write_quarantine(place.folder / "quarantine.csv", pd.concat(refused, ignore_index=True))
    for reason in gates.closed_gates(taken, place.day.campaign.gates):
        log.warning("cổng kiểm soát đóng: %s", reason)
        runs.hold_mail(place.ledger, place.run.id, reason)
    return taken


@step
def check(place: Workplace, snapshots: Sequence[Snapshot]) -> Found:
    """Find what is owed on the day, compute its figures once, and share the units out."""
    cases, work = _judged(place, snapshots)
    units = place.day.campaign.units
    findings = gather([find_in_cases(cases), find_in_work(work)], unit_order=[unit.code for unit in units])
    figures = unit_figures(cases, work, units)
    folder = place.folder / "snapshots"
    counts = findings["kind"].value_counts()
    owing = set(findings.loc[findings["kind"] == FindingKind.APOLOGY_OWED, "unit"])
    return Found(
        snapshots=list(snapshots),
        findings=write_snapshot(findings, FINDINGS, folder=folder, name="findings").relative_to(place.out).as_posix(),
        figures=write_snapshot(figures, FIGURES, folder=folder, name="figures").relative_to(place.out).as_posix(),
        counts={kind.value: int(counts.get(kind.value, 0)) for kind in FindingKind},
        letters=_batches([unit.code for unit in units if unit.code in owing], place),
        reminders=_batches([row["code"] for row in figures.to_dict("records") if is_behind(row)], place),
    )


@step
def draft_letters(place: Workplace, found: Found, units: Sequence[str]) -> dict[str, int]:
    """Draft the apologies owed by `units`; what was drafted before is left alone."""
    campaign = place.day.campaign
    cases, _ = _judged(place, found["snapshots"])
    owed = cases[cases["late"] & ~cases["apologised"] & cases["unit"].isin(list(units))]
    drafts = [draft_letter(case, campaign) for case in owed.sort_values("case_number").to_dict("records")]
    known = live_letters(place.ledger, campaign=campaign.code, units=units)
    new = write_drafts(drafts, preflight.letter_templates(place), known=known, place=place)
    record_letters(place.ledger, new)
    log.info("%d thư phải có, %d thư mới", len(drafts), len(new))
    return {"owed": len(drafts), "new": len(new)}


@step
def compose_reminders(place: Workplace, found: Found, units: Sequence[str]) -> int:
    """Write the reminders of `units` as files and outbox rows; nothing is sent here."""
    figures = _read_figures(place, found)
    findings = read_snapshot(place.out / found["findings"], FINDINGS)
    for code in units:
        postroom.plan_reminder(place, code, figures=figures.loc[code], findings=findings[findings["unit"] == code])
    return len(units)


@step
def write_report(place: Workplace, found: Found) -> list[str]:
    """Write the day's report in Word and Excel, and plan its mail to the Office."""
    cases, _ = _judged(place, found["snapshots"])
    order = {unit.code: i for i, unit in enumerate(place.day.campaign.units)}
    late = cases[cases["late"]].assign(rank=lambda frame: frame["unit"].map(order))
    paths = publication.write_report(
        place,
        figures=_read_figures(place, found),
        late_cases=late.sort_values(["rank", "days_late", "case_number"], ascending=[True, False, True]),
        findings=read_snapshot(place.out / found["findings"], FINDINGS),
        snapshots=found["snapshots"],
    )
    postroom.plan_report(place, figures=_read_figures(place, found), paths=paths)
    return [path.relative_to(place.folder).as_posix() for path in paths]


@step
def send_mail(place: Workplace, kind: str, account: Callable[[], SmtpAccount]) -> dict[str, int]:
    """Send the planned mails of one kind; each row ends sent, refused, or unknown, and is never offered twice."""
    return postroom.send_planned(place, kind, account())


@step
def why_held(place: Workplace) -> str | None:
    """Return why no mail of this day may leave, None when it may."""
    return place.run.hold_reason


@step
def close_day(place: Workplace, found: Found, report: Sequence[str]) -> dict[str, Any]:
    """Write `summary.json` and close the day in the ledger."""
    summary = publication.write_summary(place, found, figures=_read_figures(place, found), report=report)
    runs.close_run(place.ledger, place.run.id)
    return {"findings": summary["findings"], "letters": summary["letters"], "mails": summary["mails"]}


def day_ref(campaign: str, business_date: str, *, backfill: bool = False) -> DayRef:
    """Return the reference of a day."""
    kind: Kind = "backfill" if backfill else "daily"
    return {"campaign": campaign, "business_date": business_date, "kind": kind}


def _judged(place: Workplace, snapshots: Sequence[Snapshot]) -> tuple[pd.DataFrame, pd.DataFrame]:
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


def _read_figures(place: Workplace, found: Found) -> pd.DataFrame:
    return read_snapshot(place.out / found["figures"], FIGURES).set_index("code", drop=False)


def _batches(codes: Sequence[str], place: Workplace) -> list[Batch]:
    size = -(-len(codes) // MAX_BATCHES) or 1
    groups = [list(codes[i : i + size]) for i in range(0, len(codes), size)]
    names = place.day.campaign.unit_by_code
    return [
        Batch(label=names[group[0]].name + (f" và {len(group) - 1} đơn vị khác" if group[1:] else ""), units=group)
        for group in groups
    ]
