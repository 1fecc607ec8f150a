"""The batches a leader is asked to sign: what was shown, and what became of the request.

    waiting ──▶ approved | returned | refused (the answer could not be carried out; `note` says why) ──▶ …
       └─────▶ closed (a letter of it has changed or was decided elsewhere; what is left is put up anew)

Of each letter at most one batch is `waiting`. A refused batch may be answered again while nothing took its letters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, insert, select, update

from dondoc.ledger.batch_tables import batch, batch_letter
from dondoc.ledger.digests import note
from dondoc.ledger.letters import COMPLETE, Letter, letters_by_id
from dondoc.ledger.store import zoned
from dondoc.ledger.transitions import batch_sha256

WAITING = "waiting"
APPROVED = "approved"
RETURNED = "returned"
REFUSED = "refused"
CLOSED = "closed"
STATE_NAMES = {
    WAITING: "đang chờ duyệt",
    APPROVED: "đã duyệt",
    RETURNED: "đã trả lại",
    REFUSED: "trả lời không thực hiện được",
    CLOSED: "đã đóng",
}


@dataclass(frozen=True)
class SignoffBatch:
    """A batch as it was put up; `shown` is the hash of each letter's bytes by letter id."""

    id: int
    campaign: str
    unit: str
    sha256: str
    asked_in: str
    state: str
    put_up_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str | None
    shown: Mapping[int, str]


@dataclass(frozen=True)
class BatchDecision:
    """What became of a batch: its new state, who decided and when, and the reason or note."""

    state: str
    by: str
    at: datetime
    note: str | None = None


COLUMNS = [batch.c[field.name] for field in fields(SignoffBatch) if field.name != "shown"]


def open_batch(ledger: Engine, letters: Sequence[Letter], *, unit: str, asked_in: str, at: datetime) -> int:
    """Enter a batch of `unit`'s `letters`, to be asked for in the run `asked_in`, and return its id."""
    shown = {letter.id: letter.sha256 for letter in letters}
    values = {"campaign": letters[0].campaign, "unit": unit, "sha256": batch_sha256(shown)}
    values |= {"asked_in": asked_in, "state": WAITING}
    with ledger.begin() as connection:
        key = connection.execute(insert(batch).values(**values, put_up_at=at).returning(batch.c.id)).scalar_one()
        rows = [{"batch_id": key, "letter_id": letter_id, "sha256": sha256} for letter_id, sha256 in shown.items()]
        connection.execute(insert(batch_letter), rows)
        note(connection, batch, batch.c.id == key)
        note(connection, batch_letter, batch_letter.c.batch_id == key)
    return key


def find_batch(ledger: Engine, key: int) -> SignoffBatch | None:
    """Return the batch with this id, None when there is none."""
    with ledger.begin() as connection:
        return next(iter(_read(connection, batch.c.id == key)), None)


def waiting_batches(ledger: Engine, *, campaign: str, since: datetime | None = None) -> list[SignoffBatch]:
    """Return the batches of `campaign` that wait for an answer, oldest first; those put up by `since`, where given."""
    condition = (batch.c.campaign == campaign) & (batch.c.state == WAITING)
    with ledger.begin() as connection:
        return _read(connection, condition if since is None else condition & (batch.c.put_up_at <= since))


def latest_batches(ledger: Engine, *, campaign: str, limit: int = 200) -> list[SignoffBatch]:
    """Return the latest batches of `campaign` whatever became of them, newest first."""
    newest = select(batch.c.id).where(batch.c.campaign == campaign).order_by(batch.c.id.desc()).limit(limit)
    with ledger.begin() as connection:
        return _read(connection, batch.c.id.in_(newest))[::-1]


def close_stale(ledger: Engine, *, campaign: str, by: str, at: datetime) -> int:
    """Close the waiting batches of which a letter changed or was decided elsewhere; return how many."""
    stale = [found for found in waiting_batches(ledger, campaign=campaign) if not _stands(ledger, found)]
    note = "có thư đã thay đổi hoặc đã được xử lý; thư còn lại được trình trong tập mới"
    return close_batches(ledger, stale, BatchDecision(CLOSED, by, at, note))


def close_batches(ledger: Engine, batches: Sequence[SignoffBatch], decision: BatchDecision) -> int:
    """Close `batches` and return how many; their letters may be put up again."""
    with ledger.begin() as connection:
        for found in batches:
            settle(connection, found.id, decision)
    return len(batches)


def take_over_unasked(ledger: Engine, *, campaign: str, asked_in: str) -> None:
    """Let the run `asked_in` ask for the batches that wait and that no run has come to ask for."""
    unasked = batch.c.campaign == campaign, batch.c.state == WAITING, batch.c.asked_at.is_(None)
    with ledger.begin() as connection:
        connection.execute(update(batch).where(*unasked).values(asked_in=asked_in))
        note(connection, batch, and_(batch.c.campaign == campaign, batch.c.asked_in == asked_in))


def mark_asked(ledger: Engine, keys: Sequence[int], *, at: datetime) -> None:
    """Record that the leader is asked for these batches."""
    with ledger.begin() as connection:
        connection.execute(update(batch).where(batch.c.id.in_(keys), batch.c.asked_at.is_(None)).values(asked_at=at))
        note(connection, batch, batch.c.id.in_(keys))


def settle(connection: Connection, key: int, decision: BatchDecision) -> None:
    """Record what became of a batch."""
    values = {
        "state": decision.state,
        "decided_by": decision.by,
        "decided_at": decision.at.astimezone(UTC),
        "note": decision.note,
    }
    connection.execute(update(batch).where(batch.c.id == key).values(**values))
    note(connection, batch, batch.c.id == key)


def note_refusal(connection: Connection, key: int, why: str) -> None:
    """Record why an answer to a batch was not taken; the batch waits on."""
    connection.execute(update(batch).where(batch.c.id == key).values(state=WAITING, note=why))


def _stands(ledger: Engine, found: SignoffBatch) -> bool:
    now = {letter.id: letter.sha256 for letter in letters_by_id(ledger, list(found.shown)) if letter.state == COMPLETE}
    return now == found.shown


def _read(connection: Connection, condition: ColumnElement[bool]) -> list[SignoffBatch]:
    rows = connection.execute(select(*COLUMNS).where(condition).order_by(batch.c.id)).all()
    shown: dict[int, dict[int, str]] = {row.id: {} for row in rows}
    letters = select(batch_letter).where(batch_letter.c.batch_id.in_(list(shown)))
    for row in connection.execute(letters):
        shown[row.batch_id][row.letter_id] = row.sha256
    return [_batch(row, shown[row.id]) for row in rows]


def _batch(row: Row[Any], shown: Mapping[int, str]) -> SignoffBatch:
    values = row._asdict()
    for name in ("put_up_at", "decided_at"):
        values[name] = values[name] and zoned(values[name])
    return SignoffBatch(**values, shown=shown)
