"""Who lets a day's mail leave and opens its gates: who runs the day, where the campaign gives them the right."""

import json
from datetime import date

import pytest
from sqlalchemy import select
from tests.people import LE_VAN_A, TRAN_THI_B

from dondoc.actor import MACHINE, Actor, KnownBy
from dondoc.daily.opening import day_ref, open_day
from dondoc.errors import NotEntitledError
from dondoc.ledger.runs import find_run
from dondoc.ledger.store import open_ledger
from dondoc.ledger.tables import audit

CODE, DAY = "hai-phong-2023", "2023-11-14"
GATES = {"gates": ["freshness"], "decided_by": "Trần Thị B", "reason": "một cửa không phát sinh"}
NOBODY = Actor(KnownBy.NOBODY, remark="Trần Thị B")


@pytest.fixture
def write(own_campaigns, turn_to):
    """Return a function that writes more settings into the campaign, whose sample day is today."""
    turn_to(DAY)
    path = own_campaigns / CODE / "campaign.yaml"

    def run(old, new):
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return run


@pytest.fixture
def open_as(installation, write):
    """Return a function that opens the sample day and gives its run, None where none was opened, and the audit."""

    def run(by, *, permissions="{}", armed=False, refused=False, **given):
        write("answers:\n", f"permissions: {permissions}\nanswers:\n")
        if armed:
            write("mode: preview", "mode: armed\n  armed_by: Lê Văn A")
        if refused:
            with pytest.raises(NotEntitledError) as told:
                open_day(day_ref(CODE, DAY), by=by, **given)
            assert "Cách xử lý: người có quyền" in str(told.value)
        else:
            open_day(day_ref(CODE, DAY), by=by, **given)
        day = {"campaign": CODE, "business_date": date.fromisoformat(DAY), "kind": "daily"}
        acts = audited(installation)
        return find_run(open_ledger(installation.ledger_url), **day), told_of(acts), acts

    return run


def audited(installation):
    with open_ledger(installation.ledger_url).begin() as connection:
        return connection.execute(select(audit).order_by(audit.c.seq)).all()


def told_of(acts):
    return [(act.actor, act.action) for act in acts]


def test_arming_leaves_a_row_in_the_name_of_who_did_it(open_as):
    by = Actor(KnownBy.ACCOUNT, "le.van.a", "Trần Thị B")
    run, told, acts = open_as(by, mode="armed")
    words = "tài khoản le.van.a (ghi tên: Trần Thị B)"
    assert (run.armed_by, run.hold_reason, told) == (words, None, [(words, "day.armed")])
    detail = json.loads(acts[0].detail)
    assert detail["actor"] == {"known": "account", "account": "le.van.a", "remark": "Trần Thị B"}
    assert (acts[0].subject, detail["day"], detail["held"]) == (f"{CODE} {DAY}", DAY, "")


def test_a_day_the_settings_arm_says_so_once(open_as, installation):
    run, told, _ = open_as(MACHINE, armed=True)
    words = "cấu hình của đợt (ghi tên: Lê Văn A)"
    assert (run.armed_by, told) == (words, [(words, "day.armed")])
    open_day(day_ref(CODE, DAY), by=LE_VAN_A)
    assert told_of(audited(installation)) == told, "who runs an armed campaign's day again arms nothing"


def test_who_only_looks_arms_nothing(open_as):
    run, told, _ = open_as(LE_VAN_A, mode="preview", permissions="{arm: [tran.thi.b]}")
    assert (run.armed_by, run.mode, told) == (None, "preview", [])


@pytest.mark.fault(88)
@pytest.mark.parametrize(
    ("by", "given", "action"),
    [
        pytest.param(LE_VAN_A, {"mode": "armed"}, "refused.arm", id="arming"),
        pytest.param(Actor(KnownBy.ACCOUNT, "x", "tran.thi.b"), {"mode": "armed"}, "refused.arm", id="a name typed"),
        pytest.param(Actor(KnownBy.SYSTEM, "tran.thi.b"), {"mode": "armed"}, "refused.arm", id="the machine's account"),
        pytest.param(NOBODY, {"mode": "armed"}, "refused.arm", id="no login"),
        pytest.param(LE_VAN_A, {"decision": GATES}, "refused.open_gates", id="opening a gate"),
        pytest.param(NOBODY, {"decision": GATES}, "refused.open_gates", id="opening a gate without login"),
    ],
)
def test_whoever_may_not_is_refused_told_and_audited_and_the_day_stays_as_it_was(open_as, by, given, action):
    run, told, acts = open_as(by, permissions="{arm: [tran.thi.b], open_gates: [tran.thi.b]}", refused=True, **given)
    assert (run, told) == (None, [(by.words, action)])
    assert "Không" in json.loads(acts[0].detail)["reason"]


def test_without_a_section_nobody_unknown_arms_a_real_day(open_as):
    assert open_as(NOBODY, mode="armed", refused=True)[1] == [(NOBODY.words, "refused.arm")]


@pytest.mark.parametrize(
    ("by", "permissions"),
    [
        pytest.param(TRAN_THI_B, "{arm: [tran.thi.b], open_gates: [tran.thi.b]}", id="named"),
        pytest.param(
            Actor(KnownBy.SYSTEM, "root"), "{arm: ['system:root'], open_gates: ['system:root']}", id="machine's"
        ),
        pytest.param(LE_VAN_A, "{}", id="nobody is named"),
        pytest.param(Actor(KnownBy.REHEARSAL), "{arm: [tran.thi.b], open_gates: [tran.thi.b]}", id="a rehearsal's"),
    ],
)
def test_whoever_may_arms_the_day_and_opens_its_gates(open_as, by, permissions):
    run, told, _ = open_as(by, mode="armed", permissions=permissions, decision=GATES | {"decided_by": None})
    assert (run.armed_by, told) == (by.words, [(by.words, "day.armed"), (by.words, "gate.overridden")])


def test_who_opens_a_gate_is_who_runs_the_day_not_who_was_typed(open_as):
    _, told, _ = open_as(LE_VAN_A, decision=GATES)
    assert told == [("tài khoản le.van.a (ghi tên: Trần Thị B)", "gate.overridden")]
