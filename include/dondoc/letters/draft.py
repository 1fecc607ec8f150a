"""What an apology letter says of a case: every field a Word template may name, as finished text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dondoc.campaign import Campaign, Unit
from dondoc.letterhead import office_fields
from dondoc.wording import date_in_words, instant_in_words, text, two_digits

LETTER_TYPE = "PXL"
HONORIFICS = {"citizen": "Ông/Bà", "business": "Quý Công ty", "organisation": "Quý Tổ chức"}
ANYONE = "Ông/Bà/Tổ chức"  # the official form's own words, where the source does not say who applied


@dataclass(frozen=True)
class Draft:
    """One letter to be.

    Attributes:
        case_number: whom it is about.
        unit: code of the unit that answers.
        returned: whether the office has finished the case, late; such a letter promises no future date.
        complete: whether the reason, and for a pending case the new date, are known.
        values: the template's fields.
    """

    case_number: str
    unit: str
    returned: bool
    complete: bool
    values: Mapping[str, str]


def draft_letter(case: Mapping[str, Any], campaign: Campaign) -> Draft:
    """Return the letter owed for `case`, a late case as `judge_cases` returns it.

    Number and date of the letter are left to the registry clerk (Decree 30/2020 art. 15 and 18): never back-dated.
    A reason nobody gave, or a new date nobody promised, stays empty; the template shows a gap.

    Source: form 04, Circular 01/2018/TT-VPCP; docs/rules.md#letters.
    """
    returned = not pd.isna(case["ended_on"])
    unit = campaign.unit_by_code[case["unit"]]
    new_due = "" if returned or pd.isna(case["new_due_at"]) else date_in_words(case["new_due_at"].date())
    reason = text(case["reason"])
    about_case = {
        "addressee": text(case["applicant"]),
        "honorific": HONORIFICS.get(text(case["applicant_kind"]), ANYONE),
        "address": text(case["address"]),
        "phone": text(case["phone"]),
        "case_number": case["case_number"],
        "procedure": case["procedure"],
        "received_on": date_in_words(case["received_at"].date()),
        "due": instant_in_words(case["due_at"]),
        "reason": reason,
        "new_due_on": new_due,
        "finished_on": date_in_words(case["ended_on"].date()) if returned else "",
        "days_late": two_digits(case["days_late"]),
    }
    return Draft(
        case_number=case["case_number"],
        unit=unit.code,
        returned=returned,
        complete=bool(reason and (returned or new_due)),
        values=about_case | office_fields(campaign, document_type=LETTER_TYPE) | _unit_fields(unit),
    )


def _unit_fields(unit: Unit) -> dict[str, str]:
    return {"unit_name": unit.name, "archive": f"VT, {unit.code}"}
