"""What of a day is not made: by a step as a whole, or for one unit while the others' goes on; told until it is made."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, Connection, DateTime, Engine, ForeignKey, String, Table, Text, delete, select

from dondoc.ledger.store import now
from dondoc.ledger.tables import metadata, run

# A step's row that is of no unit: the whole step failed, or is yet to be done.
WHOLE = ""
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


def await_steps(ledger: Engine, run_id: int, awaited: Mapping[str, str]) -> None:
    """Enter steps that are yet to be done, with what is to be said until they are: one that is killed says nothing."""
    at = now()
    rows = [{"run_id": run_id, "step": key, "unit": WHOLE, "reason": words, "at": at} for key, words in awaited.items()]
    with ledger.begin() as connection:
        _forget(connection, run_id, list(awaited))
        if rows:
            connection.execute(setback.insert(), rows)


def enter_failure(connection: Connection, run_id: int, key: str, reason: str) -> None:
    """Enter that a step as a whole failed, and why."""
    _forget(connection, run_id, [key])
    connection.execute(setback.insert().values(run_id=run_id, step=key, unit=WHOLE, reason=reason, at=now()))


def end_failure(connection: Connection, run_id: int, key: str) -> bool:
    """Enter that a step is done; return whether it had failed, or was awaited."""
    return _forget(connection, run_id, [key])


def _forget(connection: Connection, run_id: int, keys: Collection[str]) -> bool:
    mine = setback.c.run_id == run_id, setback.c.step.in_(keys), setback.c.unit == WHOLE
    return connection.execute(delete(setback).where(*mine)).rowcount > 0


def setback_reasons(connection: Connection, run_id: int) -> str | None:
    """Return why something of the run could not be made, a unit after the other; None when all was."""
    query = select(setback.c.reason).where(setback.c.run_id == run_id)
    reasons = connection.scalars(query.order_by(setback.c.at, setback.c.step, setback.c.unit)).all()
    return "\n".join(reasons) or None


def forget_setbacks(connection: Connection, run_id: int) -> None:
    """Forget what an earlier attempt of the run could not make: all of it is tried again."""
    connection.execute(delete(setback).where(setback.c.run_id == run_id))


def setbacks_of(ledger: Engine, *, campaign: str, business_date: date, kind: str) -> list[Setback]:
    """Return what the run of that day and kind could not make for its units, in the order it was met."""
    columns = [setback.c[name] for name in Setback.__dataclass_fields__]
    day = run.c.campaign == campaign, run.c.business_date == business_date, run.c.kind == kind, setback.c.unit != WHOLE
    query = select(*columns).join(run, run.c.id == setback.c.run_id).where(*day)
    with ledger.begin() as connection:
        rows = connection.execute(query.order_by(setback.c.at, setback.c.step, setback.c.unit))
        return [Setback(**row._mapping) for row in rows]
