"""On PostgreSQL the role that works with the ledger cannot take back what was done, nor take away what keeps it."""

import uuid

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from tests.conftest import new_database
from tests.mail import post
from tests.mail.sink import Sink

from dondoc.actor import Actor, KnownBy
from dondoc.ledger import control
from dondoc.ledger.store import open_ledger, upgrade_ledger
from dondoc.ledger.verification import verify_ledger

pytestmark = [pytest.mark.postgres, pytest.mark.fault(95)]


@pytest.fixture(scope="module")
def roles():
    """Return the addresses of a database by its owner, and by a role that is nothing but allowed in."""
    mark = uuid.uuid4().hex[:8]
    owner, worker = f"chu_{mark}", f"lam_{mark}"
    with new_database() as url:
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            for role in (owner, worker):
                connection.execute(text(f"CREATE ROLE {role} LOGIN"))
            connection.execute(text(f"ALTER DATABASE {admin.url.database} OWNER TO {owner}"))
            connection.execute(text(f"ALTER SCHEMA public OWNER TO {owner}"))
        addresses = [make_url(url).set(username=role).render_as_string(hide_password=False) for role in (owner, worker)]
        upgrade_ledger(addresses[1], owner_url=addresses[0])
        yield addresses
        for address in addresses:
            create_engine(address).dispose()
        open_ledger(addresses[1]).dispose()
        with admin.connect() as connection:
            connection.execute(text(f"REASSIGN OWNED BY {owner} TO CURRENT_USER"))
            for role in (owner, worker):
                connection.execute(text(f"DROP OWNED BY {role}"))
                connection.execute(text(f"DROP ROLE {role}"))
        admin.dispose()


def test_the_working_role_does_a_days_work(roles, tmp_path):
    ledger = open_ledger(roles[1])
    control.set_switch(ledger, stopped=False, by=Actor(KnownBy.ACCOUNT, "a"), why="thử")
    post.plan(ledger, tmp_path, ["a", "b"])
    with Sink() as server:
        ended = post.sender(ledger, tmp_path).carry(post.job(), post.account(server.port))
    assert ended == {"sent": 2}
    assert verify_ledger(ledger).whole


def test_an_upgrade_repeated_keeps_the_rights_as_they_are(roles):
    upgrade_ledger(roles[1], owner_url=roles[0])
    assert verify_ledger(open_ledger(roles[1])).whole


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'x'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "UPDATE digest SET at = 'x'",
        "DELETE FROM attempt",
        "UPDATE letter_event SET action = 'x'",
        "DELETE FROM outbox",
        "DELETE FROM letter",
        "TRUNCATE outbox CASCADE",
        "DROP TRIGGER audit_no_change ON audit",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "DROP TABLE audit_head CASCADE",
        "CREATE TABLE own (id integer)",
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "SET session_replication_role = replica",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_what_keeps_the_ledger_is_not_the_working_roles_to_take_away(roles, statement):
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"), open_ledger(roles[1]).begin() as ours:
        ours.exec_driver_sql(statement)
