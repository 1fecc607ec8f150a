"""Steps of the day as they are run: one after the other in this process, or a process each and mapped ones together."""

import os
import resource
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

LANES = os.cpu_count() or 1


class InTurn:
    """Runs each step in this process, as `airflow dags test` does."""

    def run(self, step: Callable[..., Any], *arguments: Any) -> Any:
        """Return what `step` returns."""
        return step(*arguments)

    def map(self, step: Callable[..., Any], calls: Sequence[Sequence[Any]]) -> list[Any]:
        """Return what `step` returns for each of `calls`."""
        return [step(*call) for call in calls]

    @property
    def peak_kib(self) -> int:
        """Return the most memory this process held."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


class Forked:
    """Forks a process a step, mapped ones side by side on as many cores as there are, as Airflow's executors do.

    Attributes:
        peak_kib: the most memory that was held at once: by this process and the tasks side by side, each at its peak.
    """

    def __init__(self) -> None:
        """Start with this process alone."""
        self.peak_kib = 0

    def run(self, step: Callable[..., Any], *arguments: Any) -> Any:
        """Return what `step` returns, run in a process of its own."""
        return self.map(step, [arguments])[0]

    def map(self, step: Callable[..., Any], calls: Sequence[Sequence[Any]]) -> list[Any]:
        """Return what `step` returns for each of `calls`, `LANES` of them at a time."""
        with ThreadPoolExecutor(LANES) as lanes:
            ended: list[Future[tuple[Any, int]]] = [lanes.submit(_forked, step, call) for call in calls]
            results = [one.result() for one in ended]
        peaks = sorted((peak for _, peak in results), reverse=True)
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.peak_kib = max(self.peak_kib, own + sum(peaks[:LANES]))
        return [result for result, _ in results]


def _forked(step: Callable[..., Any], call: Sequence[Any]) -> tuple[Any, int]:
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    task = context.Process(target=_tell, args=(theirs, step, call))
    task.start()
    theirs.close()
    try:
        return ours.recv()  # type: ignore[no-any-return]
    except EOFError as error:
        raise RuntimeError(f"{step.__name__} ended without a result") from error
    finally:
        task.join()


def _tell(pipe: Connection, step: Callable[..., Any], call: Sequence[Any]) -> None:
    result = step(*call)
    pipe.send((result, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
