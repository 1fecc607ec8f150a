"""What every test may lean on: an installation of its own, and a ledger on each database."""

import os
import shutil
import socket
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.exc import OperationalError

from dondoc.campaign import load_calendar, load_campaign
from dondoc.campaign.day import Day
from dondoc.installation import ROOT, Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger import store
from dondoc.ledger.store import open_ledger, upgrade_ledger

# A machine that is busy is no failure: examples have no time limit of their own.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

POSTGRES = os.environ.get("DONDOC_TEST_POSTGRES", "postgresql+psycopg2://postgres@127.0.0.1/postgres")
DISCONNECT_OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
GUARDED = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
RESTART_NUMBERS = "SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences"
HAI_PHONG, BOSTON = "hai-phong-2023", "boston-311-2015"


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch):
    for name in [name for name in os.environ if name.startswith("DONDOC_") and not name.startswith("DONDOC_TEST")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_the_disk():
    """Let nothing wait until it lies on the disk: only a power cut could tell, and no test makes one."""
    prepare = store._prepare_sqlite

    def prepare_in_haste(connection, record):
        prepare(connection, record)
        connection.execute("PRAGMA synchronous = OFF")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_prepare_sqlite", prepare_in_haste)
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


@pytest.fixture(scope="session")
def hai_phong():
    return load_campaign(ROOT / "include" / "campaigns" / HAI_PHONG)


@pytest.fixture(scope="session")
def vietnam():
    return load_calendar(ROOT / "include" / "calendars" / "vn.yaml")


@pytest.fixture(scope="session")
def new_ledger(tmp_path_factory):
    """Return a function that puts an up-to-date, empty SQLite ledger at a path: migrated once, then copied."""
    template = tmp_path_factory.mktemp("migrated") / "ledger.sqlite"
    upgrade_ledger(f"sqlite:///{template}")
    with closing(sqlite3.connect(template)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def put(path: Path) -> str:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(template, path)
        return f"sqlite:///{path}"

    return put


@pytest.fixture
def installation(tmp_path, monkeypatch, new_ledger) -> Installation:
    """Return an installation whose outputs and ledger are the test's own; subprocesses see it too."""
    monkeypatch.setenv("DONDOC_OUT", str(tmp_path / "out"))
    found = Installation.from_environment()
    assert new_ledger(tmp_path / "out" / "ledger.sqlite") == found.ledger_url
    return found


@pytest.fixture
def turn_to(monkeypatch) -> Callable[[str], None]:
    """Return a function that makes a day today for the real installation: nine in the morning of it."""

    def turn(day: str) -> None:
        at = datetime.combine(date.fromisoformat(day), time(9))
        monkeypatch.setattr(Installation, "now", lambda _self, zone: at.replace(tzinfo=zone))

    return turn


@pytest.fixture
def rehearse(monkeypatch, installation, new_ledger) -> Callable[[str], Installation]:
    """Return a function that begins to rehearse a day, or goes on to it; it returns the rehearsal's installation."""

    def begin(day: str) -> Installation:
        monkeypatch.setenv("DONDOC_REHEARSAL", day)
        found = Installation.from_environment()
        if not (found.out / "ledger.sqlite").exists():
            new_ledger(found.out / "ledger.sqlite")
        return found

    return begin


@pytest.fixture
def own_campaigns(tmp_path, monkeypatch, installation) -> Path:
    """Return a copy of the shipped campaigns that a test may change."""
    folder = tmp_path / "campaigns"
    shutil.copytree(ROOT / "include" / "campaigns", folder)
    monkeypatch.setenv("DONDOC_CAMPAIGNS", str(folder))
    return folder


@pytest.fixture
def place(installation, hai_phong, vietnam) -> Workplace:
    return Workplace(installation, Day(hai_phong, vietnam, date(2023, 11, 14)), "daily")


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def new_database() -> Iterator[str]:
    """Yield the address of an empty PostgreSQL database of one's own."""
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    name = f"dondoc_test_{uuid.uuid4().hex[:12]}"
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
            # No test cuts the power: none need wait for the disk.
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit TO off"))
    except OperationalError:
        if os.environ.get("DONDOC_TEST_REQUIRE_POSTGRES"):
            raise
        pytest.skip("không có máy chủ PostgreSQL nào trả lời: đặt DONDOC_TEST_POSTGRES để chạy phép thử này")
    try:
        yield server.url.set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


@pytest.fixture(scope="session")
def emptied_database() -> Iterator[Callable[[], str]]:
    """Return a function that leaves one PostgreSQL ledger as its migrations did, and gives its address.

    Making and dropping a database for each test waits for the disk, ten times as long as most tests last.
    """
    with new_database() as url:
        upgrade_ledger(url)
        # A test that cuts the connections of others cuts this one's too.
        engine, found = create_engine(url, pool_pre_ping=True), MetaData()
        found.reflect(engine)
        with engine.connect() as connection:
            first = {table: connection.execute(table.select()).mappings().all() for table in found.sorted_tables}
            guarded = connection.scalars(text(GUARDED)).all()
        # Rows that triggers keep from ever being deleted, too; one script, for each statement sent alone is waited for.
        wipe = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in guarded]
        wipe += [str(table.delete()) for table in reversed(found.sorted_tables)]
        wipe += [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in guarded]

        def empty() -> str:
            with engine.begin() as connection:
                connection.execute(text(DISCONNECT_OTHERS))
                connection.exec_driver_sql("; ".join(wipe))
                for table, rows in first.items():
                    if rows:
                        connection.execute(table.insert(), [dict(row) for row in rows])
                connection.execute(text(RESTART_NUMBERS))
            return url

        yield empty
        engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ledger_url(request, tmp_path, new_ledger) -> str:
    """Return the address of an up-to-date, empty ledger, on SQLite and on a real PostgreSQL."""
    if request.param == "sqlite":
        return new_ledger(tmp_path / "ledger.sqlite")
    return request.getfixturevalue("emptied_database")()


@pytest.fixture
def ledger(ledger_url):
    engine = open_ledger(ledger_url)
    yield engine
    engine.dispose()


@pytest.fixture
def ledger_place(place, ledger_url):
    """Return the day's workplace on each kind of ledger."""
    found = replace(place, installation=replace(place.installation, ledger_url=ledger_url))
    yield found
    found.ledger.dispose()
