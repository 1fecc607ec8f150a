"""The box “soạn thư xin lỗi”: the letters some units owe, drafted, withdrawn or held."""

import logging
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from dondoc.answers.claims import answers_frame, letter_answers
from dondoc.checks.lapsing import about_to_lapse
from dondoc.daily.check import judged_cases
from dondoc.daily.references import Found
from dondoc.daily.setbacks import LETTERS, do_apart
from dondoc.daily.stationery import letter_templates
from dondoc.daily.step import step
from dondoc.installation.workplace import Workplace
from dondoc.ledger import transitions
from dondoc.ledger.answers import accepted
from dondoc.ledger.letters import SIGNED, Letter, letter_units, promises, superseded_files
from dondoc.ledger.store import now
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
from dondoc.office_files.word import WordTemplate

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
    cases = judged_cases(place, found)
    templates = letter_templates(place)
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
    campaign = place.day.campaign
    today = place.day.business_date
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
