"""A day's run: opened, held, failed or done, one row however many times it is repeated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Select, and_, bindparam, select, update

from dondoc.actor import Actor
from dondoc.ledger import audit
from dondoc.ledger.digests import note
from dondoc.ledger.setbacks import end_failure, enter_failure, forget_setbacks, setback_reasons
from dondoc.ledger.store import now
from dondoc.ledger.tables import run, snapshot

RUNNING = "running"
DONE = "done"
FAILED = "failed"
MISSED = "missed"
# The kind of run that only tells units what came of their answers; nothing is computed in it.
ANSWERS = "answers"
DAILY = "daily"
ARMED = "day.armed"
# As much of who armed a run as its column takes; the audit has all of it.
WHO_LENGTH = 120


@dataclass(frozen=True)
class Run:
    """The ledger's row of a day's run.

    `hold_reason` says why no mail may leave, `final_hold_reason` why not even the final report; None when it may.
    """

    id: int
    campaign: str
    business_date: date
    kind: str
    mode: str
    armed_by: str | None
    hold_reason: str | None
    final_hold_reason: str | None
    state: str
    error: str | None
    final_run: bool


# Asked by every step again and again.
OF_DAY = select(*(run.c[name] for name in Run.__dataclass_fields__)).where(
    *(run.c[name] == bindparam(name) for name in ("campaign", "business_date", "kind"))
)


def open_run(
    ledger: Engine,
    *,
    campaign: str,
    business_date: date,
    kind: str,
    mode: str,
    hold_reason: str | None,
    armed_by: Actor | None = None,
    final_run: bool = False,
    missed: bool = False,
) -> Run:
    """Return the run of that day and kind, opened anew; repeating a day keeps its one row and counts the attempt.

    `missed` says that the day passed without a run: this stays written whatever becomes of the run. Who arms it is in
    the audit too, once for as long as it stays armed by the same.
    """
    fresh = {
        "mode": mode,
        "armed_by": armed_by.words[:WHO_LENGTH] if armed_by else None,
        "hold_reason": hold_reason,
        "final_hold_reason": hold_reason,
        "final_run": final_run,
        "state": RUNNING,
        "error": None,
        "started_at": now(),
        "ended_at": None,
        "settings": None,
    }
    key = {"campaign": campaign, "business_date": business_date, "kind": kind}
    with ledger.begin() as connection:
        known = _find(connection, campaign, business_date, kind)
        if armed_by and (known is None or (known.mode, known.armed_by) != (mode, fresh["armed_by"])):
            audit.record(connection, _arming(armed_by, key, held=hold_reason))
        if known is None:
            connection.execute(run.insert().values(**key, **fresh, attempts=1, missed_at=now() if missed else None))
        else:
            again = update(run).where(run.c.id == known.id).values(**fresh, attempts=run.c.attempts + 1)
            connection.execute(again)
            forget_setbacks(connection, known.id)
        note(connection, run, and_(*(run.c[name] == value for name, value in key.items())))
        return Run(**connection.execute(OF_DAY, key).one()._mapping)


def _arming(armed_by: Actor, key: dict[str, Any], *, held: str | None) -> audit.Act:
    day = key["business_date"].isoformat()
    return audit.Act(armed_by, ARMED, f"{key['campaign']} {day}", {"day": day, "kind": key["kind"], "held": held or ""})


def keep_settings(ledger: Engine, run_id: int, name: str) -> None:
    """Record which pinned settings the run is computed from."""
    with ledger.begin() as connection:
        connection.execute(update(run).where(run.c.id == run_id).values(settings=name))


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
        note(connection, run, run.c.id == run_id)


def close_run(ledger: Engine, run_id: int, *, key: str = "") -> None:
    """Record that the run came to its end: done, or failed while something of it is not made.

    `key` is the step's that closes it: what stopped that very step before is over.
    """
    with ledger.begin() as connection:
        end_failure(connection, run_id, key)
        error = setback_reasons(connection, run_id, ended=True)
        _end(connection, run_id, state=FAILED if error else DONE, error=error)


def fail_step(ledger: Engine, run_id: int, key: str, error: str, *, set_aside: bool = False) -> None:
    """Record what stopped a step, in the operator's words; what stopped another before stands first until it is done.

    `set_aside` says that it failed for some units alone, which are entered each.
    """
    with ledger.begin() as connection:
        if set_aside:
            end_failure(connection, run_id, key)
        else:
            enter_failure(connection, run_id, key, error)
        _end(connection, run_id, state=FAILED, error=setback_reasons(connection, run_id))


def finish_step(ledger: Engine, key: str, *, campaign: str, business_date: date, kind: str) -> None:
    """Record that a step is done: the run it stopped goes on, where nothing else stops it."""
    with ledger.begin() as connection:
        known = _find(connection, campaign, business_date, kind)
        if known is not None and end_failure(connection, known.id, key) and known.state == FAILED:
            error = setback_reasons(connection, known.id)
            _end(connection, known.id, state=FAILED if error else RUNNING, error=error)


def record_snapshot(ledger: Engine, run_id: int, values: dict[str, Any]) -> None:
    """Record a snapshot once; the same content taken again is the same row, stamped anew."""
    with ledger.begin() as connection:
        same = snapshot.c.run_id == run_id, *(snapshot.c[name] == values[name] for name in ("source", "path"))
        again = update(snapshot).where(*same).values(taken_at=now(), **values)
        if connection.execute(again).rowcount == 0:
            connection.execute(snapshot.insert().values(run_id=run_id, taken_at=now(), **values))


def previous_snapshot(ledger: Engine, *, campaign: str, source: str, before: date) -> dict[str, Any] | None:
    """Return the latest snapshot of `source` taken for a day before `before`, None when there is none."""
    chosen = _snapshots(campaign).where(snapshot.c.source == source, run.c.business_date < before)
    with ledger.begin() as connection:
        row = connection.execute(
            chosen.order_by(run.c.business_date.desc(), snapshot.c.taken_at.desc(), snapshot.c.id.desc()).limit(1)
        ).one_or_none()
    return dict(row._mapping) if row else None


def snapshots_before(ledger: Engine, *, campaign: str, kind: str, before: date) -> list[dict[str, Any]]:
    """Return the snapshots of `kind` of all days before `before`, oldest day first, each source's latest alone."""
    chosen = _snapshots(campaign).where(snapshot.c.kind == kind, run.c.business_date < before)
    return _latest(ledger, chosen)


def snapshots_of_source(ledger: Engine, *, campaign: str, source: str, before: date) -> list[dict[str, Any]]:
    """Return the snapshots of `source` of all days before `before`, oldest day first, each day's latest alone."""
    chosen = _snapshots(campaign).where(snapshot.c.source == source, run.c.business_date < before)
    return _latest(ledger, chosen)


def snapshots_of_day(ledger: Engine, *, campaign: str, business_date: date) -> list[dict[str, Any]]:
    """Return the day's snapshots, the latest of each source."""
    return _latest(ledger, _snapshots(campaign).where(run.c.business_date == business_date))


def latest_day(ledger: Engine, *, campaign: str) -> date | None:
    """Return the latest day of the campaign that was judged, None when none was."""
    chosen = select(run.c.business_date).where(run.c.campaign == campaign, run.c.cases_late.is_not(None))
    with ledger.begin() as connection:
        return connection.scalar(chosen.order_by(run.c.business_date.desc()).limit(1))


def _snapshots(campaign: str) -> Select[Any]:
    columns = (snapshot.c.source, snapshot.c.kind, snapshot.c.path, snapshot.c.taken_at, run.c.business_date)
    return select(*columns).join(run, run.c.id == snapshot.c.run_id).where(run.c.campaign == campaign)


def _latest(ledger: Engine, chosen: Select[Any]) -> list[dict[str, Any]]:
    ordered = chosen.order_by(run.c.business_date, snapshot.c.source, snapshot.c.taken_at, snapshot.c.id)
    with ledger.begin() as connection:
        rows = [dict(row._mapping) for row in connection.execute(ordered)]
    return list({(row["business_date"], row["source"]): row for row in rows}.values())


@dataclass(frozen=True)
class EarlierSnapshot:
    """What a source gave on an earlier day; `profile` is None where it was not recorded."""

    business_date: date
    file_sha256: str
    rows_in: int
    profile: Mapping[str, Any] | None


def record_profile(ledger: Engine, run_id: int, *, source: str, path: str, profile: Mapping[str, Any]) -> None:
    """Record of a snapshot what later days compare with, so that they need not read its file."""
    same = snapshot.c.run_id == run_id, snapshot.c.source == source, snapshot.c.path == path
    with ledger.begin() as connection:
        connection.execute(update(snapshot).where(*same).values(profile=dict(profile)))


def profile_at(ledger: Engine, *, source: str, path: str) -> Mapping[str, Any]:
    """Return what was recorded of the snapshot of `source` at `path`; nothing where nothing was."""
    query = select(snapshot.c.profile).where(snapshot.c.source == source, snapshot.c.path == path)
    with ledger.begin() as connection:
        found = connection.scalars(query.where(snapshot.c.profile.is_not(None)).order_by(snapshot.c.id.desc())).first()
    return found or {}


def earlier_snapshots(ledger: Engine, *, campaign: str, source: str, before: date, days: int) -> list[EarlierSnapshot]:
    """Return what the source gave on the latest `days` days before `before` that have a daily run, newest first.

    A day that was run again counts as it was last taken.
    """
    columns = [run.c.business_date, *(snapshot.c[name] for name in ("file_sha256", "rows_in", "profile"))]
    query = (
        select(*columns)
        .join(run, run.c.id == snapshot.c.run_id)
        .where(run.c.campaign == campaign, run.c.kind == DAILY, run.c.business_date < before)
        .where(snapshot.c.source == source)
        .order_by(run.c.business_date.desc(), snapshot.c.taken_at.desc(), snapshot.c.id.desc())
    )
    found: dict[date, EarlierSnapshot] = {}
    with ledger.begin() as connection:
        for row in connection.execute(query):
            if len(found) == days and row.business_date not in found:
                break
            found.setdefault(row.business_date, EarlierSnapshot(**row._mapping))
    return list(found.values())


def record_late_cases(ledger: Engine, run_id: int, count: int) -> None:
    """Record how many cases are late on the run's day."""
    with ledger.begin() as connection:
        connection.execute(update(run).where(run.c.id == run_id).values(cases_late=count))


def late_cases_before(ledger: Engine, *, campaign: str, before: date) -> tuple[date, int] | None:
    """Return the latest earlier day whose late cases were counted, with their number."""
    query = (
        select(run.c.business_date, run.c.cases_late)
        .where(run.c.campaign == campaign, run.c.kind == DAILY, run.c.business_date < before)
        .where(run.c.cases_late.is_not(None))
        .order_by(run.c.business_date.desc())
        .limit(1)
    )
    with ledger.begin() as connection:
        row = connection.execute(query).one_or_none()
    return (row.business_date, row.cases_late) if row else None


def _end(connection: Connection, run_id: int, *, state: str, error: str | None) -> None:
    connection.execute(update(run).where(run.c.id == run_id).values(state=state, error=error, ended_at=now()))


def _find(connection: Connection, campaign: str, business_date: date, kind: str) -> Run | None:
    key = {"campaign": campaign, "business_date": business_date, "kind": kind}
    row = connection.execute(OF_DAY, key).one_or_none()
    return Run(**row._mapping) if row else None
