"""Mails that were not taken, each once: a person has to look at them in the mailbox."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, Row, select
from sqlalchemy.dialects import postgresql, sqlite

from dondoc.ledger.answer_tables import set_aside

MAIL = "mail"
BOUNCES = "bounces"
MAX_ORIGIN = 254


@dataclass(frozen=True)
class SetAside:
    """Something that was not taken: at which door, what tells it from others, from whom as it says, and why."""

    campaign: str
    door: str
    origin: str
    reason: str
    business_date: date
    at: datetime
    sender: str = ""
    unit: str | None = None


def note_set_aside(ledger: Engine, one: SetAside) -> None:
    """Enter that something was not taken; the same thing again is no second."""
    dialect = postgresql if ledger.dialect.name == "postgresql" else sqlite
    values = vars(one) | {"origin": one.origin[:MAX_ORIGIN]}
    with ledger.begin() as connection:
        connection.execute(dialect.insert(set_aside).values(**values).on_conflict_do_nothing())


def list_set_aside(ledger: Engine, *, campaign: str, since: date) -> Sequence[Row[Any]]:
    """Return what was not taken on `since` or later, of the campaign and of none, oldest first."""
    query = select(set_aside).where(set_aside.c.campaign.in_((campaign, "")), set_aside.c.business_date >= since)
    with ledger.begin() as connection:
        return connection.execute(query.order_by(set_aside.c.id)).all()


def are_set_aside(ledger: Engine, *, door: str, origins: Collection[str]) -> set[str]:
    """Return those of `origins` that were set aside at `door`."""
    query = select(set_aside.c.origin).where(set_aside.c.door == door, set_aside.c.origin.in_(list(origins)))
    with ledger.begin() as connection:
        return set(connection.scalars(query))
