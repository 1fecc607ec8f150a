"""A unit's reminder: what it owes, most urgent first."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from dondoc.campaign import Unit
from dondoc.campaign.day import Day
from dondoc.figures import beside_sentence, needed_a_day, owed, witness_sentence
from dondoc.files import sha256_of
from dondoc.mail.changes import UnitChanges, changes_values
from dondoc.mail.countdown import countdown, days_to_deadline, past_deadline
from dondoc.mail.ladder import Addressee
from dondoc.mail.listing import listed
from dondoc.records import OWED_KINDS
from dondoc.records.unit_findings import Finding, count_lapsing
from dondoc.vietnamese.wording import date_in_words


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
    counts = owed(figures)
    return {
        "office": day.campaign.office.model_dump(),
        "reply_to": day.campaign.answer_address,
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
        "apologies_told": witness_sentence(figures),
        "owed": counts,
        "beside": beside_sentence(figures),
        "cases_owed": counts["apologies_owed"],
        "work_owed": counts["work_owed"],
        "pace": needed_a_day(counts["remaining"], day.working_days_left),
        "changes": changes_values(changes),
        "groups": listed(findings, new=changes.new),
        "lapsing": count_lapsing(findings),
        "rehearsal": day.rehearsal,
    }
