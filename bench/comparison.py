"""Two programs doing one piece of work, each in a process of its own, in turn."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.child import Measured

ROOT = Path(__file__).resolve().parents[1]
NAIVE, OURS = "naive", "ours"


@dataclass(frozen=True)
class Trial:
    """One run of one side: what the child measured, and the whole process's seconds, start and imports included."""

    measured: Measured
    process_seconds: float


@dataclass(frozen=True)
class Comparison:
    """A piece of work and the bounds we hold ourselves to.

    Attributes:
        name: the package under `bench` that holds both sides, and `material` where they share an input.
        title: what is done, for the table.
        lap: the part that is compared; the whole of the work when None.
        at_least: naive seconds divided by ours.
        seconds_at_most: ours.
        memory_share: our peak memory must be below this share of the naive one.
    """

    name: str
    title: str
    lap: str | None = None
    at_least: float | None = None
    seconds_at_most: float | None = None
    memory_share: float | None = None
    trials: dict[str, list[Trial]] = field(default_factory=lambda: {NAIVE: [], OURS: []})

    def run(self, runs: int) -> None:
        """Run both sides in turn, `runs` times each, so that a busy minute of the machine hurts both."""
        with tempfile.TemporaryDirectory(prefix=f"dondoc-bench-{self.name}-") as folder:
            self._prepare(Path(folder))
            for _ in range(runs):
                for side in (NAIVE, OURS):
                    self.trials[side].append(self._run_side(side, Path(folder)))

    def seconds(self, side: str) -> list[float]:
        """Return what each run of `side` took, of the part that is compared."""
        measures = [trial.measured for trial in self.trials[side]]
        return [measure["laps"][self.lap] if self.lap else measure["seconds"] for measure in measures]

    def _prepare(self, folder: Path) -> None:
        if (ROOT / "bench" / self.name / "material.py").exists():
            start([f"bench.{self.name}.material", str(folder)], own_environment())

    def _run_side(self, side: str, folder: Path) -> Trial:
        out = tempfile.mkdtemp(prefix=f"{side}-", dir=folder)
        environment = own_environment() | {"DONDOC_OUT": out, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
        if side == OURS:
            # The ledger is made once in an installation's life, not once a day.
            start(["dondoc", "ledger"], environment)
        began = time.perf_counter()
        printed = start(["bench.child", f"bench.{self.name}.{side}", str(folder), out], environment)
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
