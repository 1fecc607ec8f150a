"""The box “soạn thư tổng hợp”: what leaders are told of the units behind."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import pandas as pd

from dondoc.campaign.day import Day
from dondoc.daily import final, reminding
from dondoc.daily.check import read_figures
from dondoc.daily.outgoing import enter_mails
from dondoc.daily.references import Found
from dondoc.daily.setbacks import DIGEST, do_apart, units_unreminded
from dondoc.daily.standing import LEADERS, Standing, standing_of
from dondoc.daily.step import step
from dondoc.figures import is_behind
from dondoc.frames import rows_of
from dondoc.installation.workplace import Workplace
from dondoc.ledger import outbox
from dondoc.ledger.letters import held_letters
from dondoc.ledger.mail_kinds import REMINDER
from dondoc.mail.countdown import days_to_deadline
from dondoc.mail.ladder import Leader, address_leaders

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DigestInputs:
    """What the day's digest rests on, read once.

    Attributes:
        figures: what `unit_figures` returns.
        standing: how the units stand before the day's mails.
        letters_held: approved and signed letters that wait for a person because their case changed.
        unreminded: names of units whose reminder of the day could not be made.
        former_units: units that have mails of the day and are no more.
    """

    figures: pd.DataFrame
    standing: Standing
    letters_held: int
    unreminded: Sequence[str]
    former_units: Collection[str]


@step
def compose_digest(place: Workplace, found: Found) -> int:
    """Write the day's digest for the leaders who are due one, and return how many are; nothing is sent here."""
    if not final.still_reminds(place):
        return 0
    read = _read_for_digest(place, found)
    leaders = decide(place.day, read)

    def compose(names: Sequence[str]) -> Sequence[str]:
        told = {"figures": read.figures, "letters_held": read.letters_held, "unreminded": read.unreminded}
        return enter_mails(place, REMINDER, [reminding.write_digest(place, leaders[name], **told) for name in names])

    kept = do_apart(place, DIGEST, list(leaders), compose)
    reminding.enter_digests(place, list(chain.from_iterable(kept)), former_units=read.former_units)
    log.info("%d thư tổng hợp cho lãnh đạo", len(leaders))
    return len(leaders)


def decide(day: Day, read: DigestInputs) -> Mapping[str, Leader]:
    """Return the leaders who are due the digest, by what they are called where theirs cannot be made."""
    reminders = day.campaign.reminders
    behind = [row["code"] for row in rows_of(read.figures) if is_behind(row)]
    due = address_leaders(reminders, behind, days_left=days_to_deadline(day), climbed=read.standing.climbed)
    return {f"Lãnh đạo {reminders.leadership.index(leader.contact) + 1}": leader for leader in due}


def _read_for_digest(place: Workplace, found: Found) -> DigestInputs:
    code = place.day.campaign.code
    on = place.day.business_date
    mails = outbox.list_mails(place.ledger, campaign=code, business_date=on)
    return DigestInputs(
        figures=read_figures(place, found),
        standing=standing_of(place),
        letters_held=len(held_letters(place.ledger, campaign=code, as_of=on)),
        unreminded=units_unreminded(place),
        former_units={row.unit for row in mails if row.kind == REMINDER} - {LEADERS, *place.day.campaign.unit_by_code},
    )
