"""A leader's decisions on the page: what is sent to Airflow, what is refused and why."""

import re
from datetime import UTC, date, datetime

import pytest
from fastapi.testclient import TestClient
from tests.pages import test_pages
from tests.pages.test_pages import CODE, HOSTILE, may, who

from dondoc.actor import Actor, KnownBy
from dondoc.errors import LetterError
from dondoc.ledger import transitions
from dondoc.ledger.batches import APPROVED, BatchDecision, find_batch, note_refusal, settle
from dondoc.ledger.letters import latest_letters
from dondoc.pages.app import create_app

AT = datetime(2023, 11, 15, 2, tzinfo=UTC)
ledger, enter, name_signers = test_pages.ledger, test_pages.enter, test_pages.name_signers


class Airflow:
    """What answers a request; `refuses` is what it says where it takes none."""

    def __init__(self):
        self.answers, self.refuses = [], ""

    async def answer(self, _request, batch, choice, reason):
        if self.refuses:
            raise LetterError(self.refuses, where="x", remedy="y")
        self.answers.append((batch.id, choice, reason))


@pytest.fixture
def airflow():
    return Airflow()


@pytest.fixture
def post(airflow):
    app = create_app(who, may, str, airflow.answer)
    client = TestClient(app, follow_redirects=False)

    def run(batch, act, user="leader", **sent):
        headers = {"x-user": user, "origin": "http://testserver"}
        shown = client.get(f"/batches/{batch.id}", headers=headers).text
        token = re.search(r'name="token" value="(\w+)"', shown)
        known = {"token": token[1] if token else "0", "shown": batch.sha256, "confirmed": "yes"} | sent
        return client.post(f"/batches/{batch.id}/{act}", headers=headers, data=known)

    return run


@pytest.fixture
def page(airflow):
    client = TestClient(create_app(who, may, str, airflow.answer))
    return lambda path: client.get(path, headers={"x-user": "leader"}).text


def test_an_approval_is_sent_to_airflow_and_the_page_asked_for_anew(enter, post, page, airflow):
    batch, _ = enter()
    answer = post(batch, "approval")
    assert answer.status_code == 303
    path, _, sent = answer.headers["location"].partition("?sent=")
    assert path == f"../../batches/{batch.id}"
    assert airflow.answers == [(batch.id, "Duyệt", "")]
    shown = page(f"/batches/{batch.id}?sent={sent}")
    assert ('http-equiv="refresh"' in shown, "đang ghi vào sổ" in shown, "<form" in shown) == (True, True, False)


@pytest.mark.parametrize("sent", ["1", "", "x", "9" * 40])
def test_an_answer_that_was_not_taken_is_said_and_not_waited_for(enter, page, ledger, sent):
    batch, _ = enter()
    with ledger.begin() as connection:
        note_refusal(connection, batch.id, "người trả lời không có quyền")
    shown = page(f"/batches/{batch.id}?sent={sent}")
    assert ('http-equiv="refresh"' in shown, "không có quyền" in shown, "<form" in shown) == (False, True, True)


def test_a_return_carries_its_reason(enter, post, airflow):
    batch, _ = enter()
    assert post(batch, "return", reason="sai tên").status_code == 303
    assert airflow.answers == [(batch.id, "Trả lại", "sai tên")]


@pytest.mark.parametrize(
    ("act", "sent", "told"),
    [
        pytest.param("approval", {"shown": "0" * 64}, "Tập thư đã khác", id="another batch's bytes"),
        pytest.param("return", {"reason": "  "}, "phải ghi lý do", id="no reason"),
        pytest.param("return", {"reason": "x", "shown": "0" * 64}, "Tập thư đã khác", id="other bytes returned"),
        pytest.param("undo", {"reason": "x"}, "không ở trạng thái đã duyệt", id="nothing to undo"),
    ],
)
def test_what_cannot_be_done_is_said_on_the_page_and_not_done(enter, post, airflow, act, sent, told):
    batch, _ = enter()
    answer = post(batch, act, **sent)
    assert (answer.status_code, told in answer.text, airflow.answers) == (409, True, [])


@pytest.mark.parametrize("act", ["approval", "return", "undo"])
@pytest.mark.parametrize(("sent", "status"), [({"confirmed": "no"}, 422), ({"token": "0" * 64}, 400)])
def test_what_nobody_confirmed_or_no_form_of_ours_sent_is_not_done(enter, post, airflow, act, sent, status):
    batch, _ = enter()
    assert (post(batch, act, reason="x", **sent).status_code, airflow.answers) == (status, [])


def test_what_airflow_does_not_take_is_told_in_its_words(enter, post, airflow):
    batch, _ = enter()
    airflow.refuses = f"Tập này vừa có người trả lời {HOSTILE}."
    answer = post(batch, "approval")
    assert (answer.status_code, "vừa có người trả lời" in answer.text) == (409, True)
    assert "<script>" not in answer.text


def test_whoever_edited_a_letter_is_shown_no_button_and_refused(enter, post, page, ledger, name_signers, airflow):
    batch, letter = enter()
    editors = {letter.id: Actor(KnownBy.ACCOUNT, "leader")}
    transitions.put_up(ledger, {letter.id: "9" * 64}, by="x", at=AT, editors=editors)
    assert "Đã đọc; duyệt cả" not in page(f"/batches/{batch.id}")
    answer = post(batch, "approval")
    assert (answer.status_code, "sửa thư của hồ sơ" in answer.text, airflow.answers) == (409, True, [])


def approve(ledger, batch, letter):
    transitions.approve(ledger, [letter.id], batch=batch.sha256, by="x", at=AT)
    with ledger.begin() as connection:
        settle(connection, batch.id, BatchDecision(APPROVED, "tài khoản leader", AT))


def test_an_approval_is_taken_back_on_the_page_until_a_letter_is_signed(enter, post, page, ledger):
    batch, letter = enter()
    approve(ledger, batch, letter)
    assert "Thu lại lời duyệt" in page(f"/batches/{batch.id}")
    assert post(batch, "undo", reason="bấm nhầm").status_code == 303
    assert latest_letters(ledger, campaign=CODE)["HS-1"].state == "complete"
    found = find_batch(ledger, batch.id)
    assert (found.state, found.decided_by) == ("closed", "tài khoản leader")


def test_a_signed_letter_leaves_nothing_to_take_back(enter, post, page, ledger):
    batch, letter = enter()
    approve(ledger, batch, letter)
    signature = transitions.Signature("12/PXL-BQL", date(2023, 11, 15), "Bùi Ngọc Hải")
    transitions.record_signature(ledger, letter.id, signature, by="x", at=AT)
    # Without a button there is no form either, so that whatever is sent is of no page of ours.
    assert "Thu lại lời duyệt" not in page(f"/batches/{batch.id}")
    assert post(batch, "undo", reason="bấm nhầm").status_code == 400
    assert latest_letters(ledger, campaign=CODE)["HS-1"].state == "signed"
