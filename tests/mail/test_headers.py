"""Headers stay one line, whatever a name holds; a mail sent again says so and keeps its body."""

from email import message_from_bytes
from email.policy import default

from hypothesis import given, settings
from hypothesis import strategies as st

from dondoc.mail.compose import UNSAFE, Envelope, as_resent, build_message, one_line

NASTY = st.text(
    st.sampled_from("aĐ \r\n\u2028\u2029\x85\u202e\u2066\x00\x0b\x0c\ud800:") | st.characters(), max_size=80
)


def build(subject):
    envelope = Envelope("a@example.vn", "b@example.vn", subject, "key")
    return build_message(envelope, plain="Thân gửi\n.chấm", html="<p>Thân gửi</p>", attachments={})


@given(NASTY)
@settings(derandomize=True, deadline=None)
def test_a_subject_adds_no_header_and_hides_nothing(text):
    content = build(f"{text}\r\nBcc: evil@example.com")
    message = message_from_bytes(content, policy=default)
    assert set(message.keys()) == set(message_from_bytes(build("x"), policy=default).keys())
    assert message["Bcc"] is None
    assert not UNSAFE.search(one_line(text))
    assert content.isascii()


@given(NASTY)
@settings(derandomize=True, deadline=None)
def test_a_mail_sent_again_says_so_once_and_keeps_its_body(text):
    content = build(text)
    again = as_resent(as_resent(content, "<new@example.vn>"), "<new@example.vn>")
    message = message_from_bytes(again, policy=default)
    assert message["Subject"].count("[gửi lại]") == 1 + one_line(text).count("[gửi lại]")
    assert message["Message-ID"] == "<new@example.vn>"
    assert again.partition(b"\r\n\r\n")[2] == content.partition(b"\r\n\r\n")[2]
