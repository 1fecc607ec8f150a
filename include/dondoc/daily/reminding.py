"""Beside the reminders: thanks to a unit that owes nothing any more, and the digest for leaders."""

import logging
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import pandas as pd

from dondoc.campaign import Unit
from dondoc.daily.outgoing import MailDraft, enter_mails, numbered, remove_withdrawn, withdraw_unowed
from dondoc.daily.setbacks import DIGEST, do_apart, units_unreminded
from dondoc.daily.standing import LEADERS, Standing, deserves_praise
from dondoc.daily.stationery import mail_templates
from dondoc.figures import is_behind
from dondoc.files import sha256_of
from dondoc.frames import rows_of
from dondoc.installation.workplace import Workplace
from dondoc.ledger import outbox
from dondoc.ledger.letters import held_letters
from dondoc.ledger.mail_kinds import REMINDER
from dondoc.ledger.rungs import MailedRung
from dondoc.mail.countdown import days_to_deadline
from dondoc.mail.digest import digest_values, praise_values
from dondoc.mail.ladder import address_leaders, address_praise

log = logging.getLogger(__name__)

PRAISE_SERIES = "100"


def praise(place: Workplace, unit: Unit, *, figures: Mapping[str, Any], standing: Standing) -> list[MailDraft]:
    """Return the thanks to a unit that owes nothing, a mail an address: once in a drive."""
    day = place.day
    if not deserves_praise(place, unit.code, rate=figures["rate"], standing=standing):
        return []
    text = mail_templates(place).render("hoan-thanh", praise_values(day, unit, figures))
    mails = []
    for who in address_praise(unit, standing.climbed):
        rungs = [MailedRung(unit.code, rung, day.campaign.deadline) for rung in who.rungs]
        stem = f"hoan-thanh-{unit.code}{numbered(unit.emails.index(who.recipient))}"
        draft = MailDraft(unit.code, who.recipient, text, stem, series=PRAISE_SERIES, rungs=rungs)
        mails.append(draft)
    return mails


def plan_digest(place: Workplace, *, figures: pd.DataFrame, standing: Standing) -> int:
    """Enter a mail a leader who is due the digest: which units are behind, counts alone; return how many are due."""
    day = place.day
    behind = [row["code"] for row in rows_of(figures) if is_behind(row)]
    reminders = day.campaign.reminders
    left = days_to_deadline(day)
    leaders = address_leaders(reminders, behind, days_left=left, climbed=standing.climbed)
    held = len(held_letters(place.ledger, campaign=day.campaign.code, as_of=day.business_date))
    unreminded = units_unreminded(place)
    told = figures.to_csv(index=False) + (str(held) if held else "") + "".join(unreminded)
    series = sha256_of(told.encode())[:12]
    by_name = {f"Lãnh đạo {reminders.leadership.index(leader.contact) + 1}": leader for leader in leaders}

    def compose(names: Sequence[str]) -> Sequence[str]:
        mails = []
        for leader in map(by_name.__getitem__, names):
            values = digest_values(day, figures, letters_held=held, unreminded=unreminded)
            values |= {"addressee": leader.contact.salutation}
            text = mail_templates(place).render("tong-hop", values)
            rungs = [MailedRung(unit, rung, day.campaign.deadline) for unit, rung in leader.rungs]
            to = leader.contact.email
            stem = f"tong-hop-lanh-dao{numbered(reminders.leadership.index(leader.contact))}"
            mails.append(MailDraft(LEADERS, to, text, stem, series=series, rungs=rungs))
        return enter_mails(place, REMINDER, mails)

    kept = do_apart(place, DIGEST, list(by_name), compose)
    withdraw_unowed(place, REMINDER, keep=list(chain.from_iterable(kept)), units=[LEADERS])
    withdraw_unowed(place, REMINDER, keep=(), units=_former_units(place))
    remove_withdrawn(place, REMINDER)
    log.info("%d thư tổng hợp cho lãnh đạo, %d đơn vị còn tồn tại", len(leaders), len(behind))
    return len(leaders)


def _former_units(place: Workplace) -> set[str]:
    """Return the units that have mails of the day and are no more."""
    day = place.day
    mails = outbox.list_mails(place.ledger, campaign=day.campaign.code, business_date=day.business_date)
    return {row.unit for row in mails if row.kind == REMINDER} - {LEADERS, *day.campaign.unit_by_code}
