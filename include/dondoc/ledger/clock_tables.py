"""The ledger's table of the last instant it knows."""

from sqlalchemy import Column, DateTime, String, Table

from dondoc.ledger.tables import metadata

# One row: no later look at a clock was believed.
clock = Table(
    "clock",
    metadata,
    Column("name", String(20), primary_key=True),  # office
    Column("seen_at", DateTime(timezone=True), nullable=False),
)
