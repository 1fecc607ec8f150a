"""The digest for leaders, and the thanks to a unit that owes nothing any more: counts alone, no case, no person."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dondoc.campaign import Unit
from dondoc.campaign.day import Day
from dondoc.figures import beside_sentence, is_behind, needed_a_day, owed, remaining, total_figures, witness_sentence
from dondoc.frames import rows_of
from dondoc.mail.countdown import countdown, days_to_deadline
from dondoc.vietnamese.wording import date_in_words


def digest_values(day: Day, figures: pd.DataFrame, *, letters_held: int, unreminded: Sequence[str]) -> dict[str, Any]:
    """Return the fields of the digest's templates: the units behind, who owes most first.

    Args:
        day: the business day.
        figures: what `unit_figures` returns.
        letters_held: approved and signed letters that wait for a person because their case changed.
        unreminded: names of units whose reminder could not be made.
    """
    rows = [_with_owed(row) for row in rows_of(figures) if is_behind(row)]
    total = _with_owed(total_figures(figures).to_dict())
    return _shared(day) | {
        "units": sorted(rows, key=lambda unit: (-unit["owed_total"], unit["name"])),
        "unit_count": len(figures),
        "total": total,
        "apologies_told": witness_sentence(total),
        "pace": needed_a_day(total["owed_total"], day.working_days_left),
        "letters_held": letters_held,
        "unreminded": unreminded,
    }


def _with_owed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "owed": owed(row), "owed_total": remaining(row), "beside": beside_sentence(row)}


def praise_values(day: Day, unit: Unit, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of the templates of the thanks.

    Args:
        day: the business day.
        unit: who is thanked.
        figures: the unit's row of `unit_figures`.
    """
    return _shared(day) | {"unit_name": unit.name, "figures": figures, "apologies_told": witness_sentence(figures)}


def _shared(day: Day) -> dict[str, Any]:
    return {
        "office": day.campaign.office.model_dump(),
        "campaign_title": day.campaign.title,
        "as_of": date_in_words(day.business_date),
        "deadline_reading": day.campaign.deadline_reading,
        "days_left": days_to_deadline(day),
        "countdown": countdown(day),
        "target": day.campaign.target,
        "rehearsal": day.rehearsal,
    }
