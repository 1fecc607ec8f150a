"""What is owed on the day, decided from the snapshots."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from dondoc.campaign.day import Day
from dondoc.checks.apologies import APOLOGIES, judge_apologies
from dondoc.checks.facts import DayFacts
from dondoc.checks.filing import judge_work
from dondoc.checks.findings import waived_numbers
from dondoc.checks.holders import with_responsible
from dondoc.checks.overdue import judge_cases
from dondoc.checks.promises import carry
from dondoc.checks.registry import find_all
from dondoc.daily import admission, evidence, final, past_figures, waiving
from dondoc.daily.day_records import DIFFERING, day_records, records_of
from dondoc.daily.first_dates import FIRST_DATES_NAME, first_dates_before
from dondoc.daily.past_figures import FIGURES_NAME
from dondoc.daily.references import Found, FoundFiles, Snapshot, UnitBatch
from dondoc.daily.setbacks import await_batches
from dondoc.daily.standing import keep_findings, units_to_write
from dondoc.daily.step import step
from dondoc.figures import FIGURES, UNIT, completed, day_figures, is_behind, only, require_sums
from dondoc.files import sha256_of
from dondoc.frames import rows_of
from dondoc.installation.workplace import Workplace
from dondoc.ledger import days, runs
from dondoc.ledger.letters import units_with_open_letters
from dondoc.records import FINDINGS, FIRST_DATES, UNAPOLOGISED, FindingKind, empty_frame
from dondoc.sources.merging import DIFFERENCES
from dondoc.sources.snapshot import read_snapshot, write_snapshot

log = logging.getLogger(__name__)

# A mapped task costs Airflow about a second to schedule; more units than this go several to a task.
MAX_BATCHES = 30
# Each task reads the day anew, which costs as much as 20 units' mails: that is paid for by several times as many.
MIN_UNITS = 100


@dataclass(frozen=True)
class Known:
    """What a day's decisions rest on, read once.

    Attributes:
        facts: the day's records, judged, with what is known of apologies.
        apologies: the latter alone, schema `checks.apologies.APOLOGIES`.
        recorded: the day's cases as their sources give them, schema `records.CASES`.
        with_letters: units that have letters to withdraw or to hold, should they owe no more.
    """

    facts: DayFacts
    apologies: pd.DataFrame
    recorded: pd.DataFrame
    with_letters: frozenset[str]


@dataclass(frozen=True)
class Decided:
    """What a day owes.

    Attributes:
        findings: schema `records.FINDINGS`.
        figures: of units and of the office, schema `figures.FIGURES`.
        first_dates: the register of first promised dates as the day leaves it, schema `records.FIRST_DATES`.
        lapsing: units asked for a reason and a new date of a case that is about to lapse.
        lettered: units whose letters are looked at.
    """

    findings: pd.DataFrame
    figures: pd.DataFrame
    first_dates: pd.DataFrame
    lapsing: frozenset[str]
    lettered: Sequence[str]

    @property
    def of_units(self) -> pd.DataFrame:
        """Return the rows of `figures` that are units."""
        return only(self.figures, UNIT)


@step
def check(place: Workplace, snapshots: Sequence[Snapshot]) -> Found:
    """Find what is owed on the day, compute its figures once, judge their growth, and share the units out."""
    known = _read(place, snapshots)
    decided = decide(known)
    written_to = final.to_remind(place, units_to_write(place, decided.of_units, decided.lapsing))
    waiving.warn_of_unknown(known.facts)
    admission.judge_late_cases(place, int(decided.of_units["cases_late"].sum()))
    paths = _write(place, known, decided)
    letters = _batches(decided.lettered, place)
    reminders = _batches(written_to, place)
    await_batches(place, letters=letters, reminders=reminders)
    counts = decided.findings["kind"].value_counts()
    return Found(
        snapshots=list(snapshots),
        **paths,
        counts={kind.value: int(counts.get(kind.value, 0)) for kind in FindingKind},
        letters=letters,
        reminders=reminders,
        gates=admission.gate_notes(place),
    )


def _read(place: Workplace, snapshots: Sequence[Snapshot]) -> Known:
    dated = facts_of(place, snapshots)
    apologies = evidence.gather(place, dated.cases)
    open_letters = units_with_open_letters(place.ledger, campaign=place.day.campaign.code)
    return Known(
        facts=evidence.with_apologies(dated, apologies),
        apologies=apologies,
        recorded=records_of(place, snapshots, "cases"),
        with_letters=frozenset(place.day.campaign.heir(code).code for code in open_letters),
    )


def decide(known: Known) -> Decided:
    """Return what the day owes; pure.

    Raises:
        FiguresError: its figures do not add up.
    """
    facts = known.facts
    day = known.facts.day
    findings = find_all(facts)
    waived = waived_numbers(day.campaign.waivers, as_of=day.business_date)
    figures = day_figures(facts.cases, facts.work, day.campaign.units, waived=waived)
    require_sums(figures)
    soon = findings["kind"] == FindingKind.APOLOGY_DUE_SOON
    lapsing = frozenset(findings.loc[soon, "unit"]) if day.campaign.letters.before_lapse else frozenset()
    owing = lapsing | known.with_letters | set(findings.loc[findings["kind"].isin(UNAPOLOGISED), "unit"])
    return Decided(
        findings=findings,
        figures=figures,
        first_dates=carry(facts.first_dates, known.recorded, day.calendar),
        lapsing=lapsing,
        lettered=[unit.code for unit in day.campaign.units if unit.code in owing],
    )


def _write(place: Workplace, known: Known, decided: Decided) -> FoundFiles:
    """Write what the day's other steps and later days build on; return where it lies, under the output folder."""
    _keep(place, decided.first_dates, FIRST_DATES, FIRST_DATES_NAME)
    folder = place.folder / "snapshots"
    findings = write_snapshot(decided.findings, FINDINGS, folder=folder, name="findings")
    keep_findings(place, findings, count=len(decided.findings))
    waiving.keep(place, decided.findings)
    figures = _keep(place, decided.figures, FIGURES, FIGURES_NAME)
    past_figures.remember(place, figures, decided.figures)
    days.record_behind(place.ledger, place.run_id, sum(is_behind(row) for row in rows_of(decided.of_units)))
    return FoundFiles(
        findings=findings.relative_to(place.out).as_posix(),
        figures=figures,
        apologies=_keep(place, known.apologies, APOLOGIES, evidence.NAME),
    )


def judged_cases(place: Workplace, found: Found) -> pd.DataFrame:
    """Return all cases with what they are on the day, recomputed from what `check` left."""
    cases = _cases_on(place.day, records_of(place, found["snapshots"], "cases"), first_dates_before(place))
    apologies = evidence.read(place, found.get("apologies"))
    counting = place.day.campaign.apology_evidence
    return judge_apologies(cases, apologies, as_of=place.day.business_date, counting=counting)


def facts_of(place: Workplace, snapshots: Sequence[Mapping[str, Any]]) -> DayFacts:
    """Return all that the day's rules look at, but for what is known beside the sources; see `judge`.

    Args:
        place: the day.
        snapshots: say `kind` and `path` each.
    """
    return judge(place.day, day_records(place, snapshots), first_dates_before(place))


def judge(
    day: Day,
    records: Mapping[str, pd.DataFrame],
    first_dates: pd.DataFrame,
    apologies: pd.DataFrame | None = None,
) -> DayFacts:
    """Return the day's records, judged; pure.

    Args:
        day: the business day.
        records: by kind, schema `records.SCHEMAS`; under "differences" what systems tell differently, where known.
        first_dates: schema `records.FIRST_DATES`, as the days before left it.
        apologies: schema `checks.apologies.APOLOGIES`; None where nothing is known beside the sources.
    """
    facts = DayFacts(
        day=day,
        cases=_cases_on(day, records["cases"], first_dates),
        work=judge_work(records["work"], as_of=day.business_date, calendar=day.calendar),
        files=records["files"],
        statistics=records["statistics"],
        first_dates=first_dates,
        differences=records.get(DIFFERING, empty_frame(DIFFERENCES)),
    )
    return evidence.with_apologies(facts, apologies)


def _cases_on(day: Day, cases: pd.DataFrame, first_dates: pd.DataFrame) -> pd.DataFrame:
    campaign = day.campaign
    judged = judge_cases(
        cases,
        as_of=day.business_date,
        period=campaign.period,
        by_timestamp=campaign.precision == "datetime",
        calendar=day.calendar,
        rules=campaign.rules,
        first_dates=first_dates,
    )
    return with_responsible(judged, as_of=day.business_date, calendar=day.calendar, units=campaign.unit_by_code)


def read_figures(place: Workplace, found: Found) -> pd.DataFrame:
    """Return the day's figures by unit code, as `check` left them.

    Raises:
        FiguresError: they do not add up any more.
    """
    whole = completed(read_snapshot(place.out / found["figures"], FIGURES))
    require_sums(whole)
    return only(whole, UNIT).set_index("code", drop=False)


def _keep(place: Workplace, frame: pd.DataFrame, schema: pa.Schema, name: str) -> str:
    """Write what later days build on, enter it in the ledger, and return its path under the output folder."""
    path = write_snapshot(frame, schema, folder=place.folder / "snapshots", name=name)
    counts = {"rows_in": len(frame), "accepted": len(frame), "quarantined": 0, "duplicates": 0}
    named = {"source": name, "kind": "register", "path": path.relative_to(place.out).as_posix()}
    runs.record_snapshot(place.ledger, place.run_id, named | {"file_sha256": sha256_of(path.read_bytes())} | counts)
    return named["path"]


def _batches(codes: Sequence[str], place: Workplace) -> list[UnitBatch]:
    size = 1 if len(codes) <= MAX_BATCHES else max(MIN_UNITS, -(-len(codes) // MAX_BATCHES))
    groups = [list(codes[i : i + size]) for i in range(0, len(codes), size)]
    names = place.day.campaign.unit_by_code
    return [
        UnitBatch(label=names[group[0]].name + (f" và {len(group) - 1} đơn vị khác" if group[1:] else ""), units=group)
        for group in groups
    ]
