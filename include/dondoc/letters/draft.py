"""The content of an apology letter: every field a Word template may name, as finished text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from dondoc.calendar import Certainty
from dondoc.campaign import Unit
from dondoc.campaign.day import Day
from dondoc.campaign.letterhead import office_fields
from dondoc.files import sha256_of
from dondoc.letters.addressing import applicant_kind, honorific
from dondoc.vietnamese.wording import PROVISIONAL, date_in_words, days_late_words, instant_in_words, text, two_digits

LETTER_TYPE = "PXL"
# What the field of a letter drafted before its case lapses holds; any other letter's is empty.
BEFORE_DUE = "trước hạn"
# Whom a letter is to and what it is about: these must stand in the document in full.
MUST_SHOW = ("addressee", "case_number", "procedure")
REQUIRED = ("addressee", "case_number", "procedure", "reason")
# Fields the letter's truth depends on; the days late of an open case grow by themselves.
FACTS = ("addressee", "address", "procedure", "received_on", "due", "reason", "new_due_on", "finished_on")
COLUMNS = [
    *("case_number", "unit", "procedure", "applicant", "applicant_kind", "applicant_id"),
    *("address", "phone", "received_at", "due_at"),
    *("ended_on", "days_late", "days_late_at_least", "provisional", "reason", "new_due_at", "postponed_times"),
]


@dataclass(frozen=True)
class UnitAnswer:
    """What a unit answered of a late case; it wins over the source."""

    reason: str
    new_due_on: date | None


@dataclass(frozen=True)
class Draft:
    """The fields of one letter that is not written yet.

    Attributes:
        case_number: whom it is about.
        unit: code of the unit that answers.
        returned: whether the office has finished the case, late; such a letter promises no future date.
        missing: codes of `lacking.MISSING`; empty when the letter can be approved.
        promised_on: the new date it promises, None where it promises none.
        postponed_times: how often the source says the date was moved.
        values: the template's fields.
        facts: what lists and pages show of the case; no address, phone or e-mail.
    """

    case_number: str
    unit: str
    returned: bool
    missing: tuple[str, ...]
    promised_on: date | None
    postponed_times: int
    values: Mapping[str, str]
    facts: Mapping[str, Any]

    @cached_property
    def facts_sha256(self) -> str:
        """Return the hash of what must hold of the case for the letter to be true.

        That the calendar of a promised day is provisional is no fact of the case: a letter stands when it is official.
        """
        said = [self.values[name].removesuffix(f" {PROVISIONAL}") for name in FACTS]
        # Not said of letters drafted before it was asked for: theirs stand as they are.
        said += [self.values["applicant_id"]] if self.values["applicant_id"] else []
        return sha256_of(json.dumps(said, ensure_ascii=False).encode())


def draft_letter(case: Mapping[str, Any], day: Day, *, answer: UnitAnswer | None = None) -> Draft:
    """Return the letter owed for `case`, the columns `COLUMNS` of a late case as `judge_cases` returns it.

    Number and date of the letter are left to the registry clerk (Decree 30/2020 art. 15 and 18): never back-dated.
    A reason nobody gave stays empty, and so does a new date nobody promised or that cannot be kept; the template shows
    a gap, and the letter cannot be approved.

    Source: form 04 of the day's regime (`include/regimes`); docs/rules.md#letters.
    """
    returned = not pd.isna(case["ended_on"])
    before_due = not returned and case["due_at"].date() >= day.business_date
    unit = day.campaign.unit_by_code[case["unit"]]
    reason, wanted = _answered(case, answer)
    fault = "" if returned else _fault_of(wanted, case["due_at"], day)
    promised_on = None if returned or fault else wanted
    addressee = text(case["applicant"]).strip()
    kind = applicant_kind(text(case["applicant_kind"]), addressee)
    about_case = _case_fields(case) | {
        "addressee": addressee,
        "honorific": honorific(kind),
        "reason": reason,
        "new_due_on": _promise(promised_on, day) if promised_on else "",
        "before_due": BEFORE_DUE if before_due else "",
    }
    lacks = [name for name, value in (("addressee", addressee), ("reason", reason)) if not value]
    return Draft(
        case_number=case["case_number"],
        unit=unit.code,
        returned=returned,
        missing=tuple(lacks + [fault] * bool(fault)),
        promised_on=promised_on,
        postponed_times=0 if pd.isna(case["postponed_times"]) else int(case["postponed_times"]),
        values=about_case | office_fields(day.campaign, document_type=LETTER_TYPE) | _unit_fields(unit),
        facts={
            "addressee": addressee,
            "applicant_kind": kind,
            "procedure": case["procedure"],
            "due_on": case["due_at"].date().isoformat(),
            "days_late": int(case["days_late"]),
            "days_late_words": days_late_words(case["days_late"], of="", **_marks(case)),
            "returned": returned,
        }
        | ({"before_due": True} if before_due else {}),
    )


def _answered(case: Mapping[str, Any], answer: UnitAnswer | None) -> tuple[str, date | None]:
    reason = (answer.reason if answer else "") or text(case["reason"])
    if answer and answer.new_due_on:
        return reason.strip(), answer.new_due_on
    return reason.strip(), None if pd.isna(case["new_due_at"]) else case["new_due_at"].date()


def _fault_of(wanted: date | None, due_at: pd.Timestamp, day: Day) -> str:
    """Return why a case cannot be promised `wanted`, nothing where it can."""
    if wanted is None:
        return "new_due_on"
    if wanted < day.business_date:
        return "new_due_past"
    if wanted <= due_at.date():
        return "new_due_early"
    certainty = day.calendar.certainty(wanted)
    if certainty is Certainty.UNKNOWN:
        return "new_due_no_calendar"
    if day.calendar.is_working(wanted):
        return ""
    return "new_due_rest_day" if certainty is Certainty.OFFICIAL else "new_due_rest_day_provisional"


def _promise(promised_on: date, day: Day) -> str:
    provisional = day.calendar.certainty(promised_on) is Certainty.PROVISIONAL
    return date_in_words(promised_on) + f" {PROVISIONAL}" * provisional


def _case_fields(case: Mapping[str, Any]) -> dict[str, str]:
    return {
        "address": text(case["address"]),
        "phone": text(case["phone"]),
        "applicant_id": text(case["applicant_id"]).strip(),
        "case_number": case["case_number"],
        "procedure": case["procedure"],
        "received_on": date_in_words(case["received_at"].date()),
        "due": instant_in_words(case["due_at"]),
        "finished_on": "" if pd.isna(case["ended_on"]) else date_in_words(case["ended_on"].date()),
        "days_late": _days_late(case),
    }


def _days_late(case: Mapping[str, Any]) -> str:
    """Return the days late as they stand before "ngày làm việc" in a letter."""
    marks = _marks(case)
    least = "ít nhất " if marks["at_least"] else ""
    return f"{least}{two_digits(case['days_late'])}" + f" {PROVISIONAL}" * marks["provisional"]


def _marks(case: Mapping[str, Any]) -> dict[str, bool]:
    return {"at_least": bool(case["days_late_at_least"]), "provisional": bool(case["provisional"])}


def _unit_fields(unit: Unit) -> dict[str, str]:
    return {"unit_name": unit.name, "archive": f"VT, {unit.code}"}
