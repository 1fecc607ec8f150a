"""Says of a run who triggered it from a command line: an account of the machine, and no login of Airflow's.

`airflow dags trigger` writes the machine's account, or whatever `USER` says, where a login stands otherwise, and a task
is not told which of the two it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.listeners import hookimpl

from dondoc.actor import SYSTEM_PREFIX

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun


class CommandLine:
    """Hears of each run that starts."""

    @hookimpl
    def on_dag_run_running(self, dag_run: DagRun, msg: str) -> None:
        """Mark the name before the first task of the run is told it; the scheduler commits both together."""
        from airflow.utils.types import DagRunTriggeredByType

        name = dag_run.triggering_user_name or ""
        if dag_run.triggered_by == DagRunTriggeredByType.CLI and not name.startswith(SYSTEM_PREFIX):
            dag_run.triggering_user_name = f"{SYSTEM_PREFIX}{name}"
