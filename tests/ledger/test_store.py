import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from dondoc.errors import LedgerError
from dondoc.ledger.store import HEAD, MIGRATIONS, open_ledger, upgrade_ledger
from dondoc.ledger.tables import metadata


def test_the_migrations_make_the_tables_the_code_uses(ledger):
    found = inspect(ledger)
    for table in metadata.sorted_tables:
        assert {column["name"] for column in found.get_columns(table.name)} == set(table.columns.keys())


def test_upgrading_twice_changes_nothing(ledger_url):
    upgrade_ledger(ledger_url)
    upgrade_ledger(ledger_url)
    open_ledger(ledger_url)


def test_the_stated_head_is_the_newest_migration():
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_an_empty_ledger_says_how_to_make_it_ready(ledger_url):
    with pytest.raises(LedgerError, match="python -m dondoc ledger"):
        open_ledger(ledger_url)


@pytest.mark.parametrize(
    "url", ["nonsense", "sqlite:////nowhere/at/all/x.sqlite", "postgresql+psycopg2://u:secret@127.0.0.1:1/x"]
)
def test_a_ledger_out_of_reach_is_a_clear_error_without_its_password(url):
    with pytest.raises(LedgerError) as caught:
        open_ledger(url)
    assert "DONDOC_LEDGER_URL" in str(caught.value)
    assert "secret" not in str(caught.value)
