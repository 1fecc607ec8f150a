"""Every mail template, filled with made-up facts before any mail is written."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Row

from dondoc.campaign.day import Day
from dondoc.daily.receipts import receipt_values
from dondoc.daily.stationery import mail_templates
from dondoc.errors import DondocError, Problem
from dondoc.figures import UNIT, only
from dondoc.installation.workplace import Workplace
from dondoc.ledger.answers import ACCEPTED, IGNORED, REFUSED, JudgedCell, Notice
from dondoc.mail.specimen import Filled, office_mails, reminders
from dondoc.report.specimen import specimen


def check_mails(place: Workplace) -> Iterator[Problem]:
    """Yield what is wrong with each mail template: missing, malformed, or naming a field we do not provide."""
    figures = only(specimen(place.day).figures, UNIT)
    templates = mail_templates(place)
    unknown = dict[str, list[Problem]]()
    for name, values in (*reminders(place.day, figures), *office_mails(place.day, figures), *_receipts(place.day)):
        if name not in unknown:
            unknown[name] = list(templates.unknown_fields(name, values))
            yield from unknown[name]
        if unknown[name]:
            continue  # filling it would say the same again
        try:
            templates.render(name, values)
        except DondocError as error:
            yield from error.problems


def _receipts(day: Day) -> Iterator[Filled]:
    """Yield a receipt of a file refused as a whole, and one of a file of which each state has a cell."""
    cells = [
        JudgedCell("cases", "1", "reason", "Lý do", ACCEPTED),
        *(
            JudgedCell("cases", "2", "new_due_on", "31/02/2023", state, "không có ngày này")
            for state in (REFUSED, IGNORED)
        ),
    ]
    for reason in (None, "không phải tệp của đợt"):
        facts = {
            "name": "tra-loi.xlsx",
            "unit": day.campaign.units[0].code,
            "business_date": day.business_date,
            "late": reason is None,
            "reason": reason,
        }
        file = cast("Row[Any]", SimpleNamespace(**facts))
        notice = Notice(file, owed_on=day.business_date, again=reason is None)
        yield "bao-nhan", receipt_values(day, notice, cells=cells, unaccepted=cells[1:])
