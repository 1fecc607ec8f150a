"""The audit's chain: nothing in it can be changed, cut, added or moved unseen."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.people import LE_VAN_A

from dondoc.__main__ import main
from dondoc.ledger import audit
from dondoc.ledger.audit import Act, AuditRow
from dondoc.ledger.chain import START, Chain, follow, hash_of
from dondoc.ledger.store import open_ledger

FIELDS = ("at", "actor", "action", "subject", "detail", "prev_hash", "hash")
WORDS = st.text(max_size=12)


def chain_of(contents):
    rows, last = [], START
    for seq, (actor, detail) in enumerate(contents, start=1):
        row = AuditRow(seq, "2023-11-14T00:30:00+00:00", actor, "gate.closed", "c 2023-11-14", detail, last, "")
        rows.append(replace(row, hash=hash_of(row)))
        last = rows[-1].hash
    return rows


CHAINS = st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=8).map(chain_of)


def end_of(rows):
    return rows[-1].seq, rows[-1].hash


def acts(count):
    return [Act(LE_VAN_A, "gate.overridden", "c 2023-11-14", {"n": i}) for i in range(count)]


@settings(derandomize=True)
@given(rows=CHAINS)
def test_a_chain_left_alone_is_whole(rows):
    assert follow(rows, stated=end_of(rows)) == Chain(len(rows), rows[-1].hash, None)


@pytest.mark.fault(95)
@settings(derandomize=True, max_examples=300)
@given(rows=CHAINS, data=st.data())
def test_any_edit_is_found_at_its_row(rows, data):
    i = data.draw(st.integers(0, len(rows) - 1))
    field = data.draw(st.sampled_from(FIELDS))
    other = data.draw(WORDS.filter(lambda word: word != getattr(rows[i], field)))
    changed = [*rows[:i], replace(rows[i], **{field: other}), *rows[i + 1 :]]
    assert follow(changed, stated=end_of(rows)).broken_at == i + 1


@pytest.mark.fault(95)
@settings(derandomize=True)
@given(rows=CHAINS, data=st.data())
def test_any_deleted_row_is_found_the_last_one_too(rows, data):
    i = data.draw(st.integers(0, len(rows) - 1))
    assert follow(rows[:i] + rows[i + 1 :], stated=end_of(rows)).broken_at == i + 1


@pytest.mark.fault(95)
@settings(derandomize=True)
@given(rows=CHAINS, data=st.data())
def test_any_inserted_row_is_found_though_it_fits_the_one_before(rows, data):
    i = data.draw(st.integers(0, len(rows)))
    forged = AuditRow(i + 1, "x", "y", "z", "s", "{}", rows[i - 1].hash if i else START, "")
    later = [replace(row, seq=row.seq + 1) for row in rows[i:]]
    changed = [*rows[:i], replace(forged, hash=hash_of(forged)), *later]
    assert follow(changed, stated=end_of(rows)).broken_at == (i + 2 if later else i + 1)


@settings(derandomize=True)
@given(rows=CHAINS, data=st.data())
def test_any_other_order_is_found(rows, data):
    moved = data.draw(st.permutations(rows))
    renumbered = [replace(row, seq=i) for i, row in enumerate(moved, start=1)]
    for changed in (moved, renumbered):
        whole = follow(changed, stated=end_of(rows)).broken_at is None
        assert whole is (changed == rows)


@settings(derandomize=True)
@given(rows=CHAINS)
def test_a_chain_whose_end_is_not_stated_is_not_trusted(rows):
    assert follow(rows, stated=None).broken_at is not None


def test_what_is_recorded_reads_back_whole(ledger):
    assert audit.verify(ledger) == Chain(0, START, None)
    for act in acts(3):
        audit.record(ledger, act)
    found = audit.verify(ledger)
    assert (found.count, found.broken_at) == (3, None)
    assert audit.end(ledger) == (3, found.head)


def test_writers_at_once_make_one_chain(ledger):
    gate = threading.Barrier(8)

    def write(act):
        gate.wait()
        audit.record(ledger, act)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, acts(32)))
    assert audit.verify(ledger) == Chain(32, audit.end(ledger)[1], None)


@pytest.mark.fault(95)
def test_an_act_stands_only_if_what_it_tells_of_stands(ledger):
    with ledger.connect() as connection, connection.begin() as whole:
        audit.record(connection, acts(1)[0])
        whole.rollback()
    assert audit.verify(ledger).count == 0


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_the_database_refuses_to_change_the_audit(ledger, statement):
    audit.record(ledger, acts(1)[0])
    with pytest.raises(DBAPIError, match="append-only"), ledger.begin() as connection:
        connection.execute(text(statement))
    assert audit.verify(ledger).broken_at is None


def test_the_command_says_whether_the_audit_is_whole(installation, capsys):
    ledger = open_ledger(installation.ledger_url)
    for act in acts(3):
        audit.record(ledger, act)
    assert main(["audit", "verify"]) == 0
    assert f"3 dòng, mã cuối {audit.end(ledger)[1]}" in capsys.readouterr().out
    with ledger.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET actor = 'x' WHERE seq = 2"))
    assert main(["audit", "verify"]) == 1
    assert "sổ kiểm toán sai từ dòng 2" in capsys.readouterr().err
