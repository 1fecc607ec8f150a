"""What a day's reminders need to know beyond the day's own facts: what came before it."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from dondoc.campaign import Campaign
from dondoc.daily.succession import under_successors
from dondoc.errors import LostFileError
from dondoc.figures import is_behind
from dondoc.files import sha256_of
from dondoc.frames import rows_of
from dondoc.installation.workplace import Workplace
from dondoc.ledger import outbox, runs
from dondoc.ledger.mail_kinds import REMINDER
from dondoc.ledger.rungs import Climbed, climbed, rungs_of_mails, units_written_to
from dondoc.mail.changes import FindingChanges, find_changes, no_changes
from dondoc.mail.ladder import PRAISE, address_praise
from dondoc.records import FINDINGS
from dondoc.sources.snapshot import read_snapshot

log = logging.getLogger(__name__)

# Of which unit a digest is, in the outbox: no unit's code holds such letters.
LEADERS = "lãnh đạo"
FINDINGS_NAME = "findings"
COMPLETE = 100


@dataclass(frozen=True)
class Standing:
    """How the units stand before the day's mails are planned.

    Attributes:
        climbed: the rungs of the ladder written to on earlier days.
        reminded: units that were reminded on an earlier day.
        told_today: units whose reminder of this very day may have left already.
    """

    climbed: frozenset[Climbed]
    reminded: frozenset[str]
    told_today: frozenset[str]


def standing_of(place: Workplace) -> Standing:
    """Return how the units stand, as the ledger tells it."""
    campaign = place.day.campaign
    day = place.day.business_date
    rungs = rungs_of_mails(place.ledger, campaign=campaign.code, business_date=day)
    mails = outbox.list_mails(place.ledger, campaign=campaign.code, business_date=day)
    told = {
        row.unit
        for row in mails
        if row.kind == REMINDER and row.state not in outbox.OPEN_STATES and PRAISE not in rungs.get(row.id, [])
    }
    # What a unit that is no more was told, its successor was told.
    known = climbed(place.ledger, campaign=campaign.code, deadline=campaign.deadline, before=day)
    reminded = units_written_to(place.ledger, campaign=campaign.code, kind=REMINDER, before=day)
    return Standing(
        climbed=frozenset(replace(one, unit=campaign.heir(one.unit).code) for one in known),
        reminded=frozenset(campaign.heir(code).code for code in reminded - {LEADERS}),
        told_today=frozenset(told),
    )


def deserves_praise(campaign: Campaign, code: str, *, rate: float | None, standing: Standing) -> bool:
    """Return whether a unit that owes nothing is to be thanked: reminded before, complete now, not thanked yet."""
    if pd.isna(rate) or rate != COMPLETE or code not in standing.reminded or code in standing.told_today:
        return False
    return bool(address_praise(campaign.unit_by_code[code], standing.climbed))


def units_to_write(place: Workplace, figures: pd.DataFrame, asked: Collection[str] = ()) -> list[str]:
    """Return the units a mail is written to.

    They are behind, asked before a case lapses, to be thanked, or an earlier attempt planned their mail and did not
    send it.

    Args:
        place: the day.
        figures: what `unit_figures` returns.
        asked: codes of the units asked for a reason and a new date of a case that is about to lapse.
    """
    standing = standing_of(place)
    day = place.day
    mails = outbox.list_mails(place.ledger, campaign=day.campaign.code, business_date=day.business_date)
    stale = {row.unit for row in mails if row.kind == REMINDER and row.state in outbox.OPEN_STATES}
    return [
        row["code"]
        for row in rows_of(figures)
        if is_behind(row)
        or row["code"] in stale
        or row["code"] in asked
        or deserves_praise(day.campaign, row["code"], rate=row["rate"], standing=standing)
    ]


def keep_findings(place: Workplace, path: Path, *, count: int) -> None:
    """Record where the day's findings lie, so that later days can compare with them."""
    counts = {"rows_in": count, "accepted": count, "quarantined": 0, "duplicates": 0}
    named = {"source": FINDINGS_NAME, "kind": FINDINGS_NAME, "path": path.relative_to(place.out).as_posix()}
    runs.record_snapshot(place.ledger, place.run_id, named | {"file_sha256": sha256_of(path.read_bytes())} | counts)


def changes_since(place: Workplace, findings: pd.DataFrame) -> FindingChanges:
    """Return what changed since the last earlier day of the campaign; an old day run again looks before itself."""
    campaign = place.day.campaign.code
    day = place.day.business_date
    earlier = runs.previous_snapshot(place.ledger, campaign=campaign, source=FINDINGS_NAME, before=day)
    if earlier is None:
        return no_changes()
    try:
        before = read_snapshot(place.out / earlier["path"], FINDINGS)
    except LostFileError as error:
        log.warning("không so được với ngày %s: %s", earlier["business_date"], error)
        return no_changes()
    return find_changes(under_successors(before, place.day.campaign), findings, since=earlier["business_date"])
