"""The ledger's table of waivers that were applied."""

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text

from dondoc.ledger.tables import metadata

# One row a waiver from the day it first excused something to the day it was seen to hold no more.
waiver = Table(
    "waiver",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign", String(40), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("number", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("until", Date, nullable=False),
    Column("applied_on", Date, nullable=False),
    Column("ended_on", Date),  # null while it lasts
)
# The same waiver never begins twice while it lasts, whoever writes.
Index(
    "uq_waiver_lasting",
    *(waiver.c[name] for name in ("campaign", "kind", "number", "by", "reason", "until")),
    unique=True,
    sqlite_where=waiver.c.ended_on.is_(None),
    postgresql_where=waiver.c.ended_on.is_(None),
)
