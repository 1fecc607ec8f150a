"""Letters as they print: which print a leader reads of a Word file, and which letters are not offered, and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, insert, select

from dondoc.ledger.letters import COMPLETE, RETURNED, Letter, letters_by_id
from dondoc.ledger.print_tables import letter_print, unoffered_letter
from dondoc.ledger.tables import letter


@dataclass(frozen=True)
class Print:
    """The PDF printed of a Word file: the hashes of both, and how many pages it has."""

    sha256: str
    pdf_sha256: str
    pages: int


def record_prints(ledger: Engine, prints: Collection[Print], *, at: datetime) -> None:
    """Enter prints that were made; one that is known already is no second one."""
    with ledger.begin() as connection:
        for made in prints:
            known = letter_print.c.sha256 == made.sha256, letter_print.c.pdf_sha256 == made.pdf_sha256
            if connection.execute(select(letter_print).where(*known)).first() is None:
                connection.execute(insert(letter_print).values(**vars(made), printed_at=at))


def find_print(ledger: Engine, sha256: str) -> Print | None:
    """Return the latest print of the Word file with this hash, None where there is none."""
    columns = [letter_print.c[name] for name in Print.__dataclass_fields__]
    query = select(*columns).where(letter_print.c.sha256 == sha256).order_by(letter_print.c.printed_at.desc())
    with ledger.begin() as connection:
        row = connection.execute(query.limit(1)).first()
    return Print(**row._mapping) if row else None


def replace_unoffered(ledger: Engine, looked_at: Collection[int], unshown: Mapping[int, Sequence[str]]) -> None:
    """Enter which of the letters `looked_at`, by id, are not offered and what they may print, in words."""
    rows = [{"letter_id": key, "unshown": ", ".join(words)} for key, words in unshown.items()]
    with ledger.begin() as connection:
        connection.execute(delete(unoffered_letter).where(unoffered_letter.c.letter_id.in_(looked_at)))
        if rows:
            connection.execute(insert(unoffered_letter), rows)


def unoffered_letters(ledger: Engine, *, campaign: str) -> list[tuple[Letter, str]]:
    """Return the letters of `campaign` that are not offered and what each may print, by case number."""
    query = select(unoffered_letter).join(letter, letter.c.id == unoffered_letter.c.letter_id)
    query = query.where(letter.c.campaign == campaign, letter.c.state.in_((COMPLETE, RETURNED)))
    with ledger.begin() as connection:
        words = {row.letter_id: row.unshown for row in connection.execute(query)}
    return [(found, words[found.id]) for found in letters_by_id(ledger, list(words))]
