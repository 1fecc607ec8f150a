"""The ledger's tables of letters as they print: the prints that were made, and letters that are not offered."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, Table, Text

from dondoc.ledger.tables import metadata

# One row per print of a Word file: what a leader reads in the place of its text.
letter_print = Table(
    "letter_print",
    metadata,
    Column("sha256", String(64), primary_key=True),  # of the Word file
    Column("pdf_sha256", String(64), primary_key=True),
    Column("pages", Integer, nullable=False),
    Column("printed_at", DateTime(timezone=True), nullable=False),
)

# One row per letter that was not put up, since it may print other words than a page shows.
unoffered_letter = Table(
    "unoffered_letter",
    metadata,
    Column("letter_id", ForeignKey("letter.id"), primary_key=True),
    Column("unshown", Text, nullable=False),  # what it may print, in words
)
