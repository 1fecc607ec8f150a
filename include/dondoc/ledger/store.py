"""Opening the ledger and bringing its schema up to date."""

import os
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from dondoc.errors import LedgerError
from dondoc.files import MODE
from dondoc.ledger import digests
from dondoc.ledger.disks import refuse_network_disk
from dondoc.ledger.instants import now, zoned
from dondoc.ledger.roles import grant_work
from dondoc.ledger.stages import create_schema
from dondoc.ledger.troubles import REMEDY, in_words, shown_address

MIGRATIONS = Path(__file__).parent / "migrations"
# The newest migration. Stated here because a task that only reads need not load Alembic; a test holds it to the folder.
HEAD = "0031"
BUSY_SECONDS = 30
# A process frozen inside a transaction keeps its locks: the server ends it, and nobody waits for it for ever.
FROZEN_SECONDS = 60

__all__ = ["BUSY_SECONDS", "HEAD", "MIGRATIONS", "may_exist", "now", "open_ledger", "upgrade_ledger", "zoned"]


def open_ledger(url: str) -> Engine:
    """Return an engine on the ledger at `url`, whose schema is the one this code expects.

    Raises:
        LedgerError: it cannot be reached, or its schema is older or newer.
    """
    engine = _kept_engine(url, os.getpid(), _file_of(url))
    try:
        with engine.connect() as connection:
            versioned = inspect(connection).has_table("alembic_version")
            found = connection.scalar(text("SELECT version_num FROM alembic_version")) if versioned else None
    except SQLAlchemyError as error:
        raise _unreachable(engine, error) from error
    if found != HEAD:
        raise LedgerError(
            f"Sổ cái ở phiên bản {found or 'trống'}, phần mềm cần phiên bản {HEAD}.",
            where=shown_address(url),
            remedy="chạy `dondoc ledger upgrade` để nâng cấp sổ cái, rồi chạy lại.",
        )
    return engine


def may_exist(url: str) -> bool:
    """Return whether there may be a ledger at `url`: of a file, whether it is there. To open it would make one."""
    return not url.startswith("sqlite") or _file_of(url) is not None


def upgrade_ledger(url: str, *, owner_url: str = "") -> None:
    """Create the ledger at `url`, or bring it to the schema this code expects. Safe to repeat.

    Args:
        url: its address, by the role that works with it.
        owner_url: the same by the role that owns its tables and lets the other work; the same role where empty.

    Raises:
        LedgerError: it cannot be reached.
    """
    # Alembic loads here alone: no task pays for it; nor for all tables of acts.
    from alembic import command
    from alembic.config import Config

    from dondoc.ledger.verification import GUARDED

    engine = _engine(owner_url or url)
    if engine.url.get_backend_name() == "sqlite" and engine.url.database:
        _make_private(Path(engine.url.database))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                create_schema(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            digests.note_all(connection, GUARDED)
            if owner_url:
                grant_work(connection, make_url(url))
            connection.commit()
    except SQLAlchemyError as error:
        raise _unreachable(engine, error) from error


# A day's steps in one process share its statements, compiled once; a fork, or another file at the same path, does not.
@lru_cache(maxsize=4)
def _kept_engine(url: str, _process: int, _file: int | None) -> Engine:
    engine = _engine(url)
    if engine.url.get_backend_name() == "postgresql":
        event.listen(engine, "connect", _end_when_frozen)
    return engine


def _file_of(url: str) -> int | None:
    path = Path(url.removeprefix("sqlite:///"))
    return path.stat().st_ino if url.startswith("sqlite") and path.is_file() else None


def _engine(url: str) -> Engine:
    try:
        engine = create_engine(make_url(url), pool_pre_ping=True, hide_parameters=True)
    except ArgumentError as error:
        raise LedgerError(
            "Địa chỉ sổ cái không hợp lệ.",
            where="biến DONDOC_LEDGER_URL",
            remedy="viết dạng sqlite:////duong/dan/ledger.sqlite hoặc postgresql+psycopg2://nguoi:matkhau@may/ten.",
        ) from error
    if engine.url.get_backend_name() == "sqlite":
        if engine.url.database:
            refuse_network_disk(Path(engine.url.database))
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    digests.watch(engine)
    return engine


def _make_private(path: Path) -> None:
    """Let no other account of the machine read the ledger's file; SQLite gives its companions the same rights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, MODE))
    path.chmod(path.stat().st_mode & MODE)


def _prepare_sqlite(connection, _record) -> None:  # type: ignore[no-untyped-def]
    # The driver must not open transactions itself: a deferred one that turns to writing fails at once, whatever the
    # busy timeout, so every transaction begins as a writer (see the "begin" listener).
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _end_when_frozen(connection, _record) -> None:  # type: ignore[no-untyped-def]
    with connection.cursor() as cursor:
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{FROZEN_SECONDS}s'")
    connection.commit()


def _unreachable(engine: Engine, error: SQLAlchemyError) -> LedgerError:
    url = engine.url.render_as_string(hide_password=True)
    found = in_words(error, url)
    if isinstance(found, LedgerError):
        return found
    return LedgerError("Không mở được sổ cái.", where=shown_address(url), remedy=REMEDY)
