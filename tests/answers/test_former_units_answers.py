"""A workbook that went out to a unit that is no more comes back from its successor."""

import pytest
from tests.organisation import changed

from dondoc.answers.intake import Sent, take_in

from .conftest import AT, OPEN, UNIT, filled

REASON = {OPEN: {"reason_words": "chờ ý kiến của sở"}}


@pytest.fixture
def ledger_url(tmp_path, new_ledger):
    """One database is enough here: `test_inbox` and `test_kills` hold both to the same."""
    return new_ledger(tmp_path / "ledger.sqlite")


@pytest.mark.fault(109)
@pytest.mark.parametrize(
    ("succeeds", "sender", "ended"),
    [
        pytest.param({"TNMT": [UNIT]}, "tai-nguyen-moi-truong", ("TNMT", "taken"), id="renamed"),
        pytest.param({}, "van-phong", ("VP", "taken"), id="dissolved: the Office"),
        pytest.param({"TNMT": [UNIT]}, "thanh-tra", ("TNMT", "refused"), id="another unit"),
    ],
)
def test_it_is_taken_from_whoever_answers_for_it_now(office, succeeds, sender, ended):
    content = filled(office.content, REASON)
    sent = Sent("tra-loi.xlsx", sender=f"{sender}@bql-haiphong.example.vn")
    taken = take_in(changed(office.place, UNIT, **succeeds), content, sent, at=AT)
    assert (taken.file.unit, taken.file.state) == ended
