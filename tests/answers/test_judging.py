"""Each cell accepted, refused with its reason, or passed over; pure."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.answers import judging
from dondoc.answers.judging import EarlierAnswers, judge
from dondoc.answers.reading import CONTROL, ReturnedRow, ReturnedWorkbook
from dondoc.campaign import load_calendar, load_campaign
from dondoc.campaign.answers import OTHER
from dondoc.campaign.day import Day
from dondoc.installation import ROOT
from dondoc.ledger.workbooks import Issued, IssuedRow, line_key

DAY = Day(
    load_campaign(ROOT / "include" / "campaigns" / "hai-phong-2023"),
    load_calendar(ROOT / "include" / "calendars" / "vn.yaml"),
    date(2023, 11, 14),
)
DUE = date(2023, 11, 1)
ALL = ("reason", "new_due_on", "apology_number", "apologised_on")
HASHES = {kind: tuple(f"{i:06}" for i, _ in enumerate(headings)) for kind, headings in judging.HEADINGS.items()}
LINES = (
    IssuedRow("cases", "HS-1", DUE, ALL, HASHES["cases"]),
    IssuedRow("cases", "HS-2", DUE, ("reason", "apology_number", "apologised_on"), HASHES["cases"]),
    IssuedRow("work", "617", None, ("reported_on", "file_code"), HASHES["work"]),
    IssuedRow("work", "698", None, ("file_code",), HASHES["work"]),
)
ISSUED = Issued("hai-phong-2023", "QLDT", DAY.business_date, LINES)
NOTHING = EarlierAnswers({}, {})


def row(number, key=None, kind=None, **filled):
    kind = kind or ("cases" if number.startswith("HS") else "work")
    key = line_key(ISSUED.identity, kind, number) if key is None else key
    shown = dict(zip(judging.HEADINGS[kind], HASHES[kind], strict=True))
    return ReturnedRow(kind, f"dòng của {number}", key, number, filled, shown)


def judged(*rows, known=NOTHING, day=DAY):
    cells = judge(ReturnedWorkbook(ISSUED.identity, rows), ISSUED, known=known, day=day)
    return {(cell.number, cell.field): (cell.state, cell.reason or cell.value) for cell in cells}


def test_a_row_that_is_right_is_accepted_cell_by_cell():
    said = {
        "reason_words": "chờ ý kiến",
        "new_due_on": "2023-11-20",
        "apology_number": "1",
        "apologised_on": "2023-11-13",
    }
    assert judged(row("HS-1", **said)) == {
        ("HS-1", "reason"): ("accepted", "chờ ý kiến"),
        ("HS-1", "new_due_on"): ("accepted", "2023-11-20"),
        ("HS-1", "apology_number"): ("accepted", "1"),
        ("HS-1", "apologised_on"): ("accepted", "2023-11-13"),
    }


@pytest.mark.parametrize(
    ("chosen", "words", "reason"),
    [("A", "", "A"), ("", "b", "b"), ("A", "b", "A: b"), (OTHER, "b", "b"), (OTHER, "", judging.NO_WORDS)],
)
def test_a_reason_is_one_of_the_list_free_words_or_both(chosen, words, reason):
    filled = {name: text for name, text in (("reason_chosen", chosen), ("reason_words", words)) if text}
    ((_, told),) = judged(row("HS-1", **filled)).values()
    assert told == reason


@pytest.mark.parametrize(
    ("number", "field", "value", "why"),
    [
        ("HS-1", "new_due_on", "2023-11-18", "ngày nghỉ (nghỉ thứ Bảy)"),
        ("HS-1", "new_due_on", "2024-02-12", "ngày nghỉ"),
        ("HS-1", "new_due_on", "2023-11-14", "phải sau ngày 14/11/2023"),
        ("HS-1", "new_due_on", "2023-11-13", "phải sau ngày 14/11/2023"),
        ("HS-1", "new_due_on", "2099-01-05", "chưa có lịch nghỉ"),
        ("HS-1", "new_due_on", "20/13/2023", "không phải ngày"),
        ("HS-2", "new_due_on", "2023-11-20", "đã giải quyết xong"),
        ("HS-1", "apologised_on", "2023-10-31", "trước ngày hẹn trả 01/11/2023"),
        ("HS-1", "apologised_on", "2023-11-15", "tương lai"),
        ("HS-1", "apologised_on", "hôm qua", "không phải ngày"),
        ("617", "reported_on", "2023-11-15", "tương lai"),
        ("HS-1", "reason_words", "x" * 501, "501 ký tự, quá 500"),
        ("HS-1", "apology_number", "x" * 61, "quá 60"),
        ("617", "file_code", "x" * 101, "quá 100"),
        ("HS-1", "reason_words", f"a{CONTROL}", "ký tự điều khiển"),
        ("617", "file_code", "#FORMULA!", "ô lỗi"),
        ("617", "file_code", "#N/A", "ô lỗi"),
        ("HS-9", "reason_words", "x", "không có trong danh sách đã gửi"),
        ("1234", "file_code", "x", "không có trong danh sách đã gửi"),
    ],
)
def test_what_cannot_be_true_is_refused_with_the_reason(number, field, value, why):
    beside = {"new_due_on": {"reason_words": "chờ"}, "apologised_on": {"apology_number": "1"}}
    beside |= {"apology_number": {"apologised_on": "2023-11-13"}}
    found = judged(row(number, **beside.get(field, {}), **{field: value}))
    state, reason = found[number, "reason" if field == "reason_words" else field]
    assert (state, why in reason) == ("refused", True)


@pytest.mark.parametrize(
    ("filled", "refused"),
    [
        ({"apology_number": "1"}, {"apology_number": judging.HALF}),
        ({"apologised_on": "2023-11-13"}, {"apologised_on": judging.HALF}),
        ({"apology_number": "1", "apologised_on": "2023-11-15"}, {"apology_number": judging.PARTNER}),
        ({"new_due_on": "2023-11-20"}, {"new_due_on": judging.NO_REASON}),
        ({"new_due_on": "2023-11-20", "reason_words": "x" * 501}, {"new_due_on": judging.NO_REASON}),
    ],
)
def test_half_a_pair_is_refused(filled, refused):
    found = judged(row("HS-1", **filled))
    assert {field: found["HS-1", field] for field in refused} == {
        field: ("refused", reason) for field, reason in refused.items()
    }
    assert not [state for state, _ in found.values() if state == "accepted"]


def test_the_other_half_may_have_been_given_before():
    known = EarlierAnswers({("cases", "HS-1"): {"reason": "chờ", "apologised_on": "2023-11-10"}}, {})
    found = judged(row("HS-1", apology_number="1", new_due_on="2023-11-20"), known=known)
    assert {state for state, _ in found.values()} == {"accepted"}


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(
            EarlierAnswers({("cases", "HS-1"): {"new_due_on": "2023-11-20", "reason": "x"}}, {}), id="given before"
        ),
        pytest.param(EarlierAnswers({}, {"HS-1": date(2023, 11, 20)}), id="in an approved letter, or at the source"),
    ],
)
def test_a_second_new_date_is_refused_and_the_first_again_is_not(known):
    second = judged(row("HS-1", reason_words="x", new_due_on="2023-11-21"), known=known)
    state, reason = second["HS-1", "new_due_on"]
    assert (state, "20/11/2023; mỗi hồ sơ chỉ được hẹn lại một lần" in reason) == ("refused", True)
    first = judged(row("HS-1", reason_words="x", new_due_on="2023-11-20"), known=known)
    assert first.get(("HS-1", "new_due_on"), ("accepted",))[0] == "accepted"


def test_a_new_date_given_long_ago_may_stand_in_the_workbook_for_ever():
    known = EarlierAnswers({("cases", "HS-1"): {"new_due_on": "2023-11-20", "reason": "x"}}, {})
    later = replace(DAY, business_date=date(2023, 12, 20))
    assert judged(row("HS-1", reason_words="x", new_due_on="2023-11-20"), known=known, day=later) == {}


def test_a_cell_that_was_not_asked_for_is_passed_over():
    assert judged(row("698", reported_on="2023-11-13")) == {("698", "reported_on"): ("ignored", judging.NOT_ASKED)}


def test_a_locked_cell_that_was_changed_is_told_and_the_rest_counts():
    plain = row("617", file_code="01")
    changed = replace(plain, shown=dict(plain.shown) | {"Trích yếu": "z"})
    found = judged(changed)
    assert found["617", "file_code"] == ("accepted", "01")
    assert found["617", "locked"] == ("ignored", judging.LOCKED_CHANGED)


def test_a_row_whose_number_was_exchanged_is_refused():
    mixed = row("HS-2", key=line_key(ISSUED.identity, "cases", "HS-1"), reason_words="x")
    assert judged(mixed) == {("HS-1", "reason"): ("refused", judging.MIXED)}


def test_a_row_that_lost_its_mark_is_known_by_its_number():
    assert judged(row("HS-1", key="", reason_words="x")) == {("HS-1", "reason"): ("accepted", "x")}


def test_a_row_that_stands_twice_counts_once_when_both_say_the_same_and_not_at_all_otherwise():
    assert judged(row("617", file_code="01"), row("617", file_code="01")) == {("617", "file_code"): ("accepted", "01")}
    assert judged(row("617", file_code="01"), row("617", file_code="02")) == {
        ("617", "file_code"): ("refused", judging.TWICE)
    }


FILLED = st.fixed_dictionaries(
    {},
    optional={
        "reason_words": st.sampled_from(["chờ", "x" * 501, OTHER]),
        "new_due_on": st.sampled_from(["2023-11-20", "2023-11-18", "2023-11-01", "x"]),
        "apology_number": st.sampled_from(["1", "x" * 61]),
        "apologised_on": st.sampled_from(["2023-11-13", "2023-12-13", "2023-10-01"]),
    },
)
ROWS = st.lists(st.tuples(st.sampled_from(["HS-1", "HS-2", "HS-9"]), FILLED), max_size=6)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(rows, dice):
    made = [row(number, **filled) for number, filled in rows if filled]
    shuffled = sorted(made, key=lambda _: dice.random())
    assert judged(*made) == judged(*shuffled)


@given(ROWS)
def test_what_was_accepted_says_nothing_new_the_second_time(rows):
    made = [row(number, **filled) for number, filled in rows]
    values = {}
    for (number, field), (state, value) in judged(*made).items():
        if state == "accepted":
            values.setdefault(("cases", number), {})[field] = value
    again = judged(*made, known=EarlierAnswers(values, {}))
    assert not [key for key, (state, _) in again.items() if state == "accepted"]


@given(ROWS)
def test_every_refusal_says_why_and_every_promise_can_be_kept(rows):
    for (_, field), (state, told) in judged(*[row(number, **filled) for number, filled in rows]).items():
        assert told
        if state == "accepted" and field == "new_due_on":
            assert DAY.calendar.is_working(date.fromisoformat(told))
            assert date.fromisoformat(told) > DAY.business_date
