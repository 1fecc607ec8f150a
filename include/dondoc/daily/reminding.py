"""Beside the reminders: thanks to a unit that owes nothing any more, and the digest for leaders."""

import logging
from functools import partial

import pandas as pd

from dondoc.daily.outgoing import enter_mail, numbered, remove_withdrawn, withdraw_unowed
from dondoc.daily.preflight import mail_templates
from dondoc.daily.standing import REMINDER, Standing, deserves_praise
from dondoc.figures import is_behind
from dondoc.files import sha256_of
from dondoc.ledger.rungs import Rung
from dondoc.mail.countdown import days_to_deadline
from dondoc.mail.digest import digest_subject, digest_values, praise_subject, praise_values
from dondoc.mail.ladder import address_leaders, address_praise
from dondoc.workplace import Workplace

log = logging.getLogger(__name__)

# Of which unit a digest is, in the outbox: no unit's code holds such letters.
LEADERS = "lãnh đạo"
PRAISE_SERIES = "100"


def plan_praise(place: Workplace, code: str, *, figures: pd.Series, standing: Standing) -> None:
    """Withdraw what an earlier attempt of the day reminded the unit of; thank it, once in a drive."""
    day, unit, keys = place.day, place.day.campaign.unit_by_code[code], []
    if deserves_praise(place, code, rate=figures["rate"], standing=standing):
        plain, html = mail_templates(place).render("hoan-thanh", praise_values(day, unit, figures))
        enter = partial(
            enter_mail, place, REMINDER, code, subject=praise_subject(day, unit), attachments={}, series=PRAISE_SERIES
        )
        for who in address_praise(unit, standing.climbed):
            rungs = [Rung(code, rung, day.campaign.deadline) for rung in who.rungs]
            stem = f"hoan-thanh-{code}{numbered(unit.emails.index(who.recipient))}"
            keys.append(enter(who.recipient, plain=plain, html=html, stem=stem, rungs=rungs))
    withdraw_unowed(place, REMINDER, keep=keys, code=code)


def plan_digest(place: Workplace, *, figures: pd.DataFrame, standing: Standing) -> int:
    """Enter a mail a leader who is due the digest: which units are behind, counts alone; return how many are due."""
    day, keys = place.day, []
    behind = [row["code"] for row in figures.to_dict("records") if is_behind(row)]
    reminders, left = day.campaign.reminders, days_to_deadline(day)
    leaders = address_leaders(reminders, behind, days_left=left, climbed=standing.climbed)
    subject, series = digest_subject(day, figures), sha256_of(figures.to_csv(index=False).encode())[:12]
    enter = partial(enter_mail, place, REMINDER, LEADERS, subject=subject, attachments={}, series=series)
    for leader in leaders:
        values = digest_values(day, figures) | {"addressee": leader.contact.salutation}
        plain, html = mail_templates(place).render("tong-hop", values)
        rungs = [Rung(unit, rung, day.campaign.deadline) for unit, rung in leader.rungs]
        stem = f"tong-hop-lanh-dao{numbered(reminders.leadership.index(leader.contact))}"
        keys.append(enter(leader.contact.email, plain=plain, html=html, stem=stem, rungs=rungs))
    withdraw_unowed(place, REMINDER, keep=keys, code=LEADERS)
    remove_withdrawn(place, REMINDER)
    log.info("%d thư tổng hợp cho lãnh đạo, %d đơn vị còn tồn tại", len(leaders), len(behind))
    return len(leaders)
