"""A day's run: opened, held, failed or done, one row however many times it is repeated."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from dondoc.ledger.store import now
from dondoc.ledger.tables import run, snapshot

RUNNING, DONE, FAILED = "running", "done", "failed"


@dataclass(frozen=True)
class Run:
    """The ledger's row of a day's run. `hold_reason` says why no mail may leave, None when it may."""

    id: int
    campaign: str
    business_date: date
    kind: str
    mode: str
    armed_by: str | None
    hold_reason: str | None
    state: str
    error: str | None


def open_run(
    ledger: Engine,
    *,
    campaign: str,
    business_date: date,
    kind: str,
    mode: str,
    hold_reason: str | None,
    armed_by: str | None = None,
) -> Run:
    """Return the run of that day and kind, opened anew; repeating a day keeps its one row and counts the attempt."""
    fresh = {
        "mode": mode,
        "armed_by": armed_by,
        "hold_reason": hold_reason,
        "state": RUNNING,
        "error": None,
        "started_at": now(),
        "ended_at": None,
    }
    with ledger.begin() as connection:
        known = _find(connection, campaign, business_date, kind)
        if known is None:
            key = {"campaign": campaign, "business_date": business_date, "kind": kind}
            connection.execute(run.insert().values(**key, **fresh, attempts=1))
        else:
            again = update(run).where(run.c.id == known.id).values(**fresh, attempts=run.c.attempts + 1)
            connection.execute(again)
        opened = _find(connection, campaign, business_date, kind)
    if opened is None:
        raise LookupError(f"run of {campaign} on {business_date} vanished while it was opened")
    return opened


def find_run(ledger: Engine, *, campaign: str, business_date: date, kind: str) -> Run | None:
    """Return the run of that day and kind, if there was one."""
    with ledger.begin() as connection:
        return _find(connection, campaign, business_date, kind)


def hold_mail(ledger: Engine, run_id: int, reason: str) -> None:
    """Record why no mail of this run may leave; a reason given before stays first."""
    with ledger.begin() as connection:
        held = connection.scalar(select(run.c.hold_reason).where(run.c.id == run_id))
        reasons = reason if not held or reason in held else f"{held}; {reason}"
        connection.execute(update(run).where(run.c.id == run_id).values(hold_reason=reasons))


def close_run(ledger: Engine, run_id: int) -> None:
    """Record that the run did all it had to do."""
    _end(ledger, run_id, state=DONE, error=None)


def fail_run(ledger: Engine, run_id: int, error: str) -> None:
    """Record what stopped the run, in the operator's words."""
    _end(ledger, run_id, state=FAILED, error=error)


def record_snapshot(ledger: Engine, run_id: int, values: dict[str, Any]) -> None:
    """Record a snapshot once; the same content taken again is the same row."""
    with ledger.begin() as connection:
        same = select(snapshot.c.id).where(
            snapshot.c.run_id == run_id, snapshot.c.source == values["source"], snapshot.c.path == values["path"]
        )
        if connection.scalar(same) is None:
            connection.execute(snapshot.insert().values(run_id=run_id, taken_at=now(), **values))


def _end(ledger: Engine, run_id: int, *, state: str, error: str | None) -> None:
    with ledger.begin() as connection:
        connection.execute(update(run).where(run.c.id == run_id).values(state=state, error=error, ended_at=now()))


def _find(connection: Connection, campaign: str, business_date: date, kind: str) -> Run | None:
    columns = [run.c[name] for name in Run.__dataclass_fields__]
    row = connection.execute(
        select(*columns).where(run.c.campaign == campaign, run.c.business_date == business_date, run.c.kind == kind)
    ).one_or_none()
    return Run(**row._mapping) if row else None
