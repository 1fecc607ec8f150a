"""Answers that come by mail: whose they are, and that each message is read once."""

from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.answers.post import NOBODY, attachments_of, sender_of, take_in_mail
from dondoc.errors import MailError
from dondoc.ledger import answers
from dondoc.ledger.workbooks import issue_workbooks
from dondoc.mail import mailbox
from dondoc.mail.mailbox import Mailbox

from . import imap
from .conftest import AT, CODE, OPEN, TODAY, UNIT, filled, write

ADDRESS = "quan-ly-dau-tu@bql-haiphong.example.vn"
REASON = {OPEN: {"reason_words": "chờ ý kiến của sở"}}


@pytest.fixture
def ledger_url(tmp_path, new_ledger):
    """One database is enough here: `test_inbox` and `test_kills` hold both to the same."""
    return new_ledger(tmp_path / "ledger.sqlite")


def message(content, *, sender=f"Phòng QLĐT <{ADDRESS}>", name="trả lời.xlsx", **headers):
    mail = EmailMessage()
    mail["From"], mail["Subject"] = sender, "Re: [Đôn đốc]"
    for header, value in headers.items():
        mail[header.replace("_", "-")] = value
    mail.set_content("Kính gửi Văn phòng")
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


@pytest.fixture
def answer(office):
    return filled(office.content, REASON)


def take(office, *messages, server=None):
    """Let the messages lie in a mailbox and take them in; return the counts."""
    server = server or imap.Mailbox(*messages)
    box = Mailbox.of_connection("127.0.0.1", server.port, "don-doc", "secret", {"use_ssl": False})
    return take_in_mail(office.place, box, at=AT)


def test_an_attached_workbook_from_the_units_own_address_is_taken_in(office, answer):
    assert take(office, message(answer)) == {"messages": 1, "files": 1, "accepted": 1}
    [file] = office.files()
    assert (file.sender, file.unit, file.name, file.state) == (ADDRESS, UNIT, "trả lời.xlsx", "taken")
    assert office.said() == {(OPEN, "reason"): "chờ ý kiến của sở"}


@pytest.mark.parametrize(
    "sender",
    ["van-phong@bql-haiphong.example.vn", "ke-la@noi-khac.example.vn", f"a@b.vn, {ADDRESS}", ""],
    ids=["another unit", "a stranger", "two senders", "nobody"],
)
def test_from_any_other_address_it_is_refused_and_the_unit_is_told(office, answer, sender):
    take(office, message(answer, sender=sender or "x"))
    [file] = office.files()
    assert (file.state, file.unit, "không phải địa chỉ của đơn vị" in file.reason) == ("refused", UNIT, True)
    assert office.said() == {}
    if "," in sender:
        assert file.sender == NOBODY


def test_the_same_bytes_from_the_right_address_are_still_taken(office, answer):
    take(office, message(answer, sender="ke-la@noi-khac.example.vn"), message(answer))
    assert [file.state for file in office.files()] == ["refused", "taken"]
    assert office.said()[OPEN, "reason"]


def test_a_message_is_fetched_once_and_new_ones_later(office, answer):
    server = imap.Mailbox(message(answer))
    take(office, server=server)
    take(office, server=server)
    server.messages.append(message(filled(office.content, {OPEN: {"reason_words": "mới"}})))
    assert (take(office, server=server)["accepted"], server.fetched) == (1, [100, 101])
    assert office.said()[OPEN, "reason"] == "mới"


def test_a_mailbox_that_counts_anew_is_read_anew_and_nothing_is_entered_twice(office, answer):
    take(office, message(answer))
    before = office.rows()
    ended = take(office, server=imap.Mailbox(message(answer), validity=8))
    assert (ended["files"], office.rows(), len(office.files())) == (1, before, 1)


def notices(office, day=TODAY):
    return [
        (notice.owed_on, notice.again) for notice in answers.owed_notices(office.place.ledger, campaign=CODE, today=day)
    ]


def test_the_same_file_in_another_message_is_told_so_once_a_day(office, answer):
    take(office, message(answer))
    later = office.on(date(2023, 11, 15))
    take(later, message(answer), message(answer, Subject2="x"), server=imap.Mailbox(message(answer), validity=9))
    assert notices(later, later.day.business_date) == [(TODAY, False), (date(2023, 11, 15), True)]


def test_what_a_machine_wrote_is_not_answered(office, answer):
    assert take(office, message(answer, Auto_Submitted="auto-replied")) == {"messages": 1}
    assert office.files() == []


def test_other_mail_is_nobodys_answer(office):
    plain = EmailMessage()
    plain["From"] = ADDRESS
    plain.set_content("Chúng tôi sẽ trả lời sau.")
    assert take(office, plain.as_bytes(), message(b"%PDF-", name="cong-van.pdf")) == {"messages": 2}
    assert office.files() == []


def test_a_strangers_workbook_is_kept_for_the_operator_and_not_answered(office):
    take(office, message(b"PK\x03\x04xx", sender="ke-la@noi-khac.example.vn"))
    [file] = office.files()
    assert (file.state, file.unit, notices(office)) == ("refused", None, [])


def test_another_campaigns_answer_is_left_to_that_campaign(office):
    content, issued = write(office.day)
    other = replace(issued, campaign="dot-khac")
    issue_workbooks(office.place.ledger, [other], at=AT)
    changed = filled(content, REASON, change=lambda book: mark(book, other.identity))
    assert take(office, message(changed))["other_campaign"] == 1
    assert office.files() == []


def mark(book, identity):
    book["dondoc"]["B1"].value = identity
    for row in book["Cách điền"].iter_rows():
        for cell in row:
            if str(cell.value).startswith("Mã nhận dạng"):
                cell.value = None


def test_a_name_in_an_encoded_word_is_read(office, answer):
    raw = message(answer, name="x.xlsx").replace(
        b'filename="x.xlsx"', b'filename="=?utf-8?b?dHLhuqMgbOG7nWkueGxzeA==?="'
    )
    take(office, raw)
    assert office.files()[0].name == "trả lời.xlsx"


def test_a_message_beyond_all_bounds_is_not_fetched(office, answer, monkeypatch):
    monkeypatch.setattr(mailbox, "MAX_MESSAGE_BYTES", 1000)
    server = imap.Mailbox(message(answer))
    assert take(office, server=server) == {"too_large": 1}
    assert server.fetched == []


@pytest.mark.fault(89)
def test_of_many_attachments_some_are_read(office, answer):
    many = EmailMessage()
    for i in range(30):
        many.add_attachment(b"PK%d" % i, maintype="application", subtype="x", filename=f"{i}.xlsx")
    assert len(list(attachments_of(message_from_bytes(many.as_bytes())))) == 20


@pytest.mark.parametrize(("host", "login"), [("", "a"), ("h", "")])
def test_a_connection_without_server_or_account_says_so(host, login):
    with pytest.raises(MailError, match="chưa có máy chủ hoặc tài khoản"):
        Mailbox.of_connection(host, None, login, "x", {})


def test_a_mailbox_says_its_name_and_never_its_secret():
    box = Mailbox.of_connection("imap.example.vn", None, "don-doc", "secret", {})
    assert (box.port, box.tls, box.folder) == (993, True, "INBOX")
    assert "secret" not in box.name + repr(box)


def test_a_password_no_server_can_take_is_a_clear_error(office):
    box = Mailbox.of_connection("127.0.0.1", imap.Mailbox().port, "don-doc", "bí mật", {"use_ssl": False})
    with pytest.raises(MailError, match="Không đọc được hộp thư"):
        take_in_mail(office.place, box, at=AT)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"From: ", b"Content-Disposition: attachment; filename=", b"Auto-Submitted: "]),
)
def test_no_message_stops_the_ones_after_it(content, header):
    raw = (
        header
        + content
        + b"\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
        + header
        + content
        + b"\n\n"
        + content
    )
    parsed = message_from_bytes(raw)
    sender = sender_of(parsed)
    assert sender.encode()
    assert "\x00" not in sender
    assert all(data for _, data in attachments_of(parsed))
