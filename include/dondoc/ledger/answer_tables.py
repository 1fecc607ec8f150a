"""The ledger's tables of answers: what went out to be filled in, what came back, and what is owed in return."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from dondoc.ledger.tables import metadata

# One row a workbook that went out to be filled in: what may come back, and from whom.
workbook = Table(
    "workbook",
    metadata,
    Column("identity", String(32), primary_key=True),  # of all that stands in it; hidden in the workbook itself
    Column("campaign", String(40), nullable=False),
    Column("unit", String(40), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("lines", Text, nullable=False),  # JSON: its rows, the cells meant to be filled, hashes of the others
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Index("ix_workbook_unit", "campaign", "unit", "business_date"),
)

# One row: what the tokens in workbooks are made from.
workbook_key = Table("workbook_key", metadata, Column("key", String(64), primary_key=True))

# One row a file that came back, under the hash of its bytes, which lie in the store of answers.
answer_file = Table(
    "answer_file",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign", String(40), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("sender", String(254), nullable=False),  # address it was mailed from; empty from the drop folder
    Column("origin", String(120), nullable=False),  # the message it came with, so that its second reading is no repeat
    Column("name", Text, nullable=False),
    Column("identity", ForeignKey("workbook.identity")),  # null where it is no workbook of ours
    Column("unit", String(40)),
    Column("state", String(10), nullable=False),  # taken | refused
    Column("reason", Text),  # why the whole file was refused
    Column("business_date", Date, nullable=False),  # the office's day it was taken in
    Column("late", Boolean, nullable=False),
    Column("taken_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("campaign", "sha256", "sender"),
)

# One row a cell that was filled in, as it was judged; append-only (the database refuses anything else).
answer = Table(
    "answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("file_id", ForeignKey("answer_file.id"), nullable=False, index=True),
    Column("campaign", String(40), nullable=False),
    Column("unit", String(40), nullable=False),
    Column("kind", String(10), nullable=False),  # cases | work
    Column("number", Text, nullable=False),
    Column("field", String(20), nullable=False),
    Column("value", Text, nullable=False),  # as it counts: a day as 2023-11-20
    Column("state", String(10), nullable=False),  # accepted | refused | ignored
    Column("reason", Text),
    Column("business_date", Date, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_answer_field", "campaign", "state", "business_date"),
)
# Only one new date may ever be given, whoever writes.
Index(
    "uq_answer_new_date",
    answer.c.campaign,
    answer.c.number,
    unique=True,
    sqlite_where=(answer.c.field == "new_due_on") & (answer.c.state == "accepted"),
    postgresql_where=(answer.c.field == "new_due_on") & (answer.c.state == "accepted"),
)

# One row a receipt that is owed for a file: the first time, and once a day when the same file comes again.
answer_notice = Table(
    "answer_notice",
    metadata,
    Column("file_id", ForeignKey("answer_file.id"), primary_key=True),
    Column("owed_on", Date, primary_key=True),
    Column("told_on", Date),  # the day its mail was planned
)

# Messages of the answers' mailbox that were read to their end.
answer_mail = Table(
    "answer_mail",
    metadata,
    Column("campaign", String(40), primary_key=True),
    Column("mailbox", String(120), primary_key=True),
    Column("uid", String(40), primary_key=True),  # with the mailbox's UIDVALIDITY
    Column("read_at", DateTime(timezone=True), nullable=False),
)

# One row a mail or a file that was not taken and waits for a person: why, and what it says of itself.
set_aside = Table(
    "set_aside",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign", String(40), nullable=False),  # empty where it is no campaign's, such as a bounce
    Column("door", String(20), nullable=False),  # mail | bounces | answers | signed
    Column("origin", String(254), nullable=False),  # which mail of which mailbox, or where a file lies now
    Column("sender", String(254), nullable=False),  # as the mail says, not proved; of a file the account that owns it
    Column("unit", String(40)),  # in whose name it came
    Column("reason", Text, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("campaign", "door", "origin"),
)

# One row a new promised date that a person put in place of an accepted one; append-only.
promise_correction = Table(
    "promise_correction",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign", String(40), nullable=False, index=True),
    Column("number", Text, nullable=False),
    Column("was", Date, nullable=False),
    Column("new_due_on", Date, nullable=False),
    Column("corrected_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("business_date", Date, nullable=False),  # the office's day from which it counts
    Column("at", DateTime(timezone=True), nullable=False),
)
