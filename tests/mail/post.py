"""Mails of the tests' own in an outbox, armed and within their window; no pandas, so that children are cheap."""

from datetime import UTC, date, datetime, timedelta

from tests.people import LE_VAN_A

from dondoc.files import sha256_of
from dondoc.ledger import runs
from dondoc.ledger.claims import ClockReading, SendJob
from dondoc.ledger.outbox import Entry, PlannedMail, plan_mails
from dondoc.ledger.tables import outbox
from dondoc.mail.account import Security, SmtpAccount
from dondoc.mail.compose import message_id
from dondoc.mail.heartbeat import Heartbeat
from dondoc.mail.sending import MailSender

DAY = date(2026, 11, 24)
SENDER = "don-doc@co-quan.example.vn"
DOMAINS = frozenset({"co-quan.example.vn"})
OPENS, CLOSES = datetime(2020, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)


def now(shift_seconds=0.0):
    return datetime.now(UTC) + timedelta(seconds=shift_seconds)


def moment(shift_seconds=0.0):
    return ClockReading(DAY, now(shift_seconds), now(shift_seconds))


def job(owner="test"):
    return SendJob("c", DAY, "reminder", owner)


def account(port, **changes):
    return SmtpAccount(**{"host": "127.0.0.1", "port": port, "security": Security.NONE} | changes)


def arm(ledger, hold_reason=None, mode="armed"):
    runs.open_run(
        ledger, campaign="c", business_date=DAY, kind="daily", mode=mode, hold_reason=hold_reason, armed_by=LE_VAN_A
    )


def content_of(key, size=0):
    filler = b"0123456789" * 7 + b"\r\n"
    head = f"From: {SENDER}\r\nTo: b@co-quan.example.vn\r\nSubject: x\r\nMessage-ID: {message_id(key, SENDER)}\r\n\r\n"
    return head.encode() + b".body\r\n" + filler * (size // len(filler))


def a_mail(out, key, *, size=0, **changes):
    """Return a planned mail whose file lies under `out`."""
    content = content_of(key, size)
    (out / f"{key}.eml").write_bytes(content)
    values = {
        "dedupe_key": key,
        "campaign": "c",
        "business_date": DAY,
        "kind": "reminder",
        "unit": "VP",
        "recipient": f"{key}@co-quan.example.vn",
        "message_id": message_id(key, SENDER),
        "path": f"{key}.eml",
        "payload_sha256": sha256_of(content),
        "not_before": OPENS,
        "not_after": CLOSES,
    }
    return PlannedMail(**values | changes)


def plan(ledger, out, keys, **options):
    """Arm the day and plan a mail a key."""
    arm(ledger)
    for key in keys:
        plan_mails(ledger, [Entry(a_mail(out, key, **options), None, f"{key}-khac.eml")])


def plan_many(ledger, out, keys, *, size=0):
    """Arm the day and plan a mail a key in one transaction."""
    arm(ledger)
    rows = [vars(a_mail(out, key, size=size)) | {"state": "planned", "changed_at": now()} for key in keys]
    with ledger.begin() as connection:
        connection.execute(outbox.insert(), rows)


def sender(ledger, out, **changes):
    values = {"ledger": ledger, "out": out, "sender": SENDER, "domains": DOMAINS, "moment": moment}
    return MailSender(**values | {"pause": lambda _seconds: None} | changes)


def pulse():
    """Return the sign of life of a sender whose leases nobody looks at."""
    return Heartbeat(lambda: None, every_seconds=60, patience_seconds=60, server="test")


def rows(ledger):
    with ledger.begin() as connection:
        return {row.dedupe_key: row for row in connection.execute(outbox.select().order_by(outbox.c.id))}


def states(ledger):
    return {key: row.state for key, row in rows(ledger).items()}
