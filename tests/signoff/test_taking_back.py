"""An approval taken back: by whom, until when, and what of it stands in the register."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.people import LE_VAN_A, TRAN_THI_B

from dondoc.campaign.permissions import Permissions
from dondoc.errors import LetterError, NotEntitledError
from dondoc.ledger import transitions
from dondoc.ledger.batches import find_batch
from dondoc.ledger.verification import verify_ledger
from dondoc.signoff.answer import LeaderAnswer, apply_answer
from dondoc.signoff.taking_back import take_back

NOW = datetime(2023, 11, 15, 2, tzinfo=UTC)


@pytest.fixture
def approved(office):
    office.draft("HS-1")
    office.draft("HS-2")
    [question] = office.put_up()
    [batch] = question["batches"]
    apply_answer(office.place, batch, LeaderAnswer("Duyệt", "", TRAN_THI_B, NOW), asked_in="r1")
    return batch


def undo(office, batch, reason="bấm nhầm", by=TRAN_THI_B):
    return take_back(office.place, batch, reason=reason, by=by, at=NOW)


def test_a_wrong_approval_is_taken_back_and_its_letters_are_put_up_anew(office, approved):
    assert undo(office, approved) == 2
    assert {office.letter(name).state for name in ("HS-1", "HS-2")} == {"complete"}
    found = find_batch(office.place.ledger, approved)
    assert (found.state, found.note, found.decided_by) == ("closed", "thu lại lời duyệt: bấm nhầm", TRAN_THI_B.words)
    assert verify_ledger(office.place.ledger).whole
    [question] = office.put_up("r2")
    assert question["batches"] != [approved]
    with pytest.raises(LetterError, match="không ở trạng thái đã duyệt"):
        undo(office, approved)


def test_nothing_is_taken_back_once_a_letter_is_signed(office, approved):
    signature = transitions.Signature("12/PXL-BQL", date(2023, 11, 15), "Bùi Ngọc Hải")
    key = office.letter("HS-2").id
    transitions.record_signature(office.place.ledger, key, signature, by="x", at=NOW)
    with pytest.raises(LetterError, match="bước “thu lại lời duyệt”"):
        undo(office, approved)
    assert (office.letter("HS-1").state, office.letter("HS-2").state) == ("approved", "signed")


def test_a_reason_is_asked_for(office, approved):
    with pytest.raises(LetterError, match="phải có lý do"):
        undo(office, approved, reason="  ")
    assert office.letter("HS-1").state == "approved"


def test_whoever_may_not_sign_takes_nothing_back(office, approved):
    signers = office.place.day.campaign.model_copy(update={"permissions": Permissions(sign=("tran.thi.b",))})
    office.place = replace(office.place, day=replace(office.place.day, campaign=signers))
    with pytest.raises(NotEntitledError):
        undo(office, approved, by=LE_VAN_A)
    assert office.letter("HS-1").state == "approved"
