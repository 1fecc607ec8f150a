"""What a unit is told of its answers: through the outbox, once, within the hours of mail."""

import io
import json
from datetime import datetime
from email import message_from_bytes
from email.policy import default

import openpyxl
import pytest
from sqlalchemy import select
from tests.mail import post
from tests.mail.sink import Sink

from dondoc.daily import replies
from dondoc.ledger.tables import outbox
from dondoc.mail.account import SmtpAccount

from .conftest import BOTH, CODE, ENDED, OPEN, Office

MIXED = {
    OPEN: {"reason_words": "chờ ý kiến", "new_due_on": datetime(2023, 11, 18)},
    BOTH: {"file_code": "01.KHTC"},
    ENDED: {"apology_number": "12/PXL"},
}


@pytest.fixture
def ledger_url(tmp_path, new_ledger):
    """One database is enough here: `test_inbox` and `test_kills` hold both to the same."""
    return new_ledger(tmp_path / "ledger.sqlite")


@pytest.fixture
def armed(own_campaigns, office):
    """Return the office with its mail armed by a person."""
    path = own_campaigns / CODE / "campaign.yaml"
    path.write_text(path.read_text().replace("mode: preview", "mode: armed\n  armed_by: Lê Văn A"))
    return Office(office.place)


def mails(office):
    with office.place.ledger.begin() as connection:
        return connection.execute(select(outbox).order_by(outbox.c.id)).all()


def content(office, row):
    return message_from_bytes((office.place.out / row.path).read_bytes(), policy=default)


def receive(fills, office, **given):
    office.drop(fills, **given)
    replies.take_folder(CODE)
    return replies.write_receipts(CODE)


def test_a_receipt_says_what_was_taken_and_what_is_to_be_mended(office):
    assert receive(MIXED, office) == 1
    mail = content(office, mails(office)[0])
    plain = mail.get_body(("plain",)).get_content()
    assert "- Lý do quá hạn: 1 ô" in plain
    assert "Chưa nhận 2 ô" in plain
    assert f"- {OPEN}, Ngày hẹn trả mới “18/11/2023”: không nhận, là ngày nghỉ (nghỉ thứ Bảy)" in plain
    assert OPEN in mail.get_body(("html",)).get_content()
    assert mail["Subject"] == ("[Trả lời] Phòng Quản lý đầu tư: nhận 2 ô, 2 ô chưa nhận, tệp nhận ngày 14/11/2023")


def test_the_cells_not_taken_are_attached_with_their_reasons(office):
    receive(MIXED, office)
    [attached] = content(office, mails(office)[0]).iter_attachments()
    page = openpyxl.load_workbook(io.BytesIO(attached.get_content())).active
    rows = [row[:2] for row in page.iter_rows(min_row=4, values_only=True)]
    assert rows == [(OPEN, "Ngày hẹn trả mới"), (ENDED, "Số văn bản xin lỗi")]


def test_nothing_to_mend_nothing_attached(office):
    receive({OPEN: {"reason_words": "chờ ý kiến"}}, office)
    mail = content(office, mails(office)[0])
    assert list(mail.iter_attachments()) == []
    assert "Chưa nhận" not in mail.get_body(("plain",)).get_content()


def test_a_file_refused_as_a_whole_is_told_with_the_reason(office):
    receive(None, office, content=office.content)
    assert "không có ô nào được điền" in content(office, mails(office)[0]).get_body(("plain",)).get_content()


def test_writing_receipts_again_plans_no_second(office):
    receive(MIXED, office)
    before = mails(office)
    replies.write_receipts(CODE)
    assert [(row.id, row.payload_sha256, row.conflict_open) for row in mails(office)] == [
        (row.id, row.payload_sha256, False) for row in before
    ]


@pytest.mark.parametrize("day", ["2023-11-18", "2023-11-17"])
def test_a_receipt_waits_for_a_working_day(office, turn_to, day):
    turn_to(day)
    waiting = day == "2023-11-18"
    assert receive(MIXED, office) == (0 if waiting else 1)
    turn_to("2023-11-20")
    assert (replies.write_receipts(CODE), len(mails(office))) == (int(waiting), 1)


def test_in_preview_a_receipt_is_a_file_and_held(office):
    receive(MIXED, office)
    [row] = mails(office)
    assert (row.state, "xem trước" in row.reason) == ("held", True)
    assert "xem trước" in replies.send_receipts(CODE, lambda: None)


def test_without_an_answer_there_is_nothing_to_send(office):
    assert (replies.write_receipts(CODE), replies.send_receipts(CODE, lambda: None)) == (
        0,
        "hôm nay chưa có thư báo nhận",
    )


def test_an_armed_receipt_leaves_once_and_needs_no_daily_run(armed):
    receive(MIXED, armed)
    with Sink() as sink:
        account = {"host": "127.0.0.1", "port": sink.port, "extra": {"disable_ssl": True, "disable_tls": True}}
        sent = [replies.send_receipts(CODE, lambda: SmtpAccount.of_json(json.dumps(account))) for _ in range(2)]
    [row] = mails(armed)
    assert (sent, row.state, len(sink.accepted)) == ([{"sent": 1}, {}], "sent", 1)
    assert (row.recipient, row.kind) == ("quan-ly-dau-tu@bql-haiphong.example.vn", "receipt")


def test_the_day_being_armed_for_receipts_lets_no_reminder_leave(armed):
    from dondoc.ledger.claims import SendJob, claim
    from dondoc.ledger.outbox import Entry, plan_mails

    receive(MIXED, armed)
    day = armed.day.business_date
    mail = post.a_mail(armed.place.out, "k", campaign=CODE, business_date=day, kind="reminder")
    plan_mails(armed.place.ledger, [Entry(mail, None, "khac.eml")])
    moment = replies.dispatch.ticking(armed.place)()
    assert (
        claim(armed.place.ledger, SendJob(CODE, day, "reminder", "me"), moment, limit=9, lease=post.timedelta(1)) == []
    )
