"""Verdicts and decisions in the ledger, on each database."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from tests.people import LE_VAN_A, TRAN_THI_B

from dondoc.__main__ import main
from dondoc.actor import Actor
from dondoc.errors import LedgerError
from dondoc.ledger import audit, runs
from dondoc.ledger.gates import Judged, Override, gate_results, override_gate, overrides, record_gates
from dondoc.ledger.store import open_ledger
from dondoc.ledger.tables import audit as audit_table

DAY = date(2023, 11, 14)
WISH = Override("c", DAY, "row_count", "đã đối chiếu với một cửa")
CLOSED = Judged("row_count", "cases", False, "giảm quá 20%", {"rows_in": 7})
OPEN = Judged("freshness", "cases", True, "khác ngày 13/11/2023", {})


@pytest.fixture
def run(ledger):
    return runs.open_run(ledger, campaign="c", business_date=DAY, kind="daily", mode="armed", hold_reason=None).id


def actions(ledger):
    with ledger.begin() as connection:
        return list(connection.scalars(select(audit_table.c.action).order_by(audit_table.c.seq)))


@pytest.mark.parametrize("change", [{"reason": ""}, {"reason": " \n"}, {"gate": "no_such"}])
def test_a_decision_without_a_reason_or_a_gate_is_refused(ledger, change):
    with pytest.raises(LedgerError, match="phải có lý do"):
        override_gate(ledger, replace(WISH, **change), by=LE_VAN_A)
    assert overrides(ledger, campaign="c", business_date=DAY) == {}
    assert actions(ledger) == []


def test_a_decision_holds_for_its_day_alone_and_is_audited_once(ledger):
    for _ in range(2):
        override_gate(ledger, WISH, by=LE_VAN_A)
    assert overrides(ledger, campaign="c", business_date=DAY) == {
        "row_count": replace(WISH, decided_by="tài khoản le.van.a")
    }
    assert overrides(ledger, campaign="c", business_date=date(2023, 11, 15)) == {}
    assert overrides(ledger, campaign="other", business_date=DAY) == {}
    assert actions(ledger) == ["gate.overridden"]


def test_the_latest_decision_on_a_gate_counts(ledger):
    for by in (LE_VAN_A, TRAN_THI_B):
        override_gate(ledger, WISH, by=by)
    assert overrides(ledger, campaign="c", business_date=DAY)["row_count"].decided_by == "tài khoản tran.thi.b"
    assert len(actions(ledger)) == 2


def test_a_gate_judged_again_has_one_verdict(ledger, run):
    record_gates(ledger, run, [OPEN, CLOSED], subject="c")
    record_gates(ledger, run, [OPEN, CLOSED], subject="c")
    assert gate_results(ledger, run) == [OPEN, CLOSED]
    assert actions(ledger) == ["gate.closed"]


def test_what_passes_by_a_decision_is_in_the_audit(ledger, run):
    passed = replace(CLOSED, overridden_by="Nguyễn Văn A", override_reason="đã đối chiếu")
    record_gates(ledger, run, [CLOSED], subject="c")
    record_gates(ledger, run, [passed], subject="c")
    assert actions(ledger) == ["gate.closed", "gate.passed"]
    assert (CLOSED.lets_pass, passed.lets_pass) == (False, True)
    assert passed.sentence == "nguồn cases: giảm quá 20% – mở theo quyết định của Nguyễn Văn A: đã đối chiếu"
    assert audit.verify(ledger).broken_at is None


def test_a_source_no_longer_read_leaves_no_verdict(ledger, run):
    record_gates(ledger, run, [CLOSED, replace(CLOSED, source="work")], subject="c")
    record_gates(ledger, run, [CLOSED], subject="c")
    assert gate_results(ledger, run) == [CLOSED]


def test_the_command_records_a_decision(installation, capsys):
    words = ["gate", "open", "hai-phong-2023", "2023-11-14", "all", "--by", "Nguyễn Văn A", "--reason", "đã đối chiếu"]
    assert main(words) == 0
    by = Actor.of_process("Nguyễn Văn A").words
    assert f"mở theo quyết định của {by}: đã đối chiếu" in capsys.readouterr().out
    found = overrides(open_ledger(installation.ledger_url), campaign="hai-phong-2023", business_date=DAY)
    assert (found["all"].decided_by, by.startswith("tài khoản hệ thống ")) == (by, True)


@pytest.mark.parametrize(("position", "word"), [(2, "no-campaign"), (4, "no_gate")])
def test_the_command_refuses_a_wrong_a_decision(installation, capsys, position, word):
    words = ["gate", "open", "hai-phong-2023", "2023-11-14", "all", "--by", "A", "--reason", "vì"]
    words[position] = word
    assert main(words) == 1
    assert "Cách xử lý:" in capsys.readouterr().err


@pytest.mark.parametrize(("position", "word"), [(6, " "), (8, "")])
def test_the_command_refuses_half_a_decision(installation, capsys, position, word):
    words = ["gate", "open", "hai-phong-2023", "2023-11-14", "all", "--by", "A", "--reason", "vì"]
    words[position] = word
    assert main(words) == 2
    assert "không được để trống" in capsys.readouterr().err
