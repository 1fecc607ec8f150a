"""What the working role may do with the owner's tables: enter rows and move states, never take back what was done."""

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import URL

# Tables that only grow.
GROWING = {"audit", "digest", "attempt", "letter_event", "signed_file", "report", "deadline", "answer", "batch_letter"}
GROWING |= {"gate_override", "retake", "promise_correction", "set_aside"}
# Rows of acts change their state and are never deleted; nor are heads of chains and the ledger's own name.
NEVER_DELETED = {"run", "letter", "batch", "outbox", "control", "waiver", "answer_file", "snapshot", "clock"}
NEVER_DELETED |= {"audit_head", "digest_head", "identity", "workbook"}
READ_ONLY = {"alembic_version", "workbook_key"}


def grant_work(connection: Connection, worker: URL) -> None:
    """Let the role of `worker` work with the ledger, which this connection's role owns."""
    quote = connection.dialect.identifier_preparer.quote
    schema = connection.scalar(text("SELECT current_schema()"))
    role = quote(str(worker.username))
    within = quote(str(schema))
    connection.execute(text(f"GRANT USAGE ON SCHEMA {within} TO {role}"))
    connection.execute(text(f"REVOKE CREATE ON SCHEMA {within} FROM PUBLIC, {role}"))
    connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA {within} FROM PUBLIC, {role}"))
    for table in inspect(connection).get_table_names(schema=schema):
        connection.execute(text(f"GRANT {_rights(table)} ON {within}.{quote(table)} TO {role}"))
    connection.execute(text(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {within} TO {role}"))


def _rights(table: str) -> str:
    if table in READ_ONLY:
        return "SELECT"
    if table in GROWING:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE" if table in NEVER_DELETED else "SELECT, INSERT, UPDATE, DELETE"
