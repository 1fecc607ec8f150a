"""A leader is reminded of letters that wait, and of nothing else."""

import email
import email.policy
from datetime import timedelta

import pytest

from dondoc.daily import steps
from dondoc.ledger.batches import open_batch
from dondoc.ledger.letters import NewLetter, latest_letters, record_drafts
from dondoc.ledger.store import now, open_ledger
from dondoc.workplace import Workplace

CODE, DAY = "hai-phong-2023", "2023-11-14"


@pytest.fixture
def remind(installation):
    """Open the day with a batch put up so long ago; plan the reminder; return its mails."""

    def run(waited):
        ledger, at = open_ledger(installation.ledger_url), now() - waited
        rest = ((), "a.docx", "1" * 64, "2" * 64, {"addressee": "Ông Trần Văn Dân"}, "3" * 64, None, at.date())
        record_drafts(ledger, [NewLetter(CODE, "HS-1", 1, "TNMT", *rest)], by="x", at=at)
        open_batch(ledger, list(latest_letters(ledger, campaign=CODE).values()), asked_in="r", at=at)
        day = steps.open_day(steps.day_ref(CODE, DAY))
        steps.remind_leader(day)
        paths = Workplace.of(day).folder.glob("mail/trinh-ky-*.eml")
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]

    return run


def test_a_batch_that_waits_too_long_is_told_to_the_leader(remind):
    [mail] = remind(timedelta(hours=25))
    assert mail["To"] == "lanh-dao@bql-haiphong.example.vn"
    assert mail["Subject"] == "[Trình ký] 1 thư xin lỗi đang chờ ký, ngày 14/11/2023"
    for part in ("plain", "html"):
        text = mail.get_body((part,)).get_content()
        assert ("Phòng Tài nguyên và Môi trường" in text, "Trần Văn" in text, "HS-1" in text) == (True, False, False)


def test_a_leader_is_given_a_day_before(remind):
    assert remind(timedelta(hours=23)) == []
