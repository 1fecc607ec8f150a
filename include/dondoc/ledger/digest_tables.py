"""The ledger's tables of what each transaction left, and of its own name."""

from sqlalchemy import Column, Integer, String, Table, Text

from dondoc.ledger.tables import metadata

# One row a transaction that left rows of acts: their digests. Triggers refuse to change or delete one.
digest = Table(
    "digest",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("audit_seq", Integer, nullable=False),  # where the audit's chain ended then
    Column("audit_hash", String(64), nullable=False),
    Column("digests", Text, nullable=False),  # JSON: by table and key, the digest of the row
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)

# One row: how long the chain of digests is and where it ends; also the lock of those who append.
digest_head = Table(
    "digest_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)

# One row: this ledger's own name, by which it is told from another one and from none, and the store it works with.
identity = Table(
    "identity",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("ledger", String(32), nullable=False),
    Column("store", String(32)),  # name of the output folder its files lie in; null before the first day
)
