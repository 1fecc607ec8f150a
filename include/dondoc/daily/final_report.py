"""The campaign's final report: whether a day's report is it, which earlier one it replaces, whether it has left."""

from collections.abc import Sequence
from datetime import date, datetime

import pandas as pd

from dondoc.campaign import Campaign, load_calendar
from dondoc.campaign.ending import ending_of
from dondoc.daily.final import ending
from dondoc.daily.past_figures import figures_before
from dondoc.figures import FIGURES, UNIT, WAITING, completed, is_behind, only, total_figures
from dondoc.frames import rows_of
from dondoc.installation import Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger import days, endings, outbox
from dondoc.ledger.claims import SENT
from dondoc.ledger.mail_kinds import FINAL, REPORT
from dondoc.ledger.store import open_ledger
from dondoc.sources.snapshot import read_snapshot


def report_kind(place: Workplace, figures: pd.DataFrame, missing: Sequence[str]) -> str | None:
    """Return under which kind the day's report is mailed; None when nothing more is to be said.

    The final report leaves from the final run on, or, before the last day, as soon as no unit owes anything and nothing
    is missing. Once one has left, another leaves from the final run alone: when the campaign's end was moved since, or
    when one that left before the last day says less than what has arisen by then.

    Args:
        place: the day.
        figures: what `unit_figures` returns.
        missing: what the day's figures are short of.
    """
    code = place.day.campaign.code
    today = place.day.business_date
    if outbox.units_offered(place.ledger, campaign=code, business_date=today, kind=FINAL):
        return FINAL
    left = endings.offered_on_other_days(place.ledger, campaign=code, kind=FINAL, today=today)
    if place.run.final_run:
        return FINAL if _owes_final(place, left, figures, missing) else None
    early = not left and today != ending(place).final_on
    return FINAL if early and not missing and all_done(figures) else REPORT


def replaced_on(place: Workplace) -> date | None:
    """Return the day of the latest final report that left before this day and that a final one of this day replaces."""
    today = place.day.business_date
    left = endings.offered_on_other_days(place.ledger, campaign=place.day.campaign.code, kind=FINAL, today=today)
    return max((one.business_date for one in left if one.business_date < today), default=None)


def has_left(installation: Installation, code: str) -> bool:
    """Return whether the final report of the campaign `code`, for its end as it stands, was accepted by a mail server.

    One that left before the last day counts once that day's final run has found nothing to add to it.
    """
    campaign = installation.campaign(code)
    ledger = open_ledger(installation.ledger_url)
    latest = endings.latest_final(ledger, campaign=code, end=campaign.report_wanted_at.date())
    if latest is None or latest.state != SENT:
        return False
    final_on = _final_on(installation, campaign)
    return latest.business_date >= final_on or days.had_final_run(ledger, campaign=code, since=final_on)


def is_of_an_earlier_end(installation: Installation, code: str, slot: datetime) -> bool:
    """Return whether the last day of the campaign `code` has been moved past the day of `slot`."""
    campaign = installation.campaign(code)
    return slot.astimezone(campaign.zone).date() < _final_on(installation, campaign)


def all_done(figures: pd.DataFrame) -> bool:
    """Return whether there was something to do, no unit still owes any of it, and no letter waits for its signature."""
    waits = total_figures(figures)[WAITING]
    return bool(_arisen(figures)) and not waits and not any(is_behind(row) for row in rows_of(figures))


def _final_on(installation: Installation, campaign: Campaign) -> date:
    calendar = load_calendar(installation.calendar_file(campaign.calendar))
    return ending_of(campaign, calendar).final_on


def _owes_final(
    place: Workplace, left: Sequence[endings.Offered], figures: pd.DataFrame, missing: Sequence[str]
) -> bool:
    """Return whether a final run owes a report for the end as it stands, though others may have left on other days."""
    day = place.day
    code = place.day.campaign.code
    end = day.campaign.report_wanted_at.date()
    final_on = ending(place).final_on
    ours = [one.business_date for one in left if one.tells_of(end)]
    if not ours:
        return True
    if max(ours) >= final_on:
        return False
    if day.business_date > final_on:
        latest = endings.latest_final(place.ledger, campaign=code, end=end)
        if latest is not None and latest.business_date >= final_on:
            return True  # decided on the last day, and kept from leaving
        if days.had_final_run(place.ledger, campaign=code, since=final_on):
            return False  # what arises after the last day is not the campaign's
    return bool(missing) or not all_done(figures) or _arisen(figures) != _arisen_on(place, max(ours))


def _arisen(figures: pd.DataFrame) -> int:
    total = total_figures(figures)
    return int(total["apologies_due"] + total["work_total"])


def _arisen_on(place: Workplace, on: date) -> int | None:
    """Return how much had arisen by an earlier day; None where its figures are gone, which holds nothing."""
    path = dict(figures_before(place).paths).get(on.isoformat())
    return _arisen(only(completed(read_snapshot(place.out / path, FIGURES)), UNIT)) if path else None
