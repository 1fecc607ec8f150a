"""The verdicts on files that came back as signed letters, accepted or refused; append-only by trigger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    insert,
    select,
)

from dondoc.actor import MACHINE
from dondoc.ledger import audit
from dondoc.ledger.digests import note
from dondoc.ledger.letters import Letter
from dondoc.ledger.tables import metadata

# One row a verdict on the bytes of a file; the same verdict on the same bytes is one row.
signed_file = Table(
    "signed_file",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("letter_id", ForeignKey("letter.id"), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),  # of the bytes that were judged
    Column("approved_sha256", String(64), nullable=False),  # of the bytes they were held against
    Column("accepted", Boolean, nullable=False),
    Column("verdict", Text, nullable=False),  # in words, as people were told
    Column("signatures", JSON, nullable=False),  # the digital signatures in it, as they were verified
    Column("judged_at", DateTime(timezone=True), nullable=False),
)


@dataclass(frozen=True)
class FileVerdict:
    """What was decided of the bytes with the hash `sha256`, in words, and the digital signatures in them."""

    sha256: str
    accepted: bool
    verdict: str
    signatures: Sequence[Mapping[str, Any]] = ()


def record_verdict(connection: Connection, letter: Letter, found: FileVerdict, *, at: datetime) -> None:
    """Enter what was decided of a file that came back for `letter`; a refusal is an act of its own in the audit."""
    key = {"letter_id": letter.id, "sha256": found.sha256, "approved_sha256": letter.sha256}
    said = {"accepted": found.accepted, "verdict": found.verdict}
    same = select(signed_file.c.id).where(*(signed_file.c[name] == value for name, value in (key | said).items()))
    if connection.execute(same).first():
        return
    connection.execute(insert(signed_file).values(**key, **said, signatures=[*found.signatures], judged_at=at))
    note(connection, signed_file, signed_file.c.letter_id == letter.id)
    if not found.accepted:
        subject = f"{letter.campaign} {letter.unit} {letter.case_number}"
        signers = [one["name"] for one in found.signatures]
        detail = {"letter": letter.id, "sha256": letter.sha256, "file_sha256": found.sha256, "signers": signers}
        audit.record(connection, audit.Act(MACHINE, "letter.signed_file_refused", subject, detail))


def accepted_verdicts(ledger: Engine, letters: Sequence[Letter]) -> dict[int, str]:
    """Return, by letter id, the words by which its signed file was accepted; letters without such a file have none."""
    files = {letter.id: letter.signed_sha256 for letter in letters if letter.signed_sha256}
    query = select(signed_file.c.letter_id, signed_file.c.sha256, signed_file.c.verdict).where(
        signed_file.c.letter_id.in_(files), signed_file.c.accepted
    )
    with ledger.begin() as connection:
        rows = connection.execute(query.order_by(signed_file.c.id)).all()
    return {row.letter_id: row.verdict for row in rows if files[row.letter_id] == row.sha256}


def verdicts_of(ledger: Engine, letter_id: int) -> list[tuple[datetime, FileVerdict]]:
    """Return what was decided of each file that came back for a letter, and when, in that order."""
    query = select(signed_file).where(signed_file.c.letter_id == letter_id).order_by(signed_file.c.id)
    with ledger.begin() as connection:
        rows = connection.execute(query).all()
    return [(row.judged_at, FileVerdict(row.sha256, row.accepted, row.verdict, row.signatures)) for row in rows]
