"""Who acts, as it is known, and how it is told."""

import pytest

from dondoc.actor import MACHINE, REMARK_LENGTH, Actor, KnownBy


@pytest.mark.parametrize(
    ("login", "rehearsal", "words"),
    [
        pytest.param("hai.bn", False, "tài khoản hai.bn", id="an account of Airflow"),
        pytest.param("hai.bn", True, "tài khoản hai.bn", id="an account in a rehearsal"),
        pytest.param("system:root", False, "tài khoản hệ thống root", id="an account of the machine"),
        pytest.param("Anonymous", True, "người diễn tập", id="no login in a rehearsal"),
        pytest.param("Anonymous", False, "người không đăng nhập", id="no login"),
        pytest.param(None, False, "người không đăng nhập", id="nothing said"),
    ],
)
@pytest.mark.fault(88)
def test_a_login_is_the_actor_and_a_typed_name_a_remark(login, rehearsal, words):
    assert Actor.of_login(login, rehearsal=rehearsal).words == words
    typed = Actor.of_login(login, rehearsal=rehearsal, remark="Bùi Ngọc Hải")
    assert typed.words == f"{words} (ghi tên: Bùi Ngọc Hải)"
    assert typed.account == Actor.of_login(login, rehearsal=rehearsal).account


@pytest.mark.fault(88)
def test_no_variable_changes_whose_command_it_is(monkeypatch):
    before = Actor.of_process()
    for name in ("USER", "LOGNAME", "LNAME", "USERNAME", "SUDO_USER"):
        monkeypatch.setenv(name, "hai.bn")
    assert Actor.of_process() == before
    assert before.words.startswith("tài khoản hệ thống ")


def test_an_account_without_a_name_is_told_by_its_number():
    assert Actor.of_uid(3_999_999_999).words == "tài khoản hệ thống 3999999999"


def test_a_remark_stays_one_short_line():
    assert Actor(KnownBy.ACCOUNT, "a", " Lê\n\tVăn  A ").remark == "Lê Văn A"
    assert len(Actor(KnownBy.ACCOUNT, "a", "x" * 500).remark) == REMARK_LENGTH


def test_only_accounts_can_be_named_in_permissions():
    assert {Actor(known, "Ai").account for known in KnownBy} == {"ai", "system:ai", ""}
    assert MACHINE.particulars == {}
