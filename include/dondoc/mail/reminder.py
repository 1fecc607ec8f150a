"""A unit's reminder: what it owes, most urgent first."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from dondoc.campaign import Unit
from dondoc.day import Day
from dondoc.files import sha256_of
from dondoc.mail.changes import UnitChanges, changes_values
from dondoc.mail.countdown import countdown, days_to_deadline, pace_needed, past_deadline
from dondoc.mail.ladder import Addressee
from dondoc.records import FINDING_TITLES, OWED_CASES, OWED_KINDS, OWED_WORK, FindingKind
from dondoc.unit_findings import Finding
from dondoc.wording import date_in_words, number

SHOWN_PER_KIND = 10
WAIVED_TITLE = "Được lãnh đạo cho phép tạm miễn (vẫn tính trong tỷ lệ)"


def reminder_subject(day: Day, unit: Unit, findings: Sequence[Finding]) -> str:
    """Return the subject, numbers first for a phone: what is owed, how long is left, whose. No case, no person."""
    cases, items = owed_numbers(findings)
    counts = [f"{number(count)} {what}" for count, what in ((cases, "hồ sơ"), (items, "công việc")) if count]
    marks = "[DIỄN TẬP] " if day.rehearsal else ""
    return f"{marks}{', '.join(counts)}, {countdown(day)} – đôn đốc {unit.name}"


def addressed(who: Addressee, unit: Unit) -> dict[str, Any]:
    """Return the fields that say whom a reminder addresses: the unit, or who stands above it."""
    contact = who.contact
    return {"addressee": contact.salutation if contact else unit.name, "escalated": contact is not None}


def owed_hash(findings: Sequence[Finding]) -> str:
    """Return what tells apart two mails of a day about different facts: a hash of what is owed, not of its wording."""
    owed = io.StringIO()
    told = csv.writer(owed, lineterminator="\n")
    told.writerow(["kind", "number", "due_on", "waived_by"])
    told.writerows([one.kind, one.number, one.due_on, one.waived_by] for one in findings if one.kind in OWED_KINDS)
    return sha256_of(owed.getvalue().encode())[:12]


def owed_numbers(findings: Sequence[Finding]) -> tuple[int, int]:
    """Return how many cases and how many work items are owed, each once however much it lacks."""
    cases = {one.number for one in findings if one.kind in OWED_CASES}
    items = {(one.source_file, one.source_row) for one in findings if one.kind in OWED_WORK}
    return len(cases), len(items)


def reminder_values(
    day: Day, unit: Unit, *, figures: Mapping[str, Any], findings: Sequence[Finding], changes: UnitChanges
) -> dict[str, Any]:
    """Return the fields of the reminder's templates; whom it addresses is `addressed`'s to say.

    Args:
        day: the business day.
        unit: who is written to.
        figures: the unit's row of `unit_figures`.
        findings: the unit's findings alone, most urgent first.
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
        "figures": figures,
        "cases_owed": cases,
        "work_owed": items,
        "pace": pace_needed(cases + items, day),
        "changes": changes_values(changes),
        "groups": _groups(findings, new=changes.new),
        "rehearsal": day.rehearsal,
    }


def _groups(findings: Sequence[Finding], *, new: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return what is owed by kind, each with its first rows; what is waived stands apart, at the end."""
    fresh = set(new)
    titles = (*(FINDING_TITLES[kind] for kind in FindingKind), WAIVED_TITLE)
    groups: dict[str, list[Finding]] = {title: [] for title in titles}
    for one in findings:
        groups[WAIVED_TITLE if one.waived_by is not None else FINDING_TITLES[FindingKind(one.kind)]].append(one)
    return [
        {
            "title": title,
            "count": len(rows),
            "late": sum(row.days_late > 0 for row in rows),
            "rows": [row._asdict() | {"new": row in fresh} for row in rows[:SHOWN_PER_KIND]],
            "more": max(len(rows) - SHOWN_PER_KIND, 0),
        }
        for title, rows in groups.items()
        if rows
    ]
