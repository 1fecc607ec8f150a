"""The ledger's tables: all state that must survive a day. Never Airflow's own database.

Bulk rows (records, findings) live in immutable Parquet files; the ledger keeps their name, hash and counts.
"""

from sqlalchemy import (
    JSON,
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
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# One row a working day of a campaign (one more when it is backfilled, one when receipts are written): its latest run
# and how that ended.
run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign", String(40), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("kind", String(10), nullable=False),  # daily | backfill | answers (receipts alone)
    Column("mode", String(10), nullable=False),  # preview | armed
    Column("armed_by", String(120)),  # who let this run's mail leave; null when it may not
    Column("hold_reason", Text),  # why no mail may leave; null when it may
    Column("final_hold_reason", Text),  # why not even the final report may: what holds it alone is no closed gate
    Column("state", String(10), nullable=False),  # running | done | failed | missed
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("cases_late", Integer),  # late cases of the day; null until judged
    Column("units_behind", Integer),  # units that still owe something; null until judged
    Column("final_run", Boolean, nullable=False, server_default=false()),  # it has to make the final report
    Column("missed_at", DateTime(timezone=True)),  # the day passed without a run; never cleared
    Column("settings", String(16)),  # folder of the settings pinned when it opened; null until then
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
    Column("taken_at", DateTime(timezone=True), nullable=False),  # the last time this content was taken
    Column("profile", JSON),  # what later days compare with: content hash, rows a unit, newest date
    Column("reference", JSON),  # what the pull handed to the day's other steps; null of what is no source
    UniqueConstraint("run_id", "source", "path"),
)

# One row a version of a letter; one letter a case and cause. States: ledger/letters.py; moves: ledger/transitions.py.
letter = Table(
    "letter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign", String(40), nullable=False),
    Column("case_number", Text, nullable=False),
    Column("cause", String(20), nullable=False),  # overdue
    Column("office", String(200)),  # whose case it is, as `letters.elsewhere` spells it; null of an older version
    Column("version", Integer, nullable=False),
    Column("unit", String(40), nullable=False),
    Column("state", String(12), nullable=False),
    Column("missing", Text, nullable=False),  # codes of what it lacks, by comma; empty when it can be approved
    Column("path", Text, nullable=False),  # the copy people open, relative to the output folder
    Column("sha256", String(64), nullable=False),  # the bytes put up and approved; also their name in the store
    Column("drafted_sha256", String(64), nullable=False),  # the bytes as we drafted them: a file of others was edited
    Column("basis_sha256", String(64), nullable=False),  # template and words: the same basis is not drafted twice
    Column("facts", Text, nullable=False),  # JSON: what lists and pages show of the case
    Column("facts_sha256", String(64), nullable=False),  # what must hold of the case for the letter to be true
    Column("promised_on", Date),  # the new date the letter promises
    Column("drafted_on", Date, nullable=False),
    Column("put_up_at", DateTime(timezone=True)),  # its bytes lie in the store and may be approved
    Column("approved_at", DateTime(timezone=True)),  # never cleared: from here on the bytes never change
    Column("number", Text),
    Column("signed_on", Date),
    Column("signer", Text),
    Column("signed_sha256", String(64)),  # the signed document in the store, where the office keeps it there
    Column("reason", Text),  # why returned or withdrawn
    Column("stale_reason", Text),  # why an approved or signed letter is held until a person decides
    Column("stale_facts_sha256", String(64)),
    Column("stale_on", Date),  # the latest day its case was seen changed; stays when the hold ends
    UniqueConstraint("campaign", "case_number", "cause", "version"),
)
# A second live letter for one case and cause cannot exist, whoever writes.
Index(
    "uq_letter_latest",
    letter.c.campaign,
    letter.c.case_number,
    letter.c.cause,
    unique=True,
    sqlite_where=letter.c.state != "superseded",
    postgresql_where=letter.c.state != "superseded",
)

# One cause has one letter in all campaigns of an office, whoever drafts at the same moment.
ONE_A_CAUSE = letter.c.state.not_in(("superseded", "withdrawn"))
Index(
    "uq_letter_one_a_cause",
    letter.c.office,
    letter.c.case_number,
    letter.c.cause,
    unique=True,
    sqlite_where=ONE_A_CAUSE,
    postgresql_where=ONE_A_CAUSE,
)

# One row a move of a letter: who, when, from what to what. Triggers refuse to change or delete a row.
letter_event = Table(
    "letter_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("letter_id", ForeignKey("letter.id"), nullable=False, index=True),
    Column("action", String(12), nullable=False),
    Column("from_state", String(12)),  # null when the version was entered
    Column("to_state", String(12), nullable=False),
    Column("detail", Text),  # the reason, the number, the hash
    Column("by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

# Nobody is reminded twice a day of one unit, whoever writes; what a person chose to send again is that person's.
ONE_REMINDER = text("kind = 'reminder' AND state <> 'withdrawn' AND resends = 0")
# One row a mail to one recipient, written before anything is sent; ledger/claims.py says how its state moves.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dedupe_key", String(300), nullable=False, unique=True),
    Column("campaign", String(40), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("kind", String(12), nullable=False),  # reminder | report | quarantine | signoff | receipt …
    # Code of the unit; of a quarantine's mail the source, of a digest the leadership.
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
    Column("ending", Date),  # of a mail that tells of the campaign's end: of which one (ledger/endings.py)
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
    Index(
        "uq_outbox_one_reminder",
        *("campaign", "business_date", "unit", "recipient"),
        unique=True,
        sqlite_where=ONE_REMINDER,
        postgresql_where=ONE_REMINDER,
    ),
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

# One row a gate and source of a run, as it was last judged; `source` is empty for a gate on the whole day.
gate_result = Table(
    "gate_result",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("run.id"), nullable=False),
    Column("gate", String(30), nullable=False),
    Column("source", String(40), nullable=False),
    Column("open", Boolean, nullable=False),  # the gate's own verdict, whatever was decided over it
    Column("reason", Text, nullable=False),
    Column("figures", JSON, nullable=False),
    Column("overridden_by", Text),
    Column("override_reason", Text),
    Column("judged_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("run_id", "gate", "source"),
)

# One row a decision to let a day's mail leave through a closed gate; the latest for a gate counts.
gate_override = Table(
    "gate_override",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign", String(40), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("gate", String(30), nullable=False),  # a gate's name, or all
    Column("decided_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
)

# Who decided what, hash-chained; a trigger refuses to change or delete a row.
audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),  # ISO 8601, UTC: text, so that the hash is of what is stored
    Column("actor", Text, nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),  # JSON
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)

# One row: how long the chain is and where it ends, so that a cut tail is seen; also the lock of those who append.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
