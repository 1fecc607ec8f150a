"""A unit's reminder: what it owes, most urgent first."""

from typing import Any

import pandas as pd

from dondoc.campaign import Unit
from dondoc.day import Day
from dondoc.figures import owed_sentence
from dondoc.records import FINDING_TITLES, FindingKind
from dondoc.wording import date_in_words, number

SHOWN_PER_KIND = 10
WAIVED_TITLE = "Được lãnh đạo cho phép tạm miễn (vẫn tính trong tỷ lệ)"


def reminder_subject(day: Day, unit: Unit, figures: pd.Series) -> str:
    """Return the subject: whom, what is owed, how long is left. No case, no person."""
    left = day.working_days_left
    rest = f"còn {number(left)} ngày làm việc" if left else "đã đến hạn"
    marks = "[DIỄN TẬP] " if day.rehearsal else ""
    return f"{marks}[Đôn đốc] {unit.name}: {owed_sentence(figures)} ({rest})"


def reminder_values(day: Day, unit: Unit, *, figures: pd.Series, findings: pd.DataFrame) -> dict[str, Any]:
    """Return the fields of the reminder's templates.

    Args:
        day: the business day.
        unit: who is written to.
        figures: the unit's row of `unit_figures`.
        findings: the unit's findings alone, schema `records.FINDINGS`, most urgent first.
    """
    waived = findings["waived_by"].notna()
    named = {FINDING_TITLES[kind]: findings[~waived & (findings["kind"] == kind)] for kind in FindingKind}
    named[WAIVED_TITLE] = findings[waived]
    return {
        "office": day.campaign.office.model_dump(),
        "campaign_title": day.campaign.title,
        "unit_name": unit.name,
        "as_of": date_in_words(day.business_date),
        "deadline_reading": day.campaign.deadline_reading,
        "working_days_left": day.working_days_left,
        "target": day.campaign.target,
        "figures": figures.to_dict(),
        "groups": [_group(title, rows) for title, rows in named.items() if len(rows)],
        "rehearsal": day.rehearsal,
    }


def _group(title: str, rows: pd.DataFrame) -> dict[str, Any]:
    shown = rows.head(SHOWN_PER_KIND).astype(object)
    return {
        "title": title,
        "count": len(rows),
        "late": int((rows["days_late"] > 0).sum()),
        "rows": shown.where(shown.notna(), None).to_dict("records"),
        "more": max(len(rows) - SHOWN_PER_KIND, 0),
    }
