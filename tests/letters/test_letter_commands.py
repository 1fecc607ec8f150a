"""The operator decides about held letters on the command line, and what is undecided is told everywhere."""

from datetime import date, datetime

import pytest

from dondoc.__main__ import main
from dondoc.daily.publication import _attention
from dondoc.ledger import audit, transitions
from dondoc.ledger.held import mark_of
from dondoc.ledger.transitions import Signature
from dondoc.letters.submission import put_up
from dondoc.records import CaseStatus

from .conftest import AT, CASE

CODE, NUMBER = "hai-phong-2023", CASE["case_number"]
WHO = {"by": "Trần Thị B", "at": AT}
DECIDED = ["--by", "Lê Văn A", "--reason", "đã trả kết quả"]
DONE = {"status": CaseStatus.FINISHED, "finished_at": datetime(2023, 11, 13)}


@pytest.fixture
def held(office):
    """Return the office with one signed letter whose case was finished before it was issued."""
    office.draft({})
    place = office.place
    shown = put_up(place.ledger, place.out, campaign=CODE, unit="QLDT", **WHO)
    transitions.approve(place.ledger, [shown.letters[0].id], batch=shown.batch, **WHO)
    given = Signature("12/PXL-BQL", date(2023, 11, 14), "Bùi Ngọc Hải")
    transitions.record_signature(place.ledger, office.letter.id, given, **WHO)
    office.draft(DONE)
    return office


def test_held_letters_are_listed_with_why_and_the_mark_to_decide_by(held, capsys):
    assert main(["letters", "held", CODE]) == 0
    told = capsys.readouterr().out
    for part in (mark_of(held.letter), "QLDT", NUMBER, "đã ký, số 12/PXL-BQL ngày 14/11/2023", "giải quyết xong"):
        assert part in told
    assert "CÔNG TY" not in told


def test_a_letter_is_confirmed_by_name_and_the_list_is_empty(held, capsys):
    assert main(["letters", "confirm", CODE, mark_of(held.letter), *DECIDED]) == 0
    assert "Đã xác nhận 1 thư" in capsys.readouterr().out
    main(["letters", "held", CODE])
    assert capsys.readouterr().out == "Không có thư nào đang bị giữ.\n"
    assert audit.verify(held.place.ledger).count == 1


def test_a_signed_letter_is_returned_and_its_number_is_named_as_used(held, capsys):
    assert main(["letters", "return", CODE, mark_of(held.letter), *DECIDED]) == 0
    assert "Không phát hành thư số 12/PXL-BQL" in capsys.readouterr().out
    assert held.letter.state == "returned"


def test_a_wrong_mark_is_an_error_that_says_what_to_do(held, capsys):
    assert main(["letters", "confirm", CODE, "000000000000", *DECIDED]) == 1
    told = capsys.readouterr().err
    assert "000000000000" in told
    assert f"letters held {CODE}" in told


@pytest.mark.parametrize("missing", ["--by", "--reason"])
def test_nobody_decides_without_a_name_or_a_reason(held, missing):
    given = ["--by", "A", "--reason", "B"]
    given[given.index(missing) + 1] = " "
    assert main(["letters", "return", CODE, mark_of(held.letter), *given]) == 2
    assert held.letter.state == "signed"


def test_the_day_s_summary_names_the_units_with_held_letters_until_somebody_decides(held, capsys):
    [one] = _attention(held.place)
    assert (one["kind"], one["unit"]) == ("letter", "QLDT")
    assert "1 thư xin lỗi bị giữ" in one["reason"]
    main(["letters", "confirm", CODE, mark_of(held.letter), *DECIDED])
    assert _attention(held.place) == []
