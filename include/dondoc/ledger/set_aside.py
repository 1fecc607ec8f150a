"""Mails and files that were not taken, each once and audited: a person has to look at them where they lie."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, Row, func, select
from sqlalchemy.dialects import postgresql, sqlite

from dondoc.actor import MACHINE
from dondoc.files import sha256_of
from dondoc.ledger import audit
from dondoc.ledger.answer_tables import set_aside

MAIL = "mail"
BOUNCES = "bounces"
ANSWERS = "answers"
SIGNED = "signed"
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
    """Enter that something was not taken; the same thing again is no second.

    The audit names the row and a hash of what it says, never a sender or a file's name: those may be a citizen's.
    """
    dialect = postgresql if ledger.dialect.name == "postgresql" else sqlite
    values = vars(one) | {"origin": one.origin[:MAX_ORIGIN]}
    entering = dialect.insert(set_aside).values(**values).on_conflict_do_nothing().returning(set_aside.c.id)
    with ledger.begin() as connection:
        row = connection.scalar(entering)
        if row is None:
            return
        said = sha256_of("\n".join([values["origin"], one.sender, one.reason]).encode())
        detail = {"row": row, "sha256": said, "day": one.business_date.isoformat()}
        audit.record(connection, audit.Act(MACHINE, f"{one.door}.set_aside", f"{one.campaign} {row}".strip(), detail))


def list_set_aside(ledger: Engine, *, campaign: str, since: date) -> Sequence[Row[Any]]:
    """Return what was not taken on `since` or later, of the campaign and of none, oldest first."""
    query = select(set_aside).where(set_aside.c.campaign.in_((campaign, "")), set_aside.c.business_date >= since)
    with ledger.begin() as connection:
        return connection.execute(query.order_by(set_aside.c.id)).all()


def count_set_aside(ledger: Engine, *, campaign: str, business_date: date) -> dict[str, int]:
    """Return how many things of the campaign were not taken on a day, by door."""
    chosen = set_aside.c.campaign == campaign, set_aside.c.business_date == business_date
    query = select(set_aside.c.door, func.count()).where(*chosen).group_by(set_aside.c.door)
    with ledger.begin() as connection:
        return dict(sorted((door, count) for door, count in connection.execute(query)))


def are_set_aside(ledger: Engine, *, door: str, origins: Collection[str]) -> set[str]:
    """Return those of `origins` that were set aside at `door`."""
    query = select(set_aside.c.origin).where(set_aside.c.door == door, set_aside.c.origin.in_(list(origins)))
    with ledger.begin() as connection:
        return set(connection.scalars(query))
