"""The ledger's tables about a campaign's end: when it is, sources without data, and what the operator was told."""

from sqlalchemy import Column, Date, DateTime, ForeignKey, Integer, String, Table, Text, Time, UniqueConstraint

from dondoc.ledger.tables import metadata

# One row a version of a campaign's end, in the order they were seen: ledger/deadlines.py. Triggers refuse to change or
# delete one.
deadline = Table(
    "deadline",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign", String(40), nullable=False, index=True),
    Column("deadline", Date, nullable=False),
    Column("report_on", Date, nullable=False),  # the day and the hour the final report is wanted, as configured
    Column("report_at", Time, nullable=False),
    Column("moved_by", Text),  # null for the first one, and for one that nobody stands for yet
    Column("document", Text),
    Column("seen_on", Date, nullable=False),  # the business day whose run saw it first
    Column("seen_at", DateTime(timezone=True), nullable=False),
)

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
