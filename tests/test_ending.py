"""When a campaign ends, by tables of real dates."""

from datetime import date, datetime, time

import pytest

from dondoc.campaign.ending import ending_of, run_slots
from dondoc.errors import CampaignError


def campaign(hai_phong, starts_on, deadline, final_report_at, **changes):
    days = {"starts_on": date.fromisoformat(starts_on), "deadline": date.fromisoformat(deadline)}
    return hai_phong.model_copy(update=days | {"final_report_at": datetime.fromisoformat(final_report_at)} | changes)


@pytest.mark.parametrize(
    ("starts_on", "deadline", "report_at", "due_at", "closing_on"),
    [
        pytest.param("2023-11-10", "2023-11-16", "2023-11-16 16:00", "2023-11-16 16:00", "2023-11-17", id="worked"),
        pytest.param("2023-11-06", "2023-11-11", "2023-11-11 16:00", "2023-11-10 16:00", "2023-11-13", id="a Saturday"),
        pytest.param("2024-04-22", "2024-04-30", "2024-04-30 11:00", "2024-04-26 11:00", "2024-05-02", id="a holiday"),
        pytest.param("2024-04-22", "2024-05-04", "2024-05-04 16:00", "2024-05-04 16:00", "2024-05-06", id="swapped"),
        pytest.param("2023-11-10", "2023-11-16", "2023-11-17 10:00", "2023-11-17 10:00", "2023-11-17", id="next day"),
    ],
)
def test_the_final_report_is_due_on_a_working_day(
    hai_phong, vietnam, starts_on, deadline, report_at, due_at, closing_on
):
    found = ending_of(campaign(hai_phong, starts_on, deadline, report_at), vietnam)
    assert found.due_at.replace(tzinfo=None) == datetime.fromisoformat(due_at)
    assert (found.final_on, found.closing_on) == (found.due_at.date(), date.fromisoformat(closing_on))


def test_every_working_day_runs_and_the_last_one_twice(hai_phong, vietnam):
    slots = run_slots(campaign(hai_phong, "2023-11-10", "2023-11-16", "2023-11-16 16:00"), vietnam)
    assert [f"{slot:%d %H:%M}" for slot in slots] == [
        "10 07:30", "13 07:30", "14 07:30", "15 07:30", "16 07:30", "16 14:00", "17 07:30",
    ]  # fmt: skip


@pytest.mark.parametrize("at", ["2023-11-16 10:00", "2023-11-16 08:00"])
def test_a_report_due_early_in_the_day_is_made_by_the_days_only_run(hai_phong, vietnam, at):
    found = campaign(hai_phong, "2023-11-10", "2023-11-16", at)
    assert sum(slot.date() == date(2023, 11, 16) for slot in run_slots(found, vietnam)) == 1
    assert ending_of(found, vietnam).run_at.time() == time(7, 30)


def test_only_from_its_hour_on_is_a_run_of_the_last_day_the_final_one(hai_phong, vietnam):
    found = ending_of(campaign(hai_phong, "2023-11-10", "2023-11-16", "2023-11-16 16:00"), vietnam)
    at = {hour: datetime(2023, 11, 16, hour, tzinfo=hai_phong.zone) for hour in (8, 14)}
    assert [found.is_final_run(date(2023, 11, 16), now) for now in at.values()] == [False, True]
    assert [found.is_final_run(day, at[14]) for day in (date(2023, 11, 15), date(2023, 11, 17))] == [False, True]


@pytest.mark.parametrize("report_at", ["2023-11-11 16:00", "2023-11-12 16:00"])
def test_a_campaign_without_a_working_day_is_an_error(hai_phong, vietnam, report_at):
    with pytest.raises(CampaignError, match="Không có ngày làm việc nào"):
        ending_of(campaign(hai_phong, "2023-11-12", "2023-11-16", report_at), vietnam)
