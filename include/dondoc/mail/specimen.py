"""Facts made up to fill the mails' templates with, so that a field staff misspelt is told before the day's work."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

import pandas as pd

from dondoc.campaign import Contact
from dondoc.campaign.day import Day
from dondoc.ledger.batches import WAITING, SignoffBatch
from dondoc.ledger.held import HeldCount
from dondoc.mail.changes import UnitChanges
from dondoc.mail.closing import closing_values
from dondoc.mail.digest import digest_values, praise_values
from dondoc.mail.ladder import Addressee
from dondoc.mail.listing import MOST_SHOWN
from dondoc.mail.office_mails import report_mail_values, return_values, signoff_values
from dondoc.mail.reminder import addressed, reminder_values
from dondoc.records import FINDINGS, OWED_KINDS, conform
from dondoc.records.unit_findings import by_unit

SOMEBODY = Contact(name="Họ tên", position="chức vụ", email="ho-ten@co-quan.example.vn")

# Figures of a unit that lacks some of everything the mails tell of.
BEHIND = {"apologies_due": 3, "apologies_done": 1, "cases_overdue": 2, "cases_overdue_apologised": 1}
BEHIND |= {"work_total": 3, "work_reported": 2, "work_filed": 2, "work_done": 1}

Filled = tuple[str, dict[str, Any]]  # a template's name, and all its fields


def reminders(day: Day, figures: pd.DataFrame) -> Iterator[Filled]:
    """Yield what fills the templates of the reminders, the thanks and the digest, in each of their branches.

    Args:
        day: the business day.
        figures: what `unit_figures` returns, whatever the counts.
    """
    unit = day.campaign.units[0]
    behind = figures.assign(**BEHIND)
    [findings] = by_unit(_findings(day)).values()
    for changes in (UnitChanges(day.business_date, findings, findings), UnitChanges(None, [], [])):
        values = reminder_values(day, unit, figures=behind.iloc[0].to_dict(), findings=findings, changes=changes)
        for contact in (None, SOMEBODY):
            who = Addressee(SOMEBODY.email, "unit", contact, ())
            yield "nhac-viec", values | addressed(who, unit)
    yield "hoan-thanh", praise_values(day, unit, figures.iloc[0].to_dict())
    for held, unreminded in ((0, []), (1, [unit.name])):
        values = digest_values(day, behind, letters_held=held, unreminded=unreminded)
        yield "tong-hop", values | {"addressee": SOMEBODY.salutation}


def office_mails(day: Day, figures: pd.DataFrame) -> Iterator[Filled]:
    """Yield what fills the templates of the report's mail, the closing note, the return of rows and the sign-off.

    Args:
        day: the business day.
        figures: what `unit_figures` returns, whatever the counts.
    """
    unit = day.campaign.units[0]
    behind = figures.assign(**BEHIND)
    left_out = [{"name": "bao-cao.xlsx", "megabytes": "10,5", "place": "thư mục"}]
    for final, missing, rows in ((True, ["nguồn"], behind), (False, [], behind.head(0))):
        values = report_mail_values(
            day,
            rows,
            gates=["cổng"],
            final=final,
            missing=missing,
            dated=[],
            left_out=left_out if final else [],
            replaces=day.business_date if final else None,
        )
        yield "bao-cao", values
    for row, replaces in ((behind.iloc[0], day.business_date), (figures.assign(cases_overdue=0).iloc[0], None)):
        yield "ket-thuc", closing_values(day, unit, row, replaces=replaces)
    yield "tra-lai", return_values(day, day.campaign.sources[0], counts={"lý do": 1}, files=["tra-lai.xlsx"])
    held = [HeldCount(unit.code, 2, 1)]
    for waiting, kept in (([_batch(day)], []), ([], held), ([_batch(day)], held)):
        yield "trinh-ky", signoff_values(day, waiting, kept)


def _batch(day: Day) -> SignoffBatch:
    put_up_at = datetime.combine(day.business_date, time(8), UTC)
    unit = day.campaign.units[0].code
    nobody = None
    return SignoffBatch(1, day.campaign.code, unit, "", "", WAITING, put_up_at, nobody, nobody, nobody, {1: ""})


def _findings(day: Day) -> pd.DataFrame:
    """Return more findings of each kind owed than a mail shows, of the campaign's first unit."""
    numbers = [f"{n:04d}" for n in range(MOST_SHOWN + 1)]
    rows = [(kind.value, number) for kind in OWED_KINDS for number in numbers]
    frame = pd.DataFrame(rows, columns=["kind", "number"])
    facts = {"unit": day.campaign.units[0].code, "due_on": day.business_date, "days_late": 1, "source_row": 1}
    none = dict.fromkeys(("days_off", "days_paused", "swapped_days"), 0)
    texts = dict.fromkeys(("subject", "rule", "source_file"), "…")
    unsaid = dict.fromkeys(set(FINDINGS.names) - set(frame), None)
    return conform(frame.assign(**unsaid | facts | none | texts), FINDINGS)
