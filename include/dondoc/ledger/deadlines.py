"""The end of a campaign as a fact with a date: its versions, who moved it and by which document; append-only.

A campaign's first use here writes the first version. From then on a campaign whose dates differ from the latest version
has been moved. The machine follows the move; one that names no new document is told until somebody stands for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from itertools import groupby

from sqlalchemy import Connection, Engine, and_, select, update

from dondoc.actor import MACHINE, Actor, KnownBy
from dondoc.campaign import Campaign
from dondoc.ledger import audit
from dondoc.ledger.digests import note
from dondoc.ledger.ending_tables import deadline
from dondoc.ledger.mail_kinds import End, kinds_with
from dondoc.ledger.store import now
from dondoc.ledger.tables import outbox
from dondoc.vietnamese.wording import short_date

# What `summary.json` names a move that nobody stands for.
DEADLINE = "deadline"


@dataclass(frozen=True)
class DeadlineVersion:
    """When a campaign ends, as one of its versions said; `seen_on` is None until it is kept."""

    deadline: date
    report_on: date
    report_at: time
    moved_by: str | None
    document: str | None
    seen_on: date | None = None

    @property
    def days(self) -> tuple[date, date]:
        """Return the days that make it another end than the one before."""
        return self.deadline, self.report_on


def version_of(campaign: Campaign) -> DeadlineVersion:
    """Return the campaign's end as it is configured now."""
    wanted = campaign.report_wanted_at
    moved = campaign.deadline_moved
    backed = (moved.by, moved.document) if moved else (None, None)
    return DeadlineVersion(campaign.deadline, wanted.date(), wanted.time(), *backed)


def versions(ledger: Engine, *, campaign: str) -> list[DeadlineVersion]:
    """Return the versions of the campaign's end, oldest first."""
    with ledger.begin() as connection:
        return _versions(connection, campaign)


def keep_deadline(ledger: Engine, campaign: Campaign, *, on: date) -> None:
    """Enter the campaign's end as it is configured, when it says something new, with its row in the audit.

    Args:
        ledger: where it is kept.
        campaign: the campaign as it is configured on the day.
        on: the business date.
    """
    with ledger.begin() as connection:
        # The audit's lock: two runs of one day do not both find it new.
        audit.lock(connection)
        known = _versions(connection, campaign.code)
        found = _backed(known, version_of(campaign))
        if known and not _says_more(found, known[-1]):
            return
        values = vars(found) | {"campaign": campaign.code, "seen_on": on, "seen_at": now()}
        connection.execute(deadline.insert().values(**values))
        note(connection, deadline, deadline.c.campaign == campaign.code)
        if known:
            _record(connection, campaign.code, known[-1], found, on)
        else:
            _date_older_mails(connection, campaign.code, found)


def unexplained(known: Sequence[DeadlineVersion], found: DeadlineVersion) -> str:
    """Return in words the move of the deadline that nobody stands for; empty where there is none.

    Args:
        known: the versions kept, oldest first.
        found: the end as it is configured.
    """
    ends = [list(group) for _, group in groupby([*known, _backed(known, found)], key=lambda one: one.days)]
    if len(ends) < 2 or any(one.document for one in ends[-1]):
        return ""
    before = ends[-2][-1]
    after = ends[-1][-1]
    told = f"hạn chót từ {short_date(before.deadline)} sang {short_date(after.deadline)}"
    if before.report_on != after.report_on:
        told += f", báo cáo cuối cùng từ {short_date(before.report_on)} sang {short_date(after.report_on)}"
    return f"Hạn của đợt đã đổi ({told}) mà chưa ghi ai quyết định, theo văn bản nào"


def _backed(known: Sequence[DeadlineVersion], found: DeadlineVersion) -> DeadlineVersion:
    """Return `found` without the document of an earlier end: it cannot stand for this one."""
    used = {one.document for one in known if one.days != found.days}
    return replace(found, moved_by=None, document=None) if known and found.document in used else found


def _says_more(found: DeadlineVersion, last: DeadlineVersion) -> bool:
    if (*found.days, found.report_at) != (*last.days, last.report_at):
        return True
    return found.document is not None and (found.moved_by, found.document) != (last.moved_by, last.document)


def _versions(connection: Connection, campaign: str) -> list[DeadlineVersion]:
    columns = [deadline.c[name] for name in DeadlineVersion.__dataclass_fields__]
    query = select(*columns).where(deadline.c.campaign == campaign).order_by(deadline.c.id)
    return [DeadlineVersion(**row._mapping) for row in connection.execute(query)]


def _record(connection: Connection, campaign: str, before: DeadlineVersion, after: DeadlineVersion, on: date) -> None:
    detail = {"deadline": after.deadline.isoformat(), "report_on": after.report_on.isoformat()}
    detail |= {"report_at": f"{after.report_at:%H:%M}", "on": on.isoformat(), "document": after.document or ""}
    detail |= {"deadline_before": before.deadline.isoformat(), "report_before": before.report_on.isoformat()}
    actor = Actor(KnownBy.SETTINGS, remark=after.moved_by) if after.moved_by else MACHINE
    audit.record(connection, audit.Act(actor, "deadline.moved", campaign, detail))


def _date_older_mails(connection: Connection, campaign: str, first: DeadlineVersion) -> None:
    for told, end in ((End.REPORT, first.report_on), (End.DEADLINE, first.deadline)):
        telling = outbox.c.kind.in_(kinds_with(tells_end=told))
        mine = outbox.c.campaign == campaign, telling, outbox.c.ending.is_(None)
        connection.execute(update(outbox).where(*mine).values(ending=end))
    telling = outbox.c.kind.not_in(kinds_with(tells_end=None))
    note(connection, outbox, and_(outbox.c.campaign == campaign, telling))
