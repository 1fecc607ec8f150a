"""The ledger's tables: all state that must survive a day. Never Airflow's own database.

Bulk rows (records, findings) live in immutable Parquet files; the ledger keeps their name, hash and counts.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
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
    Column("armed_by", String(120)),  # who let this run's mail leave; null when it may not
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

# One row a mail to one recipient, written before anything is sent; ledger/claims.py says how its state moves.
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
    Column("state", String(10), nullable=False),
    Column("reason", Text),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    # Who holds the row, under which ever-growing number, until when.
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("resends", Integer, nullable=False, server_default="0"),  # by a person's decision
    Column("lease_owner", String(80)),
    Column("lease_expires_at", DateTime(timezone=True)),
    Column("offered_at", DateTime(timezone=True)),
    Column("next_try_at", DateTime(timezone=True)),
    Column("not_before", DateTime(timezone=True)),
    Column("not_after", DateTime(timezone=True)),
    Column("resend_on", Date),  # the day a person chose to send it again, when that is not its own
    # Another body under the same key: never sent unless a person says so.
    Column("conflict_sha256", String(64)),
    Column("conflict_path", Text),
    Column("conflict_open", Boolean, nullable=False, server_default=false()),
    Column("bounced_at", DateTime(timezone=True)),
    Column("bounce", Text),
    Index("ix_outbox_day", "campaign", "business_date", "state"),
    Index("ix_outbox_state", "state"),
    Index("ix_outbox_message_id", "message_id"),
)

# One row an attempt to send; append-only (the database refuses anything else).
attempt = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("outbox_id", ForeignKey("outbox.id"), nullable=False, index=True),
    Column("n", Integer, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("stage", String(10), nullable=False),  # how far the conversation got: mail/transport.py, Stage
    Column("code", Integer),
    Column("answer", Text),
    Column("queue_id", String(80)),
    Column("at", DateTime(timezone=True), nullable=False),
)

# The switch that stops all mail of the installation, and who threw it.
control = Table(
    "control",
    metadata,
    Column("name", String(20), primary_key=True),  # mail
    Column("kill_switch", Boolean, nullable=False),
    Column("who", String(120), nullable=False),
    Column("why", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

# Addresses whose mail came back; shown to people until the campaign's address is mended.
refused_contact = Table(
    "refused_contact",
    metadata,
    Column("campaign", String(40), primary_key=True),
    Column("unit", String(40), primary_key=True),
    Column("recipient", String(254), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("flagged_at", DateTime(timezone=True), nullable=False),
)
