"""The audit: who decided what, append-only and hash-chained. It names officers and counts, never a citizen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from dondoc.actor import Actor
from dondoc.ledger.chain import Chain, follow, hash_of
from dondoc.ledger.instants import now
from dondoc.ledger.tables import audit, audit_head


@dataclass(frozen=True)
class Act:
    """What was done: by whom, e.g. `gate.overridden`, on what, with which particulars."""

    actor: Actor
    action: str
    subject: str
    detail: Mapping[str, Any]

    @property
    def told(self) -> dict[str, Any]:
        """Return the particulars, with how it is known who acts."""
        who = self.actor.particulars
        return {**self.detail, "actor": who} if who else dict(self.detail)


@dataclass(frozen=True)
class AuditRow:
    """A row of the chain; `hash` covers all the others, `prev_hash` is the hash of the row before."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    detail: str
    prev_hash: str
    hash: str


def record(ledger: Engine | Connection, act: Act) -> None:
    """Append `act` to the chain; in the caller's transaction when a connection is given, so that both or none stand."""
    if isinstance(ledger, Connection):
        _append(ledger, act)
        return
    with ledger.begin() as connection:
        _append(connection, act)


def lock(connection: Connection) -> None:
    """Make other writers of the audit wait until the caller's transaction ends."""
    connection.execute(select(audit_head.c.seq).with_for_update()).one()


def end(ledger: Engine) -> tuple[int, str]:
    """Return how long the chain is and the hash it ends in."""
    with ledger.begin() as connection:
        seq, last = connection.execute(select(audit_head.c.seq, audit_head.c.hash)).one()
    return seq, last


def latest(ledger: Engine, action: str, *, subject: str) -> datetime | None:
    """Return when `action` was last recorded of a subject that begins so, None where it never was."""
    chosen = audit.c.action == action, audit.c.subject.startswith(subject, autoescape=True)
    with ledger.begin() as connection:
        at = connection.scalar(select(audit.c.at).where(*chosen).order_by(audit.c.seq.desc()).limit(1))
    return datetime.fromisoformat(at) if at else None


def verify(ledger: Engine) -> Chain:
    """Return whether the chain is whole: no row changed, deleted, inserted or moved, the last one included."""
    with ledger.begin() as connection:
        # Locked, so that no row comes in between reading the end and reading the chain.
        stated = connection.execute(select(audit_head.c.seq, audit_head.c.hash).with_for_update()).one_or_none()
        columns = [audit.c[name] for name in AuditRow.__dataclass_fields__]
        rows = connection.execute(select(*columns).order_by(audit.c.seq))
        return follow((AuditRow(**row._mapping) for row in rows), stated=(stated.seq, stated.hash) if stated else None)


def _append(connection: Connection, act: Act) -> None:
    # PostgreSQL: the lock makes the next writer wait for this one's commit. SQLite: every transaction writes alone.
    last = connection.execute(select(audit_head.c.seq, audit_head.c.hash).with_for_update()).one()
    row = AuditRow(
        seq=last.seq + 1,
        at=now().isoformat(),
        actor=act.actor.words,
        action=act.action,
        subject=act.subject,
        detail=json.dumps(act.told, ensure_ascii=False, sort_keys=True),
        prev_hash=last.hash,
        hash="",
    )
    sealed = vars(row) | {"hash": hash_of(row)}
    connection.execute(audit.insert().values(**sealed))
    connection.execute(update(audit_head).values(seq=row.seq, hash=sealed["hash"]))
