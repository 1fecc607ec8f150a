"""The switch that stops all mail, read again before each mail leaves."""

from dataclasses import dataclass

from sqlalchemy import Engine, select

from dondoc.actor import Actor
from dondoc.ledger import audit
from dondoc.ledger.audit import Act
from dondoc.ledger.digests import note
from dondoc.ledger.store import now
from dondoc.ledger.tables import control

MAIL = "mail"
# As much of who throws the switch as its column takes; the audit has all of it.
WHO_LENGTH = 120


@dataclass(frozen=True)
class Switch:
    """Whether mail is stopped, by whom and why."""

    stopped: bool
    who: str
    why: str


def set_switch(ledger: Engine, *, stopped: bool, by: Actor, why: str) -> None:
    """Stop all mail, or let it leave again."""
    values = {"kill_switch": stopped, "who": by.words[:WHO_LENGTH], "why": why, "changed_at": now()}
    with ledger.begin() as connection:
        known = connection.scalar(select(control.c.name).where(control.c.name == MAIL).with_for_update())
        if known is None:
            connection.execute(control.insert().values(name=MAIL, **values))
        else:
            connection.execute(control.update().where(control.c.name == MAIL).values(**values))
        note(connection, control, control.c.name == MAIL)
        action = "mail.stop" if stopped else "mail.resume"
        audit.record(connection, Act(by, action, MAIL, {"reason": why}))


def read_switch(ledger: Engine) -> Switch | None:
    """Return the switch as it stands, None when it was never touched."""
    query = select(control.c.kill_switch, control.c.who, control.c.why).where(control.c.name == MAIL)
    with ledger.begin() as connection:
        row = connection.execute(query).one_or_none()
    return Switch(row.kill_switch, row.who, row.why) if row else None
