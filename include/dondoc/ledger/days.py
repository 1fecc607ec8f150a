"""The campaign's days in the ledger: which ran, which were missed, what was missing on each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import IntegrityError

from dondoc.ledger.digests import note
from dondoc.ledger.ending_tables import absence
from dondoc.ledger.runs import DAILY, DONE, FAILED, MISSED, RUNNING
from dondoc.ledger.store import now
from dondoc.ledger.tables import run, snapshot

CUT_SHORT = "Lượt chạy dừng giữa chừng, chưa xong."


@dataclass(frozen=True)
class DayRow:
    """How the daily run of a day stands.

    Attributes:
        state: running, done, failed or missed.
        error: what stopped it.
        hold_reason: why its mail may not leave.
        missed: whether the day itself passed without a run, whatever ran later.
        units_behind: how many units owed something; None where that was never judged.
    """

    business_date: date
    state: str
    error: str | None
    hold_reason: str | None
    missed: bool
    units_behind: int | None


def day_rows(ledger: Engine, *, campaign: str) -> dict[date, DayRow]:
    """Return the campaign's daily runs by day."""
    named = ("business_date", "state", "error", "hold_reason")
    columns = [*(run.c[name] for name in named), run.c.missed_at.is_not(None).label("missed"), run.c.units_behind]
    query = select(*columns).where(run.c.campaign == campaign, run.c.kind == DAILY).order_by(run.c.business_date)
    with ledger.begin() as connection:
        return {row.business_date: DayRow(**row._mapping) for row in connection.execute(query)}


def completed_previews(ledger: Engine, *, campaign: str) -> list[date]:
    """Return the days of which a daily run came to its end without leave to send mail, in their order."""
    mine = (run.c.campaign == campaign, run.c.kind == DAILY, run.c.state == DONE, run.c.mode == "preview")
    with ledger.begin() as connection:
        return list(connection.scalars(select(run.c.business_date).where(*mine).order_by(run.c.business_date)))


def had_final_run(ledger: Engine, *, campaign: str, since: date) -> bool:
    """Return whether a run that had to make the final report came to its end on a day from `since` on."""
    mine = (run.c.campaign == campaign, run.c.kind == DAILY, run.c.final_run, run.c.state == DONE)
    with ledger.begin() as connection:
        return connection.scalar(select(run.c.id).where(*mine, run.c.business_date >= since).limit(1)) is not None


def first_used(rows: Mapping[date, DayRow]) -> date | None:
    """Return the first day that had a run on the day itself, None when none had: a campaign may be taken up late."""
    return min((day for day, row in rows.items() if not row.missed), default=None)


def mark_missed(ledger: Engine, *, campaign: str, days: Sequence[date]) -> list[date]:
    """Enter the days that passed without a run as missed; return those entered now."""
    known = day_rows(ledger, campaign=campaign)
    return [day for day in days if day not in known and _enter_missed(ledger, campaign, day)]


def end_cut_short(ledger: Engine, *, campaign: str, before: date, started_before: datetime) -> None:
    """Give a terminal state to runs of days before `before` that were killed and never taken up again."""
    stale = (run.c.campaign == campaign, run.c.state == RUNNING, run.c.business_date < before)
    ended = {"state": FAILED, "error": CUT_SHORT, "ended_at": now()}
    with ledger.begin() as connection:
        connection.execute(update(run).where(*stale, run.c.started_at < started_before).values(**ended))


def record_behind(ledger: Engine, run_id: int, units: int) -> None:
    """Record how many units owe something on the run's day."""
    with ledger.begin() as connection:
        connection.execute(update(run).where(run.c.id == run_id).values(units_behind=units))


def record_absence(ledger: Engine, run_id: int, *, source: str, reason: str) -> None:
    """Record why a source could not be taken."""
    mine = (absence.c.run_id == run_id, absence.c.source == source)
    with ledger.begin() as connection:
        connection.execute(delete(absence).where(*mine))
        connection.execute(absence.insert().values(run_id=run_id, source=source, reason=reason, at=now()))


def end_absence(ledger: Engine, run_id: int, *, source: str) -> None:
    """Record that the source was taken after all."""
    with ledger.begin() as connection:
        connection.execute(delete(absence).where(absence.c.run_id == run_id, absence.c.source == source))


def absences(ledger: Engine, run_id: int) -> dict[str, str]:
    """Return why each absent source of the run is absent."""
    query = select(absence.c.source, absence.c.reason).where(absence.c.run_id == run_id).order_by(absence.c.source)
    with ledger.begin() as connection:
        return {row.source: row.reason for row in connection.execute(query)}


def usable_snapshots(ledger: Engine, *, campaign: str, source: str, until: date) -> list[Mapping[str, Any]]:
    """Return the snapshots of `source` taken for days up to `until`, the latest first."""
    columns = [snapshot.c[name] for name in ("kind", "file_sha256", "path", "rows_in", "accepted", "quarantined")]
    query = (
        select(*columns, snapshot.c.duplicates)
        .join(run, run.c.id == snapshot.c.run_id)
        .where(run.c.campaign == campaign, run.c.business_date <= until, snapshot.c.source == source)
        .order_by(run.c.business_date.desc(), snapshot.c.taken_at.desc(), snapshot.c.id.desc())
    )
    with ledger.begin() as connection:
        return [dict(row._mapping) for row in connection.execute(query)]


def taken_for(path: str) -> date:
    """Return the day a snapshot was first taken for, which its path names: `<campaign>/<day>/snapshots/…`."""
    return date.fromisoformat(PurePosixPath(path).parts[1])


def _enter_missed(ledger: Engine, campaign: str, day: date) -> bool:
    at = now()
    values = {"campaign": campaign, "business_date": day, "kind": DAILY, "mode": "preview", "attempts": 0}
    reason = "ngày bị lỡ: không có lượt chạy nào"
    values |= {"state": MISSED, "hold_reason": reason, "final_hold_reason": reason}
    try:
        with ledger.begin() as connection:
            key = connection.execute(
                run.insert().values(**values, started_at=at, ended_at=at, missed_at=at).returning(run.c.id)
            ).scalar_one()
            note(connection, run, run.c.id == key)
    except IntegrityError:
        return False  # a run of that day opened, or another watcher marked it, in the same moment
    return True
