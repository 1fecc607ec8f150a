"""When all will be done, at the pace of the last days."""

from datetime import date

import pandas as pd
import pytest

from dondoc.campaign.day import Day
from dondoc.figures import COUNTS, Earlier, needed_a_day, progress_of, with_rates
from dondoc.figures.progress import pace_words

MONDAY, TUESDAY, WEDNESDAY, DEADLINE = (date(2023, 11, day) for day in (13, 14, 15, 16))
WEEK_BEFORE = date(2023, 11, 7)


def figures(done, due=100):
    counts = dict.fromkeys(COUNTS, 0) | {"work_total": due, "work_done": done}
    return with_rates(pd.DataFrame([{"scope": "office", "code": "office", "name": "Tổng cộng"} | counts]))


@pytest.fixture
def outlook(hai_phong, vietnam):
    def one(done, *earlier, on=TUESDAY, due=100):
        past = [Earlier(day, figures(count)) for day, count in earlier]
        return progress_of(figures(done, due), Day(hai_phong, vietnam, on), earlier=past).iloc[0]

    return one


@pytest.mark.parametrize(
    ("done", "earlier", "verdict", "reached_on"),
    [
        pytest.param(100, [], "reached", TUESDAY, id="all is done"),
        pytest.param(50, [], "unknown", None, id="no earlier day"),
        pytest.param(50, [(MONDAY, 50)], "never", None, id="nothing moves"),
        pytest.param(50, [(MONDAY, 60)], "never", None, id="it goes back"),
        pytest.param(50, [(MONDAY, 25)], "in_time", DEADLINE, id="25 a day, 50 left: on the deadline"),
        pytest.param(50, [(MONDAY, 26)], "too_late", date(2023, 11, 17), id="24 a day: a day too late"),
        pytest.param(80, [(MONDAY, 70)], "in_time", DEADLINE, id="10 a day, 20 left"),
    ],
)
def test_the_day_all_is_done_is_told_or_that_it_will_not_be(outlook, done, earlier, verdict, reached_on):
    found = outlook(done, *earlier)
    assert found["verdict"] == verdict
    assert (None if pd.isna(found["reached_on"]) else found["reached_on"]) == reached_on


def test_nothing_to_do_is_no_progress_at_all(outlook):
    found = outlook(0, due=0)
    assert (found["verdict"], pd.isna(found["forecast"])) == ("nothing", True)


def test_the_pace_is_that_of_five_working_days_where_there_are_so_many(outlook):
    found = outlook(60, (date(2023, 11, 1), 0), (WEEK_BEFORE, 10), (MONDAY, 55))
    assert (found["pace"], found["done_yesterday"], found["done_since_first"]) == (10, 5, 60)


def test_what_is_needed_a_day_counts_the_working_days_to_the_deadline(outlook):
    assert outlook(50, (MONDAY, 40))["needed"] == 25
    assert pd.isna(outlook(50, (MONDAY, 40), on=DEADLINE)["needed"])


def test_the_forecast_goes_no_further_than_what_is_due(outlook):
    assert outlook(50, (MONDAY, 40))["forecast"] == 70
    assert outlook(90, (MONDAY, 40))["forecast"] == 100


@pytest.mark.parametrize(
    ("count", "days_left", "needed"),
    [
        pytest.param(50, 2, 25, id="it divides"),
        pytest.param(51, 2, 26, id="a thing is done whole"),
        pytest.param(1, 5, 1, id="never told too small"),
        pytest.param(0, 2, 0, id="nothing remains"),
        pytest.param(7, 0, None, id="no day is left"),
        pytest.param(0, 0, 0, id="nothing remains and no day is left"),
    ],
)
def test_what_is_needed_a_day_is_whole_and_rounded_up(count, days_left, needed):
    assert needed_a_day(count, days_left) == needed


def test_a_pace_is_told_to_a_tenth_and_nothing_where_it_is_unknown():
    assert [pace_words(pace) for pace in (2.44, 13.0, -0.5, None)] == ["2,4", "13", "-0,5", ""]
