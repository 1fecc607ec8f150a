"""Beside the reminders: thanks to a unit that owes nothing any more, and the digest for leaders."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from dondoc.campaign import Unit
from dondoc.daily.outgoing import MailDraft, numbered, remove_withdrawn, withdraw_unowed
from dondoc.daily.standing import LEADERS, Standing
from dondoc.daily.stationery import mail_templates
from dondoc.files import sha256_of
from dondoc.installation.workplace import Workplace
from dondoc.ledger.mail_kinds import REMINDER
from dondoc.ledger.rungs import MailedRung
from dondoc.mail.digest import digest_values, praise_values
from dondoc.mail.ladder import Leader, address_praise

PRAISE_SERIES = "100"


def praise(place: Workplace, unit: Unit, *, figures: Mapping[str, Any], standing: Standing) -> list[MailDraft]:
    """Return the thanks to a unit that owes nothing, one mail per address: once in a drive."""
    day = place.day
    text = mail_templates(place).render("hoan-thanh", praise_values(day, unit, figures))
    mails = []
    for who in address_praise(unit, standing.climbed):
        rungs = [MailedRung(unit.code, rung, day.campaign.deadline) for rung in who.rungs]
        stem = f"hoan-thanh-{unit.code}{numbered(unit.emails.index(who.recipient))}"
        draft = MailDraft(unit.code, who.recipient, text, stem, series=PRAISE_SERIES, rungs=rungs)
        mails.append(draft)
    return mails


def write_digest(
    place: Workplace, leader: Leader, *, figures: pd.DataFrame, letters_held: int, unreminded: Sequence[str]
) -> MailDraft:
    """Return the digest to one leader: which units are behind, counts alone; nothing is entered or written here.

    Args:
        place: the day.
        leader: whom it is to, and the rungs it climbs.
        figures: what `unit_figures` returns.
        letters_held: approved and signed letters that wait for a person because their case changed.
        unreminded: names of units whose reminder of the day could not be made.
    """
    day = place.day
    values = digest_values(day, figures, letters_held=letters_held, unreminded=unreminded)
    text = mail_templates(place).render("tong-hop", values | {"addressee": leader.contact.salutation})
    told = figures.to_csv(index=False) + (str(letters_held) if letters_held else "") + "".join(unreminded)
    rungs = [MailedRung(unit, rung, day.campaign.deadline) for unit, rung in leader.rungs]
    stem = f"tong-hop-lanh-dao{numbered(day.campaign.reminders.leadership.index(leader.contact))}"
    series = sha256_of(told.encode())[:12]
    return MailDraft(LEADERS, leader.contact.email, text, stem, series=series, rungs=rungs)


def enter_digests(place: Workplace, kept: Collection[str], *, former_units: Collection[str]) -> None:
    """Withdraw what an earlier attempt of the day planned for leaders, `kept` apart, and for units that are no more."""
    withdraw_unowed(place, REMINDER, keep=kept, units=[LEADERS])
    withdraw_unowed(place, REMINDER, keep=(), units=former_units)
    remove_withdrawn(place, REMINDER)
