"""A mail entered in the outbox, its file beside it; and one the day no longer owes, taken back."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from dondoc.campaign import Campaign
from dondoc.files import sha256_of, write_together
from dondoc.installation.workplace import BACKFILL, Workplace
from dondoc.ledger import outbox
from dondoc.ledger.mail_kinds import MAIL_KINDS, End
from dondoc.ledger.outbox import Entry, PlannedMail
from dondoc.ledger.rungs import MailedRung
from dondoc.mail.compose import Envelope, MailText, build_message, message_id, says_whom_to_answer
from dondoc.mail.correspondents import readers, writer
from dondoc.mail.guards import final_window, off_domain, send_window

log = logging.getLogger(__name__)

# A kind that has one mail a day, unit and recipient; a reminder's series is a hash of what is owed.
SERIES = "1"
# More than the headers of any mail of ours take.
HEAD_BYTES = 2**14


@dataclass(frozen=True)
class MailDraft:
    """A mail to one recipient, as it is to be entered.

    Attributes:
        code: of which unit it is.
        stem: the name of its file, without `.eml`.
        attachments: contents by file name; Word and Excel files.
        series: tells apart mails of one day, kind, unit and recipient.
        rungs: the rungs of the ladder it carries.
        owed_on: the day it is owed since, where that is not the day it is entered on.
        asks_workbook: whether what it asks for is a workbook, which is read by the machine.
    """

    code: str
    recipient: str
    text: MailText
    stem: str
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    series: str = SERIES
    rungs: Collection[MailedRung] = ()
    owed_on: date | None = None
    asks_workbook: bool = False


def enter_mails(place: Workplace, kind: str, drafts: Sequence[MailDraft]) -> list[str]:
    """Enter mails in the outbox, all or none, write their files, and return their keys.

    One whose key, or place, was already sent with another body is kept beside it for a person to decide; of a day that
    is past nothing is to be decided. A backfill enters nothing and writes nothing.
    """
    run = place.run
    day = place.day
    keys = [_key(place, kind, draft) for draft in drafts]
    if place.kind == BACKFILL:
        return keys
    traits = MAIL_KINDS[kind]
    held = run.final_hold_reason if traits.own_gate else run.hold_reason
    entries = []
    contents = []
    settled = _settled(place, kind)
    for key, draft in zip(keys, drafts, strict=True):
        if key in settled or (traits.once_per_day and (draft.code, draft.recipient) in settled):
            continue
        # The last day runs twice: what its first run sent is that day's mail.
        if run.final_run and traits.by_any_run and outbox.was_offered(place.ledger, **_slot(place, kind, draft)):
            continue
        to = readers(day.campaign, workbooks=draft.asks_workbook)
        envelope = Envelope(writer(day.campaign), draft.recipient, draft.text.subject, key, to)
        content = build_message(envelope, plain=draft.text.plain, html=draft.text.html, attachments=draft.attachments)
        contents.append(content)
        entries.append(_entry(place, kind, draft, key=key, content=content, held=held))
    carried = outbox.plan_mails(place.ledger, entries)
    files = {}
    for entry, content, ours in zip(entries, contents, carried, strict=True):
        files[place.out / (entry.mail.path if ours else entry.conflict_path)] = content
        if not ours:
            unit = entry.mail.unit
            log.warning("thư %s cho %s đã gửi với nội dung khác: chờ người quyết, không tự gửi", kind, unit)
    write_together(files, staging=place.folder / f".mail-{sha256_of(''.join(keys).encode())[:16]}")
    return keys


def _settled(place: Workplace, kind: str) -> set[Any]:
    """Return the keys, and the unit and recipient, of the day's mails that left and are not to be written anew.

    Those of a day that is past, and those that left in the form of an older version: theirs differ from what would be
    written now for that alone. No other facts, nothing for a person to decide.
    """
    day = place.day
    mails = outbox.list_mails(place.ledger, campaign=day.campaign.code, business_date=day.business_date)
    left = [row for row in mails if row.kind == kind and row.state not in outbox.OPEN_STATES]
    past = day.business_date < place.installation.today(day.campaign.zone)
    older = [row for row in left if past or _is_older(place.out / row.path)]
    return {row.dedupe_key for row in older} | {(row.unit, row.recipient) for row in older}


def _is_older(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return not says_whom_to_answer(file.read(HEAD_BYTES))


def _key(place: Workplace, kind: str, draft: MailDraft) -> str:
    since = draft.owed_on or place.day.business_date
    return f"{kind}|{place.day.campaign.code}|{since}|{draft.code}|{draft.recipient}|{draft.series}"


def _slot(place: Workplace, kind: str, draft: MailDraft) -> dict[str, Any]:
    day = {"campaign": place.day.campaign.code, "business_date": place.day.business_date}
    return day | {"kind": kind, "unit": draft.code, "recipient": draft.recipient}


def _entry(place: Workplace, kind: str, draft: MailDraft, *, key: str, content: bytes, held: str | None) -> Entry:
    mail = place.day.campaign.mail
    folder = place.folder.relative_to(place.out) / "mail"
    not_before, not_after = final_window(place.day) if MAIL_KINDS[kind].own_gate else send_window(place.day)
    planned = PlannedMail(
        dedupe_key=key,
        **_slot(place, kind, draft),
        message_id=message_id(key, mail.sender),
        path=(folder / f"{draft.stem}.eml").as_posix(),
        payload_sha256=sha256_of(content),
        not_before=not_before,
        not_after=not_after,
        ending=_end_told(place.day.campaign, kind),
    )
    reason = held or off_domain(draft.recipient, mail.allowed_domains)
    return Entry(planned, reason, (folder / f"{draft.stem}-khac.eml").as_posix(), draft.rungs)


def _end_told(campaign: Campaign, kind: str) -> date | None:
    """Return of which end of the campaign a mail of `kind` tells, None where it tells of none."""
    ends = {End.REPORT: campaign.report_wanted_at.date(), End.DEADLINE: campaign.deadline}
    told = MAIL_KINDS[kind].tells_end
    return ends[told] if told else None


def numbered(position: int) -> str:
    """Return what tells files of one mail to several people apart: by their place in the configuration, every day."""
    return f"-{position + 1}" if position else ""


def withdraw_unowed(
    place: Workplace, kind: str, *, keep: Collection[str], units: Collection[str] | None = None
) -> None:
    """Take back what an earlier attempt of the day planned, did not offer, and this one does not owe."""
    day = place.day
    if place.kind == BACKFILL:
        return
    gone = outbox.withdraw_unowed(
        place.ledger, campaign=day.campaign.code, business_date=day.business_date, kind=kind, keep=keep, units=units
    )
    if gone:
        log.info("rút %d thư %s không còn phải gửi", gone, kind)


def remove_withdrawn(place: Workplace, kind: str) -> None:
    """Remove the files of the day's withdrawn mails of `kind`, once all of that kind are planned.

    Which they are follows from the ledger, so that a cut anywhere before this is made good by the next attempt.
    """
    campaign = place.day.campaign.code
    day = place.day.business_date
    standing = {row.path for row in outbox.list_mails(place.ledger, campaign=campaign, business_date=day)}
    for row in outbox.list_mails(place.ledger, campaign=campaign, business_date=day, withdrawn=True):
        if row.kind == kind and row.path not in standing:
            (place.out / row.path).unlink(missing_ok=True)
