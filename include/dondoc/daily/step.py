"""What makes a function a step of the day."""

import functools
import logging
import time
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from dondoc.errors import DondocError, LedgerError, told
from dondoc.installation import Installation
from dondoc.ledger import runs
from dondoc.ledger.troubles import in_words
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
            stopped = _told(error, function.__name__, place)
        else:
            log.info("%s: %.2f s", function.__name__, time.perf_counter() - began)
            return result
        log.error("%s", stopped)
        if place is not None:
            _keep_why(place, stopped)
        raise stopped

    return run_step


def guarded(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function raise only errors whose words are ours, as a step does."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 (raised below, without what it quotes)
            stopped = _told(error, function.__name__, None)
        raise stopped

    return run


def _told(error: Exception, name: str, place: Workplace | None) -> DondocError:
    url = (place.installation if place else Installation.from_environment()).ledger_url
    return told(in_words(error, url), doing=f"bước {name}", folder=place.out if place else None)


def _keep_why(place: Workplace, stopped: DondocError) -> None:
    """Write in the day's row what stopped it; a ledger that is down cannot, and the error still ends the task."""
    try:
        runs.fail_run(place.ledger, place.run_id, str(stopped))
    except (SQLAlchemyError, LedgerError):
        log.error("không ghi được lỗi này vào sổ cái: trong sổ lượt còn là “đang chạy” cho đến khi chạy lại")
