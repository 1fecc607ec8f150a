from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from dondoc.ledger import outbox
from dondoc.ledger.outbox import PlannedMail
from dondoc.ledger.store import now
from dondoc.ledger.tables import outbox as table

DAY = date(2023, 11, 14)
MAIL = PlannedMail("k", "c", DAY, "reminder", "VP", "a@example.vn", "<k@example.vn>", "mail/a.eml", "1" * 64)


def states(ledger):
    return outbox.count_mails(ledger, campaign="c", business_date=DAY)


def waiting(ledger):
    return outbox.planned_mails(ledger, campaign="c", business_date=DAY, kind="reminder")


def test_planning_a_mail_again_doubles_nothing(ledger):
    assert all(outbox.plan_mail(ledger, MAIL, hold_reason=None) for _ in range(3))
    assert states(ledger) == {"planned": 1}


def test_a_held_mail_waits_until_it_may_leave(ledger):
    outbox.plan_mail(ledger, MAIL, hold_reason="xem trước")
    assert waiting(ledger) == []
    outbox.plan_mail(ledger, MAIL, hold_reason=None)
    assert waiting(ledger) == [MAIL]


def test_new_words_replace_old_ones_until_the_mail_is_offered(ledger):
    outbox.plan_mail(ledger, MAIL, hold_reason=None)
    newer = replace(MAIL, payload_sha256="2" * 64)
    assert outbox.plan_mail(ledger, newer, hold_reason=None)
    assert waiting(ledger) == [newer]


@pytest.mark.parametrize("state", [outbox.SENT, outbox.UNKNOWN])
def test_a_mail_that_may_have_left_is_never_planned_again(ledger, state):
    outbox.plan_mail(ledger, MAIL, hold_reason=None)
    outbox.claim(ledger, "k")
    outbox.settle(ledger, "k", state, "250 ok")
    assert outbox.plan_mail(ledger, MAIL, hold_reason=None)
    assert not outbox.plan_mail(ledger, replace(MAIL, payload_sha256="2" * 64), hold_reason=None)
    assert states(ledger) == {state: 1}


def test_a_mail_is_claimed_once(ledger):
    outbox.plan_mail(ledger, MAIL, hold_reason=None)
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: outbox.claim(ledger, "k"), range(16)))
    assert sum(claims) == 1


def test_a_mail_whose_sender_died_is_unknown_and_not_sent_again(ledger):
    outbox.plan_mail(ledger, MAIL, hold_reason=None)
    outbox.claim(ledger, "k")
    assert outbox.release_abandoned(ledger) == 0
    with ledger.begin() as connection:
        long_ago = now() - outbox.ABANDONED_AFTER - timedelta(seconds=1)
        connection.execute(update(table).values(changed_at=long_ago))
    assert outbox.release_abandoned(ledger) == 1
    assert states(ledger) == {"unknown": 1}
