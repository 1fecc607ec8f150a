"""The office's clock, believed only where it agrees with what the ledger knows of the time."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import numpy as np
from sqlalchemy import Engine

from dondoc.calendar import WorkCalendar
from dondoc.campaign import campaign_folders, load_calendar, load_campaign
from dondoc.errors import ClockError, DondocError
from dondoc.installation import ZONE, Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger import clock
from dondoc.ledger.claims import ClockReading

REMEDY = (
    "sửa giờ của máy (dịch vụ NTP), rồi chạy lại; nếu giờ ấy đúng (cơ quan nghỉ dài, vừa khôi phục sổ cái), gõ "
    "`dondoc clock confirm --by … --reason …`."
)
DAY = timedelta(days=1)


def require_clock(place: Workplace) -> None:
    """Hold this machine's clock against what the ledger knows, and keep it there; a rehearsal has a day of its own.

    Raises:
        ClockError: it is not to be believed; nothing may be decided by it.
    """
    if not place.day.rehearsal:
        believe(place.ledger, place.day.calendar, office_now=place.installation.now(place.day.campaign.zone))


def require_installations_clock(installation: Installation, ledger: Engine) -> None:
    """Do the same where no campaign is at work: a day off of any of them is one.

    Raises:
        ClockError: as `require_clock`.
    """
    if installation.rehearsal_on is None:
        believe(ledger, *_calendars(installation), office_now=installation.now(ZONE))


def believe(ledger: Engine, *calendars: WorkCalendar, office_now: datetime) -> None:
    """Keep `office_now` as the latest instant known, where it is to be believed.

    Raises:
        ClockError: it is not.
    """
    if why := doubt_of(ledger, *calendars, office_now=office_now):
        raise ClockError(f"Chưa tin được đồng hồ: {why}.", where="đồng hồ của máy này", remedy=REMEDY)
    clock.keep(ledger, office_now)


def doubt_of(ledger: Engine, *calendars: WorkCalendar, office_now: datetime) -> str:
    """Return why `office_now` is not to be believed, empty where it is; nothing is kept."""

    def between(first: date, last: date) -> int:
        start, stop = (np.array([day], "datetime64[D]") for day in (first, last - DAY))
        return min(int(calendar.days_between(start, stop)[0]) for calendar in calendars)

    return clock.doubt(office_now, clock.known(ledger), workdays=between)


def _calendars(installation: Installation) -> list[WorkCalendar]:
    names = {"vn"}
    for folder in campaign_folders(installation.campaigns):
        # What is wrong with a campaign is told by its own days.
        with suppress(DondocError):
            names.add(load_campaign(folder).calendar)
    return [load_calendar(installation.calendar_file(name)) for name in sorted(names)]


def ticking(place: Workplace) -> Callable[[], ClockReading]:
    """Return what tells the time of one sending: the clocks are looked at once, then a steady one counts on.

    So no clock that is set meanwhile ends a lease or a mail's window; leases begin by the database server's clock.
    """
    office = place.installation.now(place.day.campaign.zone)
    at = clock.ledger_now(place.ledger)
    began = _steady()

    def moment() -> ClockReading:
        passed = timedelta(seconds=_steady() - began)
        here = office + passed
        return ClockReading(here.date(), here.astimezone(UTC), at + passed)

    return moment


def _steady() -> float:
    """Return seconds that only ever grow; on Linux also while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
