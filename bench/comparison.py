"""Two programs doing one piece of work, each in a process of its own, in turn."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.table import part_table, ratio_row
from bench.trial import Trial, prepare, run_once

NAIVE, OURS = "naive", "ours"


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
        mib_at_most: our peak memory.
    """

    name: str
    title: str
    lap: str | None = None
    at_least: float | None = None
    seconds_at_most: float | None = None
    memory_share: float | None = None
    mib_at_most: int | None = None
    trials: dict[str, list[Trial]] = field(default_factory=lambda: {NAIVE: [], OURS: []})

    def run(self, runs: int) -> None:
        """Run both sides in turn, `runs` times each, so that a busy minute of the machine hurts both."""
        with tempfile.TemporaryDirectory(prefix=f"dondoc-bench-{self.name}-") as name:
            folder = Path(name)
            prepare(self.name, folder)
            for _ in range(runs):
                for side, trials in self.trials.items():
                    trials.append(run_once(f"bench.{self.name}.{side}", folder, folder, with_ledger=side == OURS))

    def markdown(self) -> str:
        """Return the comparison, then the parts of each side."""
        naive, ours = self.trials[NAIVE], self.trials[OURS]
        what = f"“{self.lap}”" if self.lap else "own work"
        process = ([trial.process_seconds for trial in side] for side in (naive, ours))
        counts = ", ".join(f"{name} {count:,}" for name, count in naive[0].measured["counts"].items())
        lines = [
            *("| | naive | ours | naive / ours |", "|---|--:|--:|--:|"),
            ratio_row(f"{what}, s", self._seconds(NAIVE), self._seconds(OURS)),
            ratio_row("whole process, s", *process),
            ratio_row("peak RSS, MiB", self._peaks(NAIVE), self._peaks(OURS), form=".0f"),
            *("", f"Both sides found: {counts}.", ""),
            *(*part_table(OURS, ours), "", *part_table(NAIVE, naive)),
        ]
        return "\n".join(lines)

    def broken_bounds(self) -> list[str]:
        """Return what is wrong: the sides differ, or ours is slower or larger than it may be."""
        found = [trial.measured["counts"] for trials in self.trials.values() for trial in trials]
        if any(counts != found[0] for counts in found):
            return [f"the sides differ: {found}"]
        theirs, own = median(self._seconds(NAIVE)), median(self._seconds(OURS))
        wrong = []
        if self.at_least and theirs / own < self.at_least:
            wrong.append(f"{theirs / own:.1f} × the naive side, less than {self.at_least:g} ×")
        if self.seconds_at_most and own > self.seconds_at_most:
            wrong.append(f"{own:.2f} s, more than {self.seconds_at_most:g} s")
        larger, smaller = median(self._peaks(NAIVE)), median(self._peaks(OURS))
        if self.memory_share and smaller >= self.memory_share * larger:
            wrong.append(f"{smaller / larger:.2f} of the naive side's memory, not below {self.memory_share:g}")
        if self.mib_at_most and smaller > self.mib_at_most:
            wrong.append(f"{smaller:.0f} MiB, more than {self.mib_at_most}")
        return wrong

    def _seconds(self, side: str) -> list[float]:
        measures = [trial.measured for trial in self.trials[side]]
        return [measure["laps"][self.lap] if self.lap else measure["seconds"] for measure in measures]

    def _peaks(self, side: str) -> list[float]:
        return [trial.peak_mib for trial in self.trials[side]]
