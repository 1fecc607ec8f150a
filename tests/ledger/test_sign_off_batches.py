"""A batch stands while its letters are, to the byte, what the leader was shown."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dondoc.ledger import batches, transitions
from dondoc.ledger.letters import NewLetter, latest_letters, record_drafts

DAY, AT = date(2023, 11, 14), datetime(2023, 11, 14, 2, tzinfo=UTC)
WHO = {"by": "Trần Thị B", "at": AT}
NEW = NewLetter("c", "HS-1", 1, "VP", (), "c/a.docx", "1" * 64, "2" * 64, {}, "3" * 64, DAY, DAY)


@pytest.fixture
def asked(ledger):
    """Return the ids of two letters in one batch that waits."""
    record_drafts(ledger, [NEW, replace(NEW, case_number="HS-2", path="c/b.docx")], **WHO)
    letters = list(latest_letters(ledger, campaign="c").values())
    batches.open_batch(ledger, letters, unit="VP", asked_in="r", at=AT)
    return [letter.id for letter in letters]


def close_stale(ledger):
    return batches.close_stale(ledger, campaign="c", by="x", at=AT), len(batches.waiting_batches(ledger, campaign="c"))


def test_a_batch_whose_letters_are_as_shown_waits_on(ledger, asked):
    assert close_stale(ledger) == (0, 1)


def test_one_letter_of_other_bytes_closes_the_batch(ledger, asked):
    transitions.put_up(ledger, {asked[1]: "9" * 64}, **WHO)
    assert close_stale(ledger) == (1, 0)


def test_one_letter_decided_elsewhere_closes_the_batch(ledger, asked):
    transitions.withdraw(ledger, {asked[0]: "không quá hạn"}, **WHO)
    assert close_stale(ledger) == (1, 0)
