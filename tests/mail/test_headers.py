"""Headers stay one line, whatever a name holds; a mail sent again says so and keeps its body."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dondoc.mail.compose import UNSAFE, Correspondent, Envelope, as_resent, build_message, one_line

NASTY = st.text(
    st.sampled_from("aĐ \r\n\u2028\u2029\x85\u202e\u2066\x00\x0b\x0c\ud800:") | st.characters(), max_size=80
)


SENDER, MAILBOX = Correspondent("Đôn Đốc", "a@example.vn"), Correspondent("Trả lời", "c@example.vn")


def build(subject, name="Đôn Đốc"):
    sender = SENDER._replace(name=name)
    envelope = Envelope(sender, "b@example.vn", subject, "key", (MAILBOX, sender._replace(address="d@example.vn")))
    return build_message(envelope, plain="Thân gửi\n.chấm", html="<p>Thân gửi</p>", attachments={})


@pytest.mark.fault(16)
@given(NASTY)
@settings(derandomize=True)
def test_a_subject_adds_no_header_and_hides_nothing(text):
    content = build(f"{text}\r\nBcc: evil@example.com")
    message = message_from_bytes(content, policy=default)
    assert set(message.keys()) == set(message_from_bytes(build("x"), policy=default).keys())
    assert message["Bcc"] is None
    assert not UNSAFE.search(one_line(text))
    assert content.isascii()


@pytest.mark.fault(16)
@given(NASTY)
@settings(derandomize=True)
def test_a_name_stays_a_name_and_its_address_the_only_one(text):
    name = f'{text}", <evil@example.com>,\r\nBcc: evil@example.com ('
    content = build("x", name)
    message = message_from_bytes(content, policy=default)
    assert [one.addr_spec for one in message["From"].addresses] == ["a@example.vn"]
    assert [one.addr_spec for one in message["Reply-To"].addresses] == ["c@example.vn", "d@example.vn"]
    assert message["Bcc"] is None
    assert max(len(line) for line in content.partition(b"\r\n\r\n")[0].split(b"\r\n")) <= 78


@given(st.text(st.sampled_from('Ban Quản lý Khu kinh tế – Đôn Đốc, (VP) "Sở"'), min_size=1, max_size=200))
@settings(derandomize=True)
def test_a_name_is_read_back_as_it_was_given(name):
    words = make_header(decode_header(message_from_bytes(build("x", f"Đ {name}"))["From"]))
    assert str(words).rpartition("<")[0].strip() == one_line(f"Đ {name}")


@pytest.mark.fault(80)
@given(NASTY)
@settings(derandomize=True)
def test_a_mail_sent_again_says_so_once_and_keeps_its_body(text):
    content = build(text)
    again = as_resent(as_resent(content, "<new@example.vn>"), "<new@example.vn>")
    message = message_from_bytes(again, policy=default)
    assert message["Subject"].count("[gửi lại]") == 1 + one_line(text).count("[gửi lại]")
    assert message["Message-ID"] == "<new@example.vn>"
    for header in ("From", "Reply-To"):
        assert message[header] == message_from_bytes(content, policy=default)[header]
    assert again.partition(b"\r\n\r\n")[2] == content.partition(b"\r\n\r\n")[2]
