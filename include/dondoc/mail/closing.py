"""The note a unit gets once the deadline is past: thanks, or what it left undone."""

from typing import Any

import pandas as pd

from dondoc.campaign import Unit
from dondoc.day import Day
from dondoc.figures import is_behind, owed_sentence, witness_sentence
from dondoc.wording import date_in_words


def closing_subject(day: Day, unit: Unit) -> str:
    """Return the subject: that the campaign ended, for whom. No figure, no case, no person."""
    marks = "[DIỄN TẬP] " if day.rehearsal else ""
    return f"{marks}[Kết thúc đợt] {unit.name}: {day.campaign.title}"


def closing_values(day: Day, unit: Unit, figures: pd.Series) -> dict[str, Any]:
    """Return the fields of the note's templates.

    Args:
        day: the business day, after the deadline.
        unit: who is written to.
        figures: the unit's row of `unit_figures`.
    """
    return {
        "office": day.campaign.office.model_dump(),
        "campaign_title": day.campaign.title,
        "unit_name": unit.name,
        "as_of": date_in_words(day.business_date),
        "deadline_reading": day.campaign.deadline_reading,
        "figures": figures.to_dict(),
        "apologies_told": witness_sentence(figures),
        "owes": owed_sentence(figures) if is_behind(figures) else "",
        "rehearsal": day.rehearsal,
    }
