"""What is put up, and what becomes of a batch whose letters change."""

from datetime import UTC, datetime

import pytest
from tests.people import LE_VAN_A

from dondoc.errors import LetterError
from dondoc.ledger import audit
from dondoc.ledger.batches import find_batch, latest_batches
from dondoc.signoff import request
from dondoc.signoff.answer import LeaderAnswer, apply_answer
from dondoc.signoff.request import LISTED

NOW = datetime(2023, 11, 15, 2, tzinfo=UTC)
GIVEN = LeaderAnswer("Duyệt", "", LE_VAN_A, NOW)


def states(office):
    return [batch.state for batch in latest_batches(office.place.ledger, campaign=office.code)][::-1]


def answer(office, batch, choice="Duyệt", reason="", by=LE_VAN_A):
    given, asked = LeaderAnswer(choice, reason, by, NOW), find_batch(office.place.ledger, batch)
    return apply_answer(office.place, batch, given, asked_in=asked.asked_in if asked else "r1")


def test_a_unit_is_one_batch_of_its_complete_letters(office):
    office.draft("HS-1", "HS-2")
    office.draft("HS-3", missing=("reason",))
    office.draft("HS-4", unit="TTR")
    asked = office.put_up()
    assert [found["subject"].split(": ")[1] for found in asked] == ["1 thư xin lỗi chờ ký", "2 thư xin lỗi chờ ký"]
    assert all("HS-3" not in found["body"] for found in asked)


def test_a_retry_asks_the_same_and_another_run_only_what_is_new(office):
    office.draft("HS-1")
    first = office.put_up("r1")
    assert (office.put_up("r1"), office.put_up("r2")) == (first, [])
    office.draft("HS-2")
    [second] = office.put_up("r2")
    assert ("HS-2" in second["body"], "HS-1" in second["body"]) == (True, False)


def test_an_answer_to_another_runs_batch_of_the_same_number_is_refused(office):
    office.draft("HS-1")
    [asked] = office.put_up("a real run")
    with pytest.raises(LetterError, match="Không có tập thư này"):
        apply_answer(
            office.place, asked["batches"][0], LeaderAnswer("Duyệt", "", LE_VAN_A, NOW), asked_in="a run of a rehearsal"
        )
    assert states(office) == ["waiting"]


def test_a_batch_with_an_edited_letter_is_closed_and_put_up_anew(office):
    office.draft("HS-1", "HS-2")
    [old] = office.put_up("r1")
    office.edit("HS-2")
    [new] = office.put_up("r2")
    assert states(office) == ["closed", "waiting"]
    with pytest.raises(LetterError, match="không còn chờ duyệt"):
        answer(office, old["batches"][0])
    answer(office, new["batches"][0])
    assert {office.letter(number).state for number in ("HS-1", "HS-2")} == {"approved"}


def test_lost_requests_can_be_asked_again(office):
    office.draft("HS-1")
    office.put_up("a run that was deleted")
    [again] = office.put_up("r2", again=True)
    assert (states(office), "HS-1" in again["body"]) == (["closed", "waiting"], True)
    assert office.put_up("r2", again=True) == [again]


def test_no_code_of_a_source_becomes_markdown_and_a_long_list_is_cut(office):
    office.draft("`[x](javascript:1)`{{7*7}}", *(f"HS-{i:02}" for i in range(LISTED)))
    [asked] = office.put_up()
    assert f"{LISTED + 1} thư" in asked["subject"]
    assert "và 1 hồ sơ khác" in asked["body"]
    assert asked["body"].count("`") % 2 == 0
    assert "Trần Văn" not in asked["subject"] + asked["body"]


def test_a_list_that_just_fits_is_whole(office):
    office.draft(*(f"HS-{i:02}" for i in range(LISTED)))
    [asked] = office.put_up()
    assert f"`HS-{LISTED - 1:02}`." in asked["body"]
    assert "hồ sơ khác" not in asked["body"]


@pytest.mark.parametrize(
    ("choice", "reason", "why"),
    [
        pytest.param("Trả lại", " \n", "không ghi lý do", id="a return without a reason"),
        pytest.param("Duyệt", "sai tên", "lại ghi lý do", id="an approval with a reason of return"),
        pytest.param("Approve", "", "Không có lựa chọn", id="an option there is not"),
    ],
)
def test_an_answer_that_cannot_be_meant_is_refused_and_told(office, choice, reason, why):
    office.draft("HS-1")
    [asked] = office.put_up()
    with pytest.raises(LetterError, match=why):
        answer(office, asked["batches"][0], choice, reason)
    found = find_batch(office.place.ledger, asked["batches"][0])
    assert (found.state, why in found.note, office.letter("HS-1").state) == ("refused", True, "complete")
    assert answer(office, asked["batches"][0]) == "VP: đã duyệt 1 thư"


def test_an_answer_is_carried_out_once(office):
    office.draft("HS-1")
    [asked] = office.put_up()
    assert answer(office, asked["batches"][0]) == answer(office, asked["batches"][0])
    rows = audit.end(office.place.ledger)[0]
    with pytest.raises(LetterError):
        answer(office, asked["batches"][0], "Trả lại", "muộn rồi")
    assert (office.letter("HS-1").state, audit.end(office.place.ledger)[0]) == ("approved", rows)


def test_the_answer_names_who_and_when(office):
    office.draft("HS-1")
    [asked] = office.put_up()
    answer(office, asked["batches"][0], "Trả lại", "sai tên")
    found = find_batch(office.place.ledger, asked["batches"][0])
    assert (found.decided_by, found.decided_at, found.note) == (LE_VAN_A.words, NOW, "sai tên")
    assert (office.letter("HS-1").state, office.letter("HS-1").reason) == ("returned", "sai tên")


def test_a_file_that_is_no_word_document_is_left_out_and_told(office):
    office.draft("HS-1", "HS-2")
    (office.place.out / office.letter("HS-2").path).write_bytes(b"")
    [asked] = office.put_up()
    assert ("1 thư xin lỗi" in asked["subject"], "1 tệp thư không đọc được" in asked["body"]) == (True, True)


def test_what_could_not_be_printed_when_it_was_put_up_is_printed_by_the_next_run(office, monkeypatch):
    office.draft("HS-1")
    [question] = office.put_up("r1")
    printed = []
    monkeypatch.setattr(request, "print_letters", lambda _place, batches, at: printed.extend(one.id for one in batches))
    assert office.put_up("r2") == []
    assert printed == question["batches"]
