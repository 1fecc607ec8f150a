"""The ledger's own stamps."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the instant for the ledger's own stamps; no rule reads it."""
    return datetime.now(UTC)


def zoned(instant: datetime) -> datetime:
    """Return a kept instant with its zone: SQLite keeps it in UTC as it was given, and drops the zone."""
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
