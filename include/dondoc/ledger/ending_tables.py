"""The ledger's tables about a campaign that comes to its end: sources without data, and what the operator was told."""

from sqlalchemy import Column, Date, DateTime, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from dondoc.ledger.tables import metadata

# One row a source that could not be taken for a run, until it is.
absence = Table(
    "absence",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("source", String(40), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

# One row a problem the operator was told of, by mail, on a day: written before the mail, so that none is told twice.
alarm = Table(
    "alarm",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign", String(40), nullable=False),
    Column("told_on", Date, nullable=False),
    Column("problem", String(120), nullable=False),
    Column("words", Text, nullable=False),
    Column("claimed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("campaign", "told_on", "problem"),
)
