"""The campaign's slots, as the scheduler asks for them."""

import pendulum
import pytest
from airflow.timetables.base import DataInterval, TimeRestriction

ZONE = "Asia/Ho_Chi_Minh"
SLOTS = [pendulum.datetime(2023, 11, day, 7, 30, tz=ZONE) for day in (10, 13, 14)]
ANY_TIME = TimeRestriction(earliest=None, latest=None, catchup=False)


@pytest.fixture
def timetable():
    from dondoc_airflow.timetable import WorkingDayTimetable

    table = WorkingDayTimetable(SLOTS, presorted=True, description="Ngày làm việc 07:30")
    # As the scheduler has it: out of the database, zones turned to offsets.
    return WorkingDayTimetable.deserialize(table.serialize())


@pytest.mark.parametrize(
    ("now", "last_run", "expected"),
    [
        pytest.param((10, 6), None, 0, id="before the hour"),
        pytest.param((10, 9), None, 0, id="switched on at nine: today still runs"),
        pytest.param((10, 9), 0, 1, id="today has run"),
        pytest.param((11, 9), None, 1, id="Saturday: Monday is next, Friday is missed"),
        pytest.param((14, 23), 0, 2, id="after days off the line, only today"),
        pytest.param((15, 0), 0, None, id="the campaign is over"),
    ],
)
def test_the_next_slot(timetable, now, last_run, expected, monkeypatch):
    monkeypatch.setattr(pendulum, "now", lambda: pendulum.datetime(2023, 11, *now, tz=ZONE))
    last = DataInterval.exact(SLOTS[last_run]) if last_run is not None else None
    info = timetable.next_dagrun_info(last_automated_data_interval=last, restriction=ANY_TIME)
    assert (info.run_after if info else None) == (SLOTS[expected] if expected is not None else None)


def test_the_schedule_reads_as_an_operator_says_it(timetable):
    assert timetable.summary == "Ngày làm việc 07:30"
