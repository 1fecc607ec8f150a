"""A module run once, in a process and an empty folder of its own."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.child import Measured

ROOT = Path(__file__).resolve().parents[1]
MIB = 1024


@dataclass(frozen=True)
class Trial:
    """One run: what the child measured, and the whole process's seconds, start and imports included."""

    measured: Measured
    process_seconds: float

    @property
    def peak_mib(self) -> float:
        """Return the peak resident memory."""
        return self.measured["peak_kib"] / MIB


def run_once(module: str, material: Path, folder: Path, *, with_ledger: bool) -> Trial:
    """Run `module` on `material` into a new folder under `folder`, where an empty ledger lies if it is to have one."""
    out = tempfile.mkdtemp(prefix="out-", dir=folder)
    environment = own_environment() | {"DONDOC_OUT": out, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    if with_ledger:
        # The ledger is made once in an installation's life, not once a day.
        start(["dondoc", "ledger", "upgrade"], environment)
    began = time.perf_counter()
    printed = start(["bench.child", module, str(material), out], environment)
    return Trial(json.loads(printed.splitlines()[-1]), time.perf_counter() - began)


def prepare(name: str, folder: Path) -> None:
    """Write the material of the package `name` into `folder`, where it has any."""
    if (ROOT / "bench" / name / "material.py").exists():
        start([f"bench.{name}.material", str(folder)], own_environment())


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
