"""Answers that come by mail: whose they are, and that each message is read once."""

from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hostile.mails import forged, mail, no_records

from dondoc.answers import post
from dondoc.answers.intake import SUFFIXES
from dondoc.answers.post import take_in_mail
from dondoc.errors import MailError
from dondoc.ledger import answers
from dondoc.ledger.set_aside import list_set_aside
from dondoc.ledger.workbooks import issue_workbooks, token_key, token_of
from dondoc.mail import mailbox
from dondoc.mail.mailbox import Mailbox
from dondoc.untrusted.mails import attachments_of, sender_of

from . import imap
from .conftest import AT, BOTH, CODE, KEY, OPEN, SERVER, TODAY, UNIT, filled, write

DOMAIN = "bql-haiphong.example.vn"
ADDRESS = "quan-ly-dau-tu@bql-haiphong.example.vn"
REASON = {OPEN: {"reason_words": "chờ ý kiến của sở"}}


@pytest.fixture
def ledger_url(tmp_path, new_ledger):
    """One database is enough here: `test_inbox` and `test_kills` hold both to the same."""
    return new_ledger(tmp_path / "ledger.sqlite")


def message(content, *, sender=f"Phòng QLĐT <{ADDRESS}>", name="trả lời.xlsx", proof="dmarc=pass", **headers):
    mail = EmailMessage()
    if proof:
        mail["Authentication-Results"] = f"{SERVER}; {proof} header.from={DOMAIN}"
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
    return take_in_mail(office.place, box, at=AT, dns=no_records)


def test_an_attached_workbook_from_the_units_own_address_is_taken_in(office, answer):
    assert take(office, message(answer)) == {"messages": 1, "files": 1, "accepted": 1}
    [file] = office.files()
    assert (file.sender, file.unit, file.name, file.state) == (ADDRESS, UNIT, "trả lời.xlsx", "taken")
    assert office.said() == {(OPEN, "reason"): "chờ ý kiến của sở"}


def set_aside(office):
    """Return what waits for a person, by unit and the beginning of its reason."""
    rows = list_set_aside(office.place.ledger, campaign=CODE, since=TODAY)
    return [(row.unit, row.sender, row.reason) for row in rows]


def stored(office):
    return list((office.place.out / CODE / "answers-store").glob("*"))


def test_another_units_workbook_is_refused_and_its_own_unit_told(office, answer):
    take(office, message(answer, sender=f"van-phong@{DOMAIN}"))
    [file] = office.files()
    assert (file.state, file.unit, "không phải địa chỉ của đơn vị" in file.reason) == ("refused", UNIT, True)
    assert office.said() == {}


@pytest.mark.fault(90)
@pytest.mark.parametrize(
    "sender",
    ["ke-la@noi-khac.example.vn", f"a@b.vn, {ADDRESS}", f"x: {ADDRESS};, a@b.vn", ""],
    ids=["a stranger", "two senders", "a group and another", "nobody"],
)
def test_of_a_mail_from_nobody_we_wait_for_nothing_is_kept(office, answer, sender):
    assert take(office, message(answer, sender=sender or "x")) == {"messages": 1, "set_aside": 1}
    assert (office.files(), stored(office), notices(office)) == ([], [], [])
    assert [(unit, why) for unit, _, why in set_aside(office)] == [(None, "không phải địa chỉ của đơn vị trong đợt")]


FORGED = dict(forged(b"", b""))


@pytest.mark.fault(90)
@pytest.mark.parametrize("what", [what for what in FORGED if what not in {"another unit", "a machine's answer"}])
def test_a_mail_that_is_not_proved_does_nothing_and_waits_for_the_operator(office, answer, what):
    others, _ = write(office.day, unit="VP")
    raw = dict(forged(answer, filled(others, {BOTH: {"file_code": "01.KHTC"}})))[what]
    ended = take(office, raw)
    assert (ended.get("accepted", 0), office.said(), stored(office)) == (0, {}, [])
    assert ended.get("set_aside") or ended.get("files_refused") or "within" in what


@pytest.mark.fault(89)
def test_forged_mails_full_of_junk_leave_nothing_and_no_receipt(office, answer):
    junk = [(f"{i}.xlsx", b"PK\x03\x04%d" % i) for i in range(20)]
    ended = take(office, *(mail(*junk, Subject2=str(n)) for n in range(26)), message(answer))
    assert (ended["messages"], ended["set_aside"], ended["files"], ended["accepted"]) == (27, 26, 1, 1)
    assert (len(office.files()), len(notices(office)), len(stored(office))) == (1, 1, 1)


@pytest.mark.fault(89)
def test_of_a_proved_sender_so_many_files_a_day_are_taken(office, answer, monkeypatch):
    monkeypatch.setattr(post, "MOST_FILES_A_DAY", 3)
    junk = [message(b"PK\x03\x04%d" % i) for i in range(5)]
    ended = take(office, *junk, message(answer))
    assert (ended["files"], ended["set_aside"], len(notices(office))) == (3, 3, 3)
    assert "đã gửi 3 tệp trong ngày" in set_aside(office)[0][2]


@pytest.mark.fault(90)
@pytest.mark.parametrize("token", ["", "-" + "0" * 32], ids=["none", "wrong"])
def test_a_workbook_without_its_token_is_refused_at_every_door(office, token):
    code = office.issued.identity + token
    content = filled(office.content, REASON, change=lambda book: mark(book, code))
    take(office, message(content))
    office.take(content=content)
    assert [(file.state, file.reason.startswith("mã nhận dạng không phải")) for file in office.files()] == [
        ("refused", True),
        ("refused", True),
    ]
    assert (office.said(), stored(office)) == ({}, [])


def test_a_token_is_bound_to_campaign_unit_and_issue(office):
    others = [replace(office.issued, unit="VP"), replace(office.issued, campaign="x"), replace(office.issued, lines=())]
    assert len({token_of(KEY, one) for one in [office.issued, *others]} | {token_of("1" * 64, office.issued)}) == 5


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


def test_another_campaigns_answer_is_left_to_that_campaign(office):
    content, issued = write(office.day)
    other = replace(issued, campaign="dot-khac")
    issue_workbooks(office.place.ledger, [other], at=AT)
    code = f"{other.identity}-{token_of(token_key(office.place.ledger), other)}"
    changed = filled(content, REASON, change=lambda book: mark(book, code))
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
    assert take(office, server=server) == {"set_aside": 1}
    assert (server.fetched, "thư lớn quá" in set_aside(office)[0][2]) == ([], True)


@pytest.mark.fault(89)
def test_of_many_attachments_some_are_read(office, answer):
    many = EmailMessage()
    for i in range(30):
        many.add_attachment(b"PK%d" % i, maintype="application", subtype="x", filename=f"{i}.xlsx")
    assert len(list(attachments_of(message_from_bytes(many.as_bytes()), SUFFIXES))) == 20


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
    assert sender.isprintable()
    assert all(one.content for one in attachments_of(parsed, SUFFIXES))
