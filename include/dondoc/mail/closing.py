"""The note a unit gets once the deadline is past: thanks, or what it left undone."""

from datetime import date
from typing import Any

import pandas as pd

from dondoc.campaign import Unit
from dondoc.campaign.day import Day
from dondoc.figures import is_behind, owed_sentence, witness_sentence
from dondoc.vietnamese.wording import date_in_words, short_date


def closing_values(day: Day, unit: Unit, figures: pd.Series, *, replaces: date | None = None) -> dict[str, Any]:
    """Return the fields of the note's templates.

    Args:
        day: the business day, after the deadline.
        unit: who is written to.
        figures: the unit's row of `unit_figures`.
        replaces: the day of the note the unit got for an earlier end; None for its first one.
    """
    moved = day.campaign.deadline_moved
    return {
        "office": day.campaign.office.model_dump(),
        "campaign_title": day.campaign.title,
        "unit_name": unit.name,
        "as_of": date_in_words(day.business_date),
        "deadline_reading": day.campaign.deadline_reading,
        "figures": figures.to_dict(),
        "apologies_told": witness_sentence(figures),
        "owes": owed_sentence(figures) if is_behind(figures) else "",
        "replaces": short_date(replaces) if replaces else "",
        "moved": moved.words if moved else "",
        "rehearsal": day.rehearsal,
    }
