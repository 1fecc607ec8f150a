"""The ledger's table of reports and what corrects them."""

from sqlalchemy import Column, Date, DateTime, Index, Integer, String, Table

from dondoc.ledger.tables import metadata

# One row a version of a day's report or of an addendum to it; triggers refuse to change or delete one. What is made of
# `basis_sha256` and lies under that name in the report store can be made again, byte for byte.
report = Table(
    "report",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign", String(40), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("kind", String(10), nullable=False),  # report | final | addendum | addendum-f
    Column("basis_sha256", String(64), nullable=False),
    Column("document_sha256", String(64), nullable=False),
    Column("workbook_sha256", String(64)),  # null for an addendum
    Column("made_at", DateTime(timezone=True), nullable=False),
    Index("ix_report_day", "campaign", "business_date", "kind"),
)
