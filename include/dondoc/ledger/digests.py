"""What each transaction left: a digest of every row of an act, chained, so that a row edited by SQL is seen.

Who changes a row of an act notes it; when the transaction commits, one row of the chain is written with the digests of
all that was noted, as it then stands. So the chain's lock is the last that is taken, and nothing is noted of what is
rolled back. A mail's moves between two servers' words are too many to be chained one by one: what a mail is, and its
state when it was last noted, are; `ledger/verification.py` follows the moves between by the attempts.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Table, event, or_, select, true, update

from dondoc.files import sha256_of
from dondoc.ledger.chain import hash_of
from dondoc.ledger.digest_tables import digest, digest_head
from dondoc.ledger.instants import now, zoned
from dondoc.ledger.tables import attempt, audit_head, outbox

NOTED = "dondoc.noted"
LENGTH = 32
# What a row is at the moment and not what somebody decided; of a mail, what moves while it is sent.
PASSING = {
    "run": {"state", "attempts", "error", "started_at", "ended_at", "cases_late", "units_behind", "settings"},
    "outbox": {"state", "reason", "changed_at", "fence", "attempts", "offered_at", "next_try_at"}
    | {"lease_owner", "lease_expires_at"},
}


@dataclass(frozen=True)
class Left:
    """A row of the chain: what one transaction left, and where the audit ended then."""

    seq: int
    at: str
    audit_seq: int
    audit_hash: str
    digests: str
    prev_hash: str
    hash: str


def note(connection: Connection, table: Table, *which: ColumnElement[bool]) -> None:
    """Note the rows of `table` that match one of `which`: when the transaction commits, it is chained as they stand."""
    connection.info.setdefault(NOTED, []).append((table, or_(*which)))


def note_all(connection: Connection, tables: Sequence[Table]) -> None:
    """Note all rows of `tables`, where nothing was chained yet: the ledger is older than the chain."""
    if connection.scalar(select(digest_head.c.seq)) == 0:
        for table in tables:
            note(connection, table, true())


def end(connection: Connection) -> tuple[int, str]:
    """Return how long the chain is and the hash it ends in."""
    seq, last = connection.execute(select(digest_head.c.seq, digest_head.c.hash)).one()
    return seq, last


def watch(engine: Engine) -> None:
    """Let every transaction of `engine` that commits chain what was noted in it."""
    event.listen(engine, "begin", _forget)
    event.listen(engine, "commit", _write)
    event.listen(engine, "rollback", _forget)


def row_digests(connection: Connection, table: Table, which: ColumnElement[bool]) -> dict[str, str]:
    """Return the digest of each row of `table` that matches `which`, by its key; of a mail with its state and attempts.

    What is empty in a row is left out: a column that is added later changes no digest.
    """
    rows = {key_of(table, row): row for row in connection.execute(select(table).where(which))}
    digests = {key: _digest(table, row) for key, row in rows.items()}
    if table is not outbox or not rows:
        return digests
    tried = attempts_of(connection, which)
    return {
        key: f"{found}:{rows[key].state}:{len(tried.get(key, []))}:{attempts_digest(tried.get(key, []))}"
        for key, found in digests.items()
    }


def attempts_of(connection: Connection, which: ColumnElement[bool]) -> dict[str, list[Row[Any]]]:
    """Return the attempts at each mail that matches `which`, by its key, oldest first."""
    found: dict[str, list[Row[Any]]] = {}
    query = select(attempt).join(outbox, outbox.c.id == attempt.c.outbox_id).where(which).order_by(attempt.c.id)
    for row in connection.execute(query):
        found.setdefault(str(row.outbox_id), []).append(row)
    return found


def attempts_digest(rows: Sequence[Row[Any]]) -> str:
    """Return the digest of attempts, in their order."""
    return sha256_of("".join(_digest(attempt, row) for row in rows).encode())[:LENGTH] if rows else ""


def key_of(table: Table, row: Row[Any]) -> str:
    """Return the primary key of a row as one text."""
    return "|".join(str(row._mapping[column]) for column in table.primary_key)


def _digest(table: Table, row: Row[Any]) -> str:
    named = sorted(column.name for column in table.columns if column.name not in PASSING.get(table.name, ()))
    content = [[name, _plain(row._mapping[name])] for name in named if row._mapping[name]]
    return sha256_of(json.dumps([table.name, content], sort_keys=True).encode())[:LENGTH]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return zoned(value).astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date | time) else value


def _forget(connection: Connection) -> None:
    # What was noted on a connection that was lost is lost with it; to ask it would hide why it was lost.
    if not connection.invalidated:
        connection.info.pop(NOTED, None)


def _write(connection: Connection) -> None:
    noted: list[tuple[Table, ColumnElement[bool]]] = connection.info.pop(NOTED, [])
    if not noted:
        return
    # Locked before the rows are read: what another transaction leaves of them is chained after this, or seen here.
    last = connection.execute(select(digest_head.c.seq, digest_head.c.hash).with_for_update()).one()
    left: dict[str, dict[str, str]] = {}
    for table, which in noted:
        left.setdefault(table.name, {}).update(row_digests(connection, table, which))
    left = {name: found for name, found in left.items() if found}
    if not left:
        return
    audited = connection.execute(select(audit_head.c.seq, audit_head.c.hash)).one()
    words = json.dumps(left, sort_keys=True, separators=(",", ":"))
    row = Left(last.seq + 1, now().isoformat(), audited.seq, audited.hash, words, last.hash, "")
    sealed = vars(row) | {"hash": hash_of(row)}
    connection.execute(digest.insert().values(**sealed))
    connection.execute(update(digest_head).values(seq=row.seq, hash=sealed["hash"]))
