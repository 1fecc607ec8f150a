"""What the day writes: letters, reminders, the report; and the mails it sends."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from dondoc.answers.claims import answers_frame, letter_answers, unit_claims
from dondoc.answers.intake import said_before
from dondoc.answers.unit_workbook import UnitWorkbooks
from dondoc.checks.lapsing import about_to_lapse
from dondoc.daily import dispatch, final, final_report, mail_planning, reminding, report_making, reporting
from dondoc.daily.first_dates import first_dates_gap
from dondoc.daily.judging import judged_cases, read_figures
from dondoc.daily.outgoing import remove_withdrawn, withdraw_unowed
from dondoc.daily.past_figures import lost_lines
from dondoc.daily.references import Found
from dondoc.daily.setbacks import CLOSINGS, LETTERS, REMINDERS, do_apart, letters_undrafted
from dondoc.daily.standing import changes_since, standing_of
from dondoc.daily.stationery import letter_templates
from dondoc.daily.step import step
from dondoc.figures import is_behind
from dondoc.frames import rows_of
from dondoc.installation.workplace import Workplace
from dondoc.ledger import endings, transitions
from dondoc.ledger.answers import accepted
from dondoc.ledger.letters import SIGNED, Letter, letter_units, promises, superseded_files
from dondoc.ledger.mail_kinds import CLOSING, FINAL, REPORT
from dondoc.ledger.store import now
from dondoc.ledger.workbooks import token_key
from dondoc.letters.draft import COLUMNS, UnitAnswer, draft_letter
from dondoc.letters.drafting import DRAFTER, Drafting, basis_of
from dondoc.letters.elsewhere import TAKEN_OVER, held_elsewhere, left_elsewhere
from dondoc.letters.listing import write_lists
from dondoc.letters.plan import (
    APOLOGISED,
    FINISHED_IN_TIME,
    NOT_LATE,
    Plan,
    plan_held_elsewhere,
    plan_letters,
    plan_unowed,
)
from dondoc.letters.succession import letters_of
from dondoc.mail.account import SmtpAccount
from dondoc.office_files.word import WordTemplate
from dondoc.records import FINDINGS
from dondoc.records.unit_findings import by_unit, count_lapsing
from dondoc.sources.snapshot import read_snapshot

log = logging.getLogger(__name__)

LETTER_COUNTS = ("owed", "new", "withdrawn", "refused")


@step
def draft_letters(
    place: Workplace, found: Found, units: Sequence[str], answers: Mapping[str, UnitAnswer] | None = None
) -> dict[str, int]:
    """Draft the apologies owed by `units`, withdraw those no longer owed, hold approved ones whose case changed.

    Args:
        place: the day.
        found: what the checks left.
        units: codes of the units to write for.
        answers: what units answered of their cases, by case number; they win over the source. None: what the ledger
            has as of the day.
    """
    said = answers_of(place) if answers is None else answers
    cases, templates = judged_cases(place, found), letter_templates(place)
    counts = do_apart(place, LETTERS, units, partial(_draft, place, cases=cases, templates=templates, said=said))
    return {name: sum(one[name] for one in counts) for name in LETTER_COUNTS}


def _draft(
    place: Workplace,
    units: Sequence[str],
    *,
    cases: pd.DataFrame,
    templates: Mapping[bool, WordTemplate],
    said: Mapping[str, UnitAnswer],
) -> dict[str, int]:
    campaign, today = place.day.campaign, place.day.business_date
    due = cases["late"] | (about_to_lapse(cases, place.day) & campaign.letters.before_lapse)
    owed = due & ~cases["apologised"]
    latest = letters_of(place.ledger, campaign)
    watched = due & _signed_alone(cases, latest)
    mine = cases.loc[(owed | watched) & cases["unit"].isin(list(units)), COLUMNS].sort_values("case_number")
    numbers = mine["case_number"].to_list()
    transitions.withdraw(place.ledger, _left_behind(place, numbers, latest), by=DRAFTER, at=now())
    elsewhere = held_elsewhere(place, numbers, latest)
    rows = mine[~mine["case_number"].isin(list(elsewhere))].astype(object).to_dict("records")
    drafts = [draft_letter(case, place.day, answer=said.get(case["case_number"])) for case in rows]
    bases = [basis_of(draft, templates[draft.returned]) for draft in drafts]
    plan = plan_letters(drafts, latest, bases=bases, promised=promises(place.ledger), today=today)
    plan_held_elsewhere(plan, latest, elsewhere)
    ours = [letter for letter in latest.values() if letter.unit in units]
    settled = ~owed & ~watched & _numbered(cases, ours)
    plan_unowed(plan, ours, _why_unowed(cases[settled], due[settled]), today=today)
    theirs = [code for code in letter_units(place.ledger, campaign=campaign.code) if campaign.heir(code).code in units]
    replaced = superseded_files(place.ledger, campaign=campaign.code, units=theirs)
    live = {letter.path for letter in latest.values()}
    known = {draft.case_number: basis for draft, basis in zip(drafts, bases, strict=True)}
    drafting = Drafting(place, templates, replaced, now(), units, live, known)
    new = drafting.write(plan)
    _settle(place, plan)
    write_lists(place, units, refused=plan.refused)
    wanted = int(owed[mine.index].sum())
    log.info("%d thư phải có, %d bản mới, %d thư rút", wanted, new, len(plan.withdraw))
    return {"owed": wanted, "new": new, "withdrawn": len(plan.withdraw), "refused": len(plan.refused)}


def _left_behind(place: Workplace, numbers: Sequence[str], latest: Mapping[str, Letter]) -> dict[int, str]:
    """Return why the letters that campaigns now over left undecided are withdrawn there, by id."""
    return dict.fromkeys(left_elsewhere(place, numbers, latest), TAKEN_OVER.format(place.day.campaign.code))


def answers_of(place: Workplace) -> Mapping[str, UnitAnswer]:
    """Return what units answered of their cases until the day, by case number: no later answer changes an old day."""
    until = accepted(place.ledger, campaign=place.day.campaign.code, as_of=place.day.business_date)
    return letter_answers(answers_frame(until))


def _reasons(answers: pd.DataFrame) -> dict[str, str]:
    return {number: answer.reason for number, answer in letter_answers(answers).items() if answer.reason}


def _settle(place: Workplace, plan: Plan) -> None:
    at = now()
    transitions.withdraw(place.ledger, plan.withdraw, by=DRAFTER, at=at)
    transitions.hold(place.ledger, plan.hold, on=place.day.business_date, by=DRAFTER, at=at)
    transitions.release(place.ledger, plan.release, by=DRAFTER, at=at)


def _numbered(cases: pd.DataFrame, letters: Sequence[Letter]) -> pd.Series:
    return cases["case_number"].isin([letter.case_number for letter in letters])


def _signed_alone(cases: pd.DataFrame, latest: Mapping[str, Letter]) -> pd.Series:
    """Return the cases whose only witness is our letter, signed and not yet gone: it is held if they change."""
    signed = [number for number, letter in latest.items() if letter.state == SIGNED]
    return cases["by_register"] & ~cases["by_system"] & cases["case_number"].isin(signed)


def _why_unowed(cases: pd.DataFrame, due: pd.Series) -> dict[str, str]:
    """Return why each of `cases` owes no letter, by case number; `due` says which would owe one but for its apology."""
    conditions = [due.to_numpy(bool), cases["ended_on"].notna().to_numpy(bool)]
    reasons = np.select(conditions, [APOLOGISED, FINISHED_IN_TIME], NOT_LATE)
    return dict(zip(cases["case_number"], reasons.tolist(), strict=True))


@step
def compose_reminders(place: Workplace, found: Found, units: Sequence[str]) -> int:
    """Write the reminders of `units` as files and outbox rows, thank those that owe nothing; nothing is sent here."""
    figures = {row["code"]: row for row in rows_of(read_figures(place, found))}
    findings = read_snapshot(place.out / found["findings"], FINDINGS)
    mine = by_unit(findings[findings["unit"].isin(list(units))])
    standing, changes = standing_of(place), changes_since(place, findings)
    before_lapse = place.day.campaign.letters.before_lapse
    workbooks = UnitWorkbooks(place.day, said_before(place), token_key(place.ledger))

    def compose(some: Sequence[str]) -> int:
        reminders, thanks = [], []
        for unit in map(place.day.campaign.unit_by_code.__getitem__, some):
            facts: dict[str, Any] = {"figures": figures[unit.code], "standing": standing}
            if is_behind(figures[unit.code]) or (before_lapse and count_lapsing(mine.get(unit.code, []))):
                facts |= {"findings": mine.get(unit.code, []), "changes": changes.of(unit.code), "workbooks": workbooks}
                reminders.append(mail_planning.write_reminder(place, unit, **facts))
            else:
                thanks += reminding.praise(place, unit, **facts)
        mail_planning.enter_reminders(place, some, reminders=reminders, thanks=thanks)
        return len(some)

    return sum(do_apart(place, REMINDERS, units, compose))


@step
def compose_digest(place: Workplace, found: Found) -> int:
    """Write the day's digest for the leaders who are due one, and return how many are; nothing is sent here."""
    if not final.still_reminds(place):
        return 0
    return reminding.plan_digest(place, figures=read_figures(place, found), standing=standing_of(place))


@dataclass(frozen=True)
class ReportInputs:
    """What a day's report rests on, read once.

    Attributes:
        figures: the day's, by unit code.
        findings: schema `records.FINDINGS`.
        answers: what units answered of their cases and work, schema of `answers_frame`.
        missing: what the figures are short of, a sentence each.
        missed: what is to be said of days without a run and of letters that could not be drafted, a sentence each.
        kind: under which kind the report is mailed; None when nothing more is to be said.
        replaces: the day of the final report that it takes the place of, if any.
        sent: the files by which the day's report has left, none while it has not.
    """

    figures: pd.DataFrame
    findings: pd.DataFrame
    answers: pd.DataFrame
    missing: Sequence[str]
    missed: Sequence[str]
    kind: str | None
    replaces: date | None
    sent: Mapping[str, bytes]


@step
def write_report(place: Workplace, found: Found) -> list[str]:
    """Write the day's report in Word and Excel and plan its mail; one that has left is corrected beside it."""
    read = _read_for_report(place, found)
    basis = report_making.gather(
        place,
        found,
        findings=read.findings,
        final=read.kind == FINAL,
        replaces=read.replaces,
        missing=read.missing,
        missed=read.missed,
        claimed=unit_claims(read.findings, read.answers, place.day.campaign.units) if len(read.answers) else None,
        reasons=_reasons(read.answers),
    )
    paths = reporting.write_report(place, basis, left=read.sent)
    if read.kind is not None and not read.sent:
        mail_planning.plan_report(
            place, figures=read.figures, paths=paths, kind=read.kind, missing=read.missing, replaces=read.replaces
        )
    if read.kind != FINAL:
        # An earlier attempt of the day thought that it was the last.
        withdraw_unowed(place, FINAL, keep=())
        remove_withdrawn(place, FINAL)
    return [path.relative_to(place.folder).as_posix() for path in paths]


def _read_for_report(place: Workplace, found: Found) -> ReportInputs:
    figures = read_figures(place, found)
    missing = [*final.missing_of(place, found["snapshots"]), *first_dates_gap(place)]
    kind = final_report.report_kind(place, figures, missing)
    answers = accepted(place.ledger, campaign=place.day.campaign.code, as_of=place.day.business_date)
    return ReportInputs(
        figures=figures,
        findings=read_snapshot(place.out / found["findings"], FINDINGS),
        answers=answers_frame(answers),
        missing=missing,
        missed=[*final.missed_lines(place), *lost_lines(place), *letters_undrafted(place)],
        kind=kind,
        replaces=final_report.replaced_on(place) if kind == FINAL else None,
        sent=reporting.sent_files(place, FINAL if kind == FINAL else REPORT),
    )


@step
def send_mail(place: Workplace, kind: str, account: Callable[[], SmtpAccount]) -> dict[str, int]:
    """Send the planned mails of one kind; each row ends sent, refused, put off, or unknown, and never leaves twice.

    The final report goes with the reports, before them.

    Raises:
        InOtherHandsError: another sender has not settled some of them.
    """
    kinds = (FINAL, kind) if kind == REPORT else (kind,)
    ended = Counter[str]()
    for one in kinds:
        ended.update(dispatch.send_planned(place, one, account))
    dispatch.require_settled(place, *kinds)
    return dict(ended)


@step
def compose_closing(place: Workplace, found: Found) -> int:
    """Write, once the deadline is past, the note that thanks each unit or says what it left; return how many were."""
    if place.day.business_date < final.ending(place).closing_on:
        return 0
    figures = read_figures(place, found)
    notes = endings.offered_on_other_days(
        place.ledger, campaign=place.day.campaign.code, kind=CLOSING, today=place.day.business_date
    )
    units = place.day.campaign.unit_by_code

    def compose(some: Sequence[str]) -> int:
        return sum(mail_planning.plan_closing(place, units[one], figures=figures.loc[one], notes=notes) for one in some)

    return sum(do_apart(place, CLOSINGS, list(units), compose))
