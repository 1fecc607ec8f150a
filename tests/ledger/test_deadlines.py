"""The versions of a campaign's end: entered once, never changed, and asked for whom they stand."""

from datetime import date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from tests.mail import post

from dondoc.campaign.drive import DeadlineMove
from dondoc.ledger import audit, deadlines, endings, outbox
from dondoc.ledger.outbox import Entry
from dondoc.ledger.tables import audit as audit_table

FIRST, SECOND = date(2023, 11, 10), date(2023, 11, 15)
LETTER, OTHER = "Thông báo số 12/TB", "Thông báo số 15/TB"


def moved(campaign, day, document=None):
    backed = DeadlineMove(by="Trưởng ban", document=document) if document else None
    ends = {"deadline": date(2023, 11, day), "final_report_at": datetime(2023, 11, day, 16)}
    return campaign.model_copy(update=ends | {"deadline_moved": backed})


def keep(ledger, campaign, on=SECOND):
    deadlines.keep_deadline(ledger, campaign, on=on)


def told(ledger, campaign):
    known = deadlines.versions(ledger, campaign=campaign.code)
    return deadlines.unexplained(known, deadlines.version_of(campaign))


def test_the_first_use_needs_nobody_and_a_day_run_again_enters_nothing(ledger, hai_phong):
    assert told(ledger, hai_phong) == ""
    keep(ledger, hai_phong, FIRST)
    keep(ledger, hai_phong, SECOND)
    [kept] = deadlines.versions(ledger, campaign=hai_phong.code)
    assert (kept.deadline, kept.report_on, kept.seen_on) == (date(2023, 11, 16), date(2023, 11, 16), FIRST)
    assert told(ledger, hai_phong) == ""


def test_a_move_is_told_until_a_document_stands_for_it(ledger, hai_phong):
    keep(ledger, hai_phong)
    bare, backed = moved(hai_phong, 20), moved(hai_phong, 20, LETTER)
    assert "từ 16/11/2023 sang 20/11/2023" in told(ledger, bare)
    keep(ledger, bare)
    assert told(ledger, bare)
    assert told(ledger, backed) == ""
    keep(ledger, backed)
    keep(ledger, backed)
    assert told(ledger, bare) == ""
    assert [one.document for one in deadlines.versions(ledger, campaign=hai_phong.code)] == [None, None, LETTER]


def test_the_document_of_one_move_does_not_stand_for_the_next(ledger, hai_phong):
    for campaign in (hai_phong, moved(hai_phong, 20, LETTER), moved(hai_phong, 24, LETTER)):
        keep(ledger, campaign)
        keep(ledger, campaign)
    kept = deadlines.versions(ledger, campaign=hai_phong.code)
    assert [one.document for one in kept] == [None, LETTER, None]
    assert told(ledger, moved(hai_phong, 24, LETTER))
    assert told(ledger, moved(hai_phong, 24, OTHER)) == ""


def test_another_hour_is_another_version_and_no_move(ledger, hai_phong):
    keep(ledger, hai_phong)
    earlier = hai_phong.model_copy(update={"final_report_at": datetime(2023, 11, 16, 11)})
    keep(ledger, earlier)
    assert len(deadlines.versions(ledger, campaign=hai_phong.code)) == 2
    assert told(ledger, earlier) == ""


def test_who_moved_it_stands_in_the_audit_and_no_version_is_ever_changed(ledger, hai_phong):
    keep(ledger, hai_phong)
    keep(ledger, moved(hai_phong, 20, LETTER))
    with ledger.begin() as connection:
        [act] = connection.execute(select(audit_table)).all()
    assert (act.actor, act.action, act.subject) == (
        "cấu hình của đợt (ghi tên: Trưởng ban)",
        "deadline.moved",
        hai_phong.code,
    )
    assert LETTER in act.detail
    assert audit.verify(ledger).broken_at is None
    for change in ("UPDATE deadline SET moved_by = 'ai đó'", "DELETE FROM deadline"):
        with pytest.raises(DatabaseError), ledger.begin() as connection:
            connection.execute(text(change))


def test_a_final_report_of_an_older_version_belongs_to_the_end_it_left_for(ledger, hai_phong, tmp_path):
    post.arm(ledger)
    mail = post.a_mail(tmp_path, "k", kind="final", campaign=hai_phong.code)
    outbox.plan_mails(ledger, [Entry(mail, None, "x")])
    ends = [date(2023, 11, day) for day in (16, 20)]
    assert all(endings.latest_final(ledger, campaign=hai_phong.code, end=end) for end in ends)
    keep(ledger, hai_phong)
    keep(ledger, moved(hai_phong, 20, LETTER))
    found = [endings.latest_final(ledger, campaign=hai_phong.code, end=end) for end in ends]
    assert (found[0].state, found[1]) == ("planned", None)
