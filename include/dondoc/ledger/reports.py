"""The versions of a day's report: what each was made of, and which of them has left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine, Select, select

from dondoc.ledger.digests import note
from dondoc.ledger.mail_kinds import FINAL, REPORT
from dondoc.ledger.outbox import OPEN_STATES
from dondoc.ledger.report_tables import report
from dondoc.ledger.store import now
from dondoc.ledger.tables import outbox

# What corrects the day's report, and the final one, after it has left.
ADDENDA = {REPORT: "addendum", FINAL: "addendum-f"}


@dataclass(frozen=True)
class ReportVersion:
    """A report or addendum as it was written."""

    campaign: str
    business_date: date
    kind: str
    basis_sha256: str
    document_sha256: str
    workbook_sha256: str | None = None


@dataclass(frozen=True)
class SentMail:
    """A report's mail that was offered to a server: its file under the output folder, and the hash of its bytes."""

    path: str
    payload_sha256: str


def record_version(ledger: Engine, version: ReportVersion) -> None:
    """Enter `version`, unless it is the day's latest of its kind already."""
    with ledger.begin() as connection:
        latest = connection.execute(_versions(version.campaign, version.business_date, version.kind)).first()
        if latest is None or ReportVersion(**latest._mapping) != version:
            key = connection.execute(
                report.insert().values(**vars(version), made_at=now()).returning(report.c.id)
            ).scalar_one()
            note(connection, report, report.c.id == key)


def versions_of(ledger: Engine, *, campaign: str, business_date: date, kind: str) -> Sequence[ReportVersion]:
    """Return the versions of a day's report, or of addenda, of that kind, newest first."""
    with ledger.begin() as connection:
        rows = connection.execute(_versions(campaign, business_date, kind))
        return [ReportVersion(**row._mapping) for row in rows]


def sent_report(ledger: Engine, *, campaign: str, business_date: date, kind: str) -> SentMail | None:
    """Return the mail by which the day's report of `kind` left, or may have; None while it can still be changed."""
    query = (
        select(outbox.c.path, outbox.c.payload_sha256)
        .where(outbox.c.campaign == campaign, outbox.c.business_date == business_date, outbox.c.kind == kind)
        .where(outbox.c.state.not_in(OPEN_STATES))
        .order_by(outbox.c.id)
    )
    with ledger.begin() as connection:
        row = connection.execute(query).first()
    return SentMail(**row._mapping) if row else None


def _versions(campaign: str, business_date: date, kind: str) -> Select[Any]:
    columns = [report.c[name] for name in ReportVersion.__dataclass_fields__]
    mine = report.c.campaign == campaign, report.c.business_date == business_date, report.c.kind == kind
    return select(*columns).where(*mine).order_by(report.c.id.desc())
