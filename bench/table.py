"""What was measured, as Markdown."""

from collections.abc import Sequence
from statistics import median

from bench.trial import Trial


def ratio_row(name: str, theirs: Sequence[float], own: Sequence[float], form: str = ".2f") -> str:
    """Return the row of one measure: both sides and how many times ours the naive one is."""
    return f"| {name} | {spread(theirs, form)} | {spread(own, form)} | {median(theirs) / median(own):.1f} × |"


def spread(values: Sequence[float], form: str = ".2f") -> str:
    """Return e.g. "1.20 (1.18–1.31)": the median, the least and the most."""
    return f"{median(values):{form}} ({min(values):{form}}–{max(values):{form}})"


def part_table(side: str, trials: Sequence[Trial]) -> list[str]:
    """Return the lines of a table: what each part of the work took."""
    lines = [f"| {side}, part | median s |", "|---|--:|"]
    return lines + [f"| {name} | {seconds:.3f} |" for name, seconds in median_laps(trials).items()]


def median_laps(trials: Sequence[Trial]) -> dict[str, float]:
    """Return the seconds of each part."""
    return {name: median(trial.measured["laps"][name] for trial in trials) for name in trials[0].measured["laps"]}
