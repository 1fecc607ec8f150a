"""The cost of a case at each size, ours alone: it must not rise."""

import tempfile
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median

from bench.table import median_laps, spread
from bench.trial import Trial, prepare, run_once

CODE = "van-phong-lon"
SIZES = (10_000, 100_000, 1_000_000)
FIXED = "open_day"
# What two runs of the same work may differ by on a busy machine.
NOISE = 1.1
MICRO, MIB = 1e6, 2**20
WHAT = f"""Ours alone, each run a fresh process: a csv with the one-stop exporter's columns read, checked and kept
(`pull`), its profile and gates (`gate`), judged, with findings and figures (`check`), and the report in Word and Excel,
every case in it (`write_report`). It is csv because of an .xlsx most of the time is unzipping and a library's parsing.
`{FIXED}` is the same at any size and not counted. Letters and mails grow with what is owed, not with the cases: they
are in the large office's day. “A further case” is what each case beyond the smaller size costs, free of all that is
fixed. Bounds: at 1,000,000 a case takes at most {NOISE:g} × what it takes at either smaller size, and the peak RSS a
case falls from size to size."""


@dataclass(frozen=True)
class Growth:
    """The day's steps that see every case, at three sizes."""

    name: str = "growth"
    title: str = "Growth: from 10,000 to 1,000,000 cases"
    trials: dict[int, list[Trial]] = field(default_factory=lambda: {size: [] for size in SIZES})

    def run(self, runs: int) -> None:
        """Run each size in turn, `runs` times."""
        with tempfile.TemporaryDirectory(prefix="dondoc-bench-growth-") as name:
            folder = Path(name)
            prepare(self.name, folder)
            for _ in range(runs):
                for size, trials in self.trials.items():
                    trials.append(run_once("bench.growth.ours", folder / str(size), folder, with_ledger=True))

    def markdown(self) -> str:
        """Return the cost of a case at each size, then the parts."""
        further = dict(zip(SIZES[1:], self._further(), strict=True))
        lines = [WHAT, "", "| cases | s | µs a case | µs a further case | peak RSS, MiB | bytes RSS a case |"]
        lines.append("|--:|--:|--:|--:|--:|--:|")
        for size, trials in self.trials.items():
            more = f"{MICRO * further[size]:.0f}" if size in further else ""
            peaks = spread([trial.peak_mib for trial in trials], ".0f")
            told = f"{spread(self._seconds(size))} | {MICRO * self._seconds_a_case(size):.0f} | {more} | {peaks}"
            lines.append(f"| {size:,} | {told} | {self._bytes_a_case(size):,.0f} |")
        laps = [median_laps(trials) for trials in self.trials.values()]
        heads = " | ".join(f"{size:,}, s" for size in SIZES)
        lines += ["", f"| part | {heads} |", "|---|" + "--:|" * len(SIZES)]
        lines += [f"| {part} | {' | '.join(f'{of[part]:.2f}' for of in laps)} |" for part in laps[0]]
        return "\n".join(lines)

    def broken_bounds(self) -> list[str]:
        """Return what is wrong: a case dearer at the largest size, or its memory not falling."""
        *smaller, largest = SIZES
        last = self._seconds_a_case(largest)
        wrong = [
            f"{MICRO * last:.0f} µs a case at {largest:,}, {MICRO * self._seconds_a_case(size):.0f} at {size:,}"
            for size in smaller
            if last > NOISE * self._seconds_a_case(size)
        ]
        return wrong + [
            f"{self._bytes_a_case(more):,.0f} bytes a case at {more:,}, not fewer than at {fewer:,}"
            for fewer, more in pairwise(SIZES)
            if self._bytes_a_case(more) >= self._bytes_a_case(fewer)
        ]

    def _seconds(self, size: int) -> list[float]:
        return [trial.measured["seconds"] - trial.measured["laps"][FIXED] for trial in self.trials[size]]

    def _seconds_a_case(self, size: int) -> float:
        return median(self._seconds(size)) / size

    def _further(self) -> list[float]:
        totals = {size: median(self._seconds(size)) for size in SIZES}
        return [(totals[more] - totals[fewer]) / (more - fewer) for fewer, more in pairwise(SIZES)]

    def _bytes_a_case(self, size: int) -> float:
        return median(trial.peak_mib for trial in self.trials[size]) * MIB / size
