"""The correction of a report that has left, as text: the fields of its Word template."""

from typing import Any

from dondoc.campaign.letterhead import office_fields
from dondoc.files import sha256_of
from dondoc.report.changes import DayChanges, ListChange
from dondoc.report.document import DOCUMENT_TYPE
from dondoc.report.facts import ReportFacts
from dondoc.vietnamese.wording import date_in_words, number

# More numbers than this are only counted in Word; `dondoc report diff` names them all.
SHOWN = 40


def addendum_values(facts: ReportFacts, changes: DayChanges, *, sent_file: str, sent: bytes) -> dict[str, Any]:
    """Return the fields of the addendum's template.

    Args:
        facts: what is known now.
        changes: what moved since the report left.
        sent_file: the name of the document that left.
        sent: its bytes.
    """
    campaign = facts.day.campaign
    as_of = date_in_words(facts.day.business_date)
    return office_fields(campaign, document_type=DOCUMENT_TYPE) | {
        "title": f"Đính chính số liệu Báo cáo {campaign.title} (số liệu đến {as_of})",
        "campaign_title": campaign.title,
        "as_of": as_of,
        "sent_file": sent_file,
        "sent_sha256": sha256_of(sent)[:16],
        "figures": [
            {
                "name": change.name,
                "figure": change.figure,
                "before": number(change.before),
                "after": number(change.after),
                "change": f"{'+' if change.after > change.before else '−'}{number(abs(change.after - change.before))}",
            }
            for change in changes.figures
        ],
        "moves": [move_words(move) for move in changes.moves] or ["không có."],
        "fingerprint": dict(facts.fingerprint),
    }


def move_words(move: ListChange, shown: int = SHOWN) -> str:
    """Return what came under a heading and what left it: counts, and the first `shown` numbers."""
    parts = []
    for word, numbers in (("thêm", move.came), ("bớt", move.went)):
        if numbers:
            rest = f" và {number(len(numbers) - shown)} số khác" if len(numbers) > shown else ""
            parts.append(f"{word} {number(len(numbers))} ({', '.join(numbers[:shown])}{rest})")
    return f"{move.heading}: {'; '.join(parts)}."
