"""The ledger's tables of sign-off: batches, and what was shown in each."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, Table, Text

from dondoc.ledger.tables import metadata

# One row a batch of letters a leader is asked to sign: ledger/batches.py.
batch = Table(
    "batch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign", String(40), nullable=False),
    Column("unit", String(40), nullable=False),
    Column("sha256", String(64), nullable=False),  # of ids and bytes: what is approved must be what was shown
    Column("asked_in", String(250), nullable=False),  # the run that asks, so that its retry asks for the same
    Column("state", String(10), nullable=False),  # waiting | approved | returned | refused | closed
    Column("put_up_at", DateTime(timezone=True), nullable=False),
    Column("asked_at", DateTime(timezone=True)),  # null until a run came to ask for it
    Column("decided_by", Text),
    Column("decided_at", DateTime(timezone=True)),
    Column("note", Text),  # reason of the return, or why the answer was refused
)

# One row a letter of a batch, with the bytes that were shown.
batch_letter = Table(
    "batch_letter",
    metadata,
    Column("batch_id", ForeignKey("batch.id"), primary_key=True),
    Column("letter_id", ForeignKey("letter.id"), primary_key=True),
    Column("sha256", String(64), nullable=False),
)
