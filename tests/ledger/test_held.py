"""A person's decision about held letters: on what was shown, with a name and a reason, audited, once."""

import json
import os
import signal
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from tests.people import LE_VAN_A

from dondoc.errors import LetterError
from dondoc.ledger import audit, held, transitions
from dondoc.ledger.held import CONFIRM, RETURN, HeldLetterDecision, decide_held, mark_of
from dondoc.ledger.letters import NewLetter, held_letters, latest_letters, record_drafts
from dondoc.ledger.store import open_ledger
from dondoc.ledger.tables import audit as audit_rows
from dondoc.ledger.tables import letter_event
from dondoc.ledger.transitions import Signature

DAY, AT = date(2023, 11, 14), datetime(2023, 11, 14, 2, tzinfo=UTC)
WHO = {"by": "Trần Thị B", "at": AT}
NEW = NewLetter("c", "HS", 1, "VP", (), "a.docx", "1" * 64, "2" * 64, {"procedure": "X"}, "3" * 64, DAY, DAY)

SIGNED, APPROVED = "HS-1", "HS-2"
BY, REASON = LE_VAN_A, "hồ sơ trả trước khi thư tới"


@pytest.fixture
def two_held(ledger):
    """Return the ledger with a signed and an approved letter, both held."""
    record_drafts(ledger, [replace(NEW, case_number=case, path=case) for case in (SIGNED, APPROVED)], **WHO)
    shown = {one.id: one.sha256 for one in latest_letters(ledger, campaign="c").values()}
    transitions.put_up(ledger, shown, **WHO)
    transitions.approve(ledger, list(shown), batch=transitions.batch_sha256(shown), **WHO)
    transitions.record_signature(ledger, letter_of(ledger, SIGNED).id, Signature("12/PXL", DAY, "A"), **WHO)
    change(ledger, "4")
    return ledger


def letter_of(ledger, case):
    return latest_letters(ledger, campaign="c")[case]


def change(ledger, facts, on=DAY):
    changed = {one.id: ("hồ sơ đã xong", facts * 64) for one in latest_letters(ledger, campaign="c").values()}
    transitions.hold(ledger, changed, on=on, **WHO)


def decide(ledger, choice, *cases, reason=REASON):
    marks = [mark_of(letter_of(ledger, case)) for case in cases]
    return decide_held(ledger, marks, HeldLetterDecision(choice, BY, reason), campaign="c", at=AT)


def states(ledger):
    return {case: (one.state, one.stale_reason) for case, one in latest_letters(ledger, campaign="c").items()}


def audited(ledger):
    with ledger.connect() as connection:
        return connection.execute(select(audit_rows).order_by(audit_rows.c.seq)).all()


def test_confirmed_letters_stand_as_they_are(two_held):
    decide(two_held, CONFIRM, SIGNED, APPROVED)
    assert states(two_held) == {SIGNED: ("signed", None), APPROVED: ("approved", None)}
    assert held_letters(two_held, campaign="c", as_of=DAY) == []


def test_returned_letters_are_not_issued(two_held):
    decide(two_held, RETURN, SIGNED, APPROVED)
    assert states(two_held) == {SIGNED: ("returned", None), APPROVED: ("returned", None)}
    assert (letter_of(two_held, SIGNED).number, letter_of(two_held, SIGNED).reason) == ("12/PXL", REASON)


def test_a_decision_says_who_what_and_why_in_the_audit_and_in_the_letters_events(two_held):
    decide(two_held, RETURN, SIGNED)
    [row] = audited(two_held)
    assert (row.actor, row.action, row.subject) == (BY.words, "letter.returned", f"c VP {SIGNED}")
    detail = json.loads(row.detail)
    assert (detail["reason"], detail["state"], detail["number"]) == (REASON, "signed", "12/PXL")
    assert (detail["sha256"], detail["facts"]) == (NEW.sha256, "4" * 64)
    with two_held.connect() as connection:
        event = connection.execute(select(letter_event).order_by(letter_event.c.id.desc())).first()
    assert (event.by, event.detail, event.from_state, event.to_state) == (BY.words, REASON, "signed", "returned")


@pytest.mark.parametrize("choice", [CONFIRM, RETURN])
def test_a_case_that_changed_again_since_it_was_shown_is_not_decided(two_held, choice):
    shown = mark_of(letter_of(two_held, SIGNED))
    change(two_held, "5")
    before = states(two_held)
    with pytest.raises(LetterError, match="lại thay đổi"):
        decide_held(two_held, [shown], HeldLetterDecision(choice, BY, REASON), campaign="c", at=AT)
    assert (states(two_held), audited(two_held)) == (before, [])


def test_one_mark_that_is_wrong_leaves_all_undecided(two_held):
    before = states(two_held)
    marks = [mark_of(letter_of(two_held, SIGNED)), "0" * 12]
    with pytest.raises(LetterError, match="0" * 12):
        decide_held(two_held, marks, HeldLetterDecision(CONFIRM, BY, REASON), campaign="c", at=AT)
    assert (states(two_held), audited(two_held)) == (before, [])


def test_a_decision_is_carried_out_once(two_held):
    marks = [mark_of(letter_of(two_held, SIGNED))] * 2
    assert len(decide_held(two_held, marks, HeldLetterDecision(CONFIRM, BY, REASON), campaign="c", at=AT)) == 1
    with pytest.raises(LetterError, match="đã được quyết"):
        decide_held(two_held, marks, HeldLetterDecision(RETURN, BY, REASON), campaign="c", at=AT)
    assert len(audited(two_held)) == 1


@pytest.mark.parametrize("reason", ["", "\n"])
def test_nobody_decides_without_a_reason(two_held, reason):
    with pytest.raises(LetterError, match="phải có lý do"):
        decide(two_held, CONFIRM, SIGNED, reason=reason)


def test_a_letter_of_another_campaign_is_not_decided(two_held):
    marks = [mark_of(letter_of(two_held, SIGNED))]
    with pytest.raises(LetterError):
        decide_held(two_held, marks, HeldLetterDecision(CONFIRM, BY, REASON), campaign="khác", at=AT)


def test_what_a_later_day_holds_is_not_held_yet_on_an_earlier(two_held):
    change(two_held, "5", on=DAY.replace(day=16))
    assert held_letters(two_held, campaign="c", as_of=DAY) == []


@pytest.mark.parametrize(("owner", "name"), [(held, "lock_held"), (transitions, "_move"), (audit, "_append")])
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_anywhere_a_decision_is_carried_out_whole_or_not_at_all(two_held, ledger_url, owner, name, when):
    before = states(two_held)
    marks = [mark_of(letter_of(two_held, case)) for case in (SIGNED, APPROVED)]
    two_held.dispose()
    if (child := os.fork()) == 0:
        die_at(owner, name, when)
        decide_held(open_ledger(ledger_url), marks, HeldLetterDecision(RETURN, BY, REASON), campaign="c", at=AT)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert (states(two_held), audited(two_held)) == (before, [])
    decide(two_held, RETURN, SIGNED, APPROVED)
    assert {state for state, _ in states(two_held).values()} == {"returned"}
    assert (len(audited(two_held)), audit.verify(two_held).broken_at) == (2, None)


def die_at(owner, name, when):
    real = getattr(owner, name)

    def dying(*args, **kwargs):
        if when == "after":
            real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, dying)
