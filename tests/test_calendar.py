from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.errors import CalendarGapError

# Weekdays off and Saturdays worked, as announced each year (decisions: include/calendars/vn.yaml and the library).
OFF = {
    2022: "03/01 31/01 01/02 02/02 03/02 04/02 11/04 02/05 03/05 01/09 02/09",
    2023: "02/01 20/01 23/01 24/01 25/01 26/01 01/05 02/05 03/05 01/09 04/09",
    2024: "01/01 08/02 09/02 12/02 13/02 14/02 18/04 29/04 30/04 01/05 02/09 03/09",
    2025: "01/01 27/01 28/01 29/01 30/01 31/01 07/04 30/04 01/05 02/05 01/09 02/09",
    2026: "01/01 02/01 16/02 17/02 18/02 19/02 20/02 27/04 30/04 01/05 31/08 01/09 02/09 24/11",
}
WORKED = {2024: "04/05", 2025: "26/04", 2026: "10/01 22/08"}
DAYS = st.dates(date(2022, 1, 1), date(2026, 12, 31))


def days(table, year):
    return {date(year, int(text[3:]), int(text[:2])) for text in table.get(year, "").split()}


def as_days(*values):
    return np.array(values, dtype="datetime64[D]")


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


def test_a_year_without_a_calendar_is_an_error_not_a_guess(vietnam):
    with pytest.raises(CalendarGapError, match=r"2027.*\n.*vn\.yaml.*\n.*years"):
        vietnam.is_working(date(2027, 1, 4))
