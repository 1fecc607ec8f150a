"""What settles a mail in doubt: relay logs, an archive mailbox, bounces, a person."""

import gzip
import json
import os
import re
import socket
import threading
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from tests.answers import imap
from tests.hostile.mails import nested
from tests.mail import post
from tests.mail.sink import Sink
from tests.people import LE_VAN_A

from dondoc.errors import MailError
from dondoc.ledger import claims, outbox, verdicts
from dondoc.ledger.claims import ClockReading, SendResult
from dondoc.ledger.tables import audit
from dondoc.ledger.verdicts import MailDecision
from dondoc.mail import relay_log
from dondoc.mail.bounces import read_bounces, read_folder, take_bounces
from dondoc.mail.mailbox import Mailbox, fetch_unread, find_messages
from dondoc.mail.reconcile import GRACE, Reconciled, reconcile
from dondoc.mail.relay_log import Inquiry, read_relay_log

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LEASE = timedelta(minutes=20)
IDENTITY = post.message_id("k", post.SENDER)
MOMENT = post.moment()
LATER = ClockReading(MOMENT.today, MOMENT.office_at + LEASE * 2, MOMENT.at + LEASE * 2)
TAKEN = (
    f"postfix/cleanup[7]: 4F1A2B: message-id={IDENTITY}",
    "postfix/qmgr[8]: 4F1A2B: from=<x>, nrcpt=1 (queue active)",
)


CONFIRMED = post.message_id("n", post.SENDER)
BEFORE = timedelta(minutes=10)
THROTTLED = "rsyslogd: imuxsock lost 23 messages from pid 1 due to rate-limiting"
OTHERS = "postfix/anvil[1]: statistics: max connection rate 1/60s"


@pytest.fixture
def in_doubt(ledger, tmp_path):
    """Leave one mail `unknown`, offered at `MOMENT`; another was confirmed some minutes before."""

    def leave(**changes):
        post.arm(ledger)
        entries = [outbox.Entry(post.a_mail(tmp_path, key, **changes), None, "khac.eml") for key in ("n", "k")]
        outbox.plan_mails(ledger, entries)
        job = claims.SendJob("c", post.DAY, changes.get("kind", "reminder"), "me")
        before = ClockReading(MOMENT.today, MOMENT.office_at - BEFORE, MOMENT.at - BEFORE)
        (first,) = claims.claim(ledger, job, before, limit=1, lease=LEASE)
        claims.begin(ledger, first, before, lease=LEASE)
        claims.settle(ledger, first, SendResult(claims.SENT, "reply", 250, "250 ok", "3E0A1B"), before)
        (mail,) = claims.claim(ledger, job, MOMENT, limit=1, lease=LEASE)
        claims.begin(ledger, mail, MOMENT, lease=LEASE)
        claims.tidy(ledger, LATER)
        return mail

    return leave


def state(ledger):
    return post.rows(ledger)["k"].state


def conversation(at, lines=(), *, client="10.0.0.5", data=None, left=True):
    """Return what a relay logs of one conversation, with its instants."""
    process = f"postfix/smtpd[{int(at.timestamp())}]"
    took = sum("active" in line for line in lines)
    ends = [f"{process}: disconnect from x[{client}] ehlo=1 data={took if data is None else data}/1 commands=5"]
    brought = [f"{process}: {line.split()[1]} client=x[{client}]" for line in lines[:1]]
    said = [f"{process}: connect from x[{client}]", *brought, *lines, *(ends if left else [])]
    return [(at, text) for text in said]


NEIGHBOUR = conversation(
    MOMENT.at - BEFORE,
    (f"postfix/cleanup[7]: 3E0A1B: message-id={CONFIRMED}", "postfix/qmgr[8]: 3E0A1B: from=<x> (queue active)"),
)


def write_log(path, said, *, since=timedelta(hours=-1), until=2 * LEASE + GRACE):
    said = [(MOMENT.at + since, OTHERS), *said, (MOMENT.at + until, OTHERS)]
    path.write_text("".join(f"{at.isoformat()} relay {text}\n" for at, text in said))
    return path


@pytest.mark.fault(1, 2)
@pytest.mark.parametrize(
    ("said", "span", "end"),
    [
        pytest.param([*NEIGHBOUR, *conversation(MOMENT.at, TAKEN)], {}, "sent", id="the relay took it"),
        pytest.param([*NEIGHBOUR, *conversation(MOMENT.at)], {}, "planned", id="the whole conversation without it"),
        pytest.param(
            [*NEIGHBOUR, *conversation(MOMENT.at, TAKEN[:1])], {}, "planned", id="it began to come in and was not taken"
        ),
        pytest.param(
            [*NEIGHBOUR, *conversation(MOMENT.at)], {"until": 2 * LEASE + GRACE / 2}, "unknown", id="the grace lasts"
        ),
        pytest.param(conversation(MOMENT.at, TAKEN), {}, "sent", id="presence needs no neighbour"),
    ],
)
def test_the_relay_log_says_what_became_of_it(ledger, tmp_path, in_doubt, said, span, end):
    in_doubt()
    log = write_log(tmp_path / "mail.log", said, **span)
    reconcile(ledger, [log], moment=LATER, zone=ZONE)
    assert state(ledger) == end


@pytest.mark.fault(108)
@pytest.mark.parametrize(
    ("said", "why"),
    [
        pytest.param([(MOMENT.at, "systemd[1]: Started Daily apt.")], "phiên|thiếu", id="a syslog beside the relay's"),
        pytest.param([(MOMENT.at, f"sendmail[9]: uAO1: msgid={CONFIRMED}")], "thiếu", id="sendmail's"),
        pytest.param(conversation(MOMENT.at), "thiếu", id="another Postfix, which never had a mail of ours"),
        pytest.param(NEIGHBOUR, "không ghi phiên", id="one of two relays: it was offered to the other"),
        pytest.param(
            [*NEIGHBOUR, *conversation(MOMENT.at, client="10.0.0.9")], "không ghi phiên", id="somebody else's"
        ),
        pytest.param([*NEIGHBOUR, *conversation(MOMENT.at, left=False)], "trọn phiên", id="the end is missing"),
        pytest.param([*NEIGHBOUR, *conversation(MOMENT.at, data=1)], "trọn phiên", id="it took one more than it shows"),
        pytest.param(
            [*NEIGHBOUR, *conversation(MOMENT.at), (MOMENT.at, THROTTLED)],
            "bỏ bớt",
            id="lines thrown away",
        ),
    ],
)
def test_a_log_that_is_no_witness_of_the_conversation_proves_no_absence(ledger, tmp_path, in_doubt, said, why):
    in_doubt()
    found = reconcile(ledger, [write_log(tmp_path / "mail.log", said)], moment=LATER, zone=ZONE)
    assert (state(ledger), found.absent, found.open) == ("unknown", 0, 1)
    assert re.search(why, "; ".join(found.troubles))


@pytest.mark.fault(108)
def test_a_log_without_a_line_of_postfix_proves_nothing(ledger, tmp_path, in_doubt):
    in_doubt()
    log = tmp_path / "syslog"
    log.write_text("".join(f"{(MOMENT.at + timedelta(hours=n)).isoformat()} host cron[1]: run\n" for n in (-1, 2)))
    found = reconcile(ledger, [log], moment=LATER, zone=ZONE)
    assert (state(ledger), found.open) == ("unknown", 1)
    assert "không có dòng nào của Postfix" in found.troubles[0]


def torn(path):
    path.write_bytes(gzip.compress(b"Nov 24 08:00:00 mx postfix/anvil[1]: x\n" * 999)[:-40])


UNREADABLE = [
    pytest.param("mail.log", lambda path: None, "không có tệp này", id="missing"),
    pytest.param("mail.log", lambda path: path.mkdir(), "là thư mục", id="a folder"),
    pytest.param("mail.log.gz", torn, "chưa ghi xong", id="torn"),
    pytest.param("mail.log.gz", lambda path: path.write_bytes(b"text"), "tệp nén hỏng", id="not gzip"),
]


@pytest.mark.fault(107)
@pytest.mark.parametrize(("name", "spoil", "why"), UNREADABLE)
def test_a_log_that_cannot_be_read_is_named_and_the_others_still_prove(ledger, tmp_path, in_doubt, name, spoil, why):
    in_doubt()
    spoil(tmp_path / name)
    whole = write_log(tmp_path / "whole.log", [*NEIGHBOUR, *conversation(MOMENT.at, TAKEN)])
    found = reconcile(ledger, [tmp_path / name, whole], moment=LATER, zone=ZONE)
    assert (state(ledger), found.sent) == ("sent", 1)
    assert f"nhật ký máy chủ thư {tmp_path / name}: " in found.troubles[0]
    assert why in found.troubles[0]


@pytest.mark.fault(107)
def test_a_log_larger_than_can_be_read_is_told_and_proves_no_absence(ledger, tmp_path, in_doubt, monkeypatch):
    in_doubt()
    monkeypatch.setattr(relay_log, "MOST_BYTES", 700)
    log = write_log(tmp_path / "mail.log", [*NEIGHBOUR, *conversation(MOMENT.at)])
    found = reconcile(ledger, [log], moment=LATER, zone=ZONE)
    assert (state(ledger), found.open) == ("unknown", 1)
    assert "quá lớn" in found.troubles[0]


def test_only_the_end_of_a_long_log_is_read(tmp_path):
    log, lines = tmp_path / "mail.log", 30_000
    old = (MOMENT.at - timedelta(days=30) + timedelta(seconds=n) for n in range(lines))
    log.write_text("".join(f"{at.isoformat()} relay postfix/anvil[1]: x\n" for at in old))
    with log.open("a") as file:
        file.write(f"{MOMENT.at.isoformat()} relay postfix/qmgr[8]: 4F1A2B: message-id={IDENTITY}\n")
        file.write(f"{MOMENT.at.isoformat()} relay {TAKEN[1]}\n")
    found = read_relay_log([log], Inquiry({IDENTITY}, MOMENT.at - timedelta(days=1), MOMENT.at, ZONE))
    assert set(found.taken) == {IDENTITY}
    assert found.first_at > MOMENT.at - timedelta(days=30) + timedelta(seconds=lines - 2_000)


def test_without_evidence_it_waits_for_a_person(ledger, in_doubt):
    in_doubt()
    assert reconcile(ledger, [], moment=LATER, zone=ZONE) == Reconciled(open=1)
    assert state(ledger) == "unknown"


def test_what_a_fenced_off_sender_heard_counts(ledger, in_doubt):
    claims.settle(ledger, in_doubt(), SendResult(claims.SENT, "reply", 250, "250 ok"), LATER)
    assert reconcile(ledger, [], moment=LATER, zone=ZONE).sent == 1
    assert state(ledger) == "sent"


@pytest.mark.parametrize(("held", "end"), [({IDENTITY}, "sent"), (set(), "unknown")])
def test_an_archive_proves_presence_and_never_absence(ledger, in_doubt, held, end):
    in_doubt()
    reconcile(ledger, [], moment=LATER, zone=ZONE, archive=lambda ids: held & set(ids))
    assert state(ledger) == end


def test_a_traditional_log_is_read_in_its_zone_across_new_year_and_rotation(tmp_path):
    old, new = tmp_path / "mail.log.1.gz", tmp_path / "mail.log"
    old.write_bytes(gzip.compress(b"Dec 31 23:59:00 mx postfix/anvil[1]: x\n"))
    new.write_text("".join(f"Jan  2 08:00:00 mx {line}\n" for line in TAKEN))
    asked = Inquiry({IDENTITY}, datetime(2025, 12, 31, tzinfo=UTC), datetime(2026, 1, 2, 2, tzinfo=UTC), ZONE)
    log = read_relay_log([old, new], asked)
    assert log.first_at == datetime(2025, 12, 31, 16, 59, tzinfo=UTC)
    assert log.last_at == datetime(2026, 1, 2, 1, 0, tzinfo=UTC)
    assert set(log.taken) == {IDENTITY}
    assert log.troubles == []


def test_a_leap_day_of_last_year_is_read(tmp_path):
    log = tmp_path / "mail.log"
    log.write_text("Feb 29 08:00:00 mx postfix/anvil[1]: x\n")
    asked = Inquiry((), datetime(2024, 2, 1, tzinfo=UTC), datetime(2025, 1, 2, tzinfo=UTC), ZONE)
    assert read_relay_log([log], asked).first_at == datetime(2024, 2, 29, 1, tzinfo=UTC)


def decide(ledger, word):
    decision = MailDecision("k", word, LE_VAN_A, "gọi điện hỏi")
    key = verdicts.decide(ledger, decision, LATER, until=post.CLOSES)
    detail = {"reason": "gọi điện hỏi", "actor": {"known": "account", "account": "le.van.a"}}
    assert last_act(ledger) == ("tài khoản le.van.a", f"mail.{word}", "k", detail)
    return key


def last_act(ledger):
    columns = (audit.c.actor, audit.c.action, audit.c.subject, audit.c.detail)
    with ledger.begin() as connection:
        *words, detail = connection.execute(select(*columns).order_by(audit.c.seq.desc())).first()
    return *words, json.loads(detail) if isinstance(detail, str) else detail


def test_a_person_says_it_arrived(ledger, in_doubt):
    in_doubt()
    decide(ledger, "sent")
    assert state(ledger) == "sent"


@pytest.mark.fault(80)
def test_a_report_is_sent_again_under_its_own_id_and_says_so(ledger, tmp_path, in_doubt):
    in_doubt(kind="report")
    decide(ledger, "resend")
    job = claims.SendJob("c", post.DAY, "report", "me")
    with Sink() as server:
        post.sender(ledger, tmp_path, moment=lambda: LATER).carry(job, post.account(server.port))
    assert server.accepted == [IDENTITY]
    assert message_from_bytes(server.bodies[0], policy=default)["Subject"] == "[gửi lại] x"
    assert post.rows(ledger)["k"].resends == 1


def test_a_reminder_is_sent_at_most_once(ledger, in_doubt):
    in_doubt()
    with pytest.raises(MailError, match="tối đa một lần"):
        verdicts.decide(ledger, MailDecision("k", "resend", LE_VAN_A, "x"), LATER, until=post.CLOSES)
    assert state(ledger) == "unknown"


@pytest.mark.parametrize(("word", "keys"), [("keep", ["k"]), ("resend", ["k", "k|222222222222"])])
def test_a_conflict_is_a_persons_to_decide(ledger, tmp_path, in_doubt, word, keys):
    in_doubt()
    other = post.a_mail(tmp_path, "k", payload_sha256="2" * 64)
    outbox.plan_mails(ledger, [outbox.Entry(other, None, "khac.eml")])
    assert decide(ledger, word) == keys[-1]
    assert [key for key in post.rows(ledger) if key != "n"] == keys
    outbox.plan_mails(ledger, [outbox.Entry(other, None, "khac.eml")])
    assert not post.rows(ledger)["k"].conflict_open, "the same other body is not asked about twice"


def dsn(action="failed", recipient="k@co-quan.example.vn", identity=IDENTITY):
    return (
        "From: MAILER-DAEMON@mx\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nsorry\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {identity}\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()


def bounced(ledger, *messages, broken=pytest.fail):
    return take_bounces(ledger, [(str(n), content) for n, content in enumerate(messages)], broken)


@pytest.mark.fault(91)
def test_what_nobody_can_read_stops_no_bounce_behind_it(ledger, in_doubt):
    in_doubt()
    told = []
    counts = bounced(ledger, nested(5000), dsn(), broken=lambda mark, error: told.append((mark, error.brief)))
    assert (counts["bounced"], [mark for mark, _ in told]) == (1, ["0"])
    assert "Không đọc được" in told[0][1]


@pytest.mark.fault(91, 92)
def test_of_a_folder_only_plain_files_are_read(tmp_path):
    (tmp_path / "b.eml").write_bytes(dsn())
    (tmp_path / "c.eml").symlink_to(tmp_path / "b.eml")
    os.mkfifo(tmp_path / "a.eml")
    (tmp_path / "d.eml").mkdir()
    told = []
    read = list(read_folder(tmp_path, lambda mark, _error: told.append(mark)))
    assert ([mark for mark, _ in read], told) == (["b.eml"], ["a.eml", "c.eml", "d.eml"])


@pytest.mark.fault(18)
def test_a_bounce_marks_the_mail_and_flags_the_contact(ledger, in_doubt):
    in_doubt()
    assert bounced(ledger, dsn(), dsn()) == {"bounced": 2, "unmatched": 0}
    assert "550 no such user" in post.rows(ledger)["k"].bounce
    (contact,) = outbox.list_refused_contacts(ledger, campaign="c")
    assert (contact.unit, contact.recipient) == ("VP", "k@co-quan.example.vn")


@pytest.mark.parametrize(
    ("content", "count"), [(dsn(action="delayed"), 0), (b"Subject: hello\r\n\r\nhi", 0), (b"", 0), (dsn(), 1)]
)
def test_only_a_final_refusal_is_a_bounce(content, count):
    assert len(read_bounces(content)) == count


def test_a_bounce_of_a_mail_we_did_not_send_is_counted_apart(ledger, in_doubt):
    in_doubt()
    strangers = [dsn(identity="<other@x>"), dsn(recipient="somebody@else.vn")]
    assert bounced(ledger, *strangers) == {"bounced": 0, "unmatched": 2}


class ImapServer:
    """A scripted IMAP server with one mailbox; knows as much of RFC 3501 as we use."""

    def __init__(self, messages):
        self.messages, self.listener = messages, socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        connection, _ = self.listener.accept()
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"* OK IMAP4rev1 ready\r\n")
            for line in lines:
                tag, verb, rest = (*line.strip().split(b" ", 2), b"")[:3]
                connection.sendall(self.answer(verb.upper(), rest) + tag + b" OK done\r\n")

    def answer(self, verb, rest):
        if verb == b"CAPABILITY":
            return b"* CAPABILITY IMAP4rev1\r\n"
        if verb == b"EXAMINE":
            return b"* %d EXISTS\r\n" % len(self.messages)
        if verb == b"SEARCH":
            wanted = rest.partition(b"Message-ID ")[2].strip(b'"')
            found = [b"%d" % (n + 1) for n, text in enumerate(self.messages) if wanted in text]
            return b"* SEARCH " + b" ".join(found) + b"\r\n"
        return b""


def test_an_archive_is_asked_by_message_id():
    server = ImapServer([post.content_of("k"), post.content_of("other")])
    box = Mailbox.of_url(f"imap://user:secret@127.0.0.1:{server.port}/Sent")
    assert find_messages(box, [IDENTITY, "<absent@x>"]) == {IDENTITY}
    assert "secret" not in repr(box)


def test_bounces_are_read_from_a_mailbox():
    server = imap.Mailbox(dsn())
    box = Mailbox.of_url(f"imap://u:p@127.0.0.1:{server.port}")
    ((_, content),) = fetch_unread(box, date(2026, 11, 24), list)
    assert read_bounces(content)[0].message_id == IDENTITY


@pytest.mark.parametrize("url", ["", "http://a@b", "imaps://mail.vn"])
def test_a_mailbox_address_that_is_none_is_refused(url):
    with pytest.raises(MailError, match="DONDOC_ARCHIVE_MAILBOX"):
        Mailbox.of_url(url)
