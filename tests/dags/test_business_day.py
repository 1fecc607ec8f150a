"""Which day a run is of: the one typed, else the office's date at its time, never the server's."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

CODE = "hai-phong-2023"
AN_EVENING = datetime(2023, 11, 13, 23, 30, tzinfo=UTC)


@pytest.fixture
def opened(dags, monkeypatch):
    """Return a function that opens a run's day; it returns the day and whether it fills in a past one."""
    open_day = dags[f"{CODE}.daily"].get_task("open_day").python_callable

    def run(*, business_date=None, **values):
        held = []
        names = ("override_gates", "override_by", "override_reason", "armed_by")
        params = dict.fromkeys(names) | {"business_date": business_date, "mode": "campaign"}
        found = SimpleNamespace(
            **{"run_type": "manual", "run_after": None, "triggering_user_name": "van-phong"} | values
        )
        steps = SimpleNamespace(
            day_ref=lambda code, day, *, backfill: held.append((code, day, backfill)), open_day=lambda *_a, **_k: {}
        )
        monkeypatch.setitem(open_day.__globals__, "get_current_context", lambda: {"dag_run": found, "params": params})
        monkeypatch.setitem(open_day.__globals__, "steps", lambda: steps)
        open_day(CODE, "Asia/Ho_Chi_Minh")
        return held

    return run


@pytest.mark.fault(55, 67)
@pytest.mark.parametrize(
    ("times", "day"),
    [
        pytest.param({"logical_date": AN_EVENING}, "2023-11-14", id="half past six here"),
        pytest.param({"logical_date": None, "run_after": AN_EVENING}, "2023-11-14", id="triggered without a date"),
        pytest.param(
            {"logical_date": AN_EVENING.replace(hour=16), "run_after": None}, "2023-11-13", id="before midnight"
        ),
        pytest.param({"logical_date": AN_EVENING.replace(hour=17), "run_after": None}, "2023-11-14", id="midnight"),
    ],
)
def test_a_run_is_of_the_offices_date(opened, times, day):
    assert opened(**times) == [(CODE, day, False)]


@pytest.mark.fault(55)
def test_a_day_that_was_typed_counts_and_a_backfill_is_told_as_one(opened):
    times = {"logical_date": AN_EVENING, "run_after": AN_EVENING}
    assert opened(business_date="2023-11-10", **times) == [(CODE, "2023-11-10", False)]
    assert opened(run_type="backfill", **times) == [(CODE, "2023-11-14", True)]
