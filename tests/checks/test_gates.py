"""Each gate as a table: open, closed, at the threshold, on the first day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.people import LE_VAN_A

from dondoc.actor import Actor, KnownBy
from dondoc.campaign import GATES, Gates
from dondoc.campaign.day import Day
from dondoc.checks import gates
from dondoc.checks.columns import ColumnPresence
from dondoc.checks.gates import (
    NO_PAST,
    SOURCE_GATES,
    PulledSource,
    SourceArrival,
    judge_arrival,
    judge_growth,
    late_growth,
)

TUESDAY = date(2023, 11, 14)
MONDAY, LAST_FRIDAY, LAST_TUESDAY = date(2023, 11, 13), date(2023, 11, 10), date(2023, 11, 7)
LIMITS = Gates(quarantined_share=0.05, unknown_unit_share=0.01)


def taken(on=MONDAY, *, file="f0", content="c0", rows=1000, units=None):
    return PulledSource(on, file, content, rows, {"QLDT": 10, "VP": 5} if units is None else units)


def days_before(*rows):
    return [taken(MONDAY - timedelta(days=i), rows=count) for i, count in enumerate(rows)]


@pytest.fixture
def arrival(hai_phong, vietnam):
    day = Day(hai_phong, vietnam, TUESDAY)
    today = taken(TUESDAY, file="f1", content="c1")
    return SourceArrival(
        "cases", day, today, [taken()], 0, 0, newest_on=MONDAY, future_rows=0, kind="cases", columns=ColumnPresence()
    )


def test_every_gate_has_a_word_and_every_word_a_gate():
    assert {*SOURCE_GATES, "late_growth"} == set(GATES)


def test_on_the_first_day_no_gate_closes_for_want_of_a_past(arrival):
    results = [*judge_arrival(replace(arrival, past=[])), judge_growth(500, None, LIMITS)]
    assert all(result.verdict.open for result in results)
    need_a_past = {result.gate for result in results if result.verdict.reason == NO_PAST}
    assert need_a_past == {"freshness", "row_count", "vanished_unit", "late_growth"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({}, None, id="a named person armed it"),
        pytest.param({"armed_by": None}, "phải biết ai cho phép gửi", id="nobody did"),
        pytest.param(
            {"armed_by": Actor(KnownBy.NOBODY, remark="Lê Văn A")},
            "phải biết ai cho phép gửi",
            id="a typed name did",
        ),
        pytest.param({"mode": "preview"}, "xem trước", id="a preview"),
        pytest.param({"backfill": True}, "chạy bù", id="a backfill"),
        pytest.param({"today": TUESDAY + timedelta(days=1)}, "không phải hôm nay", id="an old day"),
        pytest.param({"today": MONDAY}, "không phải hôm nay", id="a day to come"),
    ],
)
def test_mail_leaves_only_on_the_day_itself_and_by_a_named_person(arrival, changes, words):
    given = {"backfill": False, "mode": "armed", "today": TUESDAY, "armed_by": LE_VAN_A} | changes
    reason = gates.hold_reason(arrival.day, **given)
    assert reason is None if words is None else words in reason


def test_no_mail_leaves_on_a_day_off(hai_phong, vietnam):
    sunday = Day(hai_phong, vietnam, date(2023, 11, 12))
    given = {"backfill": False, "mode": "armed", "today": sunday.business_date, "armed_by": LE_VAN_A}
    assert gates.hold_reason(sunday, **given) == "hôm nay là ngày nghỉ"


@pytest.mark.fault(37)
@pytest.mark.parametrize(
    ("before", "is_open", "words"),
    [
        pytest.param(taken(file="f1", content="c1"), False, "ngày 13/11/2023 (cùng một tệp)", id="the same file"),
        pytest.param(taken(content="c1"), False, "lưu lại, nội dung không đổi", id="saved again"),
        pytest.param(taken(), True, "khác ngày 13/11/2023", id="another"),
        pytest.param(taken(content=None), True, "khác ngày", id="a day whose content was not recorded"),
    ],
)
def test_yesterdays_data_is_not_todays(arrival, before, is_open, words):
    verdict = gates.freshness(replace(arrival, past=[before, taken(LAST_FRIDAY, file="f1", content="c1")]))
    assert (verdict.open, words in verdict.reason) == (is_open, True)


def test_only_the_day_before_makes_data_old(arrival):
    assert gates.freshness(replace(arrival, past=[taken(), taken(LAST_FRIDAY, file="f1")])).open


@pytest.mark.fault(36)
@pytest.mark.parametrize(
    ("rows", "past", "is_open"),
    [
        pytest.param(800, [1000], True, id="a fifth less, of one day"),
        pytest.param(799, [1000], False, id="one row below"),
        pytest.param(800, [1000, 3000, 990, 1010, 200], True, id="the median is not moved by odd days"),
        pytest.param(799, [1000, 3000, 990, 1010, 200], False, id="below the median of five"),
        pytest.param(0, [1000], False, id="none"),
        pytest.param(9000, [1000], True, id="more is no fault here"),
    ],
)
def test_rows_may_fall_by_a_fifth_of_the_median(arrival, rows, past, is_open):
    verdict = gates.row_count(replace(arrival, today=taken(TUESDAY, rows=rows), past=days_before(*past)))
    assert verdict.open is is_open
    assert verdict.figures["days"] == len(past)


@pytest.mark.fault(36)
@pytest.mark.parametrize(
    ("today", "past", "gone"),
    [
        pytest.param({"VP": 1, "QLDT": 1}, [{"VP": 9, "QLDT": 9}] * 5, None, id="both still there"),
        pytest.param({"VP": 1}, [{"VP": 9, "QLDT": 9}] * 5, ["QLDT"], id="one gone"),
        pytest.param({"VP": 1, "QLDT": 0}, [{"VP": 9, "QLDT": 9}], ["QLDT"], id="zero, one day of past"),
        pytest.param({"VP": 1}, [{"VP": 9, "QLDT": 9}] * 4 + [{"VP": 9}], None, id="never was there daily"),
        pytest.param({"VP": 1}, [{"VP": 9, "OLD": 9}] * 5, None, id="no longer of the campaign"),
    ],
)
def test_a_unit_that_was_there_every_day_cannot_vanish(arrival, today, past, gone):
    past = [taken(MONDAY - timedelta(days=i), units=units) for i, units in enumerate(past)]
    verdict = gates.vanished_unit(replace(arrival, today=taken(TUESDAY, units=today), past=past))
    assert verdict.open is (gone is None)
    assert verdict.figures.get("units") == gone
    assert gone is None or "Phòng Quản lý đầu tư" in verdict.reason


def test_days_recorded_before_units_were_counted_are_no_past(arrival):
    old = PulledSource(MONDAY, "f", None, 1000, None)
    assert gates.vanished_unit(replace(arrival, past=[old])).reason == NO_PAST


@pytest.mark.fault(41)
@pytest.mark.parametrize(
    ("gate", "field", "limit"),
    [("quarantined", "quarantined", 50), ("unknown_units", "unknown_units", 10), ("future_dates", "future_rows", 50)],
)
def test_a_share_closes_above_its_limit_and_not_on_it(arrival, gate, field, limit):
    for rows, is_open in ((0, True), (limit, True), (limit + 1, False)):
        assert SOURCE_GATES[gate](replace(arrival, **{field: rows})).open is is_open


@pytest.mark.parametrize("limit", [0.07, 0.29, 0.57, 0.58])
def test_a_threshold_is_counted_exactly(limit):
    assert gates.share_of(limit, 100) == round(100 * limit)


@pytest.mark.parametrize(
    ("newest", "is_open"),
    [
        pytest.param(TUESDAY, True, id="today"),
        pytest.param(LAST_TUESDAY, True, id="five working days"),
        pytest.param(date(2023, 11, 6), False, id="six"),
        pytest.param(date(2019, 5, 6), False, id="before the calendar begins"),
        pytest.param(None, True, id="a source without such a date"),
    ],
)
def test_nothing_new_for_more_than_five_working_days_is_an_old_file(arrival, newest, is_open):
    assert gates.newest_date(replace(arrival, newest_on=newest)).open is is_open


@pytest.mark.parametrize(
    ("late", "before", "is_open"),
    [
        pytest.param(79, 40, True, id="not quite double"),
        pytest.param(80, 40, False, id="double"),
        pytest.param(11, 2, True, id="few: nine more"),
        pytest.param(12, 2, False, id="few: ten more"),
        pytest.param(10, 0, False, id="from none to ten"),
        pytest.param(0, 0, True, id="none"),
        pytest.param(5, 500, True, id="fewer"),
    ],
)
def test_late_cases_do_not_double_overnight(late, before, is_open):
    verdict = late_growth(late, (MONDAY, before), LIMITS)
    assert verdict.open is is_open
    assert is_open or "từ 2 lần trở lên" in verdict.reason
