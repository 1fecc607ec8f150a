"""Some outages on a real stack, in minutes: `DONDOC_TEST_STACK=1 pytest tests/stack`. All: `python -m tests.stack`."""

import os
import shutil

import pytest
from tests.stack.__main__ import play_form
from tests.stack.machine import postgres_programs

pytestmark = [
    pytest.mark.skipif(not os.environ.get("DONDOC_TEST_STACK"), reason="đặt DONDOC_TEST_STACK=1 để chạy Airflow thật"),
    pytest.mark.skipif(
        not (postgres_programs() and shutil.which("redis-server")), reason="thiếu PostgreSQL hoặc redis-server"
    ),
]


def played(form, *plays):
    said = []
    outcomes = play_form(form, plays, said.append)
    assert len(outcomes) == len(plays)
    assert all(outcome.is_good for outcome in outcomes), "".join(said)


@pytest.mark.fault(81)
def test_a_worker_killed_while_it_sends_loses_no_mail_on_sqlite():
    played("local", "killed at data")


@pytest.mark.fault(60, 81, 84, 85)
def test_a_worker_killed_redis_away_and_a_crashed_database_stop_no_day():
    played("celery", "killed at reply", "Redis away 10 s", "away 60 s at write_report")


@pytest.mark.fault(52, 53, 83, 86)
def test_a_scheduler_killed_and_an_api_server_silent_or_away_stop_no_day():
    played("local", "scheduler killed", "API server")
