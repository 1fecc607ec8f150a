"""Who each mail is from, and who reads what comes back."""

import email
import email.policy

import pytest
from sqlalchemy import update
from tests.daily.reminded import ARMED_BY, CODE, become, compose, mail, rows

from dondoc.daily import replies
from dondoc.daily.outgoing import MailDraft, enter_mails
from dondoc.errors import CampaignError
from dondoc.files import sha256_of
from dondoc.installation import Installation
from dondoc.ledger import runs
from dondoc.ledger.mail_kinds import MAIL_KINDS
from dondoc.ledger.tables import outbox
from dondoc.mail.compose import MailText, says_whom_to_answer
from dondoc.mail.mailbox import Mailbox

DEADLINE = "2023-11-16"
OFFICE = "tong-hop@bql-haiphong.example.vn"
MAILBOX = "tra-loi@bql-haiphong.example.vn"
SENDER = "Đôn Đốc – Ban Quản lý <don-doc@bql-haiphong.example.vn>"


def answered_at(folder, address):
    """Let units answer to `address`."""
    path = folder / CODE / "campaign.yaml"
    told = path.read_text(encoding="utf-8")
    path.write_text(told.replace("  mode: preview\n", f"  mode: preview\n  reply_to: {address}\n"), encoding="utf-8")


def readers_of(message):
    return [one.addr_spec for one in message["Reply-To"].addresses]


@pytest.fixture
def day(turn_to, installation):
    turn_to(DEADLINE)
    return lambda **options: compose(DEADLINE, {"QLDT": ["A"]}, **options)


@pytest.mark.parametrize("kind", MAIL_KINDS)
def test_every_kind_of_mail_bears_the_offices_name_and_says_who_reads_answers(place, kind):
    opened = {"kind": "daily", "mode": "preview", "hold_reason": "xem trước", "armed_by": ARMED_BY}
    runs.open_run(place.ledger, campaign=CODE, business_date=place.day.business_date, **opened)
    enter_mails(place, kind, [MailDraft("VP", "a@bql-haiphong.example.vn", MailText("S", "P", "<p>P</p>"), "mot-thu")])
    message = mail(place, "mot-thu")
    assert (str(message["From"]), readers_of(message)) == (SENDER, [OFFICE])


def test_a_unit_answers_to_the_mailbox_that_is_read_and_to_the_people(own_campaigns, day):
    answered_at(own_campaigns, MAILBOX)
    place = day()
    assert readers_of(mail(place, "nhac-viec-QLDT")) == [MAILBOX, OFFICE]
    assert readers_of(mail(place, "tong-hop-lanh-dao")) == [OFFICE]
    assert f"gửi lại {MAILBOX}." in mail(place, "nhac-viec-QLDT").get_body(("plain",)).get_content()


def test_without_a_mailbox_of_its_own_the_office_reads(day):
    assert readers_of(mail(day(), "nhac-viec-QLDT")) == [OFFICE]


def test_an_address_outside_the_offices_domains_reads_nothing(own_campaigns):
    answered_at(own_campaigns, "tra-loi@noi-khac.example.vn")
    with pytest.raises(CampaignError, match="tên miền của địa chỉ nhận trả lời không nằm trong domains"):
        Installation.from_environment().campaign(CODE)


@pytest.mark.parametrize(("login", "warned"), [(MAILBOX, True), (OFFICE.upper(), False), ("tra-loi", False)])
def test_a_mailbox_that_is_read_and_that_units_are_not_told_of_is_warned_of(hai_phong, caplog, login, warned):
    box = Mailbox("imap.example.vn", 993, login, "INBOX", True, "")
    replies.warn_of_another_mailbox(hai_phong, box)
    assert ("mail.reply_to" in caplog.text) == warned


def older(place):
    """Make the day's mails what a version before this one left: no name, nobody named who reads answers."""
    for row in rows(place):
        path = place.out / row.path
        head, _, body = path.read_bytes().partition(b"\r\n\r\n")
        message = email.message_from_bytes(head + b"\r\n\r\n", policy=email.policy.SMTP)
        del message["Reply-To"]
        content = message.as_bytes().rstrip(b"\r\n") + b"\r\n\r\n" + body.replace(b"c", b"d", 1)
        assert not says_whom_to_answer(content)
        path.write_bytes(content)
        with place.ledger.begin() as connection:
            mine = update(outbox).where(outbox.c.id == row.id)
            connection.execute(mine.values(payload_sha256=sha256_of(content)))


def test_a_day_run_again_after_an_upgrade_makes_no_conflict_of_what_left_before_it(day):
    place = day()
    older(place)
    become(place, "sent")
    before = [tuple(row) for row in rows(place)]
    day(total=12)
    assert [tuple(row) for row in rows(place)] == before


def test_what_was_planned_before_an_upgrade_and_has_not_left_is_written_anew(day):
    place = day()
    older(place)
    day()
    assert {row.conflict_open for row in rows(place)} == {False}
    for row in rows(place):
        content = (place.out / row.path).read_bytes()
        assert says_whom_to_answer(content)
        assert sha256_of(content) == row.payload_sha256
