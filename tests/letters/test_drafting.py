"""Letters through the real step: drafted once, edited drafts kept, approved ones left alone, unowed ones withdrawn."""

import io
from datetime import date, datetime

import docx
import pytest
from tests.people import TRAN_THI_B

from dondoc.ledger import transitions
from dondoc.ledger.held import CONFIRM, RETURN, HeldLetterDecision, decide_held, mark_of
from dondoc.ledger.transitions import Signature
from dondoc.letters.draft import UnitAnswer
from dondoc.letters.plan import APOLOGISED, CHANGED, FINISHED, NOT_LATE
from dondoc.letters.publishing import publish_letters
from dondoc.letters.submission import put_up
from dondoc.records import CaseStatus

from .conftest import AT, CASE

WHO = {"by": "Trần Thị B", "at": AT}
NO_REASON, OTHER_REASON = {"reason": None}, {"reason": "lý do khác"}
DONE = {"status": CaseStatus.FINISHED, "finished_at": datetime(2023, 11, 13)}
ON_TIME = {"due_at": datetime(2023, 12, 1)}
NUMBER = CASE["case_number"]


def submit(office):
    place = office.place
    return put_up(place.ledger, place.out, campaign=place.day.campaign.code, unit="QLDT", **WHO)


def approve(office):
    shown = submit(office)
    transitions.approve(office.place.ledger, [letter.id for letter in shown.letters], batch=shown.batch, **WHO)


def sign(office):
    transitions.record_signature(
        office.place.ledger, office.letter.id, Signature("12/PXL", date(2023, 11, 14), "A"), **WHO
    )


def decide(office, choice):
    marks = [mark_of(office.letter)]
    decision = HeldLetterDecision(choice, TRAN_THI_B, "đã hỏi đơn vị")
    decide_held(office.place.ledger, marks, decision, campaign=office.letter.campaign, at=AT)


def edit(office):
    document = docx.Document(office.file())
    document.add_paragraph("Người soạn viết thêm.")
    document.save(office.file())


@pytest.mark.fault(77)
def test_a_letter_is_drafted_once_whatever_is_run_again(office):
    assert office.draft({})["new"] == 1
    first, stamp = office.letter, office.file().stat().st_mtime_ns
    assert office.draft({})["new"] == 0
    assert (office.letter, office.file().stat().st_mtime_ns) == (first, stamp)


def test_new_facts_make_a_new_version_in_the_place_of_an_untouched_draft(office, tomorrow):
    office.draft(NO_REASON)
    assert (office.letter.state, office.letter.missing) == ("drafted", ("reason",))
    office.draft({})
    assert (office.letter.state, office.letter.version, office.files) == ("complete", 2, [f"{NUMBER}.docx"])
    tomorrow.draft(OTHER_REASON)
    assert (tomorrow.letter.version, tomorrow.files) == (3, [f"{NUMBER}.docx"])
    assert "2023-11-15" in tomorrow.letter.path


def test_facts_that_come_back_leave_the_file_of_the_standing_version(office):
    for case in ({}, OTHER_REASON, {}, {}):
        office.draft(case)
    assert (office.letter.version, office.file().exists(), len(office.files)) == (3, True, 1)


def test_an_older_day_run_again_leaves_what_a_newer_one_drafted(office, tomorrow):
    tomorrow.draft({})
    assert office.draft(OTHER_REASON)["new"] == office.draft(ON_TIME)["withdrawn"] == 0
    assert office.letter.state == "complete"


@pytest.mark.fault(73)
def test_an_edited_draft_is_kept_and_the_fresh_one_lies_beside(office):
    office.draft({})
    edit(office)
    edited = office.file().read_bytes()
    office.draft({})
    assert office.file().read_bytes() == edited
    office.draft(OTHER_REASON)
    assert office.files == [f"{NUMBER}.docx", f"{NUMBER}_v2.docx"]
    assert (office.file().parent / f"{NUMBER}.docx").read_bytes() == edited


def test_what_is_put_up_and_approved_is_the_edited_draft(office):
    office.draft({})
    edit(office)
    edited = office.file().read_bytes()
    approve(office)
    store = office.place.out / "hai-phong-2023" / "letters-store" / f"{office.letter.sha256}.docx"
    assert (office.letter.state, store.read_bytes()) == ("approved", edited)


def test_an_edit_that_was_put_up_is_still_kept_when_new_facts_come(office):
    office.draft({})
    edit(office)
    submit(office)
    office.draft(OTHER_REASON)
    assert office.files == [f"{NUMBER}.docx", f"{NUMBER}_v2.docx"]


@pytest.mark.fault(73)
def test_an_edit_after_it_was_shown_is_not_approved_unseen(office):
    office.draft({})
    shown = submit(office)
    edit(office)
    transitions.approve(office.place.ledger, [shown.letters[0].id], batch=shown.batch, **WHO)
    assert office.letter.sha256 == shown.letters[0].sha256 == office.letter.drafted_sha256


@pytest.mark.parametrize("damage", [lambda _: b"", lambda _: b"x" * 99, lambda whole: whole[:60] + b"xxx" + whole[63:]])
def test_a_file_that_is_no_word_document_is_not_put_up(office, damage):
    office.draft({})
    office.file().write_bytes(damage(office.file().read_bytes()))
    shown = submit(office)
    assert (list(shown.letters), list(shown.unreadable)) == ([], [office.letter.path])


def test_a_returned_letter_comes_back_once_edited(office):
    office.draft({})
    transitions.return_letters(office.place.ledger, [submit(office).letters[0].id], reason="sai", **WHO)
    assert (office.draft({})["new"], list(submit(office).letters)) == (0, [])
    edit(office)
    assert [(letter.version, letter.state) for letter in submit(office).letters] == [(2, "complete")]


@pytest.mark.parametrize("steps", [[approve], [approve, sign]], ids=["approved", "signed"])
@pytest.mark.parametrize("case", [OTHER_REASON, DONE, ON_TIME, {"apologised_at": datetime(2023, 11, 13)}])
def test_a_letter_the_office_gave_its_word_on_is_never_drafted_or_withdrawn_again(office, steps, case):
    office.draft({})
    for step in steps:
        step(office)
    before, content = office.letter, office.file().read_bytes()
    office.draft(case)
    assert (office.letter.state, office.letter.version) == (before.state, 1)
    assert office.file().read_bytes() == content


@pytest.mark.fault(76)
@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (OTHER_REASON, CHANGED),
        (DONE, FINISHED),
        (ON_TIME, NOT_LATE),
        ({"apologised_at": datetime(2023, 11, 13)}, APOLOGISED),
    ],
)
def test_an_approved_letter_whose_case_changed_is_held_until_a_person_confirms(office, case, reason):
    office.draft({})
    approve(office)
    office.draft(case)
    assert office.letter.stale_reason == reason
    with pytest.raises(transitions.LetterError):
        sign(office)
    decide(office, CONFIRM)
    office.draft(case)
    assert office.letter.stale_reason is None
    sign(office)


@pytest.mark.parametrize("counted", [False, True], ids=["not counted", "counted as the apology"])
@pytest.mark.parametrize(("case", "reason"), [(OTHER_REASON, CHANGED), (DONE, FINISHED), (ON_TIME, NOT_LATE)])
def test_a_signed_letter_whose_case_changed_is_not_published_until_a_person_decides(office, case, reason, counted):
    office.draft({})
    approve(office)
    sign(office)
    signed, content = office.letter, office.file().read_bytes()
    office.draft(case, counted=counted)
    assert (office.letter.state, office.letter.stale_reason) == ("signed", reason)
    assert publish_letters(office.place, by=TRAN_THI_B, at=AT).new == 0
    decide(office, CONFIRM)
    office.draft(case)
    assert publish_letters(office.place, by=TRAN_THI_B, at=AT).new == 1
    assert office.file().read_bytes() == content
    same = ("sha256", "number", "signed_on", "signer", "path", "version")
    assert [getattr(office.letter, name) for name in same] == [getattr(signed, name) for name in same]


@pytest.mark.fault(77)
def test_a_signed_letter_that_counts_is_neither_withdrawn_nor_drafted_anew(office, tomorrow):
    office.draft({})
    approve(office)
    sign(office)
    signed = office.letter
    assert tomorrow.draft({}, counted=True) == {"owed": 0, "new": 0, "withdrawn": 0, "refused": 0}
    assert office.letter == signed
    publish_letters(office.place, by=TRAN_THI_B, at=AT)
    assert tomorrow.draft(DONE, counted=True)["new"] == 0
    assert (office.letter.state, office.letter.stale_reason) == ("published", None)


def test_an_apology_entered_in_the_system_is_the_signed_letter_itself(office):
    office.draft({})
    approve(office)
    sign(office)
    office.draft({"apologised_at": datetime(2023, 11, 13)})
    assert office.letter.stale_reason is None


def test_a_signed_letter_returned_is_void_and_a_new_version_is_drafted(office):
    office.draft({})
    approve(office)
    sign(office)
    office.draft(OTHER_REASON)
    decide(office, RETURN)
    assert office.letter.state == "returned"
    office.draft(OTHER_REASON)
    assert (office.letter.state, office.letter.version, office.letter.number) == ("complete", 2, None)


def test_a_re_run_of_an_earlier_day_undoes_no_hold_and_no_decision(office, tomorrow):
    office.draft({})
    approve(office)
    tomorrow.draft(OTHER_REASON)
    office.draft({})
    assert office.letter.stale_reason == CHANGED
    decide(office, CONFIRM)
    office.draft({})
    assert office.letter.stale_reason is None


def test_a_held_letter_is_free_again_when_the_case_is_as_it_was(office):
    office.draft({})
    approve(office)
    for case in (OTHER_REASON, {}):
        office.draft(case)
    assert office.letter.stale_reason is None


@pytest.mark.parametrize(
    ("case", "reason"), [(ON_TIME, NOT_LATE), ({"apologised_at": datetime(2023, 11, 13)}, APOLOGISED)]
)
def test_a_draft_no_longer_owed_is_withdrawn_and_drafted_anew_when_owed_again(office, case, reason):
    office.draft({})
    office.draft(case)
    assert (office.letter.state, office.letter.reason, office.file().exists()) == ("withdrawn", reason, True)
    office.draft({})
    assert (office.letter.state, office.letter.version) == ("complete", 2)


def test_a_case_the_source_no_longer_lists_proves_nothing(office):
    office.draft({})
    office.draft({"case_number": "khác", "source_row": 2})
    assert office.letters[NUMBER].state == "complete"


def test_a_case_that_changes_its_unit_takes_its_letter_along(office):
    office.draft({})
    office.draft({"unit": "VP"}, units=("QLDT", "VP"))
    assert (office.letter.unit, office.letter.version, office.files) == ("VP", 2, [f"{NUMBER}.docx"])


def test_a_second_promise_is_listed_and_not_drafted(office):
    office.draft({})
    approve(office)
    later = {"new_due_at": datetime(2023, 11, 27)}
    assert office.draft(later)["refused"] == 1
    assert office.draft({"case_number": "2 lần", "postponed_times": 2})["refused"] == 1
    assert set(office.letters) == {NUMBER}


def test_the_answer_of_a_unit_wins_over_the_source(office):
    office.draft(NO_REASON, answers={NUMBER: UnitAnswer("đơn vị trả lời", date(2023, 11, 21))})
    assert (office.letter.state, office.letter.promised_on) == ("complete", date(2023, 11, 21))
    assert "đơn vị trả lời" in "".join(p.text for p in docx.Document(io.BytesIO(office.file().read_bytes())).paragraphs)


def test_a_missing_file_is_written_again_as_it_was(office):
    office.draft({})
    content = office.file().read_bytes()
    office.file().unlink()
    office.draft({})
    assert office.file().read_bytes() == content
