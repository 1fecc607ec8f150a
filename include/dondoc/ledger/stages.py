"""The ledger of a rehearsal: a database of its own, so that no key of the real one can meet a rehearsed row."""

from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

PREFIX = "dien_tap_"


def ledger_of_rehearsal(url: str, name: str, folder: Path) -> str:
    """Return the address of the ledger of the rehearsal `name`.

    Args:
        url: the real ledger's address.
        name: the rehearsal's.
        folder: where the rehearsal keeps its outputs.

    On SQLite it is a file in `folder`; on PostgreSQL a schema beside the real ledger's, outside its search path.
    """
    if url.startswith("sqlite"):
        return f"sqlite:///{folder / 'ledger.sqlite'}"
    return (
        make_url(url)
        .update_query_dict({"options": f"-csearch_path={schema_of(name)}"})
        .render_as_string(hide_password=False)
    )


def schema_of(name: str) -> str:
    """Return the PostgreSQL schema of the rehearsal `name`."""
    return PREFIX + name.replace("-", "_")


def create_schema(connection: Connection) -> None:
    """Create the schema in which this connection works, where it is a rehearsal's that begins."""
    schema = connection.scalar(text("SHOW search_path"))
    if schema.startswith(PREFIX):
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
        connection.commit()


def drop_schema(connection: Connection, name: str) -> None:
    """Drop the schema of the rehearsal `name` with all it holds, where there is one."""
    connection.execute(text(f"DROP SCHEMA IF EXISTS {schema_of(name)} CASCADE"))
    connection.commit()
