"""The register of letters: its states, what it refuses, and what no one can change, on both databases."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from dondoc.errors import LetterError
from dondoc.ledger import transitions
from dondoc.ledger.letters import NewLetter, latest_letters, letters_awaiting, numbers_given, promises, record_drafts
from dondoc.ledger.tables import letter, letter_event
from dondoc.ledger.transitions import Signature, batch_sha256

DAY, AT = date(2023, 11, 14), datetime(2023, 11, 14, 2, tzinfo=UTC)
WHO = {"by": "Trần Thị B", "at": AT}
NEW = NewLetter("c", "HS-1", 1, "VP", (), "c/a.docx", "1" * 64, "2" * 64, {"procedure": "X"}, "3" * 64, DAY, DAY)


def enter(ledger, **changed):
    record_drafts(ledger, [replace(NEW, **changed)], **WHO)
    return only(ledger)


def only(ledger):
    (found,) = latest_letters(ledger, campaign="c").values()
    return found


def put_up(ledger, sha256=NEW.sha256):
    transitions.put_up(ledger, {only(ledger).id: sha256}, **WHO)


def approve(ledger, sha256=NEW.sha256):
    key = only(ledger).id
    transitions.approve(ledger, [key], batch=batch_sha256({key: sha256}), **WHO)


def give_back(ledger):
    transitions.return_letters(ledger, [only(ledger).id], reason="sai tên", **WHO)


def take_back(ledger):
    ids = [only(ledger).id]
    with ledger.begin() as connection:
        transitions.take_back(connection, ids, reason="bấm nhầm", **WHO)


def sign(ledger):
    transitions.record_signature(ledger, only(ledger).id, Signature("12/PXL-BQL", DAY, "Bùi Ngọc Hải"), **WHO)


def publish(ledger):
    transitions.publish(ledger, [only(ledger).id], **WHO)


def withdraw(ledger):
    transitions.withdraw(ledger, {only(ledger).id: "không quá hạn"}, **WHO)


def hold(ledger):
    transitions.hold(ledger, {only(ledger).id: ("hồ sơ đã xong", "4" * 64)}, on=DAY, **WHO)


def confirm(ledger):
    ids = [only(ledger).id]
    with ledger.begin() as connection:
        transitions.confirm_letters(connection, ids, reason="vẫn đúng", **WHO)


def return_held(ledger):
    ids = [only(ledger).id]
    with ledger.begin() as connection:
        transitions.return_held(connection, ids, reason="không phát hành", **WHO)


WAY = {"complete": [], "put_up": [put_up], "approved": [put_up, approve], "signed": [put_up, approve, sign]}
WAY |= {"published": [*WAY["signed"], publish], "returned": [put_up, give_back], "withdrawn": [withdraw]}
WAY |= {"held": [*WAY["approved"], hold], "signed_held": [*WAY["signed"], hold]}
WAY |= {"void": [*WAY["signed_held"], return_held]}
ALLOWED = {
    put_up: {"complete", "put_up"},
    approve: {"put_up"},
    give_back: {"complete", "put_up", "approved", "held"},
    take_back: {"approved", "held"},
    sign: {"approved"},
    publish: {"signed"},
    withdraw: {"complete", "put_up", "returned", "void"},
    hold: {"approved", "held", "signed", "signed_held"},
    confirm: {"held", "signed_held"},
    return_held: {"held", "signed_held"},
}


@pytest.mark.parametrize("state", WAY)
@pytest.mark.parametrize("move", ALLOWED, ids=lambda move: move.__name__)
def test_a_letter_moves_from_the_states_named_and_no_other(ledger, state, move):
    enter(ledger)
    for step in WAY[state]:
        step(ledger)
    before = only(ledger)
    if state in ALLOWED[move]:
        move(ledger)
    else:
        with pytest.raises(LetterError) as refused:
            move(ledger)
        assert not set(re.findall(r"“(\w+)”", str(refused.value))) & {"approve", "sign", "publish", "withdraw", "hold"}
        assert only(ledger) == before


def test_an_approval_taken_back_is_given_anew_only_to_what_is_put_up_again(ledger):
    enter(ledger)
    for step in [put_up, approve, take_back]:
        step(ledger)
    with pytest.raises(LetterError):
        approve(ledger)
    put_up(ledger, "9" * 64)
    approve(ledger, "9" * 64)
    assert (only(ledger).state, only(ledger).sha256) == ("approved", "9" * 64)


def test_every_move_leaves_who_when_and_why(ledger):
    enter(ledger)
    for step in [put_up, approve, sign, publish]:
        step(ledger)
    with ledger.connect() as connection:
        rows = connection.execute(select(letter_event).order_by(letter_event.c.id)).all()
    assert [(row.from_state, row.to_state) for row in rows] == [
        (None, "complete"), ("complete", "complete"), ("complete", "approved"), ("approved", "signed"),
        ("signed", "published"),
    ]  # fmt: skip
    assert {row.by for row in rows} == {WHO["by"]}
    assert "12/PXL-BQL" in rows[3].detail


def test_an_incomplete_letter_cannot_be_approved(ledger):
    enter(ledger, missing=("reason", "new_due_on"))
    assert only(ledger).missing == ("reason", "new_due_on")
    for step in [put_up, approve]:
        with pytest.raises(LetterError):
            step(ledger)


def test_only_the_bytes_that_were_shown_are_approved(ledger):
    enter(ledger)
    put_up(ledger, "9" * 64)
    assert [found.sha256 for found in letters_awaiting(ledger, campaign="c", unit="VP")] == ["9" * 64]
    with pytest.raises(LetterError, match="đã khác"):
        approve(ledger, NEW.sha256)
    approve(ledger, "9" * 64)
    assert only(ledger).state == "approved"


def test_one_wrong_letter_of_a_batch_leaves_all_unapproved(ledger):
    enter(ledger)
    put_up(ledger)
    other = replace(NEW, case_number="HS-2", path="c/b.docx")
    record_drafts(ledger, [other], **WHO)
    shown = {found.id: found.sha256 for found in latest_letters(ledger, campaign="c").values()}
    with pytest.raises(LetterError, match="HS-2"):
        transitions.approve(ledger, list(shown), batch=batch_sha256(shown), **WHO)
    assert {found.state for found in latest_letters(ledger, campaign="c").values()} == {"complete"}


@pytest.mark.fault(72)
@pytest.mark.parametrize("state", ["approved", "signed", "published", "signed_held", "void"])
@pytest.mark.parametrize(
    "change",
    [
        *({name: "x"} for name in ("campaign", "case_number", "cause", "path", "sha256")),
        {"version": 9},
        {"approved_at": None},
    ],
    ids=str,
)
def test_nobody_changes_an_approved_letter(ledger, state, change):
    enter(ledger)
    for step in WAY[state]:
        step(ledger)
    with pytest.raises(DBAPIError), ledger.begin() as connection:
        connection.execute(update(letter).values(**change))


@pytest.mark.parametrize("state", ["approved", "signed", "published", "signed_held"])
@pytest.mark.parametrize("fallen_to", ["complete", "superseded"])
def test_an_approved_letter_never_falls_back(ledger, state, fallen_to):
    enter(ledger)
    for step in WAY[state]:
        step(ledger)
    with pytest.raises(DBAPIError), ledger.begin() as connection:
        connection.execute(update(letter).values(state=fallen_to))


@pytest.mark.parametrize("statement", [delete(letter), delete(letter_event), update(letter_event).values(by="ai đó")])
def test_nobody_deletes_a_letter_or_rewrites_what_was_done(ledger, statement):
    enter(ledger)
    for step in WAY["approved"]:
        step(ledger)
    with pytest.raises(DBAPIError), ledger.begin() as connection:
        connection.execute(statement)


@pytest.mark.parametrize("state", ["complete", "returned", "withdrawn"])
def test_a_newer_version_sets_aside_one_that_is_not_approved(ledger, state):
    first = enter(ledger)
    for step in WAY[state]:
        step(ledger)
    assert (enter(ledger, version=2, replaces=first.id).version, only(ledger).state) == (2, "complete")


@pytest.mark.fault(72)
@pytest.mark.parametrize("state", ["approved", "signed", "published"])
def test_an_approved_letter_is_not_drafted_again(ledger, state):
    first = enter(ledger)
    for step in WAY[state]:
        step(ledger)
    with pytest.raises(LetterError, match="đã được duyệt"):
        enter(ledger, version=2, replaces=first.id)
    with pytest.raises(LetterError, match="vừa được soạn thư"):
        enter(ledger, version=2)
    assert only(ledger).version == 1


def test_the_date_of_an_approved_letter_is_the_one_promise(ledger):
    enter(ledger)
    assert promises(ledger) == {}
    put_up(ledger)
    approve(ledger)
    assert promises(ledger) == {"HS-1": DAY}


@pytest.mark.parametrize("state", ["held", "signed_held"])
def test_a_confirmed_letter_is_true_of_the_changed_case(ledger, state):
    enter(ledger)
    for step in [*WAY[state], confirm]:
        step(ledger)
    assert (only(ledger).facts_sha256, only(ledger).stale_reason) == ("4" * 64, None)


def test_a_signed_letter_that_is_returned_is_void_and_may_be_drafted_anew(ledger):
    first = enter(ledger)
    for step in WAY["void"]:
        step(ledger)
    assert (only(ledger).state, only(ledger).number, promises(ledger)) == ("returned", "12/PXL-BQL", {})
    assert (enter(ledger, version=2, replaces=first.id).version, only(ledger).state) == (2, "complete")
    assert numbers_given(ledger, campaign="c") == {("12/pxl-bql", 2023): "HS-1"}
