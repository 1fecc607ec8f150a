import time
from contextlib import contextmanager
from datetime import date

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, inspect, select, text
from sqlalchemy.exc import OperationalError
from tests.conftest import new_database

from dondoc.errors import LedgerError
from dondoc.ledger import ending_tables, report_tables, runs, store, waiver_tables
from dondoc.ledger.store import HEAD, MIGRATIONS, open_ledger, upgrade_ledger
from dondoc.ledger.tables import audit_head, metadata

OLD_RUN = (
    "INSERT INTO run (id, campaign, business_date, kind, mode, state, attempts, started_at) "
    "VALUES (1, 'c', '2023-11-13', 'daily', 'preview', 'done', 1, '2023-11-13 00:30:00')"
)
OLD_SNAPSHOT = (
    "INSERT INTO snapshot (id, run_id, source, kind, file_sha256, path, rows_in, accepted, quarantined, duplicates, "
    "taken_at) VALUES (1, 1, 'cases', 'cases', 'f', 'p', 7, 7, 0, 0, '2023-11-13 00:30:00')"
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ledger_url(request, tmp_path):
    """Return the address of a ledger that was never migrated."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.sqlite'}"
        return
    with new_database() as url:
        yield url


@pytest.fixture
def migrated_to(ledger_url):
    """Return a connection to a ledger as an older release left it."""

    @contextmanager
    def migrate(revision):
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        engine = create_engine(ledger_url)
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            yield connection
        engine.dispose()

    return migrate


def test_the_migrations_make_the_tables_the_code_uses(ledger_url):
    upgrade_ledger(ledger_url)
    found = inspect(open_ledger(ledger_url))
    assert {ending_tables.alarm, report_tables.report, waiver_tables.waiver} <= set(metadata.sorted_tables)
    for table in metadata.sorted_tables:
        assert {column["name"] for column in found.get_columns(table.name)} == set(table.columns.keys())


def test_upgrading_twice_changes_nothing(ledger_url):
    upgrade_ledger(ledger_url)
    upgrade_ledger(ledger_url)
    open_ledger(ledger_url)


@pytest.mark.fault(65)
def test_an_older_ledger_keeps_its_rows_when_upgraded(ledger_url, migrated_to):
    with migrated_to("0001") as connection:
        connection.execute(text(OLD_RUN))
        connection.execute(text(OLD_SNAPSHOT))
    upgrade_ledger(ledger_url)
    ledger = open_ledger(ledger_url)
    kept = runs.earlier_snapshots(ledger, campaign="c", source="cases", before=date(2023, 11, 14), days=5)
    ledger.dispose()
    assert [(one.business_date, one.rows_in, one.profile) for one in kept] == [(date(2023, 11, 13), 7, None)]


@pytest.mark.fault(65)
@pytest.mark.parametrize("statements", [5, 40])
def test_a_migration_that_stopped_half_way_is_refused_and_taken_up_again(
    ledger_url, migrated_to, monkeypatch, statements
):
    with migrated_to("0001") as connection:
        connection.execute(text(OLD_RUN))
    left, make = [statements], store._engine

    def failing(url):
        engine = make(url)
        event.listen(engine, "before_cursor_execute", count_down)
        return engine

    def count_down(*_):
        left[0] -= 1
        if left[0] < 0:
            raise OperationalError("migration", {}, Exception("cut off"))

    with monkeypatch.context() as patch:
        patch.setattr(store, "_engine", failing)
        with pytest.raises(LedgerError):
            upgrade_ledger(ledger_url)
    with pytest.raises(LedgerError, match="dondoc ledger"):
        open_ledger(ledger_url)
    upgrade_ledger(ledger_url)
    with open_ledger(ledger_url).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM run")) == 1


def test_the_stated_head_is_the_newest_migration():
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_an_empty_ledger_says_how_to_make_it_ready(ledger_url):
    with pytest.raises(LedgerError, match="dondoc ledger"):
        open_ledger(ledger_url)


@pytest.mark.parametrize(
    "url", ["nonsense", "sqlite:////nowhere/at/all/x.sqlite", "postgresql+psycopg2://u:secret@127.0.0.1:1/x"]
)
def test_a_ledger_out_of_reach_is_a_clear_error_without_its_password(url):
    with pytest.raises(LedgerError) as caught:
        open_ledger(url)
    assert "DONDOC_LEDGER_URL" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_where_the_ledger_lies_is_told_as_folders_are_named(tmp_path):
    url = f"sqlite:///{tmp_path}/Thư mục/ledger.sqlite"
    with pytest.raises(LedgerError) as refused:
        open_ledger(url)
    assert f"{tmp_path}/Thư mục/ledger.sqlite" in str(refused.value)


@pytest.fixture
def quickly_ended(monkeypatch):
    monkeypatch.setattr(store, "FROZEN_SECONDS", 1)
    store._kept_engine.cache_clear()
    yield
    store._kept_engine.cache_clear()


@pytest.mark.postgres
@pytest.mark.fault(11)
def test_a_process_frozen_inside_a_transaction_does_not_keep_others_waiting(quickly_ended):
    locked = select(audit_head).with_for_update()
    with new_database() as url:
        upgrade_ledger(url)
        frozen = open_ledger(url).connect()
        frozen.execute(locked)
        began = time.monotonic()
        with open_ledger(url).connect() as other:
            assert len(other.execute(locked).all()) == 1
        assert time.monotonic() - began < 30
        with pytest.raises(OperationalError), frozen:
            frozen.execute(locked)
        open_ledger(url).dispose()


@pytest.mark.postgres
def test_a_ledger_lost_in_the_middle_is_told_as_what_passes_by_itself():
    with new_database() as url:
        upgrade_ledger(url)
        with pytest.raises(OperationalError):
            work_on_a_ledger_that_is_lost(url)
        open_ledger(url).dispose()


def work_on_a_ledger_that_is_lost(url):
    with open_ledger(url).begin() as ours, open_ledger(url).begin() as others:
        number = ours.scalar(text("SELECT pg_backend_pid()"))
        others.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
        ours.execute(select(audit_head))
