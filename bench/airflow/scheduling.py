"""The sample's day through `airflow dags test`, as `make run` starts it, held against what our steps say they took."""

import json
import re
import sqlite3
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.table import spread
from bench.trial import ROOT, own_environment, start

CAMPAIGN, BUSINESS_DATE = "hai-phong-2023", "2023-11-14"
SECONDS_AT_MOST = 30.0
# How each step of ours ends in the log.
STEP = re.compile(r"\] \w+: (\d+\.\d\d) s\b.*dondoc\.daily\.step")
TASKS = "SELECT count(*), (julianday(max(end_date)) - julianday(min(start_date))) * 86400 FROM task_instance"
WHAT = f"""One run of the DAG in one process, `airflow dags test {CAMPAIGN}.daily`, on an empty database. “Our steps”
is the sum of what each step logs of itself; “Airflow” is the rest between the first task's start and the last one's
end, our package's import, once, included; a task instance is one mapped task, run or skipped. The scheduler and its
workers, which run several at a time, are not measured here. Bound: the whole command takes at most
{SECONDS_AT_MOST:g} s."""


@dataclass(frozen=True)
class Run:
    """One run: instances of tasks, and the seconds of the command, from first task to last, and of our steps."""

    tasks: int
    command: float
    between: float
    steps: float


@dataclass(frozen=True)
class Scheduling:
    """The office's own day in Airflow."""

    name: str = "airflow"
    title: str = "The office's own day through Airflow"
    runs: list[Run] = field(default_factory=list)

    def run(self, runs: int) -> None:
        """Run the day `runs` times, each in an Airflow of its own."""
        for _ in range(runs):
            with tempfile.TemporaryDirectory(prefix="dondoc-bench-airflow-") as home:
                self.runs.append(run_day(Path(home)))

    def markdown(self) -> str:
        """Return where the seconds of the command go."""
        outside = [run.command - run.between for run in self.runs]
        around = [run.between - run.steps for run in self.runs]
        each = [(run.between - run.steps) / run.tasks for run in self.runs]
        lines = [WHAT, "", "| | s |", "|---|--:|"]
        for name, seconds in {
            "whole command": [run.command for run in self.runs],
            "start of the program, reading the DAGs": outside,
            "our steps": [run.steps for run in self.runs],
            f"Airflow, around {self.runs[0].tasks} task instances": around,
            "Airflow, a task instance": each,
        }.items():
            lines.append(f"| {name} | {spread(seconds)} |")
        return "\n".join(lines)

    def broken_bounds(self) -> list[str]:
        """Return what is wrong: the day takes too long."""
        least = min(run.command for run in self.runs)
        return [f"{least:.1f} s, more than {SECONDS_AT_MOST:g} s"] if least > SECONDS_AT_MOST else []


def run_day(home: Path) -> Run:
    """Return what the day took in a new Airflow at `home`."""
    environment = airflow_environment(home)
    start(["airflow", "db", "migrate"], environment)
    start(["dondoc", "ledger", "upgrade"], environment)
    conf = json.dumps({"business_date": BUSINESS_DATE, "mode": "campaign"})
    began = time.perf_counter()
    log = start(["airflow", "dags", "test", f"{CAMPAIGN}.daily", "-c", conf], environment)
    command = time.perf_counter() - began
    with sqlite3.connect(home / "airflow.db") as database:
        tasks, between = database.execute(TASKS).fetchone()
    return Run(tasks, command, between, sum(map(float, STEP.findall(log))))


def airflow_environment(home: Path) -> dict[str, str]:
    """Return the environment of an Airflow with a home of its own, as the Makefile sets it; another's is left out."""
    others = {name: value for name, value in own_environment().items() if not name.startswith("AIRFLOW")}
    return others | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "false",
        "DONDOC_OUT": str(home / "out"),
    }
