"""What a past day is computed from: what was taken for it then, never today's file without somebody's decision."""

import logging
from datetime import date
from typing import cast

from dondoc.daily.references import Snapshot
from dondoc.installation.workplace import BACKFILL, Workplace
from dondoc.ledger.days import day_rows, first_used
from dondoc.ledger.retakes import last_taken
from dondoc.sources.snapshot import is_whole
from dondoc.vietnamese.wording import short_date

log = logging.getLogger(__name__)

FILES = ("path", "quarantine", "rejected")


def pinned(place: Workplace, source: str) -> Snapshot | None:
    """Return what was last taken of `source` for the day, where that is what its run must use.

    None while it is still that day, so that a mended file comes in; where nothing was taken, or it is lost; where a
    person decided since to take it anew; and while a campaign is only tried out.
    """
    day = place.day
    if not _holds(place):
        return None
    known = last_taken(place.ledger, campaign=day.campaign.code, business_date=day.business_date, source=source)
    if known.reference is None or known.to_be_retaken:
        return None
    taken = cast(Snapshot, known.reference)
    lost = [name for name in FILES if not is_whole(place.out / taken[name])]  # type: ignore[literal-required]
    if lost:
        log.warning("nguồn %s: bản đã lấy cho ngày %s không còn nguyên", source, short_date(day.business_date))
        return None
    log.info("nguồn %s: dùng bản đã lấy cho ngày %s", source, short_date(day.business_date))
    return taken


def dated_until(place: Workplace, source: str) -> date | None:
    """Return the day up to which a file's own date must lie to be taken of `source` for this day, None for any.

    Of a day that is past a file of today tells another day's state. It is taken only where a person decided so, or
    while a campaign is only tried out.
    """
    day = place.day
    if not _holds(place):
        return None
    known = last_taken(place.ledger, campaign=day.campaign.code, business_date=day.business_date, source=source)
    return None if known.to_be_retaken else day.business_date


def _holds(place: Workplace) -> bool:
    """Return whether the day is past in a campaign that is followed here.

    One that never ran on a day of its own, and is not backfilled, is tried out: whatever lies there is taken.
    """
    day = place.day
    if day.business_date >= place.installation.today(day.campaign.zone):
        return False
    return place.kind == BACKFILL or first_used(day_rows(place.ledger, campaign=day.campaign.code)) is not None
