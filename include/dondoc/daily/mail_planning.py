"""The day's mails, written as files and rows; sending them is `daily/dispatch.py`."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from dondoc.answers.unit_workbook import UnitWorkbooks
from dondoc.campaign import Source, Unit
from dondoc.campaign.reminders import DEPUTY, HEAD, LEVEL_NAMES, UNIT
from dondoc.daily.outgoing import MailDraft, enter_mails, numbered, withdraw_unowed
from dondoc.daily.standing import Standing
from dondoc.daily.stationery import mail_templates
from dondoc.files import sha256_of, write_together
from dondoc.installation.workplace import BACKFILL, Workplace
from dondoc.ledger.batches import SignoffBatch
from dondoc.ledger.endings import Offered
from dondoc.ledger.gates import gate_results, notable
from dondoc.ledger.held import HeldCount
from dondoc.ledger.mail_kinds import CLOSING, FINAL, MAIL_KINDS, QUARANTINE, REMINDER, REPORT, SIGNOFF
from dondoc.ledger.rungs import MailedRung
from dondoc.ledger.store import now
from dondoc.ledger.workbooks import Issued, issue_workbooks
from dondoc.mail.changes import UnitChanges
from dondoc.mail.closing import closing_values
from dondoc.mail.countdown import days_to_deadline
from dondoc.mail.ladder import Addressee, address_unit, without_address
from dondoc.mail.office_mails import report_mail_values, return_values, signoff_values
from dondoc.mail.reminder import addressed, owed_hash, reminder_values
from dondoc.records.unit_findings import Finding

log = logging.getLogger(__name__)

# Bytes before base64, which adds a third: servers refuse mails of more than 20 MB or so.
MOST_ATTACHED = 10 * 2**20
LEVEL_FILES = {DEPUTY: "-cap-pho", HEAD: "-truong"}


@dataclass(frozen=True)
class Reminder:
    """What a unit that is behind is sent: its workbook, which the ledger must know, and a mail an address."""

    issued: Issued
    name: str
    workbook: bytes
    mails: Sequence[MailDraft]


def write_reminder(
    place: Workplace,
    unit: Unit,
    *,
    figures: Mapping[str, Any],
    findings: Sequence[Finding],
    changes: UnitChanges,
    standing: Standing,
    workbooks: UnitWorkbooks,
) -> Reminder:
    """Return a unit's reminder; nothing is entered or written here.

    Args:
        place: the day.
        unit: who is behind.
        figures: the unit's row of the day's figures.
        findings: the unit's findings alone.
        changes: what changed for the unit since the last earlier day.
        standing: which rungs of the ladder were climbed before.
        workbooks: writes its workbook.
    """
    day = place.day
    code = unit.code
    workbook, issued = workbooks.of(unit, findings)
    name = f"{day.campaign.code}-{code}-{day.business_date}.xlsx"
    values = reminder_values(day, unit, figures=figures, findings=findings, changes=changes)
    series = owed_hash(findings)
    ladder = day.campaign.reminders.ladder
    days_left = days_to_deadline(day)
    mails = []
    for level in without_address(unit, ladder, days_left=days_left):
        log.warning("đơn vị %s: %s chưa có địa chỉ thư, không nhắc được", code, LEVEL_NAMES[level])
    for who in address_unit(unit, ladder, days_left=days_left, climbed=standing.climbed):
        text = mail_templates(place).render("nhac-viec", values | addressed(who, unit))
        stem = f"{MAIL_KINDS[REMINDER].file_name}-{code}{_suffix(who, unit)}"
        rungs = [MailedRung(code, rung, day.campaign.deadline) for rung in who.rungs]
        draft = MailDraft(code, who.recipient, text, stem, {name: workbook}, series, rungs, asks_workbook=True)
        mails.append(draft)
    return Reminder(issued, name, workbook, mails)


def enter_reminders(
    place: Workplace, units: Sequence[str], *, reminders: Sequence[Reminder], thanks: Sequence[MailDraft]
) -> None:
    """Enter what `units` are sent, and withdraw what an earlier attempt of the day planned for them otherwise."""
    if place.kind == BACKFILL:
        return
    # Entered before they leave: nothing may come back that the ledger does not know.
    issue_workbooks(place.ledger, [one.issued for one in reminders], at=now())
    books = {place.folder / "mail" / one.name: one.workbook for one in reminders}
    write_together(books, staging=place.folder / f".workbooks-{sha256_of(''.join(units).encode())[:16]}")
    keys = enter_mails(place, REMINDER, [*(mail for one in reminders for mail in one.mails), *thanks])
    withdraw_unowed(place, REMINDER, keep=keys, units=units)


def plan_report(
    place: Workplace,
    *,
    figures: pd.DataFrame,
    paths: Sequence[Path],
    kind: str = REPORT,
    missing: Sequence[str] = (),
    dated: Sequence[str] = (),
    replaces: date | None = None,
) -> None:
    """Enter the report's mail to the Office in the outbox, with the report's files attached.

    Args:
        place: the day.
        figures: what `unit_figures` returns.
        paths: the report's files.
        kind: the day's report, or the campaign's final one.
        missing: what its figures are short of, a sentence each.
        dated: of which day its other figures are, a sentence each.
        replaces: the day of the final report that a final one takes the place of.
    """
    day = place.day
    campaign = place.day.campaign
    unit = campaign.unit_by_code[campaign.office.unit]
    attached = _attachable(paths)
    values = report_mail_values(
        day,
        figures,
        gates=[gate.sentence for gate in notable(gate_results(place.ledger, place.run_id))],
        final=kind == FINAL,
        missing=missing,
        dated=dated,
        replaces=replaces,
        left_out=[_left_out(place, path) for path in paths if path not in attached],
    )
    text = mail_templates(place).render("bao-cao", values)
    files = {path.name: path.read_bytes() for path in attached}
    stem = f"{MAIL_KINDS[kind].file_name}-{unit.code}"
    enter_mails(place, kind, [MailDraft(unit.code, campaign.office.email, text, stem, files)])


def _attachable(paths: Sequence[Path]) -> list[Path]:
    """Return the files a mail can carry: all, or the documents alone where the workbook would make it too large."""
    if sum(path.stat().st_size for path in paths) <= MOST_ATTACHED:
        return list(paths)
    return [path for path in paths if path.suffix != ".xlsx"]


def _left_out(place: Workplace, path: Path) -> dict[str, str]:
    megabytes = f"{path.stat().st_size / 2**20:.1f}".replace(".", ",")
    return {"name": path.name, "megabytes": megabytes, "place": path.parent.relative_to(place.out).as_posix()}


def plan_closing(place: Workplace, unit: Unit, *, figures: pd.Series, notes: Sequence[Offered]) -> int:
    """Enter in the outbox the note that tells a unit how the campaign ended; return how many addresses it goes to.

    Args:
        place: the day.
        unit: who is written to.
        figures: the unit's row of the day's figures.
        notes: the notes of other days; an address that has one of this end gets no other, and one of an earlier end
            is said to be replaced.
    """
    day = place.day
    ours = [note for note in notes if note.unit == unit.code]
    told = {note.recipient.casefold() for note in ours if note.tells_of(day.campaign.deadline)}
    earlier = [note.business_date for note in ours if not note.tells_of(day.campaign.deadline)]
    replaces = max(earlier, default=None)
    values = closing_values(day, unit, figures, replaces=replaces)
    text = mail_templates(place).render("ket-thuc", values)
    untold = [who for who in unit.addresses if who.casefold() not in told]
    stem = f"{MAIL_KINDS[CLOSING].file_name}-{unit.code}"
    mails = [
        MailDraft(unit.code, recipient, text, f"{stem}{numbered(unit.emails.index(recipient))}") for recipient in untold
    ]
    enter_mails(place, CLOSING, mails)
    return len(untold)


def plan_return(place: Workplace, source: Source, *, counts: Mapping[str, int], workbooks: Mapping[str, bytes]) -> str:
    """Enter in the outbox the mail that gives a source's rejected rows back to who exports it, or to the Office.

    Args:
        place: the day.
        source: where the rows came from.
        counts: rejected rows by reason, in the reason's words.
        workbooks: contents by file name.

    Returns:
        The mail's key.
    """
    values = return_values(place.day, source, counts=counts, files=workbooks)
    text = mail_templates(place).render("tra-lai", values)
    recipient = source.contact or place.day.campaign.office.email
    stem = f"{MAIL_KINDS[QUARANTINE].file_name}-{source.name}"
    [key] = enter_mails(place, QUARANTINE, [MailDraft(source.name, recipient, text, stem, dict(workbooks))])
    return key


def plan_signoff_reminder(
    place: Workplace, recipient: str, waiting: Sequence[SignoffBatch], held: Sequence[HeldCount]
) -> str:
    """Enter in the outbox the mail that reminds the leader of what waits, units and counts alone; return its key."""
    unit = place.day.campaign.office.unit
    text = mail_templates(place).render("trinh-ky", signoff_values(place.day, waiting, held))
    stem = f"{MAIL_KINDS[SIGNOFF].file_name}-{unit}"
    [key] = enter_mails(place, SIGNOFF, [MailDraft(unit, recipient, text, stem)])
    return key


def _suffix(who: Addressee, unit: Unit) -> str:
    """Return what tells the files of one unit's mails apart: the level, or the address's place in the unit's list."""
    if who.level != UNIT:
        return LEVEL_FILES[who.level]
    return numbered(unit.emails.index(who.recipient))
