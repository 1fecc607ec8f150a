from datetime import date, datetime, time, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dondoc.calendar import Certainty, Closing, OfficeHours, official_calendar
from dondoc.campaign import load_calendar
from dondoc.errors import CalendarGapError, CampaignError
from dondoc.installation import ROOT

# Weekdays off and Saturdays worked, as announced each year (decisions: include/calendars/vn.yaml and the library).
OFF = {
    2015: "01/01 02/01 16/02 17/02 18/02 19/02 20/02 23/02 28/04 29/04 30/04 01/05 02/09",
    2016: "01/01 08/02 09/02 10/02 11/02 12/02 18/04 02/05 03/05 02/09",
    2017: "02/01 26/01 27/01 30/01 31/01 01/02 06/04 01/05 02/05 04/09",
    2018: "01/01 14/02 15/02 16/02 19/02 20/02 25/04 30/04 01/05 03/09 31/12",
    2019: "01/01 04/02 05/02 06/02 07/02 08/02 15/04 29/04 30/04 01/05 02/09",
    2020: "01/01 23/01 24/01 27/01 28/01 29/01 02/04 30/04 01/05 02/09",
    2021: "01/01 10/02 11/02 12/02 15/02 16/02 21/04 30/04 03/05 02/09 03/09",
    2022: "03/01 31/01 01/02 02/02 03/02 04/02 11/04 02/05 03/05 01/09 02/09",
    2023: "02/01 20/01 23/01 24/01 25/01 26/01 01/05 02/05 03/05 01/09 04/09",
    2024: "01/01 08/02 09/02 12/02 13/02 14/02 18/04 29/04 30/04 01/05 02/09 03/09",
    2025: "01/01 27/01 28/01 29/01 30/01 31/01 07/04 30/04 01/05 02/05 01/09 02/09",
    2026: "01/01 02/01 16/02 17/02 18/02 19/02 20/02 27/04 30/04 01/05 31/08 01/09 02/09 24/11",
}
WORKED = {2015: "14/02 25/04", 2019: "05/01 04/05", 2024: "04/05", 2025: "26/04", 2026: "10/01 22/08"}
DAYS = st.dates(date(2015, 1, 1), date(2026, 12, 31))


def days(table, year):
    return {date(year, int(text[3:]), int(text[:2])) for text in table.get(year, "").split()}


def as_days(*values):
    return np.array(values, dtype="datetime64[D]")


@pytest.mark.fault(70)
@pytest.mark.parametrize("year", OFF)
def test_each_year_is_the_official_one(vietnam, year):
    all_days = [date(year, 1, 1) + timedelta(days=i) for i in range(365 + (year % 4 == 0))]
    assert {day for day in all_days if day.weekday() < 5 and not vietnam.is_working(day)} == days(OFF, year)
    assert {day for day in all_days if day.weekday() >= 5 and vietnam.is_working(day)} == days(WORKED, year)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param(date(2023, 11, 10), date(2023, 11, 10), 0, id="the day itself is not counted"),
        pytest.param(date(2023, 11, 10), date(2023, 11, 12), 0, id="a weekend"),
        pytest.param(date(2023, 11, 10), date(2023, 11, 13), 1, id="the Monday after"),
        pytest.param(date(2023, 1, 19), date(2023, 1, 27), 1, id="over Tết"),
        pytest.param(date(2024, 4, 26), date(2024, 5, 4), 3, id="a swapped Saturday is worked"),
        pytest.param(date(2022, 12, 30), date(2023, 1, 3), 1, id="over New Year"),
        pytest.param(date(2023, 11, 13), date(2023, 11, 10), -1, id="backwards"),
    ],
)
def test_working_days_between(vietnam, start, end, expected):
    assert vietnam.days_between(as_days(start), as_days(end))[0] == expected


@given(start=DAYS, length=st.integers(0, 400))
def test_the_table_agrees_with_counting_day_by_day(vietnam, start, length):
    end = min(start + timedelta(days=length), vietnam.last)
    counted = sum(vietnam.is_working(start + timedelta(days=i)) for i in range(1, (end - start).days + 1))
    assert vietnam.days_between(as_days(start), as_days(end))[0] == counted
    assert vietnam.days_off_between(as_days(start), as_days(end))[0] == (end - start).days - counted


@pytest.mark.fault(69)
def test_a_business_day_in_a_year_without_a_calendar_is_an_error_not_a_guess(vietnam):
    with pytest.raises(CalendarGapError, match=r"03/01/2029.*\n.*vn\.yaml.*\n.*years"):
        vietnam.is_working(date(2029, 1, 3))


# The oracles below count one day, or one minute, at a time.
LONG = official_calendar("VN", range(2022, 2028), worked={date(2026, 1, 10): "làm bù"}, every_year=[])
LONG_DAYS = st.dates(date(2022, 1, 1), date(2027, 6, 30))
MINUTES = st.datetimes(datetime(2022, 1, 1), datetime(2027, 11, 30)).map(lambda at: at.replace(second=0, microsecond=0))


def instants(*values):
    return np.array(values, dtype="datetime64[us]")


@settings(derandomize=True, max_examples=300)
@given(start=LONG_DAYS, count=st.integers(0, 120))
def test_adding_working_days_is_walking_day_by_day(start, count):
    day, left = start, count
    while left:
        day += timedelta(days=1)
        left -= LONG.is_working(day)
    assert LONG.add_working_days(as_days(start), np.array([count]))[0] == np.datetime64(day)


@settings(derandomize=True, max_examples=300)
@given(start=LONG_DAYS, length=st.integers(0, 180))
def test_rest_days_and_swapped_days_are_those_met_day_by_day(start, length):
    end = start + timedelta(days=length)
    met = [start + timedelta(days=i) for i in range(1, length + 1)]
    swapped = sum(LONG.is_working(day) and day.weekday() >= 5 for day in met)
    assert LONG.swapped_days_between(as_days(start), as_days(end))[0] == swapped
    assert LONG.days_off_between(as_days(start), as_days(end))[0] == sum(LONG.rest_name(day) is not None for day in met)


def worked_minute(at):
    in_hours = time(7) <= at.time() < time(11, 30) or time(13, 30) <= at.time() < time(17)
    return in_hours and LONG.is_working(at.date())


@settings(derandomize=True, max_examples=60)
@given(start=MINUTES, hours=st.integers(1, 20))
def test_office_hours_pass_minute_by_minute(start, hours):
    at, left = start, hours * 60
    while left:
        left -= worked_minute(at)
        at += timedelta(minutes=1)
    assert LONG.add_hours(instants(start), np.array([hours]))[0] == np.datetime64(at)


@pytest.mark.parametrize(
    ("received", "counted"),
    [
        pytest.param("2023-11-10T06:15", "2023-11-10T07:00", id="before opening"),
        pytest.param("2023-11-10T11:30", "2023-11-10T11:30", id="as the midday rest begins"),
        pytest.param("2023-11-10T12:10", "2023-11-10T13:30", id="during the midday rest"),
        pytest.param("2023-11-10T17:00", "2023-11-10T17:00", id="at closing"),
        pytest.param("2023-11-10T17:01", "2023-11-13T07:00", id="after closing on a Friday"),
        pytest.param("2023-11-11T09:00", "2023-11-13T07:00", id="on a Saturday"),
        pytest.param("2024-05-04T09:00", "2024-05-04T09:00", id="on a swapped Saturday"),
        pytest.param("2023-01-19T18:00", "2023-01-27T07:00", id="after the last closing before Tết"),
    ],
)
def test_from_when_a_reception_counts(vietnam, received, counted):
    assert vietnam.counted_from(instants(received))[0] == np.datetime64(counted)


@pytest.mark.parametrize(
    ("day", "works"),
    [("2023-12-29", True), ("2024-12-30", False), ("2024-12-31", False), ("2025-01-02", False), ("2025-01-03", True)],
)
def test_an_office_may_close_over_every_new_year(day, works):
    closing = Closing((12, 30), (1, 2), "tổng kết năm")
    calendar = official_calendar("VN", range(2022, 2026), every_year=[closing])
    assert calendar.is_working(date.fromisoformat(day)) == works


def test_a_yearly_closing_reaches_into_the_first_year_and_yields_to_a_day_named_as_worked():
    closing = Closing((12, 30), (1, 4), "tổng kết năm")
    calendar = official_calendar("VN", range(2024, 2026), worked={date(2024, 12, 31): "trực"}, every_year=[closing])
    assert calendar.rest_name(date(2024, 1, 3)) == "tổng kết năm"
    assert calendar.is_working(date(2024, 12, 31))


@pytest.mark.fault(70)
def test_rolling_forward_leaves_a_working_day_alone(vietnam):
    found = vietnam.on_or_after(as_days("2023-11-10", "2023-11-11", "2024-05-04"))
    assert list(found) == list(as_days("2023-11-10", "2023-11-13", "2024-05-04"))


@pytest.mark.parametrize(
    ("day", "certainty"),
    [
        (date(2014, 12, 31), Certainty.UNKNOWN),
        (date(2015, 1, 1), Certainty.OFFICIAL),
        (date(2026, 12, 31), Certainty.OFFICIAL),
        (date(2027, 1, 1), Certainty.PROVISIONAL),
        (date(2028, 12, 31), Certainty.PROVISIONAL),
        (date(2029, 1, 1), Certainty.UNKNOWN),
    ],
)
def test_each_day_says_how_it_is_known(vietnam, day, certainty):
    assert vietnam.certainty(day) is certainty


def test_a_provisional_year_has_the_fixed_holidays(vietnam):
    off = {day for day in vietnam.off if day.year == 2027 and day.weekday() < 5}
    assert off == days({2027: "01/01 04/02 05/02 08/02 09/02 10/02 16/04 30/04 03/05 02/09 03/09 24/11"}, 2027)


@pytest.mark.fault(97)
@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        pytest.param("2026-12-30", 2, "2027-01-04", id="over New Year into a provisional year"),
        pytest.param("2031-12-31", 1, "2032-01-01", id="beyond all years the weekday decides"),
        pytest.param("1900-01-01", 1, "1900-01-02", id="before all years too"),
        pytest.param("2100-01-01", 2**31, "2199-12-31", id="past the table"),
    ],
)
def test_adding_days_never_fails_whatever_a_source_says(vietnam, start, count, expected):
    assert vietnam.add_working_days(as_days(start), np.array([count]))[0] == np.datetime64(expected)


@given(start=st.dates(date(1900, 1, 1), date(2262, 1, 1)), end=st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_any_two_days_can_be_counted(vietnam, start, end):
    first, last = as_days(start), as_days(end)
    assert vietnam.days_between(first, last) == -vietnam.days_between(last, first)
    assert vietnam.counted_since(first)[0] >= np.datetime64("2014-12-31")


def test_every_official_year_says_how_it_is_known(tmp_path):
    text = (ROOT / "include" / "calendars" / "vn.yaml").read_text(encoding="utf-8")
    path = tmp_path / "vn.yaml"
    path.write_text("\n".join(line for line in text.splitlines() if not line.startswith("  2019:")), encoding="utf-8")
    with pytest.raises(CampaignError, match="ghi năm 2019 biết từ đâu"):
        load_calendar(path)


def test_a_proposed_swap_counts_once_it_is_decided(vietnam, tmp_path):
    monday, saturday = date(2026, 11, 23), date(2026, 11, 28)
    assert vietnam.is_working(monday)
    assert not vietnam.is_working(saturday)
    text = (ROOT / "include" / "calendars" / "vn.yaml").read_text(encoding="utf-8")
    path = tmp_path / "vn.yaml"
    path.write_text(text.replace("applied: false", "applied: true"), encoding="utf-8")
    decided = load_calendar(path)
    assert not decided.is_working(monday)
    assert decided.is_working(saturday)
    assert (len(vietnam.proposed), decided.proposed) == (1, ())


def test_another_country_comes_by_its_code():
    calendar = official_calendar("DE", range(2023, 2024), hours=OfficeHours([(time(8), time(16))]))
    assert not calendar.is_working(date(2023, 10, 3))
    assert calendar.add_hours(instants("2023-10-02T15:00"), np.array([2]))[0] == np.datetime64("2023-10-04T09:00")


def test_an_hour_without_quotes_is_that_hour_whatever_yaml_makes_of_it(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("country: VN\nyears: {first: 2023, last: 2024}\nhours: [[07:00, 11:30]]\n")
    assert (load_calendar(path).hours.opening, load_calendar(path).hours.closing) == (7 * 3600, 11.5 * 3600)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('hours: [["13:30", "17:00"], ["07:00", "11:30"]]', "thứ tự"),
        ('hours: [["11:30", "07:00"]]', "thứ tự"),
        ('hours: [["07:00", "13:30"], ["13:30", "17:00"]]', "không chồng nhau"),
        ("hours: []", "giờ làm việc"),
        ('every_year: [{first: "30/02", last: "02/03", reason: x}]', "30/12"),
    ],
)
def test_a_calendar_file_that_misleads_is_refused(tmp_path, line, told):
    path = tmp_path / "x.yaml"
    path.write_text(f"country: VN\nyears: {{first: 2023, last: 2024}}\n{line}\n")
    with pytest.raises(CampaignError, match=told):
        load_calendar(path)
