"""What the day writes: letters, reminders, the report; and the mails it sends."""

import logging
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from dondoc.daily import dispatch, postroom, preflight, report_making, reporting
from dondoc.daily.judging import judged, read_figures
from dondoc.daily.references import Found
from dondoc.daily.step import step
from dondoc.ledger import transitions
from dondoc.ledger.letters import latest_letters, promises, superseded_files
from dondoc.ledger.store import now
from dondoc.letters.draft import COLUMNS, Answer, draft_letter
from dondoc.letters.drafting import DRAFTER, Drafting, basis_of
from dondoc.letters.listing import write_lists
from dondoc.letters.plan import APOLOGISED, NOT_LATE, Plan, plan_letters, plan_unowed
from dondoc.mail.account import SmtpAccount
from dondoc.records import FINDINGS
from dondoc.sources.snapshot import read_snapshot
from dondoc.workplace import Workplace

log = logging.getLogger(__name__)

NO_ANSWERS: Mapping[str, Answer] = MappingProxyType({})


@step
def draft_letters(
    place: Workplace, found: Found, units: Sequence[str], answers: Mapping[str, Answer] = NO_ANSWERS
) -> dict[str, int]:
    """Draft the apologies owed by `units`, withdraw those no longer owed, hold approved ones whose case changed.

    Args:
        place: the day.
        found: what the checks left.
        units: codes of the units to write for.
        answers: what units answered of their cases, by case number; they win over the source.
    """
    campaign, today = place.day.campaign, place.day.business_date
    cases, _ = judged(place, found["snapshots"])
    cases = cases.assign(owed=cases["late"] & ~cases["apologised"])
    mine = cases[cases["owed"] & cases["unit"].isin(list(units))].sort_values("case_number")
    rows = mine[COLUMNS].astype(object).to_dict("records")
    drafts = [draft_letter(case, place.day, answer=answers.get(case["case_number"])) for case in rows]
    templates, latest = preflight.letter_templates(place), latest_letters(place.ledger, campaign=campaign.code)
    bases = [basis_of(draft, templates[draft.returned]) for draft in drafts]
    plan = plan_letters(drafts, latest, bases=bases, promised=promises(place.ledger), today=today)
    ours = [letter for letter in latest.values() if letter.unit in units]
    plan_unowed(plan, ours, _why_unowed(cases[~cases["owed"]], {letter.case_number for letter in ours}), today=today)
    replaced = superseded_files(place.ledger, campaign=campaign.code, units=units)
    drafting = Drafting(place, templates, replaced, now(), units, live={letter.path for letter in latest.values()})
    new = drafting.write(plan)
    _settle(place, plan)
    write_lists(place, units, refused=plan.refused)
    log.info("%d thư phải có, %d bản mới, %d thư rút", len(drafts), new, len(plan.withdraw))
    return {"owed": len(drafts), "new": new, "withdrawn": len(plan.withdraw), "refused": len(plan.refused)}


def _settle(place: Workplace, plan: Plan) -> None:
    at = now()
    transitions.withdraw(place.ledger, plan.withdraw, by=DRAFTER, at=at)
    transitions.hold(place.ledger, plan.hold, by=DRAFTER, at=at)
    transitions.release(place.ledger, plan.release, by=DRAFTER, at=at)


def _why_unowed(cases: pd.DataFrame, wanted: set[str]) -> dict[str, str]:
    told = cases.loc[cases["case_number"].isin(list(wanted)), ["case_number", "late"]]
    return {number: APOLOGISED if late else NOT_LATE for number, late in told.itertuples(index=False)}


@step
def compose_reminders(place: Workplace, found: Found, units: Sequence[str]) -> int:
    """Write the reminders of `units` as files and outbox rows; nothing is sent here."""
    figures = read_figures(place, found)
    findings = read_snapshot(place.out / found["findings"], FINDINGS)
    for code in units:
        postroom.plan_reminder(place, code, figures=figures.loc[code], findings=findings[findings["unit"] == code])
    return len(units)


@step
def write_report(
    place: Workplace,
    found: Found,
    missing: Sequence[str] = (),
    claimed: pd.DataFrame | None = None,
    reasons: Mapping[str, str] | None = None,
) -> list[str]:
    """Write the day's report in Word and Excel and plan its mail; one that has left is corrected beside it.

    Args:
        place: the day.
        found: what the checks left.
        missing: what the report must do without, a line each; page 1 then says so.
        claimed: `code` and `report.facts.CLAIMS` a unit, what units say they did; None where nobody was asked.
        reasons: why cases were late, by case number, as units answered.
    """
    basis = report_making.gather(place, found, missing=missing, claimed=claimed, reasons=reasons)
    paths = reporting.write_report(place, basis)
    if not reporting.sent_files(place):
        postroom.plan_report(place, figures=read_figures(place, found), paths=paths)
    return [path.relative_to(place.folder).as_posix() for path in paths]


@step
def send_mail(place: Workplace, kind: str, account: Callable[[], SmtpAccount]) -> dict[str, int]:
    """Send the planned mails of one kind; each row ends sent, refused, or unknown, and is never offered twice."""
    return dispatch.send_planned(place, kind, account)
