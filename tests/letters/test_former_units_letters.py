"""Letters of a unit that is no more: followed, listed and published as its successor's."""

from datetime import date, datetime

import pytest
from tests.organisation import changed
from tests.people import TRAN_THI_B

from dondoc.daily import publication
from dondoc.ledger import transitions
from dondoc.ledger.transitions import Signature
from dondoc.letters.plan import NOT_LATE
from dondoc.letters.publishing import publish_letters
from dondoc.letters.submission import put_up

from .conftest import AT, CASE, Office

WHO = {"by": "Trần Thị B", "at": AT}
ON_TIME = {"due_at": datetime(2023, 12, 1)}


@pytest.fixture
def approved(office):
    """Return the office with a letter of QLDT approved."""
    office.draft({})
    code = office.place.day.campaign.code
    shown = put_up(office.place.ledger, office.place.out, campaign=code, unit="QLDT", **WHO)
    transitions.approve(office.place.ledger, [letter.id for letter in shown.letters], batch=shown.batch, **WHO)
    return office


@pytest.mark.fault(109)
def test_an_approved_letter_stands_under_its_successor_and_is_held_when_its_case_changes(approved):
    after = Office(changed(approved.place, "QLDT", TNMT=["QLDT"]))
    assert after.draft({"unit": "TNMT"}, units=("TNMT",))["new"] == 0
    assert (after.letter.state, after.letter.stale_reason) == ("approved", None)
    after.draft({"unit": "TNMT"} | ON_TIME, units=("TNMT",))
    assert after.letter.stale_reason == NOT_LATE


def test_a_letter_owed_no_more_is_withdrawn_though_its_unit_is_dissolved(office):
    office.draft({})
    after = Office(changed(office.place, "QLDT"))
    assert after.draft({"unit": "VP"} | ON_TIME, units=("VP",))["withdrawn"] == 1


@pytest.mark.fault(109)
def test_letters_whose_unit_nobody_succeeds_are_told_of(approved):
    [told] = publication.ownerless_notes(changed(approved.place, "QLDT"))
    assert (told["unit"], "do Văn phòng Ban Quản lý nhận" in told["reason"]) == ("QLDT", True)
    assert publication.ownerless_notes(changed(approved.place, "QLDT", TNMT=["QLDT"])) == []


def test_a_draft_becomes_the_successors_and_the_old_file_goes(office):
    office.draft({})
    after = Office(changed(office.place, "QLDT", TNMT=["QLDT"]))
    after.draft({"unit": "TNMT"}, units=("TNMT",))
    assert (after.letter.unit, after.files) == ("TNMT", [f"{CASE['case_number']}.docx"])


def test_a_signed_letter_is_packed_with_its_successors(approved):
    signature = Signature("12/PXL", date(2023, 11, 14), "Bùi Ngọc Hải")
    transitions.record_signature(approved.place.ledger, approved.letter.id, signature, **WHO)
    published = publish_letters(changed(approved.place, "QLDT", TNMT=["QLDT"]), by=TRAN_THI_B, at=AT)
    packed = [path.name.split("-")[3] for path in published.files if path.suffix == ".zip"]
    assert (published.new, packed) == (1, ["TNMT"])
