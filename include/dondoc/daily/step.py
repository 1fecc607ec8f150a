"""What makes a function a step of the day."""

import functools
import logging
import time
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from dondoc.errors import DondocError
from dondoc.ledger import runs
from dondoc.workplace import DayRef, Workplace

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


def step(function: Callable[Concatenate[Workplace, P], R]) -> Callable[Concatenate[DayRef, P], R]:
    """Make a step callable by the day's reference; what stops it is written in the day's row before it is raised."""

    @functools.wraps(function)
    def run_step(ref: DayRef, *args: P.args, **kwargs: P.kwargs) -> R:
        place = Workplace.of(ref)
        began = time.perf_counter()
        try:
            result = function(place, *args, **kwargs)
        except DondocError as error:
            log.error("%s", error)
            runs.fail_run(place.ledger, place.run.id, str(error))
            raise
        except Exception as error:
            runs.fail_run(
                place.ledger, place.run.id, f"Lỗi phần mềm ở bước {function.__name__}: {type(error).__name__}"
            )
            raise
        log.info("%s: %.2f s", function.__name__, time.perf_counter() - began)
        return result

    return run_step
