"""Who may do what in a campaign, and what a wrong section is told."""

import pytest
from pydantic import ValidationError

from dondoc.actor import MACHINE, Actor, KnownBy
from dondoc.campaign.permissions import Permissions, Right

LISTED = Permissions(arm=("lan",), open_gates=("Lan", "system:dondoc"), sign=("hai.bn",))
NOBODY, REHEARSAL, SETTINGS = (Actor(known) for known in (KnownBy.NOBODY, KnownBy.REHEARSAL, KnownBy.SETTINGS))


def account(name):
    return Actor(KnownBy.ACCOUNT, name)


def system(name):
    return Actor(KnownBy.SYSTEM, name)


@pytest.mark.parametrize(
    ("right", "actor", "may"),
    [
        pytest.param(Right.ARM, account("lan"), True, id="named"),
        pytest.param(Right.ARM, account("LAN"), True, id="named, in other letters"),
        pytest.param(Right.ARM, account("hai.bn"), False, id="named for something else"),
        pytest.param(Right.ARM, system("lan"), False, id="the machine's account of that name"),
        pytest.param(Right.OPEN_GATES, system("dondoc"), True, id="the machine's account, named"),
        pytest.param(Right.OPEN_GATES, account("dondoc"), False, id="an account of Airflow named like the machine's"),
        pytest.param(Right.SIGN, account("hai.bn"), True, id="the signer"),
        pytest.param(Right.SIGN, Actor(KnownBy.ACCOUNT, "x", "hai.bn"), False, id="the signer's name, typed"),
        pytest.param(Right.SIGN, NOBODY, False, id="nobody known"),
        pytest.param(Right.SIGN, REHEARSAL, True, id="a rehearsal without login"),
        pytest.param(Right.ARM, SETTINGS, True, id="the settings themselves"),
        pytest.param(Right.ARM, MACHINE, True, id="no person"),
    ],
)
@pytest.mark.fault(88)
def test_what_a_list_names_is_who_may(right, actor, may):
    assert (LISTED.refusal(right, actor) == "") == may


BY_ROLE = Permissions(roles={"van-thu": ("lan", "Minh")}, arm=("role:van-thu",), sign=("hai.bn", "role:van-thu", "LAN"))


@pytest.mark.parametrize(
    ("right", "actor", "may"),
    [
        pytest.param(Right.ARM, account("minh"), True, id="has the role"),
        pytest.param(Right.ARM, account("hai.bn"), False, id="has it not"),
        pytest.param(Right.ARM, account("van-thu"), False, id="is called like the role"),
        pytest.param(Right.SIGN, account("lan"), True, id="named, and has the role"),
        pytest.param(Right.SIGN, account("hai.bn"), True, id="named beside a role"),
        pytest.param(Right.OPEN_GATES, account("hai.bn"), True, id="no list"),
    ],
)
def test_whoever_has_a_role_has_its_rights(right, actor, may):
    assert (BY_ROLE.refusal(right, actor) == "") == may


@pytest.mark.parametrize("right", list(Right))
def test_without_a_list_whoever_is_known_may_and_nobody_unknown(right):
    for actor in (account("ai"), system("root"), REHEARSAL):
        assert Permissions().refusal(right, actor) == ""
    assert "Không ai đăng nhập" in Permissions().refusal(right, NOBODY)


def test_a_refusal_names_who_and_what():
    assert LISTED.refusal(Right.ARM, account("x")) == "Không có quyền cho phép gửi thư của đợt này: tài khoản x."


@pytest.mark.parametrize(
    ("described", "numbered", "assigned"),
    [
        pytest.param({}, False, [], id="nobody named"),
        pytest.param({"sign": ["hai.bn"]}, False, [("hai.bn", "hai.bn")], id="by name"),
        pytest.param({"sign": ["hai.bn"], "airflow_ids": {"Hai.BN": 7}}, True, [("7", "hai.bn")], id="by number"),
        pytest.param({"sign": ["hai.bn", "b"], "airflow_ids": {"b": 7}}, True, [], id="a number is missing"),
        pytest.param(
            {"roles": {"ld": ["b", "a"]}, "sign": ["a", "role:ld"]},
            False,
            [("a", "a"), ("b", "b")],
            id="of a role, once",
        ),
        pytest.param(
            {"roles": {"ld": ["a", "b"]}, "sign": ["role:ld"], "airflow_ids": {"a": 3, "b": 7}},
            True,
            [("3", "a"), ("7", "b")],
            id="of a role, by number",
        ),
        pytest.param({"sign": ["hai.bn", "system:root"]}, False, [("hai.bn", "hai.bn")], id="no account of a machine"),
    ],
)
def test_a_request_is_assigned_as_the_login_knows_accounts(described, numbered, assigned):
    assert Permissions.model_validate(described).assignees(numbered=numbered) == assigned


@pytest.mark.parametrize(
    "described",
    [
        {"sign": []},
        {"sign": ["a b"]},
        {"sign": ["user:a"]},
        {"sign": ["a", "A"]},
        {"airflow_ids": {"a": 1}},
        {"sign": ["role:ld"]},
        {"roles": {"ld": []}},
        {"roles": {"ld": ["a", "A"]}},
        {"roles": {"ld": ["role:ld"]}, "sign": ["role:ld"]},
        {"roles": {"l d": ["a"]}},
    ],
)
def test_a_wrong_section_is_refused(described):
    with pytest.raises(ValidationError):
        Permissions.model_validate(described)
