"""A leader is reminded of letters that wait or are held, and of nothing else."""

import email
import email.policy
from datetime import date, timedelta

import pytest

from dondoc.daily import steps
from dondoc.installation.workplace import Workplace
from dondoc.ledger import transitions
from dondoc.ledger.batches import open_batch
from dondoc.ledger.letters import NewLetter, latest_letters, record_drafts
from dondoc.ledger.store import now, open_ledger
from dondoc.ledger.transitions import Signature

CODE, DAY = "hai-phong-2023", "2023-11-14"


@pytest.fixture
def remind(installation):
    """Open the day with a batch put up so long ago; plan the reminder; return its mails."""

    def run(waited, *, held_on=None):
        ledger, at = open_ledger(installation.ledger_url), now() - waited
        rest = ((), "a.docx", "1" * 64, "2" * 64, {"addressee": "Ông Trần Văn Dân"}, "3" * 64, None, at.date())
        record_drafts(ledger, [NewLetter(CODE, "HS-1", 1, "TNMT", *rest)], by="x", at=at)
        letters = list(latest_letters(ledger, campaign=CODE).values())
        if held_on:
            hold(ledger, letters, held_on)
        else:
            open_batch(ledger, letters, unit="TNMT", asked_in="r", at=at)
        day = steps.open_day(steps.day_ref(CODE, DAY))
        steps.remind_leader(day)
        paths = Workplace.of(day).folder.glob("mail/trinh-ky-*.eml")
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]

    return run


def hold(ledger, letters, on):
    shown, who = {letter.id: letter.sha256 for letter in letters}, {"by": "x", "at": now()}
    transitions.put_up(ledger, shown, **who)
    transitions.approve(ledger, list(shown), batch=transitions.batch_sha256(shown), **who)
    for key in shown:
        transitions.record_signature(ledger, key, Signature("1/PXL", on, "A"), **who)
    transitions.hold(ledger, dict.fromkeys(shown, ("hồ sơ đã xong", "4" * 64)), on=on, **who)


def test_a_batch_that_waits_too_long_is_told_to_the_leader(remind):
    [mail] = remind(timedelta(hours=25))
    assert mail["To"] == "lanh-dao@bql-haiphong.example.vn"
    assert mail["Subject"] == "[Trình ký] 1 thư xin lỗi đang chờ ký, ngày 14/11/2023"
    for part in ("plain", "html"):
        text = mail.get_body((part,)).get_content()
        assert ("Phòng Tài nguyên và Môi trường" in text, "Trần Văn" in text, "HS-1" in text) == (True, False, False)


def test_letters_held_because_their_case_changed_are_told_to_the_leader_at_once(remind):
    [mail] = remind(timedelta(0), held_on=date(2023, 11, 14))
    assert mail["Subject"] == "[Trình ký] 1 thư xin lỗi bị giữ chờ quyết, ngày 14/11/2023"
    for part in ("plain", "html"):
        text = mail.get_body((part,)).get_content()
        assert "Phòng Tài nguyên và Môi trường" in text
        assert "trong đó 1 thư đã ký" in text
        assert ("Trần Văn" in text, "HS-1" in text, "chờ ký đã lâu" in text) == (False, False, False)


def test_what_a_later_day_holds_is_not_in_the_mail_of_an_earlier(remind):
    assert remind(timedelta(0), held_on=date(2023, 11, 15)) == []


def test_a_leader_is_given_a_day_before(remind):
    assert remind(timedelta(hours=23)) == []
