"""One side run once in its own process: `python -m bench.child MODULE MATERIAL OUT` prints its measures as JSON."""

import importlib
import json
import resource
import sys
import time
from pathlib import Path
from typing import TypedDict


class Measured(TypedDict):
    """What a child measured of itself.

    `seconds` is the job's own work, after the imports; `laps` are its parts; `peak_kib` is the peak resident memory.
    """

    seconds: float
    peak_kib: int
    laps: dict[str, float]
    counts: dict[str, int]


class Laps:
    """A stopwatch that notes how long each part took."""

    def __init__(self) -> None:
        """Start the watch."""
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """Note the time since the last lap as that of `name`."""
        now = time.perf_counter()
        self.seconds[name], self._last = now - self._last, now


def measure(name: str, material: Path, out: Path) -> Measured:
    """Return what it cost to run the module `name` on `material`, into `out`; one that forks counts its own memory."""
    module = importlib.import_module(name)
    began, laps = time.perf_counter(), Laps()
    counts = module.run(material, out, laps.lap)
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "peak_kib": counts.pop("peak_kib", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss),
        "laps": laps.seconds,
        "counts": counts,
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
