"""What of a day is not made: by a step as a whole, or for one unit while the others' goes on; told until it is made."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, Connection, DateTime, Engine, ForeignKey, String, Table, Text, delete, select

from dondoc.ledger.store import now
from dondoc.ledger.tables import metadata, run

# Rows that are of no unit: the whole step failed; or it is to be done.
WHOLE = ""
AWAITED = "-"
# One row a step of the run that failed or is yet to be done, and a unit for which it failed, until that very step is
# done, for that very unit.
setback = Table(
    "setback",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("step", String(40), primary_key=True),
    Column("unit", String(40), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)


@dataclass(frozen=True)
class Setback:
    """What could not be made: by which step, for which unit, and why, in the operator's words."""

    step: str
    unit: str
    reason: str


def record_setbacks(
    ledger: Engine, run_id: int, step: str, *, failed: Mapping[str, str], tried: Collection[str]
) -> None:
    """Enter for which of the units `tried` the step failed, and why; for the others it is done."""
    at = now()
    rows = [{"run_id": run_id, "step": step, "unit": unit, "reason": failed[unit], "at": at} for unit in failed]
    with ledger.begin() as connection:
        mine = setback.c.run_id == run_id, setback.c.step == step, setback.c.unit.in_(tried)
        connection.execute(delete(setback).where(*mine))
        if rows:
            connection.execute(setback.insert(), rows)


def await_steps(connection: Connection, run_id: int, awaited: Mapping[str, str]) -> None:
    """Enter steps that are to be done, with what is to be said if the run ends without them.

    One that is killed leaves no error of its own.
    """
    at = now()
    _forget(connection, run_id, list(awaited), AWAITED)
    rows = [
        {"run_id": run_id, "step": key, "unit": AWAITED, "reason": words, "at": at} for key, words in awaited.items()
    ]
    if rows:
        connection.execute(setback.insert(), rows)


def enter_failure(connection: Connection, run_id: int, key: str, reason: str) -> None:
    """Enter that a step as a whole failed, and why."""
    end_failure(connection, run_id, key)
    connection.execute(setback.insert().values(run_id=run_id, step=key, unit=WHOLE, reason=reason, at=now()))


def end_failure(connection: Connection, run_id: int, key: str) -> bool:
    """Enter that a step is done, and awaited no more; return whether it had failed as a whole."""
    _forget(connection, run_id, [key], AWAITED)
    return _forget(connection, run_id, [key], WHOLE)


def _forget(connection: Connection, run_id: int, keys: Collection[str], unit: str) -> bool:
    mine = setback.c.run_id == run_id, setback.c.step.in_(keys), setback.c.unit == unit
    return connection.execute(delete(setback).where(*mine)).rowcount > 0


def setback_reasons(connection: Connection, run_id: int, *, ended: bool = False) -> str | None:
    """Return why something of the run is not made, in the order it was met; None when all is.

    What is only awaited counts once the run has `ended`.
    """
    query = select(setback.c.reason).where(setback.c.run_id == run_id)
    if not ended:
        query = query.where(setback.c.unit != AWAITED)
    reasons = connection.scalars(query.order_by(setback.c.at, setback.c.step, setback.c.unit)).all()
    return "\n".join(reasons) or None


def forget_setbacks(connection: Connection, run_id: int) -> None:
    """Forget what an earlier attempt of the run could not make: all of it is tried again."""
    connection.execute(delete(setback).where(setback.c.run_id == run_id))


def setbacks_of(ledger: Engine, *, campaign: str, business_date: date, kind: str) -> list[Setback]:
    """Return what the run of that day and kind could not make for its units, in the order it was met."""
    columns = [setback.c[name] for name in Setback.__dataclass_fields__]
    day = run.c.campaign == campaign, run.c.business_date == business_date, run.c.kind == kind
    query = (
        select(*columns).join(run, run.c.id == setback.c.run_id).where(*day, setback.c.unit.not_in((WHOLE, AWAITED)))
    )
    with ledger.begin() as connection:
        rows = connection.execute(query.order_by(setback.c.at, setback.c.step, setback.c.unit))
        return [Setback(**row._mapping) for row in rows]
