"""Messages, read back as a mail program reads them."""

import email
import email.policy
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.mail.compose import Correspondent, Envelope, build_message


def built(subject, **attachments):
    sender = Correspondent("Đôn Đốc", "a@example.vn")
    envelope = Envelope(sender, "b@example.vn", subject, "reminder|a|b", (sender,))
    return build_message(envelope, plain="Kính gửi\n", html="<p>Kính gửi</p>", attachments=attachments)


def read(content):
    return email.message_from_bytes(content, policy=email.policy.default)


def test_a_long_vietnamese_subject_keeps_its_spaces():
    subject = "[Đôn đốc] Phòng Quản lý đầu tư: 49 công việc chưa báo cáo hoàn thành, 66 công việc chưa lập hồ sơ " * 3
    content = built(subject)
    assert read(content)["Subject"] == subject.strip()
    assert max(len(line) for line in content.split(b"\r\n\r\n", 1)[0].split(b"\r\n")) <= 78


@pytest.mark.fault(16)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_no_text_adds_a_header(subject):
    head = built(f"[Đôn đốc] {subject}").split(b"\r\n\r\n", 1)[0].decode("ascii")
    names = [line.partition(":")[0] for line in re.split(r"\r\n(?![ \t])", head)]
    assert sorted(names) == sorted(
        ["Subject", "From", "Reply-To", "To", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
    )


def test_the_same_facts_make_the_same_bytes():
    assert built("Báo cáo", **{"a.xlsx": b"x"}) == built("Báo cáo", **{"a.xlsx": b"x"})
