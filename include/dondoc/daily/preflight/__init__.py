"""What can be known to be wrong before a day begins: one list, for the `check` command and for opening a day.

A check yields problems, and lines that are worth knowing. What its problems stop is said beside it: the day, which then
never opens; only the pull, so that a final report can still go out without its source; or nothing.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from dondoc.daily.preflight.calendars import check_calendar, warn_of_calendar
from dondoc.daily.preflight.folders import check_folders
from dondoc.daily.preflight.law import check_law
from dondoc.daily.preflight.letters import check_letters, check_printed_words, check_public_list
from dondoc.daily.preflight.mails import check_mails
from dondoc.daily.preflight.reports import check_reports
from dondoc.daily.preflight.settings import (
    check_copied_words,
    check_deadline_move,
    check_deadline_reading,
    check_legal_basis,
    check_own_addresses,
    check_recipients,
    check_shared_addresses,
    check_successors,
    check_unreached,
)
from dondoc.daily.preflight.signers import check_signers_accounts, check_trust_roots
from dondoc.daily.preflight.sources import check_profiles, check_source_files
from dondoc.daily.preflight.variables import check_relay_logs, check_variables
from dondoc.errors import DondocError, Problem, SettingsError
from dondoc.installation.workplace import Workplace

log = logging.getLogger(__name__)


class Stops(Enum):
    """What a problem stops."""

    DAY = "day"
    PULL = "pull"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Check:
    """One thing looked at before a day.

    Attributes:
        find: yields problems, and lines worth knowing; may raise instead.
        stops: what its problems stop.
    """

    find: Callable[[Workplace], Iterable[Problem | str]]
    stops: Stops = Stops.DAY


CHECKS = (
    Check(check_folders),
    Check(check_calendar),
    Check(warn_of_calendar, Stops.NOTHING),
    Check(check_recipients),
    Check(check_deadline_reading),
    Check(check_legal_basis),
    Check(check_profiles),
    Check(check_letters),
    Check(check_public_list),
    Check(check_reports),
    Check(check_mails),
    Check(check_source_files, Stops.PULL),
    Check(check_printed_words, Stops.NOTHING),
    Check(check_law, Stops.NOTHING),
    Check(check_deadline_move, Stops.NOTHING),
    Check(check_unreached, Stops.NOTHING),
    Check(check_own_addresses, Stops.NOTHING),
    Check(check_shared_addresses, Stops.NOTHING),
    Check(check_successors, Stops.NOTHING),
    Check(check_copied_words, Stops.NOTHING),
    Check(check_variables, Stops.NOTHING),
    Check(check_relay_logs, Stops.NOTHING),
    Check(check_trust_roots, Stops.NOTHING),
    Check(check_signers_accounts, Stops.NOTHING),
)


@dataclass
class Examined:
    """What the checks found: problems by what they stop, each once, and lines worth knowing."""

    problems: dict[Stops, list[Problem]] = field(default_factory=lambda: {stops: [] for stops in Stops})
    notes: list[str] = field(default_factory=list)


def examine(place: Workplace, *, only: Collection[Stops] = tuple(Stops)) -> Examined:
    """Return what the checks find of the day's campaign: those alone whose problems stop what is in `only`."""
    examined = Examined()
    for check in CHECKS:
        if check.stops not in only:
            continue
        for found in _found(check, place):
            kept = examined.notes if isinstance(found, str) else examined.problems[check.stops]
            if found not in kept:
                kept.append(found)  # type: ignore[arg-type]
    return examined


def check(place: Workplace) -> None:
    """Check all that the day stands on but its sources, which their own step tells of.

    Raises:
        SettingsError: configuration, profiles, templates or calendar are wrong; names every problem.
    """
    examined = examine(place, only=(Stops.DAY, Stops.NOTHING))
    for warning in examined.problems[Stops.NOTHING]:
        log.warning("%s", warning)
    if problems := examined.problems[Stops.DAY]:
        raise SettingsError.of(problems)


def _found(check: Check, place: Workplace) -> Iterator[Problem | str]:
    try:
        yield from check.find(place)
    except DondocError as error:
        yield from error.problems
