"""Who may approve a batch: whoever signs in the campaign, and nobody who armed its day or edited a letter of it."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from tests.people import LE_VAN_A, TRAN_THI_B

from dondoc.actor import Actor, KnownBy
from dondoc.campaign.permissions import Permissions
from dondoc.errors import LetterError
from dondoc.ledger import audit, runs
from dondoc.ledger.batches import find_batch
from dondoc.ledger.tables import audit as audit_rows
from dondoc.signoff.answer import LeaderAnswer, apply_answer, why_ask_again

NOW = datetime(2023, 11, 15, 2, tzinfo=UTC)
SIGNER, OTHER = TRAN_THI_B, LE_VAN_A
ARMED = {"kind": "daily", "mode": "armed", "hold_reason": None}


@pytest.fixture
def asked(office):
    """Return a function that puts one letter up in an office with these permissions; it returns office and batch."""

    def run(edit=lambda office: None, **permissions):
        campaign = office.place.day.campaign
        described = campaign.permissions.model_dump() | permissions
        allowed = campaign.model_copy(update={"permissions": Permissions.model_validate(described)})
        office.place = replace(office.place, day=replace(office.place.day, campaign=allowed))
        office.draft("HS-1")
        edit(office)
        [question] = office.put_up()
        return office, question["batches"][0]

    return run


def arm(place, by):
    day = place.day
    runs.open_run(place.ledger, campaign=day.campaign.code, business_date=day.business_date, armed_by=by, **ARMED)


def given(by, choice="Duyệt", reason=""):
    return LeaderAnswer(choice, reason, by, NOW)


def why(office, batch, answer):
    return why_ask_again(office.place, [batch], answer, asked_in="r1")


def acts(office):
    with office.place.ledger.begin() as connection:
        return connection.execute(select(audit_rows).order_by(audit_rows.c.seq)).all()


PEOPLE = [
    pytest.param({}, OTHER, "", id="nobody is named: whoever Airflow lets"),
    pytest.param({"sign": ["tran.thi.b"]}, SIGNER, "", id="named"),
    pytest.param({"sign": ["tran.thi.b"]}, OTHER, "tài khoản le.van.a", id="not named"),
    pytest.param({"sign": ["tran.thi.b"]}, replace(OTHER, remark="Trần Thị B"), "ghi tên: Trần Thị B", id="typed"),
    pytest.param({}, Actor(KnownBy.NOBODY), "Không ai đăng nhập", id="no login"),
    pytest.param({"sign": ["tran.thi.b"]}, Actor(KnownBy.REHEARSAL), "", id="a rehearsal without login"),
]


@pytest.mark.fault(88)
@pytest.mark.parametrize("choice", [("Duyệt", ""), ("Trả lại", "sai tên")])
@pytest.mark.parametrize(("permissions", "by", "words"), PEOPLE)
def test_whoever_may_not_sign_is_refused_told_and_audited(asked, permissions, by, words, choice):
    office, batch = asked(**permissions)
    told = why(office, batch, given(by, *choice))
    assert (words in told, bool(words)) == (True, bool(told))
    if not told:
        return
    found, row = find_batch(office.place.ledger, batch), acts(office)[-1]
    assert (found.state, found.note, office.letter("HS-1").state) == ("waiting", told, "complete")
    assert (row.actor, row.action, json.loads(row.detail)["note"]) == (by.words, "letters.refused", told)
    with pytest.raises(LetterError):
        apply_answer(office.place, batch, given(by, *choice), asked_in="r1")
    assert office.letter("HS-1").state == "complete"


@pytest.mark.parametrize(
    ("four_eyes", "armed_by", "barred"),
    [
        pytest.param(True, SIGNER, True, id="their own day"),
        pytest.param(True, OTHER, False, id="another's day"),
        pytest.param(False, SIGNER, False, id="the campaign does without"),
        pytest.param(True, Actor(KnownBy.SYSTEM, "tran.thi.b"), True, id="their own day, from the command line"),
        pytest.param(True, Actor(KnownBy.SETTINGS, remark="tran.thi.b"), False, id="the settings armed it"),
        pytest.param(True, Actor(KnownBy.ACCOUNT, "x", "tran.thi.b"), False, id="their name was typed by another"),
    ],
)
def test_who_armed_the_day_approves_none_of_its_letters(asked, four_eyes, armed_by, barred):
    office, batch = asked(four_eyes=four_eyes)
    arm(office.place, armed_by)
    told = why(office, batch, given(SIGNER))
    assert ("đã cho phép gửi thư ngày 14/11/2023" in told) == barred == bool(told)
    assert why(office, batch, given(SIGNER, "Trả lại", "sai tên")) == "", "a return promises nothing"
    assert why(office, batch, given(OTHER if armed_by == SIGNER else Actor(KnownBy.ACCOUNT, "khac"))) == ""


def test_a_day_opened_again_by_another_stays_armed_by_the_first_too(asked):
    office, batch = asked()
    arm(office.place, SIGNER)
    arm(office.place, OTHER)
    assert all("14/11/2023" in why(office, batch, given(by)) for by in (SIGNER, OTHER))


@pytest.mark.parametrize("returned", [False, True])
def test_who_edited_a_letter_does_not_approve_it(asked, returned):
    editor = Actor.of_uid(os.getuid())

    def edit(office):
        if returned:
            office.put_up()
            apply_answer(office.place, 1, given(OTHER, "Trả lại", "sai tên"), asked_in="r1")
        office.edit("HS-1")

    office, batch = asked(edit)
    [row] = [row for row in acts(office) if row.action == "letter.edited"]
    assert (row.actor, json.loads(row.detail)["letter"]) == (editor.words, office.letter("HS-1").id)
    told = why(office, batch, given(Actor(KnownBy.ACCOUNT, editor.name)))
    assert "đã sửa thư của hồ sơ HS-1" in told
    assert why(office, batch, given(OTHER)) == ""
    office.put_up("r2")
    assert len([row for row in acts(office) if row.action == "letter.edited"]) == 1


def test_a_letter_nobody_edited_bars_nobody(asked):
    office, batch = asked()
    assert why(office, batch, given(Actor(KnownBy.ACCOUNT, Actor.of_process().name))) == ""


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(("Trả lại", " \n"), "không ghi lý do", id="a return without a reason"),
        pytest.param(("Duyệt", "sai tên"), "lại ghi lý do", id="an approval with a reason of return"),
        pytest.param(("Approve", ""), "Không có lựa chọn", id="an option there is not"),
    ],
)
def test_what_is_no_answer_is_asked_again_and_decides_nothing(asked, answer, words):
    office, batch = asked()
    assert words in why(office, batch, given(SIGNER, *answer))
    assert find_batch(office.place.ledger, batch).state == "waiting"
    assert why(office, batch, given(SIGNER)) == ""
    apply_answer(office.place, batch, given(SIGNER), asked_in="r1")
    assert office.letter("HS-1").state == "approved"
    assert audit.verify(office.place.ledger).broken_at is None


def test_a_batch_decided_before_is_not_asked_about_again(asked):
    office, batch = asked()
    apply_answer(office.place, batch, given(SIGNER), asked_in="r1")
    assert why(office, batch, given(SIGNER, "Trả lại", "")) == ""
