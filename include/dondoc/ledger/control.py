"""The switch that stops all mail, read again before each mail leaves."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from dondoc.ledger.store import now
from dondoc.ledger.tables import control

MAIL = "mail"
# record(connection, actor, action, subject, detail): how a person's act reaches the audit, in the same transaction.
Record = Callable[[Connection, str, str, str, str], None]


@dataclass(frozen=True)
class Switch:
    """Whether mail is stopped, by whom and why."""

    stopped: bool
    who: str
    why: str


def set_switch(ledger: Engine, switch: Switch, *, record: Record | None = None) -> None:
    """Stop all mail, or let it leave again."""
    values = {"kill_switch": switch.stopped, "who": switch.who, "why": switch.why, "changed_at": now()}
    with ledger.begin() as connection:
        known = connection.scalar(select(control.c.name).where(control.c.name == MAIL).with_for_update())
        if known is None:
            connection.execute(control.insert().values(name=MAIL, **values))
        else:
            connection.execute(control.update().where(control.c.name == MAIL).values(**values))
        if record:
            record(connection, switch.who, "mail.stop" if switch.stopped else "mail.resume", MAIL, switch.why)


def read_switch(ledger: Engine) -> Switch | None:
    """Return the switch as it stands, None when it was never touched."""
    query = select(control.c.kill_switch, control.c.who, control.c.why).where(control.c.name == MAIL)
    with ledger.begin() as connection:
        row = connection.execute(query).one_or_none()
    return Switch(row.kill_switch, row.who, row.why) if row else None
