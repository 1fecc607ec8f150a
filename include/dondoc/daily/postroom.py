"""The day's mails, written as files and rows; sending them is `daily/dispatch.py`."""

import logging
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pandas as pd

from dondoc.campaign import Source, Unit
from dondoc.daily.preflight import mail_templates
from dondoc.figures import is_behind, owed_sentence, total_figures
from dondoc.files import sha256_of, write_whole
from dondoc.ledger import outbox
from dondoc.ledger.batches import Batch
from dondoc.ledger.claims import FINAL
from dondoc.ledger.gates import gate_results, notable
from dondoc.ledger.outbox import PlannedMail
from dondoc.mail.closing import closing_subject, closing_values
from dondoc.mail.compose import Envelope, build_message, message_id
from dondoc.mail.guards import final_window, off_domain, send_window
from dondoc.mail.reminder import reminder_subject, reminder_values, unit_workbook
from dondoc.wording import date_in_words, number, percent, short_date
from dondoc.workplace import Workplace

log = logging.getLogger(__name__)

# One reminder and one report a day; a second rung in a day would be a series of its own.
SERIES = "1"
REMINDER, REPORT, QUARANTINE, SIGNOFF = "reminder", "report", "quarantine", "signoff"
CLOSING = "closing"
FILE_NAMES = {REMINDER: "nhac-viec", REPORT: "bao-cao", QUARANTINE: "tra-lai", SIGNOFF: "trinh-ky"}
FILE_NAMES |= {FINAL: "bao-cao-cuoi-cung", CLOSING: "ket-thuc"}


def plan_reminder(place: Workplace, code: str, *, figures: pd.Series, findings: pd.DataFrame) -> None:
    """Write the unit's workbook and reminder as files, and enter the mail in the outbox, a row an address.

    Args:
        place: the day.
        code: the unit's code.
        figures: the unit's row of the day's figures.
        findings: the unit's findings alone.
    """
    day, unit = place.day, place.day.campaign.unit_by_code[code]
    workbook = unit_workbook(unit, findings)
    name = f"{day.campaign.code}-{code}-{day.business_date}.xlsx"
    write_whole(place.folder / "mail" / name, workbook)
    plain, html = mail_templates(place).render(
        "nhac-viec", reminder_values(day, unit, figures=figures, findings=findings)
    )
    subject = reminder_subject(day, unit, figures)
    if not unit.emails:
        log.warning("đơn vị %s chưa có địa chỉ thư: không có thư nhắc việc", code)
    for recipient in unit.emails:
        _plan(place, REMINDER, code, recipient, subject=subject, plain=plain, html=html, attachments={name: workbook})


def plan_report(
    place: Workplace, *, figures: pd.DataFrame, paths: Sequence[Path], kind: str = REPORT, missing: Sequence[str] = ()
) -> None:
    """Enter the report's mail to the Office in the outbox, with the report's files attached.

    Args:
        place: the day.
        figures: what `unit_figures` returns.
        paths: the report's files.
        kind: the day's report, or the campaign's final one.
        missing: what its figures are short of, a sentence each.
    """
    day, campaign = place.day, place.day.campaign
    unit = campaign.unit_by_code[campaign.office.unit]
    total = total_figures(figures)
    rows = figures.to_dict("records")
    plain, html = mail_templates(place).render(
        "bao-cao",
        {
            "unit_name": unit.name,
            "campaign_title": campaign.title,
            "as_of": date_in_words(day.business_date),
            "deadline_reading": campaign.deadline_reading,
            "target": campaign.target,
            "total": total.to_dict(),
            "behind": [{"name": row["name"], "owes": owed_sentence(row)} for row in rows if is_behind(row)],
            "gates": [gate.sentence for gate in notable(gate_results(place.ledger, place.run.id))],
            "final": kind == FINAL,
            "missing": list(missing),
            "rehearsal": day.rehearsal,
        },
    )
    mark = "[DIỄN TẬP] " if day.rehearsal else ""
    mark += ("[Báo cáo cuối cùng]" if kind == FINAL else "[Báo cáo]") + (" [CHƯA ĐỦ]" if missing else "")
    rate = percent(total["rate"])
    subject = f"{mark} {campaign.title}: {rate} đến ngày {short_date(day.business_date)}"
    files = {path.name: path.read_bytes() for path in paths}
    _plan(place, kind, unit.code, campaign.office.email, subject=subject, plain=plain, html=html, attachments=files)


def plan_closing(place: Workplace, unit: Unit, *, figures: pd.Series, told: Collection[str]) -> int:
    """Enter in the outbox the note that tells a unit how the campaign ended; return how many addresses it goes to.

    Args:
        place: the day.
        unit: who is written to.
        figures: the unit's row of the day's figures.
        told: the addresses that have the note already, from an earlier day.
    """
    plain, html = mail_templates(place).render("ket-thuc", closing_values(place.day, unit, figures))
    recipients = [recipient for recipient in unit.emails if recipient not in told]
    for recipient in recipients:
        subject = closing_subject(place.day, unit)
        _plan(place, CLOSING, unit.code, recipient, subject=subject, plain=plain, html=html, attachments={})
    return len(recipients)


def plan_return(place: Workplace, source: Source, *, counts: Mapping[str, int], workbooks: Mapping[str, bytes]) -> None:
    """Enter in the outbox the mail that gives a source's rejected rows back to who exports it, or to the Office.

    Args:
        place: the day.
        source: where the rows came from.
        counts: rejected rows by reason, in the reason's words.
        workbooks: contents by file name.
    """
    day, rows = place.day, sum(counts.values())
    plain, html = mail_templates(place).render(
        "tra-lai",
        {
            "office": day.campaign.office.model_dump(),
            "campaign_title": day.campaign.title,
            "source_name": source.name,
            "as_of": date_in_words(day.business_date),
            "rows": rows,
            "reasons": counts,
            "files": list(workbooks),
            "rehearsal": day.rehearsal,
        },
    )
    mark = "[DIỄN TẬP] " if day.rehearsal else ""
    subject = f"{mark}[Trả lại] Nguồn {source.name}: {number(rows)} dòng cần sửa, ngày {short_date(day.business_date)}"
    recipient = source.contact or day.campaign.office.email
    _plan(place, QUARANTINE, source.name, recipient, subject=subject, plain=plain, html=html, attachments=workbooks)


def plan_signoff_reminder(place: Workplace, recipient: str, waiting: Sequence[Batch]) -> None:
    """Enter in the outbox the mail that reminds the leader of batches that wait: units and counts alone."""
    day, campaign = place.day, place.day.campaign
    letters = sum(len(batch.shown) for batch in waiting)
    batches = [
        {
            "unit": campaign.unit_by_code[batch.unit].name,
            "letters": len(batch.shown),
            "since": batch.put_up_at.astimezone(campaign.zone).date(),
        }
        for batch in waiting
    ]
    values = {"campaign_title": campaign.title, "office_name": campaign.office.name, "letters": letters}
    plain, html = mail_templates(place).render("trinh-ky", values | {"batches": batches, "rehearsal": day.rehearsal})
    mark = "[DIỄN TẬP] " if day.rehearsal else ""
    subject = f"{mark}[Trình ký] {number(letters)} thư xin lỗi đang chờ ký, ngày {short_date(day.business_date)}"
    _plan(place, SIGNOFF, campaign.office.unit, recipient, subject=subject, plain=plain, html=html, attachments={})


def _plan(
    place: Workplace,
    kind: str,
    code: str,
    recipient: str,
    *,
    subject: str,
    plain: str,
    html: str,
    attachments: Mapping[str, bytes],
) -> None:
    day = place.day
    key = f"{kind}|{day.campaign.code}|{day.business_date}|{code}|{recipient}|{SERIES}"
    run = place.run
    if run.final_run and kind not in {FINAL, CLOSING} and outbox.was_offered(place.ledger, key):
        return  # the last day runs twice: what its first run sent is that day's mail
    sender = day.campaign.mail.sender
    content = build_message(Envelope(sender, recipient, subject, key), plain=plain, html=html, attachments=attachments)
    path = place.folder / "mail" / _file_name(place, kind, code, recipient)
    other = path.with_name(f"{path.stem}-khac.eml")
    not_before, not_after = final_window(day) if kind == FINAL else send_window(day)
    mail = PlannedMail(
        dedupe_key=key,
        campaign=day.campaign.code,
        business_date=day.business_date,
        kind=kind,
        unit=code,
        recipient=recipient,
        message_id=message_id(key, sender),
        path=path.relative_to(place.out).as_posix(),
        payload_sha256=sha256_of(content),
        not_before=not_before,
        not_after=not_after,
    )
    held = run.final_hold_reason if kind == FINAL else run.hold_reason
    reason = held or off_domain(recipient, day.campaign.mail.allowed_domains)
    beside = other.relative_to(place.out).as_posix()
    if outbox.plan_mail(place.ledger, mail, hold_reason=reason, conflict_path=beside):
        write_whole(path, content)
    else:
        write_whole(other, content)
        log.warning("thư %s cho %s đã gửi với nội dung khác: chờ người quyết, không tự gửi", kind, code)


def _file_name(place: Workplace, kind: str, code: str, recipient: str) -> str:
    unit = place.day.campaign.unit_by_code.get(code)
    place_in_list = unit.emails.index(recipient) if unit and recipient in unit.emails else 0
    return f"{FILE_NAMES[kind]}-{code}" + (f"-{place_in_list + 1}" if place_in_list else "") + ".eml"
