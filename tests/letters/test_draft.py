"""What a letter says: whom it addresses, what it promises, what it lacks."""

from dataclasses import replace
from datetime import date, datetime

import pandas as pd
import pytest

from dondoc.letters.addressing import applicant_kind, honorific
from dondoc.letters.draft import draft_letter
from dondoc.letters.lacking import MISSING
from dondoc.vietnamese.wording import date_in_words

from .conftest import LATE


def draft(place, **case):
    given = LATE | case
    dates = ("received_at", "due_at", "new_due_at", "ended_on")
    return draft_letter(given | {name: given[name] and pd.Timestamp(given[name]) for name in dates}, place.day)


@pytest.mark.parametrize(
    ("kind", "name", "addressed"),
    [
        ("citizen", "Nguyễn Văn A", "Ông/Bà"),
        ("citizen", "CÔNG TY A", "Ông/Bà"),
        ("organisation", "Trường X", "Quý Tổ chức"),
        *[
            ("", name, "Quý Công ty")
            for name in (
                "Công ty TNHH A",
                "CTCP B",
                "DOANH NGHIỆP TƯ NHÂN C",
                "ABC CO., LTD",
                "Xyz J JSC",
                "Cty cổ phần",
            )
        ],
        *[("", name, "Ông/Bà/Tổ chức") for name in ("Nguyễn Văn A", "Trần Thị Công", "Trường Đại học", "越南", "")],
    ],
)
def test_a_person_is_never_guessed_and_a_company_is_known_by_its_name(kind, name, addressed):
    assert honorific(applicant_kind(kind, name)) == addressed


@pytest.mark.parametrize(
    ("new_due_at", "missing"),
    [
        pytest.param(None, "new_due_on", id="none"),
        pytest.param(datetime(2023, 11, 13), "new_due_past", id="past"),
        pytest.param(datetime(2023, 11, 18), "new_due_rest_day", id="a Saturday"),
        pytest.param(datetime(2031, 11, 18), "new_due_no_calendar", id="a year without a calendar"),
    ],
)
def test_a_date_that_cannot_be_kept_is_a_gap_and_not_a_promise(place, new_due_at, missing):
    found = draft(place, new_due_at=new_due_at)
    assert (found.missing, found.promised_on, found.values["new_due_on"]) == ((missing,), None, "")


@pytest.mark.parametrize(
    ("new_due_at", "missing"),
    [
        pytest.param(datetime(2027, 1, 4), (), id="a working day"),
        pytest.param(datetime(2027, 1, 1), ("new_due_rest_day_provisional",), id="a holiday of the Labour Code"),
    ],
)
def test_a_date_in_a_provisional_year_may_be_promised(place, new_due_at, missing):
    assert draft(place, new_due_at=new_due_at).missing == missing
    assert all("(lịch dự kiến)" in MISSING[name] for name in missing)


def test_a_promise_in_a_provisional_year_is_marked_in_the_letter_and_the_mark_is_no_fact_of_the_case(place):
    ahead = draft(place, new_due_at=datetime(2027, 1, 4))
    assert ahead.values["new_due_on"].replace("\xa0", " ") == "ngày 04 tháng 01 năm 2027 (lịch dự kiến)"
    official = replace(ahead, values={**ahead.values, "new_due_on": ahead.values["new_due_on"].split(" (")[0]})
    assert official.facts_sha256 == ahead.facts_sha256


def test_a_lower_bound_and_a_provisional_count_are_said_so(place):
    old = draft(place, ended_on=datetime(2023, 11, 10), days_late=2192, days_late_at_least=True)
    assert (old.values["days_late"], old.facts["days_late_words"]) == ("ít nhất 2192", "từ 2.192 trở lên")
    ahead = draft(place, ended_on=datetime(2023, 11, 10), days_late=3, provisional=True)
    assert (ahead.values["days_late"], ahead.facts["days_late_words"]) == ("03 (lịch dự kiến)", "3 (lịch dự kiến)")


def test_a_date_up_to_the_old_one_is_no_new_date(place):
    assert draft(place, due_at=datetime(2023, 11, 14, 16), new_due_at=datetime(2023, 11, 14)).missing == (
        "new_due_early",
    )


def test_a_returned_case_is_promised_nothing_and_needs_no_date(place):
    found = draft(place, ended_on=datetime(2023, 11, 10), new_due_at=datetime(2023, 11, 20))
    assert (found.missing, found.promised_on, found.values["new_due_on"]) == ((), None, "")
    assert found.values["finished_on"] == date_in_words(date(2023, 11, 10))


@pytest.mark.parametrize(("name", "value"), [("reason", None), ("reason", "  "), ("applicant", None)])
def test_what_nobody_gave_is_named(place, name, value):
    assert draft(place, **{name: value}).missing == ({"applicant": "addressee"}.get(name, name),)


def test_the_days_an_open_case_is_late_do_not_change_what_the_letter_is_true_of(place):
    assert draft(place, days_late=9).facts_sha256 == draft(place, days_late=10).facts_sha256
    assert draft(place).facts_sha256 != draft(place, reason="khác").facts_sha256
