"""The last instant the ledger knows, so that one wrong look at a machine's clock is not believed.

A dead battery, or a machine that wakes before its time server answers, shows a day years off. What is decided by such a
look (a day missed, a mail expired, a lease over) is decided for good.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from sqlalchemy import Connection, Engine, select, text, update
from sqlalchemy.exc import IntegrityError

from dondoc.actor import Actor
from dondoc.ledger import audit
from dondoc.ledger.audit import Act
from dondoc.ledger.clock_tables import clock
from dondoc.ledger.store import now, zoned

OFFICE = "office"
# Time servers set clocks by less; further back, or further from the database's own clock, one of them is wrong.
SLACK = timedelta(hours=1)
# So many whole working days without a look are an outage; more are believed only when a person says so. Days off are
# no jump: an office that is closed over Tết, its machines off, goes on as if nothing were.
MOST_SKIPPED = 3
# Beyond this no calendar is asked.
LONGEST_CLOSED = timedelta(days=45)
SEEN_ANEW = timedelta(minutes=1)

Workdays = Callable[[date, date], int]  # how many working days lie between two days, both left out


@dataclass(frozen=True)
class ClockReferences:
    """What a look is held against.

    Attributes:
        seen_at: the latest instant believed; None before the first.
        database_at: the database server's own instant; None where the database is a file.
        machine_at: this machine's instant when the database was asked.
    """

    seen_at: datetime | None
    database_at: datetime | None
    machine_at: datetime


def known(ledger: Engine) -> ClockReferences:
    """Return what the ledger knows of the time."""
    with ledger.begin() as connection:
        seen_at = connection.scalar(select(clock.c.seen_at).where(clock.c.name == OFFICE))
        return ClockReferences(zoned(seen_at) if seen_at else None, _database_now(connection), now())


def doubt(office_now: datetime, held: ClockReferences, *, workdays: Workdays) -> str:
    """Return why the clock that says `office_now` is not to be believed, empty where it is; pure.

    Args:
        office_now: in the office's time zone, which dates are told in.
        held: what it is held against.
        workdays: the office's.
    """
    zone = office_now.tzinfo
    shown = f"đồng hồ của máy chỉ {_words(office_now, zone)}"
    if held.database_at is not None and abs(held.database_at - held.machine_at) > SLACK:
        return f"{shown}, đồng hồ của máy chủ cơ sở dữ liệu chỉ {_words(held.database_at, zone)}"
    if held.seen_at is None:
        return ""
    last = f"lần làm việc gần nhất ghi trong sổ cái là {_words(held.seen_at, zone)}"
    if office_now < held.seen_at - SLACK:
        return f"{shown}, sớm hơn {last}"
    if office_now - held.seen_at <= LONGEST_CLOSED:
        skipped = workdays(held.seen_at.astimezone(zone).date(), office_now.astimezone(zone).date())
        return f"{shown}, {last}: {skipped} ngày làm việc không có dấu vết gì" if skipped > MOST_SKIPPED else ""
    return f"{shown}, {last}"


def keep(ledger: Engine, office_now: datetime) -> None:
    """Keep `office_now` as the latest instant believed, where it is a while later than the one kept."""
    at = office_now.astimezone(UTC)
    later = update(clock).where(clock.c.name == OFFICE, clock.c.seen_at < at - SEEN_ANEW).values(seen_at=at)
    with ledger.begin() as connection:
        found = connection.scalar(select(clock.c.name).where(clock.c.name == OFFICE))
        if found is not None:
            connection.execute(later)
            return
    try:
        with ledger.begin() as connection:
            connection.execute(clock.insert().values(name=OFFICE, seen_at=at))
    except IntegrityError:
        return  # another process looked in the same moment


def confirm(ledger: Engine, office_now: datetime, *, by: Actor, reason: str) -> None:
    """Believe `office_now` on a person's word, recorded in the audit, whatever the ledger knew before."""
    at = office_now.astimezone(UTC)
    with ledger.begin() as connection:
        before = connection.scalar(select(clock.c.seen_at).where(clock.c.name == OFFICE).with_for_update())
        if before is None:
            connection.execute(clock.insert().values(name=OFFICE, seen_at=at))
        else:
            connection.execute(update(clock).where(clock.c.name == OFFICE).values(seen_at=at))
        detail = {"from": zoned(before).isoformat() if before else "", "to": at.isoformat(), "reason": reason}
        audit.record(connection, Act(by, "clock.confirmed", OFFICE, detail))


def ledger_now(ledger: Engine) -> datetime:
    """Return the instant leases are counted by: the database server's, one for all hosts, or this only host's."""
    with ledger.begin() as connection:
        return _database_now(connection) or now()


def _database_now(connection: Connection) -> datetime | None:
    if connection.dialect.name != "postgresql":
        return None
    at: datetime | None = connection.scalar(text("SELECT clock_timestamp()"))
    return at


def _words(at: datetime, zone: tzinfo | None) -> str:
    return f"{at.astimezone(zone):%H:%M ngày %d/%m/%Y}"
