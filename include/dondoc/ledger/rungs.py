"""Which rungs of the ladder were climbed: told by the mails that carry them, so that no claim can outlive its mail.

A rung counts as climbed for a recipient once a mail that carries it was offered to a server. One that was held, missed
its window or was refused leaves it unclimbed: a later day carries it again. One that may have arrived does not.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, Connection, Date, Engine, ForeignKey, String, Table, delete, select

from dondoc.ledger.claims import SENDING, SENT, UNKNOWN
from dondoc.ledger.tables import metadata, outbox

# One row a rung of the ladder a mail carries, for which unit; the mail's own state says whether it was climbed.
rung = Table(
    "rung",
    metadata,
    Column("outbox_id", ForeignKey("outbox.id"), primary_key=True),
    Column("unit", String(40), primary_key=True),
    Column("rung", String(20), primary_key=True),
    Column("deadline", Date, nullable=False),  # a drive whose deadline moved is a new ladder
)

# What was only claimed on an earlier day can begin no more (`claims.may_leave`): it never left.
OFFERED = (SENDING, SENT, UNKNOWN)


@dataclass(frozen=True)
class MailedRung:
    """A rung a mail carries for one unit, of the ladder that leads to `deadline`."""

    unit: str
    name: str
    deadline: date


@dataclass(frozen=True)
class Climbed:
    """A rung of a unit that `recipient`, in lower case, was written to about."""

    unit: str
    rung: str
    recipient: str


def carry(connection: Connection, carried: Mapping[int, Collection[MailedRung]]) -> None:
    """Record which rungs each mail that was not offered yet carries, in the transaction that plans them."""
    known = select(rung).where(rung.c.outbox_id.in_(carried))
    before: dict[int, set[MailedRung]] = {}
    for row in connection.execute(known):
        before.setdefault(row.outbox_id, set()).add(MailedRung(row.unit, row.rung, row.deadline))
    changed = {key: rungs for key, rungs in carried.items() if before.get(key, set()) != set(rungs)}
    if stale := changed.keys() & before.keys():
        connection.execute(delete(rung).where(rung.c.outbox_id.in_(stale)))
    rows = [
        {"outbox_id": key, "unit": one.unit, "rung": one.name, "deadline": one.deadline}
        for key, rungs in changed.items()
        for one in rungs
    ]
    if rows:
        connection.execute(rung.insert(), rows)


def climbed(ledger: Engine, *, campaign: str, deadline: date, before: date) -> frozenset[Climbed]:
    """Return the rungs climbed on the days before `before`, on the ladder to `deadline`.

    The day's own mails do not count, so that a day run again plans what it planned.
    """
    query = (
        select(rung.c.unit, rung.c.rung, outbox.c.recipient)
        .join(outbox, outbox.c.id == rung.c.outbox_id)
        .where(outbox.c.campaign == campaign, outbox.c.business_date < before, outbox.c.state.in_(OFFERED))
        .where(rung.c.deadline == deadline)
    )
    with ledger.begin() as connection:
        return frozenset(Climbed(row.unit, row.rung, row.recipient.lower()) for row in connection.execute(query))


def rungs_of_mails(ledger: Engine, *, campaign: str, business_date: date) -> dict[int, list[str]]:
    """Return the names of the rungs each of the day's mails carries, each once, by the mail's id."""
    query = (
        select(rung.c.outbox_id, rung.c.rung)
        .distinct()
        .join(outbox, outbox.c.id == rung.c.outbox_id)
        .where(outbox.c.campaign == campaign, outbox.c.business_date == business_date)
        .order_by(rung.c.outbox_id, rung.c.rung)
    )
    found: dict[int, list[str]] = {}
    with ledger.begin() as connection:
        for row in connection.execute(query):
            found.setdefault(row.outbox_id, []).append(row.rung)
    return found


def units_written_to(ledger: Engine, *, campaign: str, kind: str, before: date) -> set[str]:
    """Return the units that mails of `kind` were written to on the days before `before`, sent or not."""
    mine = outbox.c.campaign == campaign, outbox.c.kind == kind, outbox.c.business_date < before
    with ledger.begin() as connection:
        return set(connection.scalars(select(outbox.c.unit).where(*mine).distinct()))
