"""What earlier days say of units that are no more, told of their successors; pure."""

from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd

from dondoc.campaign import Campaign
from dondoc.figures import COUNTS, FIGURES, UNIT, Earlier, only, with_rates
from dondoc.records import conform
from dondoc.vietnamese.wording import short_date


def under_successors(frame: pd.DataFrame, campaign: Campaign) -> pd.DataFrame:
    """Return `frame`, which has a column `unit`, with the units of today in place of those that are no more."""
    heirs = _heirs(frame["unit"].dropna().unique(), campaign)
    if not heirs:
        return frame
    units = frame["unit"].map(lambda code: heirs.get(code, code), na_action="ignore")
    return frame.assign(unit=units.astype(frame["unit"].dtype))


def with_successors(past: Earlier, campaign: Campaign) -> Earlier:
    """Return the figures of an earlier day with those of units that are no more counted for their successors."""
    units = only(past.figures, UNIT)
    heirs = _heirs(units["code"], campaign)
    if not heirs:
        return past
    codes = units["code"].map(lambda code: heirs.get(code, code))
    sums = units.assign(code=codes)[["code", *COUNTS]].groupby("code", sort=False, as_index=False).sum()
    names = {code: unit.name for code, unit in campaign.unit_by_code.items()}
    told = sums.assign(scope=UNIT, unit=sums["code"], name=sums["code"].map(names))
    rest = past.figures[past.figures["scope"] != UNIT]
    merged = pd.concat([rest.astype(object), with_rates(told).astype(object)], ignore_index=True)
    return Earlier(past.on, conform(merged, FIGURES))


def succession_lines(earlier: Sequence[Earlier], campaign: Campaign, *, today: date) -> list[str]:
    """Return which unit's figures hold those of which unit that is no more, and before which day, a sentence each.

    Args:
        earlier: the days before, oldest first, as they were.
        campaign: the units of today.
        today: the business date.
    """
    last: dict[str, tuple[str, date]] = {}
    days = [*(past.on for past in earlier), today]
    for past, following in zip(earlier, days[1:], strict=True):
        units = only(past.figures, UNIT)
        gone = _heirs(units["code"], campaign)
        for code, name in zip(units["code"], units["name"], strict=True):
            if code in gone:
                last[code] = name, following
    return [
        f"{campaign.heir(code).name} gồm số liệu của {name} trước ngày {short_date(until)}"
        for code, (name, until) in last.items()
    ]


def _heirs(codes: Iterable[str], campaign: Campaign) -> dict[str, str]:
    return {code: campaign.heir(code).code for code in codes if code not in campaign.unit_by_code}
