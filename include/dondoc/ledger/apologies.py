"""What the register of letters says of apologies: those given, and those that wait for a signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Engine, select

from dondoc.ledger.letters import APPROVED, PUBLISHED, RETURNED, SIGNED
from dondoc.ledger.tables import letter

GIVEN = (SIGNED, PUBLISHED)


class SignedLetter(NamedTuple):
    """A letter that was given: of which case, under which number, signed on which day."""

    case_number: str
    number: str
    signed_on: date


@dataclass(frozen=True)
class OnTheWay:
    """Case numbers whose letter is approved and not signed on a day, and those whose letter was returned."""

    approved: frozenset[str]
    returned: frozenset[str]


def signed_letters(ledger: Engine, *, as_of: date) -> Sequence[SignedLetter]:
    """Return the letters signed by `as_of`, the first signed of each case.

    Of any campaign: an apology given in one drive is not owed again in the next.
    """
    columns = (letter.c.case_number, letter.c.number, letter.c.signed_on)
    given = (letter.c.state.in_(GIVEN), letter.c.number.is_not(None), letter.c.signed_on <= as_of)
    with ledger.begin() as connection:
        rows = connection.execute(select(*columns).where(*given).order_by(letter.c.signed_on, letter.c.id)).all()
    first: dict[str, SignedLetter] = {}
    for row in rows:
        first.setdefault(row.case_number, SignedLetter._make(row))
    return list(first.values())


def letters_on_the_way(ledger: Engine, *, campaign: str, as_of: date) -> OnTheWay:
    """Return the cases of the campaign whose letter, drafted by `as_of`, waits for its signature or was returned."""
    columns = (letter.c.case_number, letter.c.state, letter.c.signed_on)
    mine = (letter.c.campaign == campaign, letter.c.drafted_on <= as_of)
    query = select(*columns).where(*mine, letter.c.state.in_((APPROVED, RETURNED, *GIVEN)))
    with ledger.begin() as connection:
        rows = connection.execute(query).all()
    later = {row.case_number for row in rows if row.state in GIVEN and row.signed_on > as_of}
    return OnTheWay(
        approved=frozenset(later | {row.case_number for row in rows if row.state == APPROVED}),
        returned=frozenset(row.case_number for row in rows if row.state == RETURNED),
    )
