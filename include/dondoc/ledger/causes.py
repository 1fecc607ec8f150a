"""One letter for one cause: what other campaigns of the same office hold of the same cases."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import Engine, or_, select

from dondoc.ledger.letters import OVERDUE, STANDING, SUPERSEDED, WITHDRAWN
from dondoc.ledger.tables import letter

# Databases bound the values of one statement.
CHUNK = 500


@dataclass(frozen=True)
class Elsewhere:
    """A letter of another campaign that is neither withdrawn nor set aside."""

    id: int
    campaign: str
    case_number: str
    office: str | None
    state: str
    drafted_on: date

    @property
    def standing(self) -> bool:
        """Return whether the office has approved it."""
        return self.state in STANDING


def letters_elsewhere(ledger: Engine, numbers: Sequence[str], *, campaign: str, office: str) -> list[Elsewhere]:
    """Return the letters of the cases `numbers` that other campaigns of `office` hold, oldest first.

    A letter that an older version entered names no office: it counts as this one's.
    """
    columns = [letter.c[field.name] for field in fields(Elsewhere)]
    theirs = letter.c.campaign != campaign, letter.c.cause == OVERDUE, letter.c.state.not_in((SUPERSEDED, WITHDRAWN))
    query = select(*columns).where(*theirs, or_(letter.c.office == office, letter.c.office.is_(None)))
    found = []
    with ledger.begin() as connection:
        for start in range(0, len(numbers), CHUNK):
            mine = letter.c.case_number.in_(numbers[start : start + CHUNK])
            found += [Elsewhere(**row._mapping) for row in connection.execute(query.where(mine).order_by(letter.c.id))]
    return found
