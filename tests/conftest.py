"""What every test may lean on: an installation of its own, and a ledger on each database."""

import os
import shutil
import socket
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from dondoc.campaign import load_calendar, load_campaign
from dondoc.day import Day
from dondoc.installation import ROOT, Installation
from dondoc.ledger.store import open_ledger, upgrade_ledger
from dondoc.workplace import Workplace

POSTGRES = os.environ.get("DONDOC_TEST_POSTGRES", "postgresql+psycopg2://postgres@127.0.0.1/postgres")
HAI_PHONG, BOSTON = "hai-phong-2023", "boston-311-2015"


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch):
    for name in [name for name in os.environ if name.startswith("DONDOC_") and not name.startswith("DONDOC_TEST")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def hai_phong():
    return load_campaign(ROOT / "include" / "campaigns" / HAI_PHONG)


@pytest.fixture(scope="session")
def vietnam():
    return load_calendar(ROOT / "include" / "calendars" / "vn.yaml")


@pytest.fixture
def installation(tmp_path, monkeypatch) -> Installation:
    """Return an installation whose outputs and ledger are the test's own; subprocesses see it too."""
    monkeypatch.setenv("DONDOC_OUT", str(tmp_path / "out"))
    found = Installation.from_environment()
    upgrade_ledger(found.ledger_url)
    return found


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


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ledger_url(request, tmp_path) -> Iterator[str]:
    """Return the address of an empty ledger, on SQLite and on a real PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.sqlite'}"
        return
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    name = f"dondoc_test_{uuid.uuid4().hex[:12]}"
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
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


@pytest.fixture
def ledger(ledger_url):
    upgrade_ledger(ledger_url)
    engine = open_ledger(ledger_url)
    yield engine
    engine.dispose()


@pytest.fixture
def ledger_place(place, ledger_url):
    """Return the day's workplace on each kind of ledger."""
    upgrade_ledger(ledger_url)
    found = replace(place, installation=replace(place.installation, ledger_url=ledger_url))
    yield found
    found.ledger.dispose()
