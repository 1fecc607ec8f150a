"""Loads, in processes that others are forked from, what each of those would otherwise load anew.

A task is a process of its own: pandas and our steps take it longer than its work. So is each reading of a DAG file.
"""

import sys
from collections.abc import Sequence
from importlib import import_module

from airflow.configuration import conf
from airflow.listeners import hookimpl

READ_BY_DAGS = (
    "dondoc.campaign.ending",
    *(f"dondoc_airflow.{name}" for name in ("alarm", "campaigns", "day_parameters", "office_day")),
    *(f"dondoc_airflow.{name}" for name in ("retries", "signing", "timetable")),
)
RUN_BY_TASKS = (
    *READ_BY_DAGS,
    "dondoc.daily.steps",
    "dondoc.daily.replies",
    "dondoc.daily.put_off",
    "dondoc.signoff.steps",
)


class Preloading:
    """Hears of each program of Airflow's that starts, before it forks."""

    @hookimpl
    def on_starting(self, component: object) -> None:
        """Load what the program's children need."""
        for name in needed("".join(sys.argv[1:2]), conf.get("core", "executor")):
            import_module(name)


def needed(program: str, executor: str) -> Sequence[str]:
    """Return the modules that the children of one of Airflow's programs need; a Celery worker has its own settings."""
    if program == "dag-processor":
        return READ_BY_DAGS
    return RUN_BY_TASKS if program == "scheduler" and "LocalExecutor" in executor else ()
