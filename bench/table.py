"""What was measured, as Markdown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from bench.child import Measured

MIB = 1024


@dataclass(frozen=True)
class Trial:
    """One run of one side: what the child measured, and the whole process's seconds, start and imports included."""

    measured: Measured
    process_seconds: float


def markdown(naive: Sequence[Trial], ours: Sequence[Trial]) -> str:
    """Return the comparison, then the parts of each side."""
    rows = (
        ("own work, s", lambda trial: trial.measured["seconds"], ".2f"),
        ("whole process, s", lambda trial: trial.process_seconds, ".2f"),
        ("peak RSS, MiB", lambda trial: trial.measured["peak_kib"] / MIB, ".0f"),
    )
    lines = ["| | naive | ours | naive / ours |", "|---|--:|--:|--:|"]
    lines += [_compared(name, naive, ours, value, form) for name, value, form in rows]
    lines += ["", *_parts("ours", ours), "", *_parts("naive", naive)]
    return "\n".join(lines)


def median_seconds(trials: Sequence[Trial]) -> float:
    """Return the median of the job's own work."""
    return median(trial.measured["seconds"] for trial in trials)


def _compared(
    name: str, naive: Sequence[Trial], ours: Sequence[Trial], value: Callable[[Trial], float], form: str
) -> str:
    theirs, own = [value(trial) for trial in naive], [value(trial) for trial in ours]
    return f"| {name} | {_spread(theirs, form)} | {_spread(own, form)} | {median(theirs) / median(own):.1f} × |"


def _spread(values: Sequence[float], form: str) -> str:
    return f"{median(values):{form}} ({min(values):{form}}–{max(values):{form}})"


def _parts(side: str, trials: Sequence[Trial]) -> list[str]:
    names = list(trials[0].measured["laps"])
    parts = {name: median(trial.measured["laps"][name] for trial in trials) for name in names}
    lines = [f"| {side}, part | median s |", "|---|--:|"]
    return lines + [f"| {name} | {seconds:.3f} |" for name, seconds in parts.items()]
