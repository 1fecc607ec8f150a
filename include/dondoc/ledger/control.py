"""The switch that stops all mail, read again before each mail leaves."""

from dataclasses import dataclass

from sqlalchemy import Engine, select

from dondoc.ledger import audit
from dondoc.ledger.audit import Act
from dondoc.ledger.store import now
from dondoc.ledger.tables import control

MAIL = "mail"


@dataclass(frozen=True)
class Switch:
    """Whether mail is stopped, by whom and why."""

    stopped: bool
    who: str
    why: str


def set_switch(ledger: Engine, switch: Switch) -> None:
    """Stop all mail, or let it leave again."""
    values = {"kill_switch": switch.stopped, "who": switch.who, "why": switch.why, "changed_at": now()}
    with ledger.begin() as connection:
        known = connection.scalar(select(control.c.name).where(control.c.name == MAIL).with_for_update())
        if known is None:
            connection.execute(control.insert().values(name=MAIL, **values))
        else:
            connection.execute(control.update().where(control.c.name == MAIL).values(**values))
        action = "mail.stop" if switch.stopped else "mail.resume"
        audit.record(connection, Act(switch.who, action, MAIL, {"reason": switch.why}))


def read_switch(ledger: Engine) -> Switch | None:
    """Return the switch as it stands, None when it was never touched."""
    query = select(control.c.kill_switch, control.c.who, control.c.why).where(control.c.name == MAIL)
    with ledger.begin() as connection:
        row = connection.execute(query).one_or_none()
    return Switch(row.kill_switch, row.who, row.why) if row else None
