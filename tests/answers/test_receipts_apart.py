"""A receipt that cannot be written for one unit keeps no other's back, and is written by the next try."""

import pytest

from dondoc.daily import receipts, replies
from dondoc.errors import DondocError
from dondoc.ledger import runs
from dondoc.ledger.outbox import list_mails
from dondoc.records import FindingKind

from .conftest import CODE, OPEN, TODAY, filled, finding, findings_of

OTHER = "000.00.12.H24-230725-0009"
REASON = {"reason_words": "chờ ý kiến của sở"}


@pytest.fixture
def ledger_url(tmp_path, new_ledger):
    """One database is enough here: `test_inbox` and `test_kills` hold both to the same."""
    return new_ledger(tmp_path / "ledger.sqlite")


@pytest.fixture
def answered(office):
    """Let two units send back what they filled in."""
    rows = findings_of(finding(FindingKind.APOLOGY_OWED, OTHER, unit="TNMT"))
    content, _ = office.issue(unit="TNMT", rows=rows)
    office.drop({OPEN: REASON})
    office.drop(name="tnmt.xlsx", content=filled(content, {OTHER: REASON}))
    replies.take_folder(CODE)
    return office


def told(office):
    mails = list_mails(office.place.ledger, campaign=CODE, business_date=TODAY)
    return sorted(mail.unit for mail in mails)


def state(office):
    return runs.find_run(office.place.ledger, campaign=CODE, business_date=TODAY, kind="answers").state


@pytest.mark.fault(118)
def test_the_other_units_receipt_is_written_and_the_failed_one_tried_again(answered, monkeypatch):
    whole = receipts.plan_receipt

    def spoilt(place, notice, cells):
        if notice.file.unit == "QLDT":
            raise ValueError("Nguyễn Văn Mật")
        whole(place, notice, cells)

    with monkeypatch.context() as patch:
        patch.setattr(receipts, "plan_receipt", spoilt)
        with pytest.raises(DondocError, match="Phòng Quản lý đầu tư: thư báo nhận chưa soạn được"):
            replies.write_receipts(CODE)
    assert (told(answered), state(answered)) == (["TNMT"], "failed")
    assert replies.write_receipts(CODE) == 2
    assert (told(answered), state(answered)) == (["QLDT", "TNMT"], "done")
