"""Steps of the day as they are run: in turn in this process, or in a process each and side by side."""

import os
import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

LANES = os.cpu_count() or 1
Call = tuple[Any, ...]  # a step and its arguments


class InTurn:
    """Runs each step in this process, as `airflow dags test` does."""

    def run(self, *calls: Call) -> list[Any]:
        """Return what each call returns, made in turn."""
        return [step(*arguments) for step, *arguments in calls]

    @property
    def peak_kib(self) -> int:
        """Return the most memory this process held."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


class Forked:
    """Forks a process a step, side by side on as many cores as there are, as Airflow's executors do.

    Attributes:
        peak_kib: the most memory that was held at once: by this process and the steps side by side, each at its peak.
    """

    def __init__(self) -> None:
        """Start with this process alone."""
        self.peak_kib = 0

    def run(self, *calls: Call) -> list[Any]:
        """Return what each call returns; none waits for another, but for a core."""
        with ThreadPoolExecutor(LANES) as lanes:
            results = list(lanes.map(_forked, calls))
        peaks = sorted((peak for _, peak in results), reverse=True)
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.peak_kib = max(self.peak_kib, own + sum(peaks[:LANES]))
        return [result for result, _ in results]


def _forked(call: Call) -> tuple[Any, int]:
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    task = context.Process(target=_tell, args=(theirs, *call))
    task.start()
    theirs.close()
    try:
        return ours.recv()  # type: ignore[no-any-return]
    except EOFError as error:
        raise RuntimeError(f"{call[0].__name__} ended without a result") from error
    finally:
        task.join()


def _tell(pipe: Connection, step: Callable[..., Any], *arguments: Any) -> None:
    result = step(*arguments)
    pipe.send((result, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
