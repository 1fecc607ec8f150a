"""What was measured, as Markdown, and whether it keeps its bounds."""

from collections.abc import Sequence
from statistics import median

from bench.comparison import NAIVE, OURS, Comparison, Trial

MIB = 1024


def markdown(comparison: Comparison) -> str:
    """Return the comparison, then the parts of each side."""
    naive, ours = comparison.trials[NAIVE], comparison.trials[OURS]
    what = f"“{comparison.lap}”" if comparison.lap else "own work"
    lines = ["| | naive | ours | naive / ours |", "|---|--:|--:|--:|"]
    lines.append(_compared(f"{what}, s", comparison.seconds(NAIVE), comparison.seconds(OURS), ".2f"))
    lines.append(_compared("whole process, s", *([trial.process_seconds for trial in side] for side in (naive, ours))))
    lines.append(_compared("peak RSS, MiB", *(_peaks(side) for side in (naive, ours)), form=".0f"))
    counts = ", ".join(f"{name} {count:,}" for name, count in naive[0].measured["counts"].items())
    lines += ["", f"Both sides found: {counts}.", "", *_parts(OURS, ours), "", *_parts(NAIVE, naive)]
    return "\n".join(lines)


def broken_bounds(comparison: Comparison) -> list[str]:
    """Return what is wrong: the sides differ, or ours is slower or larger than it may be."""
    trials = [trial for side in (NAIVE, OURS) for trial in comparison.trials[side]]
    found = [trial.measured["counts"] for trial in trials]
    if any(counts != found[0] for counts in found):
        return [f"the sides differ: {found}"]
    theirs, own = median(comparison.seconds(NAIVE)), median(comparison.seconds(OURS))
    wrong = []
    if comparison.at_least and theirs / own < comparison.at_least:
        wrong.append(f"{theirs / own:.1f} × the naive side, less than {comparison.at_least:g} ×")
    if comparison.seconds_at_most and own > comparison.seconds_at_most:
        wrong.append(f"{own:.2f} s, more than {comparison.seconds_at_most:g} s")
    larger, smaller = (median(_peaks(comparison.trials[side])) for side in (NAIVE, OURS))
    if comparison.memory_share and smaller >= comparison.memory_share * larger:
        wrong.append(f"{smaller / larger:.2f} of the naive side's memory, not below {comparison.memory_share:g}")
    return wrong


def _peaks(trials: Sequence[Trial]) -> list[float]:
    return [trial.measured["peak_kib"] / MIB for trial in trials]


def _compared(name: str, theirs: Sequence[float], own: Sequence[float], form: str = ".2f") -> str:
    return f"| {name} | {_spread(theirs, form)} | {_spread(own, form)} | {median(theirs) / median(own):.1f} × |"


def _spread(values: Sequence[float], form: str) -> str:
    return f"{median(values):{form}} ({min(values):{form}}–{max(values):{form}})"


def _parts(side: str, trials: Sequence[Trial]) -> list[str]:
    names = list(trials[0].measured["laps"])
    parts = {name: median(trial.measured["laps"][name] for trial in trials) for name in names}
    lines = [f"| {side}, part | median s |", "|---|--:|"]
    return lines + [f"| {name} | {seconds:.3f} |" for name, seconds in parts.items()]
