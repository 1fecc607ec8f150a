"""Tell which late cases have all that their letter needs, so that only a signature is left; many cases at once."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from dondoc.calendar import ONE_DAY, Days
from dondoc.campaign.day import Day
from dondoc.letters.draft import UnitAnswer
from dondoc.records import days_of

POSTPONEMENTS_ALLOWED = 1


def ready_letters(cases: pd.DataFrame, answers: Mapping[str, UnitAnswer], day: Day) -> np.ndarray:
    """Return, shape (n,), of which cases the letter lacks nothing, as `draft_letter` would draft it.

    A case that was postponed already is not ready: its letter would postpone it again, and is not drafted.

    Args:
        cases: late cases, as `judge_cases` returns them.
        answers: what units answered, by case number; they win over the source.
        day: the business day.
    """
    answered = [answers.get(number) for number in cases["case_number"]]
    said = np.array([bool(one and one.reason.strip()) for one in answered], bool)
    promised = np.array([one.new_due_on if one else None for one in answered], "datetime64[D]")
    reason = said | _filled(cases["reason"])
    wanted = np.where(np.isnat(promised), days_of(cases["new_due_at"]), promised)
    ended = cases["ended_on"].notna().to_numpy(bool)
    again = (cases["postponed_times"] > POSTPONEMENTS_ALLOWED).fillna(False).to_numpy(bool)
    kept = _can_be_kept(wanted, days_of(cases["due_at"]), day) & ~again
    return _filled(cases["applicant"]) & reason & (ended | kept)


def _filled(texts: pd.Series) -> np.ndarray:
    return texts.fillna("").str.strip().ne("").to_numpy(bool)


def _can_be_kept(wanted: np.ndarray, due: np.ndarray, day: Day) -> np.ndarray:
    """Return which new dates may be promised: not past, after the old one, and a working day of a known year."""
    today: date = day.business_date
    kept = day.calendar.is_known(wanted) & (wanted >= np.datetime64(today, "D")) & (wanted > due)
    asked: Days = wanted[kept]
    kept[kept] = day.calendar.days_between(asked - ONE_DAY, asked) == 1
    return kept
