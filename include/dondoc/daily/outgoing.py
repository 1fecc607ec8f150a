"""A mail entered in the outbox, its file beside it; and one the day no longer owes, taken back."""

import logging
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from dondoc.files import sha256_of, write_whole
from dondoc.ledger import outbox
from dondoc.ledger.claims import CLOSING, FINAL, RECEIPT
from dondoc.ledger.outbox import PlannedMail
from dondoc.ledger.rungs import Rung
from dondoc.mail.compose import Envelope, build_message, message_id
from dondoc.mail.guards import final_window, off_domain, send_window
from dondoc.workplace import Workplace

log = logging.getLogger(__name__)

# A kind that has one mail a day, unit and recipient; a reminder's series is a hash of what is owed.
SERIES = "1"
# The last day runs twice. What its first run sent is that day's mail, but for what has nothing to do with the run.
ITS_OWN = frozenset({FINAL, CLOSING, RECEIPT})


def enter_mail(
    place: Workplace,
    kind: str,
    code: str,
    recipient: str,
    *,
    subject: str,
    plain: str,
    html: str,
    attachments: Mapping[str, bytes],
    stem: str,
    series: str = SERIES,
    rungs: Collection[Rung] = (),
    owed_on: date | None = None,
) -> str:
    """Enter a mail in the outbox, write its file `stem`.eml, and return its key.

    One whose key, or place, was already sent with another body is kept beside it for a person to decide. `owed_on` is
    the day it is owed since, where that is not the day it is entered on.
    """
    day, run = place.day, place.run
    key = f"{kind}|{day.campaign.code}|{owed_on or day.business_date}|{code}|{recipient}|{series}"
    slot: dict[str, Any] = {"campaign": day.campaign.code, "business_date": day.business_date}
    slot |= {"kind": kind, "unit": code, "recipient": recipient}
    if run.final_run and kind not in ITS_OWN and outbox.was_offered(place.ledger, **slot):
        return key
    sender = day.campaign.mail.sender
    content = build_message(Envelope(sender, recipient, subject, key), plain=plain, html=html, attachments=attachments)
    path = place.folder / "mail" / f"{stem}.eml"
    other = path.with_name(f"{stem}-khac.eml")
    not_before, not_after = final_window(day) if kind == FINAL else send_window(day)
    mail = PlannedMail(
        dedupe_key=key,
        **slot,
        message_id=message_id(key, sender),
        path=path.relative_to(place.out).as_posix(),
        payload_sha256=sha256_of(content),
        not_before=not_before,
        not_after=not_after,
    )
    held = run.final_hold_reason if kind == FINAL else run.hold_reason
    reason = held or off_domain(recipient, day.campaign.mail.allowed_domains)
    beside = other.relative_to(place.out).as_posix()
    if outbox.plan_mail(place.ledger, mail, hold_reason=reason, conflict_path=beside, rungs=rungs):
        write_whole(path, content)
    else:
        write_whole(other, content)
        log.warning("thư %s cho %s đã gửi với nội dung khác: chờ người quyết, không tự gửi", kind, code)
    return key


def numbered(position: int) -> str:
    """Return what tells files of one mail to several people apart: by their place in the configuration, every day."""
    return f"-{position + 1}" if position else ""


def withdraw_unowed(place: Workplace, kind: str, *, keep: Collection[str], code: str | None = None) -> None:
    """Take back what an earlier attempt of the day planned, did not offer, and this one does not owe."""
    day = place.day
    gone = outbox.withdraw_unowed(
        place.ledger, campaign=day.campaign.code, business_date=day.business_date, kind=kind, keep=keep, unit=code
    )
    if gone:
        log.info("rút %d thư %s không còn phải gửi", gone, kind)


def remove_withdrawn(place: Workplace, kind: str) -> None:
    """Remove the files of the day's withdrawn mails of `kind`, once all of that kind are planned.

    Which they are follows from the ledger, so that a cut anywhere before this is made good by the next attempt.
    """
    campaign, day = place.day.campaign.code, place.day.business_date
    standing = {row.path for row in outbox.list_mails(place.ledger, campaign=campaign, business_date=day)}
    for row in outbox.list_mails(place.ledger, campaign=campaign, business_date=day, withdrawn=True):
        if row.kind == kind and row.path not in standing:
            (place.out / row.path).unlink(missing_ok=True)
