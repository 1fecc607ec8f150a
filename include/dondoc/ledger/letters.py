"""The register of letters: one a case and cause, in versions; the files on disk are checked against it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Engine, select, update

from dondoc.ledger.tables import letter

DRAFTED, SUPERSEDED = "drafted", "superseded"
OVERDUE = "overdue"


@dataclass(frozen=True)
class Letter:
    """One version of a letter. `path` is relative to the output folder."""

    campaign: str
    case_number: str
    version: int
    unit: str
    complete: bool
    path: str
    sha256: str
    drafted_on: date
    cause: str = OVERDUE
    state: str = DRAFTED


def live_letters(ledger: Engine, *, campaign: str, units: Sequence[str] | None = None) -> dict[str, Letter]:
    """Return the latest version of each letter by case number, of `units` or of all."""
    columns = [letter.c[name] for name in Letter.__dataclass_fields__]
    query = select(*columns).where(letter.c.campaign == campaign, letter.c.state != SUPERSEDED)
    if units is not None:
        query = query.where(letter.c.unit.in_(units))
    with ledger.begin() as connection:
        return {row.case_number: Letter(**row._mapping) for row in connection.execute(query)}


def record_letters(ledger: Engine, letters: Iterable[Letter]) -> None:
    """Enter new versions, all or none, and set aside the versions they replace."""
    with ledger.begin() as connection:
        for new in letters:
            older = update(letter).where(
                letter.c.campaign == new.campaign,
                letter.c.case_number == new.case_number,
                letter.c.cause == new.cause,
                letter.c.version < new.version,
            )
            connection.execute(older.values(state=SUPERSEDED))
            connection.execute(letter.insert().values(**asdict(new)))
