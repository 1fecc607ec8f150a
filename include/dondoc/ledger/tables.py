"""The ledger's tables: all state that must survive a day. Never Airflow's own database.

Bulk rows (records, findings) live in immutable Parquet files; the ledger keeps their name, hash and counts.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# One row a working day of a campaign (and one more when it is backfilled): its latest run and how that ended.
run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign", String(40), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("kind", String(10), nullable=False),  # daily | backfill
    Column("mode", String(10), nullable=False),  # preview | armed
    Column("hold_reason", Text),  # why no mail may leave; null when it may
    Column("state", String(10), nullable=False),  # running | done | failed
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    UniqueConstraint("campaign", "business_date", "kind"),
)

# One row a source and content: the same file read twice in a day is one snapshot.
snapshot = Table(
    "snapshot",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("run.id"), nullable=False),
    Column("source", String(40), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("path", Text, nullable=False),
    Column("rows_in", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("quarantined", Integer, nullable=False),
    Column("duplicates", Integer, nullable=False),
    Column("taken_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("run_id", "source", "path"),
)

# One row a version of a letter; one letter a case and cause.
letter = Table(
    "letter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign", String(40), nullable=False),
    Column("case_number", Text, nullable=False),
    Column("cause", String(20), nullable=False),  # overdue
    Column("version", Integer, nullable=False),
    Column("unit", String(40), nullable=False),
    Column("state", String(12), nullable=False),  # drafted | superseded
    Column("complete", Boolean, nullable=False),
    Column("path", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("drafted_on", Date, nullable=False),
    UniqueConstraint("campaign", "case_number", "cause", "version"),
)

# One row a mail to one recipient, written before anything is sent.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dedupe_key", String(300), nullable=False, unique=True),
    Column("campaign", String(40), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("kind", String(12), nullable=False),  # reminder | report
    Column("unit", String(40), nullable=False),
    Column("recipient", String(254), nullable=False),
    Column("message_id", String(200), nullable=False),
    Column("path", Text, nullable=False),
    Column("payload_sha256", String(64), nullable=False),
    Column("state", String(10), nullable=False),  # planned | held | sending | sent | failed | unknown
    Column("reason", Text),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)
