"""Who is written to about a unit on a day: by what has been reached and not yet climbed, never by the date being equal.

A run that comes days late finds every rung that was reached meanwhile, and each once.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from dondoc.campaign import Contact, LadderRung, Reminders, Unit
from dondoc.campaign.reminders import DEPUTY, LEADERSHIP, LEVEL_NAMES, UNIT, Level
from dondoc.ledger.rungs import Climbed

# Not of the campaign's ladder: the one mail that thanks a unit which owes nothing any more.
PRAISE = "praise"


@dataclass(frozen=True)
class Addressee:
    """An address a mail about one unit goes to, as which level, and the rungs that mail carries.

    `contact` is None where the unit itself is written to.
    """

    recipient: str
    level: Level
    contact: Contact | None
    rungs: tuple[str, ...]


@dataclass(frozen=True)
class Leader:
    """A leader the digest goes to, and the rungs it carries: unit and rung each."""

    contact: Contact
    rungs: tuple[tuple[str, str], ...]


def address_unit(
    unit: Unit, ladder: Sequence[LadderRung], *, days_left: int, climbed: Collection[Climbed]
) -> list[Addressee]:
    """Return whom the day's reminder of a unit that is behind goes to, each address once, the unit's own first.

    The unit itself is reminded each day from its rung on; whoever stands above it once a rung.
    """
    found: dict[str, Addressee] = {}
    for rung in ladder:
        if rung.reached(days_left):
            for recipient, contact in _people(unit, rung.to):
                address = recipient.lower()
                if rung.to != UNIT and Climbed(unit.code, rung.name, address) in climbed:
                    continue
                known = found.get(address, Addressee(recipient, rung.to, contact, ()))
                rungs = (*known.rungs, rung.name)
                found[address] = Addressee(known.recipient, known.level, known.contact, rungs)
    return list(found.values())


def address_praise(unit: Unit, climbed: Collection[Climbed]) -> list[Addressee]:
    """Return the unit's own addresses that have not been thanked in this drive yet."""
    return [
        Addressee(recipient, "unit", None, (PRAISE,))
        for recipient in unit.addresses
        if Climbed(unit.code, PRAISE, recipient.lower()) not in climbed
    ]


def address_leaders(
    reminders: Reminders, behind: Iterable[str], *, days_left: int, climbed: Collection[Climbed]
) -> list[Leader]:
    """Return the leaders who are due a digest: some unit that is behind stands on a rung they have not heard of."""
    reached = [rung.name for rung in reminders.ladder if rung.to == LEADERSHIP and rung.reached(days_left)]
    wanted = [(unit, name) for unit in behind for name in reached]
    leaders = {contact.email.lower(): contact for contact in reminders.leadership}
    due = {address: tuple(rung for rung in wanted if Climbed(*rung, address) not in climbed) for address in leaders}
    return [Leader(leaders[address], rungs) for address, rungs in due.items() if rungs]


def without_address(unit: Unit, ladder: Sequence[LadderRung], *, days_left: int) -> list[Level]:
    """Return the levels that were reached and have nobody to be written to."""
    levels = dict.fromkeys(rung.to for rung in ladder if rung.reached(days_left) and rung.to != LEADERSHIP)
    return [level for level in levels if not _people(unit, level)]


def rung_words(name: str) -> str:
    """Return a rung's name in the operator's words, e.g. "trưởng đơn vị (từ khi còn 1 ngày làm việc)"."""
    level, _, days = name.partition(":")
    if not days:
        return LEVEL_NAMES.get(level, "cảm ơn")
    left = int(days)
    since = f"còn {left} ngày làm việc" if left > 0 else f"quá hạn {-left} ngày làm việc" if left else "đến hạn"
    return f"{LEVEL_NAMES[level]} (từ khi {since})"


def _people(unit: Unit, level: Level) -> list[tuple[str, Contact | None]]:
    if level == UNIT:
        return [(recipient, None) for recipient in unit.addresses]
    contact = unit.deputy if level == DEPUTY else unit.head
    return [(contact.email, contact)] if contact and level != LEADERSHIP else []
