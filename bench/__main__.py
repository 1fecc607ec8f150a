"""`python -m bench`: the office's own day, 2,000 cases and 5,000 work items, done the naive way and ours, in one run.

Each run is a fresh process in an empty folder, the sides in turn, so that a busy minute of the machine hurts both.
There is no warm-up: the first run of each side also compiles its libraries; that shows in the spread, not the median.
This process loads neither side: the kernel counts a parent's memory into its child's peak.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.table import Trial, markdown, median_seconds

ROOT = Path(__file__).resolve().parents[1]
SIDES = ("naive", "ours")
# The bound for the office's own size, Airflow left out.
OURS_AT_MOST_SECONDS = 3.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run both sides and print the table; return 1 when they disagree or ours is too slow."""
    parser = argparse.ArgumentParser(prog="bench", description="The day's own work, ours and the naive way.")
    parser.add_argument("--runs", type=int, default=3, help="runs of each side (default: 3)")
    runs = parser.parse_args(arguments).runs
    trials: dict[str, list[Trial]] = {side: [] for side in SIDES}
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder:
        for _ in range(runs):
            for side in SIDES:
                trials[side].append(run_side(side, Path(folder)))
    print(f"{runs} runs a side in turn, CPython {sys.version.split()[0]}, {os.cpu_count()} cores; median (min–max).\n")
    print(markdown(trials["naive"], trials["ours"]))
    return verdict(trials)


def run_side(side: str, folder: Path) -> Trial:
    """Run one side in a process of its own, into a new folder under `folder`."""
    out = tempfile.mkdtemp(prefix=f"{side}-", dir=folder)
    environment = own_environment() | {"DONDOC_OUT": out, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    if side == "ours":
        # The ledger is made once in an installation's life, not once a day.
        start(["dondoc", "ledger"], environment)
    began = time.perf_counter()
    printed = start(["bench.child", side, out], environment)
    return Trial(json.loads(printed.splitlines()[-1]), time.perf_counter() - began)


def own_environment() -> dict[str, str]:
    """Return the environment, this machine's settings of Đôn Đốc left out, and bytecode kept as an office keeps it."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("DONDOC_") and name != "PYTHONDONTWRITEBYTECODE"
    }


def start(module: Sequence[str], environment: dict[str, str]) -> str:
    """Return what `python -m …` printed; its complaints are shown only if it fails."""
    command = [sys.executable, "-m", *module]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        sys.exit(f"{' '.join(module)} failed:\n{done.stderr}")
    return done.stdout


def verdict(trials: dict[str, list[Trial]]) -> int:
    """Say whether both sides found and wrote the same, and whether ours keeps its bound; return the exit code."""
    found = {side: [trial.measured["counts"] for trial in trials[side]] for side in SIDES}
    first = found["naive"][0]
    if any(counts != first for side in SIDES for counts in found[side]):
        print(f"\nFAILED: the sides differ.\nnaive: {found['naive']}\nours: {found['ours']}", file=sys.stderr)
        return 1
    print("\nBoth sides found and wrote: " + ", ".join(f"{name} {count}" for name, count in first.items()) + ".")
    seconds = median_seconds(trials["ours"])
    if seconds > OURS_AT_MOST_SECONDS:
        print(f"\nFAILED: ours took {seconds:.2f} s, more than {OURS_AT_MOST_SECONDS:.0f} s.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
