"""What makes a function a step of the day."""

import functools
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from dondoc.errors import LedgerError, told
from dondoc.ledger import runs
from dondoc.workplace import DayRef, Workplace

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


def step(function: Callable[Concatenate[Workplace, P], R]) -> Callable[Concatenate[DayRef, P], R]:
    """Make a step callable by the day's reference; what stops it is written in the day's row before it is raised."""

    @functools.wraps(function)
    def run_step(ref: DayRef, *args: P.args, **kwargs: P.kwargs) -> R:
        place: Workplace | None = None
        began = time.perf_counter()
        try:
            place = Workplace.of(ref)
            result = function(place, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 (raised below, without what it quotes)
            stopped = told(error, doing=f"bước {function.__name__}", folder=place.out if place else None)
        else:
            log.info("%s: %.2f s", function.__name__, time.perf_counter() - began)
            return result
        log.error("%s", stopped)
        if place is not None:
            # A ledger that is down cannot keep why; the error itself still ends the task.
            with suppress(SQLAlchemyError, LedgerError):
                runs.fail_run(place.ledger, place.run.id, str(stopped))
        raise stopped

    return run_step


def guarded(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function raise only errors whose words are ours, as a step does."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 (raised below, without what it quotes)
            stopped = told(error, doing=f"bước {function.__name__}")
        raise stopped

    return run
