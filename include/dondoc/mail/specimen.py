"""The reminders' templates filled with made-up facts, so that a field staff misspelt is told before the day's work."""

import pandas as pd

from dondoc.campaign import Contact
from dondoc.day import Day
from dondoc.mail.changes import UnitChanges
from dondoc.mail.compose import MailTemplates
from dondoc.mail.digest import digest_values, praise_values
from dondoc.mail.ladder import Addressee
from dondoc.mail.reminder import SHOWN_PER_KIND, addressed, reminder_values
from dondoc.records import FINDINGS, OWED_KINDS, conform
from dondoc.unit_findings import by_unit

SOMEBODY = Contact(name="Họ tên", position="chức vụ", email="ho-ten@co-quan.example.vn")


def check_reminder_templates(templates: MailTemplates, day: Day, figures: pd.DataFrame) -> None:
    """Fill every template of the reminders, in each of its branches.

    Args:
        templates: the office's mail templates.
        day: the business day.
        figures: what `unit_figures` returns, whatever the counts.

    Raises:
        TemplateError: a template is missing, malformed, or names a field that is not there.
    """
    unit, behind = day.campaign.units[0], figures.assign(cases_overdue=1)
    [findings] = by_unit(_findings(day)).values()
    for changes in (UnitChanges(day.business_date, findings, findings), UnitChanges(None, [], [])):
        values = reminder_values(day, unit, figures=behind.iloc[0].to_dict(), findings=findings, changes=changes)
        for contact in (None, SOMEBODY):
            who = Addressee(SOMEBODY.email, "unit", contact, ())
            templates.render("nhac-viec", values | addressed(who, unit))
    templates.render("hoan-thanh", praise_values(day, unit, figures.iloc[0].to_dict()))
    templates.render("tong-hop", digest_values(day, behind) | {"addressee": SOMEBODY.salutation})


def _findings(day: Day) -> pd.DataFrame:
    """Return more findings of each kind owed than a mail shows, of the campaign's first unit."""
    numbers = [f"{n:04d}" for n in range(SHOWN_PER_KIND + 1)]
    rows = [(kind.value, number) for kind in OWED_KINDS for number in numbers]
    frame = pd.DataFrame(rows, columns=["kind", "number"])
    facts = {"unit": day.campaign.units[0].code, "due_on": day.business_date, "days_late": 1, "source_row": 1}
    none = dict.fromkeys(("days_off", "days_paused", "swapped_days"), 0)
    texts = dict.fromkeys(("subject", "rule", "source_file"), "…")
    unsaid = dict.fromkeys(set(FINDINGS.names) - set(frame), None)
    return conform(frame.assign(**unsaid | facts | none | texts), FINDINGS)
