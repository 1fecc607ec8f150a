"""How the day is laid out in Airflow, held against how it once was: CPU of reading a DAG, of a day, and of rest."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.airflow.scheduling import BUSINESS_DATE, CAMPAIGN, airflow_environment
from bench.table import ratio_row
from bench.trial import ROOT, start

DAG = f"{CAMPAIGN}.daily"
MANY = 30
REST_SECONDS = 120
LONGEST_DAY_SECONDS = 900
BIN = Path(sys.executable).parent
# What must be better, and by how much at least.
LEAST = {"read for one task, 30 campaigns": 2.0, "day": 1.5, "rest, 30 campaigns": 1.5}
READ = """
import sys, time, runpy
import airflow.sdk, airflow.dag_processing.dagbag
began = time.process_time()
runpy.run_path(sys.argv[1])
print(time.process_time() - began)
"""
WHAT = f"""Left: the day as it was once laid out (`bench/airflow/flat/`): two dozen boxes side by side, the DAGs of all
campaigns made for every task, the form of the run in each task, nothing loaded before Airflow forks. Right: ours. Both
run the same tasks on the sample, `{DAG}` alone in the folder. “Read” is the CPU that a task takes to read its DAG;
“day” is the CPU of all processes (api-server, scheduler with LocalExecutor, dag-processor, tasks) from the trigger of
{BUSINESS_DATE} to its end; “rest” is the CPU of the dag-processor over {REST_SECONDS} s with nothing to do. Bounds:
{", ".join(f"{name} at least {least:g} × as much on the left" for name, least in LEAST.items())}."""


@dataclass(frozen=True)
class Side:
    """One layout: its DAG file and its folder of plugins."""

    name: str
    file: Path
    plugins: Path


SIDES = (
    Side("flat", ROOT / "bench" / "airflow" / "flat" / "daily.py", ROOT / "bench" / "airflow" / "flat" / "plugins"),
    Side("ours", ROOT / "dags" / "daily.py", ROOT / "plugins"),
)


@dataclass(frozen=True)
class Layout:
    """The two layouts: CPU seconds by measure and side."""

    name: str = "layout"
    title: str = "The day's layout in Airflow"
    seconds: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    def run(self, runs: int) -> None:
        """Measure each side in turn, `runs` times."""
        for _ in range(runs):
            for side in SIDES:
                for what, seconds in measure(side):
                    self.seconds.setdefault(what, {}).setdefault(side.name, []).append(seconds)

    def markdown(self) -> str:
        """Return what each measure takes on both sides."""
        lines = [WHAT, "", "| CPU s | flat | ours | |", "|---|--:|--:|--:|"]
        lines += [ratio_row(what, sides["flat"], sides["ours"]) for what, sides in self.seconds.items()]
        return "\n".join(lines)

    def broken_bounds(self) -> list[str]:
        """Return which measures are not as much better as they must be."""
        least = {what: min(sides["flat"]) / max(sides["ours"]) for what, sides in self.seconds.items()}
        return [
            f"{what}: {least[what]:.1f} ×, less than {wanted:g}"
            for what, wanted in LEAST.items()
            if least[what] < wanted
        ]


def measure(side: Side) -> Iterator[tuple[str, float]]:
    """Yield the CPU seconds of each measure of one side."""
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-layout-") as name:
        home = Path(name)
        for count in (2, MANY):
            campaigns = write_campaigns(home / str(count), count)
            environment = environment_of(side, home, campaigns)
            yield f"read for one task, {count} campaigns", read(side, environment)
        start(["airflow", "db", "migrate"], environment)
        yield f"rest, {MANY} campaigns", rest(environment)
        environment |= {"DONDOC_CAMPAIGNS": str(home / "2")}
        start(["dondoc", "ledger", "upgrade"], environment)
        yield "day", day(environment, home)


def write_campaigns(folder: Path, count: int) -> Path:
    """Write the sample campaign and its copies, so many in all, into `folder`."""
    source = ROOT / "include" / "campaigns" / CAMPAIGN
    for n in range(count):
        code = CAMPAIGN if n == 0 else f"{CAMPAIGN}-{n}"
        shutil.copytree(source, folder / code)
        file = folder / code / "campaign.yaml"
        file.write_text(file.read_text("utf-8").replace(f"code: {CAMPAIGN}", f"code: {code}", 1), encoding="utf-8")
    return folder


def environment_of(side: Side, home: Path, campaigns: Path) -> dict[str, str]:
    """Return the environment of an Airflow that knows the DAG file of one side alone."""
    dags = home / "dags"
    dags.mkdir(exist_ok=True)
    shutil.copy(side.file, dags / "daily.py")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    return airflow_environment(home) | {
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(side.plugins),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "true",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": "k" * 32,
        "AIRFLOW__API_AUTH__JWT_SECRET": "j" * 64,
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "60",
        "DONDOC_CAMPAIGNS": str(campaigns),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUTF8": "1",
    }


def read(side: Side, environment: Mapping[str, str]) -> float:
    """Return the CPU seconds that a task's process takes to read its DAG file."""
    asked = {"_AIRFLOW_PARSING_CONTEXT_DAG_ID": DAG}
    command = [sys.executable, "-c", READ, str(side.file)]
    done = subprocess.run(command, cwd=ROOT, env={**environment, **asked}, capture_output=True, text=True, check=True)  # noqa: S603
    return float(done.stdout.splitlines()[-1])


def rest(environment: Mapping[str, str]) -> float:
    """Return the CPU seconds of a dag-processor with nothing to do, its first reading aside."""
    with running(environment, ["dag-processor"]) as [processor]:
        wait_for(lambda: count_dags(environment) == MANY, "the DAGs are read")
        before = cpu_of(processor)
        time.sleep(REST_SECONDS)
        return cpu_of(processor) - before


def day(environment: Mapping[str, str], home: Path) -> float:
    """Return the CPU seconds of all processes for one day of the sample."""
    parts = ["api-server"], ["scheduler"], ["dag-processor"]
    with running(environment, *parts) as processes:
        wait_for(lambda: count_dags(environment) >= 2, "the DAGs are read")
        command(environment, "dags", "unpause", DAG, "--yes")
        before = sum(map(cpu_of, processes))
        conf = f'{{"business_date": "{BUSINESS_DATE}", "mode": "preview"}}'
        command(environment, "dags", "trigger", DAG, "--run-id", "bench", "-c", conf)
        wait_for(lambda: state_of(home) in {"success", "failed"}, "the day ends")
        spent = sum(map(cpu_of, processes)) - before
    if state_of(home) != "success":
        sys.exit("the day failed")
    return spent


@contextmanager
def running(environment: Mapping[str, str], *parts: Sequence[str]) -> Iterator[list[psutil.Process]]:
    """Yield Airflow's programs while they run."""
    program = str(BIN / "airflow")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
    started = [
        subprocess.Popen(  # type: ignore[call-overload]  # noqa: S603
            [program, *part], cwd=ROOT, env=environment, start_new_session=True, **quiet
        )
        for part in parts
    ]
    try:
        yield [psutil.Process(one.pid) for one in started]
    finally:
        for one in started:
            os.killpg(one.pid, signal.SIGKILL)
            one.wait()


def cpu_of(process: psutil.Process) -> float:
    """Return the CPU seconds of a process, its children that live, and those that it saw end."""
    total = 0.0
    for one in [process, *process.children(recursive=True)]:
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def command(environment: Mapping[str, str], *words: str) -> None:
    """Give Airflow a command."""
    program = str(BIN / "airflow")
    subprocess.run([program, *words], cwd=ROOT, env=environment, capture_output=True, check=True)  # noqa: S603


def count_dags(environment: Mapping[str, str]) -> int:
    """Return how many DAGs Airflow knows."""
    with sqlite3.connect(Path(environment["AIRFLOW_HOME"]) / "airflow.db") as database:
        return int(database.execute("SELECT count(*) FROM serialized_dag").fetchone()[0])


def state_of(home: Path) -> str:
    """Return how the run stands."""
    with sqlite3.connect(home / "airflow.db") as database:
        return str(database.execute("SELECT state FROM dag_run WHERE run_id = 'bench'").fetchone()[0])


def wait_for(question: Callable[[], bool], what: str) -> None:
    """Ask until the answer is true.

    Raises:
        SystemExit: it takes too long.
    """
    until = time.monotonic() + LONGEST_DAY_SECONDS
    while not question():
        if time.monotonic() > until:
            sys.exit(f"too long until {what}")
        time.sleep(0.5)
