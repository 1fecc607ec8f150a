"""No English kind or state of a mail reaches a person."""

import pytest

from dondoc.commands.outcome import _attention
from dondoc.ledger.endings import BEST_FIRST
from dondoc.mail.words import STATES


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (
            {"kind": "reminder", "unit": "VP", "state": "expired", "reason": ""},
            "thư nhắc việc cho VP: hết giờ mà chưa gửi",
        ),
        (
            {"kind": "final", "unit": "VP", "state": "failed", "reason": "550"},
            "thư báo cáo cuối cùng cho VP: bị từ chối; 550",
        ),
        (
            {"kind": "contact", "unit": "VP", "state": "bounced", "reason": "550"},
            "thư gửi tới địa chỉ đã bị trả lại cho VP: bị trả lại; 550",
        ),
    ],
)
def test_a_mail_to_be_looked_at_is_told_in_words(one, words):
    assert _attention(one) == words


def test_the_watchdog_has_words_for_wherever_the_final_report_stands():
    assert set(BEST_FIRST) <= STATES.keys()
    assert all(words.islower() and not words.isascii() for words in STATES.values())
