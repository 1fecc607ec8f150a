"""What a day's report is made of, and the making: any past day's report comes out of it again, byte for byte."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from dondoc.campaign import Campaign, load_calendar
from dondoc.campaign.day import Day
from dondoc.campaign.horizon import calendar_warning
from dondoc.checks.apologies import APOLOGIES
from dondoc.configuration import read_settings
from dondoc.daily.check import judge
from dondoc.daily.day_records import in_order, source_name
from dondoc.daily.first_dates import first_dates_path
from dondoc.daily.past_figures import figures_before
from dondoc.daily.references import Found
from dondoc.daily.succession import succession_lines, under_successors, with_successors
from dondoc.daily.undecided import undecided_of
from dondoc.figures import FIGURES, OFFICE, UNIT, Earlier, completed, only, require_sums
from dondoc.installation.workplace import Workplace
from dondoc.ledger.letters import DRAFTED, PUBLISHED, STANDING, WITHDRAWN
from dondoc.letters.drafting import there
from dondoc.letters.succession import letters_of
from dondoc.office_files.word import word_template
from dondoc.records import FINDINGS, FIRST_DATES, PERSONAL, SCHEMAS, UNAPOLOGISED, conform, empty_frame
from dondoc.report.annexes import report_workbook
from dondoc.report.basis import Basis, fingerprint, keep, kept
from dondoc.report.document import report_values
from dondoc.report.facts import LETTER_COUNTS, LETTERS, ReportFacts
from dondoc.sources.merging import merge_cases
from dondoc.sources.snapshot import read_snapshot
from dondoc.vietnamese.wording import number

# Of an older basis: counted beside the figures, not in them.
CLAIMED = "apologies_claimed"
FINAL_TEMPLATE = "bao-cao.docx"
DAILY_TEMPLATE = "so-lieu-ngay.docx"
ADDENDUM_TEMPLATE = "dinh-chinh.docx"
# Pictures by the alternative text of their frame in the template; also the names of their files.
PROGRESS = "Hình tiến độ"
FORECAST = "Hình dự báo"
LATENESS = "Hình nguồn quá hạn"
PICTURE_FILES = {PROGRESS: "hinh-tien-do.svg", FORECAST: "hinh-du-bao.svg", LATENESS: "hinh-nguon-qua-han.svg"}


@dataclass(frozen=True)
class Built:
    """A report as bytes; `pictures` by file name."""

    document: bytes
    workbook: bytes
    pictures: Mapping[str, bytes]


def gather(
    place: Workplace,
    found: Found,
    *,
    findings: pd.DataFrame,
    final: bool,
    replaces: date | None = None,
    missing: Sequence[str] = (),
    missed: Sequence[str] = (),
    claimed: pd.DataFrame | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Basis:
    """Return what the day's report is to be made of.

    Args:
        place: the day.
        found: what the checks left.
        findings: the findings among it, schema `records.FINDINGS`.
        final: whether it is the campaign's final report.
        replaces: the day of the final report that it takes the place of, if any.
        missing: what the report must do without, a line each.
        missed: what is to be said of days without a run and of letters that could not be drafted, a sentence each.
        claimed: schema of `report.facts.CLAIMS` a unit; None where nobody was asked.
        reasons: why cases were late, by case number, as units answered.
    """
    day = place.day
    out = place.out
    campaign = day.campaign.code
    before = day.business_date
    earlier = figures_before(place).paths
    template = place.template("report", FINAL_TEMPLATE if final else DAILY_TEMPLATE)
    taking_its_place = {"replaces": replaces.isoformat()} if replaces else {}
    return Basis(
        **taking_its_place,  # type: ignore[typeddict-item]
        campaign=campaign,
        business_date=before.isoformat(),
        final=final,
        missing=list(missing),
        missed=[*missed, *succession_lines(_earlier(out, earlier), day.campaign, today=before)],
        snapshots=[dict(snapshot) for snapshot in found["snapshots"]],
        findings=found["findings"],
        figures=found["figures"],
        first_dates=first_dates_path(place),
        apologies=found.get("apologies"),
        earlier=earlier,
        letters=_letters(place, findings),
        claimed=None if claimed is None else claimed.to_dict("records"),
        reasons=dict(reasons or {}),
        settings=keep(out, campaign, place.campaign_file.read_bytes()),
        calendar=keep(out, campaign, place.calendar_file.read_bytes()),
        template=keep(out, campaign, template.read_bytes()),
    )


def facts_of_basis(out: Path, basis: Basis) -> ReportFacts:
    """Return the facts a report states, read and judged anew from its basis.

    Raises:
        FiguresError: the figures kept do not add up.
        LedgerError: a part of the basis is gone or no longer what it was.
    """
    code = basis["campaign"]
    campaign = read_settings(kept(out, code, basis["settings"]), Campaign, kept=True)
    calendar = load_calendar(kept(out, code, basis["calendar"]), kept=True)
    day = Day(campaign, calendar, date.fromisoformat(basis["business_date"]))
    records = {kind: _records(out, basis, kind, campaign) for kind in SCHEMAS}
    first = basis["first_dates"]
    told = basis.get("apologies")
    first_dates = _read(out, first, FIRST_DATES) if first else empty_frame(FIRST_DATES)
    judged = judge(day, records, first_dates, _read(out, told, APOLOGIES) if told else None)
    figures = _read_figures(out, basis["figures"])
    require_sums(figures)
    claimed = None if basis["claimed"] is None else pd.DataFrame(basis["claimed"])
    return ReportFacts(
        day=day,
        figures=figures if claimed is None else _with_claims(figures, claimed),
        cases=judged.cases,
        work=judged.work,
        findings=_read(out, basis["findings"], FINDINGS),
        earlier=[with_successors(past, campaign) for past in _earlier(out, basis["earlier"])],
        letters=conform(pd.DataFrame(basis["letters"], columns=LETTERS.names), LETTERS),
        sources=[
            *map(source_line, basis["snapshots"]),
            *(f"{line}." for line in basis["missed"]),
            *filter(None, [calendar_warning(day)]),
        ],
        fingerprint=fingerprint(basis),
        claimed=None if claimed is None else claimed.drop(columns=CLAIMED, errors="ignore"),
        reasons=basis["reasons"],
        undecided=undecided_of(out, basis["snapshots"]),
        replaces=date.fromisoformat(basis["replaces"]) if "replaces" in basis else None,
    )


def build(out: Path, basis: Basis) -> Built:
    """Return the report of `basis`: a function of it and of what it names, of no clock and no other state."""
    facts = facts_of_basis(out, basis)
    missing = basis["missing"]
    pictures = _draw(facts) if basis["final"] else {}
    template = word_template(kept(out, basis["campaign"], basis["template"]))
    return Built(
        template.render(
            report_values(facts, missing=missing), pictures={name: drawn.png for name, drawn in pictures.items()}
        ),
        report_workbook(facts, missing=missing),
        {PICTURE_FILES[name]: drawn.svg for name, drawn in pictures.items()},
    )


def _draw(facts: ReportFacts) -> dict[str, Any]:
    # matplotlib takes most of a second to load; the daily report has no pictures.
    from dondoc.report import charts

    office = only(facts.progress, OFFICE).iloc[0]
    return {
        PROGRESS: charts.progress_picture(facts.day, only(facts.progress, UNIT)),
        FORECAST: charts.forecast_picture(facts.day, facts.figures, office, facts.earlier),
        LATENESS: charts.lateness_picture(facts.figures),
    }


def _letters(place: Workplace, findings: pd.DataFrame) -> list[dict[str, Any]]:
    """Return LETTERS a unit: drafts of the cases owed an apology, and all letters the office stands by."""
    owed = set(findings.loc[findings["kind"].isin(UNAPOLOGISED), "number"])
    counts = {unit.code: Counter[str]() for unit in place.day.campaign.units}
    letters = letters_of(place.ledger, place.day.campaign)
    for letter in there(place.out, letters).values():
        mine = counts[letter.unit]
        if letter.case_number in owed and letter.state != WITHDRAWN:
            mine.update(["drafted"] + ["incomplete"] * (letter.state == DRAFTED))
        mine.update(["approved"] * (letter.state in STANDING) + ["published"] * (letter.state == PUBLISHED))
    return [{"code": code} | {name: mine[name] for name in LETTER_COUNTS} for code, mine in counts.items()]


def _records(out: Path, basis: Basis, kind: str, campaign: Campaign) -> pd.DataFrame:
    # Of applicants a report says nothing: what is not read takes no memory and cannot slip in.
    schema = pa.schema([field for field in SCHEMAS[kind] if field.name not in PERSONAL])
    taken = in_order([one for one in basis["snapshots"] if one["kind"] == kind], campaign)
    frames = [under_successors(_read(out, one["path"], schema), campaign) for one in taken]
    if kind == "cases" and len(frames) > 1:
        return merge_cases(frames, [source_name(one) for one in taken])[0]
    return pd.concat(frames, ignore_index=True) if frames else empty_frame(schema)


def _earlier(out: Path, named: Sequence[tuple[str, str]]) -> list[Earlier]:
    return [Earlier(date.fromisoformat(on), _read_figures(out, path)) for on, path in named]


def _with_claims(figures: pd.DataFrame, claimed: pd.DataFrame) -> pd.DataFrame:
    """Return `figures` with the apologies that units and office claimed, as an older basis holds them beside."""
    if CLAIMED not in claimed:
        return figures
    said = claimed.set_index("code")[CLAIMED].astype("int64")
    counts = figures["code"].map(said.to_dict() | {OFFICE: int(said.sum())})
    return figures.assign(**{CLAIMED: counts.fillna(figures[CLAIMED]).astype(figures[CLAIMED].dtype)})


def _read_figures(out: Path, path: str) -> pd.DataFrame:
    return completed(_read(out, path, FIGURES))


def _read(out: Path, path: str, schema: pa.Schema) -> pd.DataFrame:
    return read_snapshot(out / path, schema)


def source_line(snapshot: Mapping[str, Any]) -> str:
    """Return what a source gave, as a sentence."""
    rows_in, accepted, quarantined, duplicates = (
        number(snapshot[name]) for name in ("rows_in", "accepted", "quarantined", "duplicates")
    )
    return (
        f"Nguồn {snapshot['name']} (tệp {snapshot['file']}, SHA-256 {snapshot['sha256'][:16]}…): {rows_in} dòng; "
        f"nhận {accepted}, loại {quarantined}, trùng {duplicates}."
    )
