"""What is known of apologies beside the sources on a day: gathered once, kept beside the snapshots, read again."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from dondoc.answers.claims import answered, answers_frame, letter_answers
from dondoc.answers.columns import APOLOGISED_ON, APOLOGY_NUMBER, CASES
from dondoc.checks.apologies import APOLOGIES, judge_apologies
from dondoc.checks.facts import DayFacts
from dondoc.errors import LostFileError
from dondoc.installation.workplace import Workplace
from dondoc.ledger.answers import accepted
from dondoc.ledger.apologies import letters_on_the_way, signed_letters
from dondoc.letters.readiness import ready_letters
from dondoc.records import conform, empty_frame
from dondoc.sources.snapshot import read_snapshot

log = logging.getLogger(__name__)

NAME = "apologies"


def gather(place: Workplace, judged: pd.DataFrame) -> pd.DataFrame:
    """Return what the ledger says of apologies on the day, schema APOLOGIES, by case number.

    Only what is dated by the business date: a day that is run again finds nothing that came after it.

    Args:
        place: the day.
        judged: its cases, as `judge_cases` returns them.
    """
    code = place.day.campaign.code
    as_of = place.day.business_date
    answers = answers_frame(accepted(place.ledger, campaign=code, as_of=as_of))
    signed = signed_letters(place.ledger, as_of=as_of)
    waiting = _waiting(place, judged, answers)
    if not (signed or len(waiting) or len(answers)):
        return empty_frame(APOLOGIES)
    letters = pd.DataFrame(
        list(signed),
        columns=["case_number", "letter_number", "letter_signed_on"],
        dtype=object,
    ).set_index("case_number")
    claims = answered(answers, CASES, (APOLOGY_NUMBER, APOLOGISED_ON)).dropna(subset=[APOLOGISED_ON])
    claims = claims.set_axis(["claimed_number", "claimed_on"], axis=1)
    claims["claimed_on"] = pd.to_datetime(claims["claimed_on"], format="%Y-%m-%d")
    letters["letter_signed_on"] = pd.to_datetime(letters["letter_signed_on"])
    told = letters.join(claims, how="outer").join(pd.Series(True, index=waiting, name="waiting"), how="outer")
    told = told.rename_axis("case_number").sort_index().reset_index().astype(object)
    known = told.where(told.notna(), None)
    return conform(known.assign(waiting=told["waiting"].notna()), APOLOGIES)


def _waiting(place: Workplace, judged: pd.DataFrame, answers: pd.DataFrame) -> pd.Index:
    """Return the late cases whose letter is approved, or lacks nothing and was not returned."""
    on_the_way = letters_on_the_way(place.ledger, campaign=place.day.campaign.code, as_of=place.day.business_date)
    late = judged[judged["late"]]
    ready = ready_letters(late, letter_answers(answers), place.day)
    numbers = late["case_number"]
    done = numbers.isin(list(on_the_way.approved)) | (ready & ~numbers.isin(list(on_the_way.returned)))
    return pd.Index(numbers[done].unique(), dtype=object)


def with_apologies(facts: DayFacts, apologies: pd.DataFrame | None) -> DayFacts:
    """Return `facts` with who says that each case was apologised for, beside its source; pure."""
    day = facts.day
    counting = day.campaign.apology_evidence
    cases = judge_apologies(facts.cases, apologies, as_of=day.business_date, counting=counting)
    return replace(facts, cases=cases)


def read(place: Workplace, path: str | None) -> pd.DataFrame:
    """Return what was kept at `path`, under the output folder; none where an older version kept nothing."""
    return read_snapshot(place.out / path, APOLOGIES) if path else empty_frame(APOLOGIES)


def of_day(place: Workplace, taken: Sequence[Mapping[str, Any]], judged: pd.DataFrame) -> pd.DataFrame:
    """Return what was kept of a day that ran; gathered again where its file is gone or rotten.

    Args:
        place: the day.
        taken: its snapshots, as the ledger has them.
        judged: its cases, as `judge_cases` returns them.
    """
    kept = next((one["path"] for one in taken if one["source"] == NAME), None)
    try:
        return read(place, kept)
    except LostFileError as error:
        log.warning("lập lại chứng cứ xin lỗi của ngày từ sổ cái: %s", error)
        return gather(place, judged)
