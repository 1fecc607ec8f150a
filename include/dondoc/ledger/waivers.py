"""Waivers in the audit: one row when a waiver first excuses something, one when it holds no more.

Which waivers last is a table of its own, written in the transaction of the audit rows: so a day that is run again, or
killed anywhere, tells of none twice.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine, and_, func, select, update

from dondoc.actor import MACHINE, Actor, KnownBy
from dondoc.ledger import audit
from dondoc.ledger.digests import note
from dondoc.ledger.runs import DAILY, MISSED
from dondoc.ledger.tables import run
from dondoc.ledger.waiver_tables import waiver

EXPIRED = "hết thời hạn được miễn"
REMOVED = "không còn trong cấu hình của đợt, hoặc đã thay bằng lần miễn khác"


@dataclass(frozen=True)
class AppliedWaiver:
    """A waiver as it was applied: of which kind of finding and which number, by whom, why, until when."""

    kind: str
    number: str
    by: str
    reason: str
    until: date


COLUMNS = [waiver.c[name] for name in AppliedWaiver.__dataclass_fields__]


def keep_waivers(
    ledger: Engine, *, campaign: str, on: date, valid: Collection[AppliedWaiver], applied: Collection[AppliedWaiver]
) -> None:
    """Enter the waivers that excuse something for the first time, and end those that hold no more.

    A day with a later daily run says nothing new: what it saw is history.

    Args:
        ledger: where they are kept.
        campaign: the campaign's code.
        on: the business date.
        valid: the waivers of the campaign that hold on that day.
        applied: those of them that excuse something found on that day.
    """
    with ledger.begin() as connection:
        # The audit's lock: two tasks of one day do not both find a waiver new.
        audit.lock(connection)
        if _is_past(connection, campaign, on):
            return
        lasting = _lasting(connection, campaign)
        for one, key in lasting.items():
            if one not in valid:
                connection.execute(update(waiver).where(waiver.c.id == key).values(ended_on=on))
                _record(connection, campaign, one, "waiver.ended", on, EXPIRED if one.until < on else REMOVED)
        for one in sorted(set(applied) - set(lasting), key=lambda one: (one.kind, one.number)):
            connection.execute(waiver.insert().values(campaign=campaign, applied_on=on, **vars(one)))
            _record(connection, campaign, one, "waiver.applied", on)


def _is_past(connection: Connection, campaign: str, on: date) -> bool:
    mine = (run.c.campaign == campaign, run.c.kind == DAILY, run.c.state != MISSED)
    newest = connection.scalar(select(func.max(run.c.business_date)).where(*mine))
    return newest is not None and newest > on


def _lasting(connection: Connection, campaign: str) -> dict[AppliedWaiver, int]:
    query = select(waiver.c.id, *COLUMNS).where(waiver.c.campaign == campaign, waiver.c.ended_on.is_(None))
    rows = connection.execute(query.order_by(waiver.c.id)).all()
    return {AppliedWaiver(*row[1:]): row.id for row in rows}


def _record(
    connection: Connection, campaign: str, one: AppliedWaiver, action: str, on: date, why: str | None = None
) -> None:
    detail = {"kind": one.kind, "by": one.by, "reason": one.reason, "until": one.until.isoformat()}
    detail |= {"on": on.isoformat()} | ({"why": why} if why else {})
    note(connection, waiver, and_(waiver.c.campaign == campaign, waiver.c.number == one.number))
    actor = MACHINE if why else Actor(KnownBy.SETTINGS, remark=one.by)
    audit.record(connection, audit.Act(actor, action, f"{campaign} {one.number}", detail))
