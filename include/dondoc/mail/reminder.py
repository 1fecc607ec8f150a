"""A unit's reminder: what it owes, most urgent first."""

from itertools import islice
from typing import Any

import pandas as pd

from dondoc.campaign import Unit
from dondoc.day import Day
from dondoc.files import sha256_of
from dondoc.mail.changes import Changes, changes_values
from dondoc.mail.countdown import countdown, days_to_deadline, pace_needed, past_deadline
from dondoc.mail.ladder import Addressee
from dondoc.records import FINDING_TITLES, OWED_CASES, OWED_KINDS, OWED_WORK, FindingKind
from dondoc.wording import date_in_words, number

SHOWN_PER_KIND = 10
WAIVED_TITLE = "Được lãnh đạo cho phép tạm miễn (vẫn tính trong tỷ lệ)"


def reminder_subject(day: Day, unit: Unit, findings: pd.DataFrame) -> str:
    """Return the subject, numbers first for a phone: what is owed, how long is left, whose. No case, no person."""
    cases, items = owed_numbers(findings)
    counts = [f"{number(count)} {what}" for count, what in ((cases, "hồ sơ"), (items, "công việc")) if count]
    marks = "[DIỄN TẬP] " if day.rehearsal else ""
    return f"{marks}{', '.join(counts)}, {countdown(day)} – đôn đốc {unit.name}"


def addressed(who: Addressee, unit: Unit) -> dict[str, Any]:
    """Return the fields that say whom a reminder addresses: the unit, or who stands above it."""
    contact = who.contact
    return {"addressee": contact.salutation if contact else unit.name, "escalated": contact is not None}


def owed_hash(findings: pd.DataFrame) -> str:
    """Return what tells apart two mails of a day about different facts: a hash of what is owed, not of its wording."""
    owed = findings.loc[findings["kind"].isin(OWED_KINDS), ["kind", "number", "due_on", "waived_by"]]
    return sha256_of(owed.to_csv(index=False).encode())[:12]


def owed_numbers(findings: pd.DataFrame) -> tuple[int, int]:
    """Return how many cases and how many work items are owed, each once however much it lacks."""
    cases = findings.loc[findings["kind"].isin(OWED_CASES), "number"].nunique()
    items = findings.loc[findings["kind"].isin(OWED_WORK), ["source_file", "source_row"]].drop_duplicates()
    return int(cases), len(items)


def reminder_values(
    day: Day, unit: Unit, *, figures: pd.Series, findings: pd.DataFrame, changes: Changes
) -> dict[str, Any]:
    """Return the fields of the reminder's templates; whom it addresses is `addressed`'s to say.

    Args:
        day: the business day.
        unit: who is written to.
        figures: the unit's row of `unit_figures`.
        findings: the unit's findings alone, schema `records.FINDINGS`, most urgent first.
        changes: what changed for the unit since the last earlier day.
    """
    cases, items = owed_numbers(findings)
    return {
        "office": day.campaign.office.model_dump(),
        "campaign_title": day.campaign.title,
        "unit_name": unit.name,
        "as_of": date_in_words(day.business_date),
        "deadline_reading": day.campaign.deadline_reading,
        "working_days_left": day.working_days_left,
        "days_left": days_to_deadline(day),
        "past_deadline": past_deadline(day),
        "countdown": countdown(day),
        "target": day.campaign.target,
        "figures": figures.to_dict(),
        "cases_owed": cases,
        "work_owed": items,
        "pace": pace_needed(cases + items, day),
        "changes": changes_values(changes),
        "groups": _groups(findings, new=changes.new),
        "rehearsal": day.rehearsal,
    }


def _groups(findings: pd.DataFrame, *, new: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what is owed by kind, each with its first rows; what is waived stands apart, at the end."""
    waived = findings["waived_by"].notna()
    by_kind = dict(iter(findings[~waived].groupby("kind", sort=False)))
    named = {FINDING_TITLES[kind]: by_kind[kind] for kind in FindingKind if kind in by_kind}
    named |= {WAIVED_TITLE: findings[waived]} if waived.any() else {}
    heads = [rows.head(SHOWN_PER_KIND) for rows in named.values()]
    # A frame of a few rows costs as much as one of many: all of them are made into records at once.
    shown = pd.concat([findings.head(0), *heads]).astype(object)
    marked = shown.where(shown.notna(), None).assign(new=shown.index.isin(new.index))
    records = iter(marked.to_dict("records"))
    return [
        {
            "title": title,
            "count": len(rows),
            "late": int((rows["days_late"] > 0).sum()),
            "rows": list(islice(records, min(len(rows), SHOWN_PER_KIND))),
            "more": max(len(rows) - SHOWN_PER_KIND, 0),
        }
        for title, rows in named.items()
    ]
