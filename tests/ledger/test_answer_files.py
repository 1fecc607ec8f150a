"""A file that came back is known by its bytes, its sender and its campaign, all three."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dondoc.ledger import answers
from dondoc.ledger.answers import Outcome, ReceivedFile

AT = datetime(2023, 11, 14, 2, tzinfo=UTC)
CAME = ReceivedFile("c", "1" * 64, "a@x.vn", "m1", "a.xlsx", date(2023, 11, 14), late=False, at=AT)


@pytest.mark.parametrize("changes", [{"sha256": "2" * 64}, {"sender": "b@x.vn"}, {"campaign": "d"}])
def test_the_same_file_is_known_and_any_other_is_another(ledger, changes):
    assert answers.record_file(ledger, CAME, Outcome(unit="VP"))
    other = replace(CAME, **changes)
    key = {name: vars(other)[name] for name in ("campaign", "sha256", "sender")}
    assert answers.find_file(ledger, **key) is None
    assert not answers.record_file(ledger, replace(CAME, origin="m2"), Outcome(unit="VP")), "entered once"
    assert answers.record_file(ledger, other, Outcome(unit="TTR"))
    assert answers.find_file(ledger, **key).unit == "TTR"
