"""The day's mails, written as files and rows; sending them is `daily/dispatch.py`."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from dondoc.answers.columns import FIELD_NAMES
from dondoc.answers.form import Said, unit_workbook
from dondoc.answers.inbox import RESULT_COLUMNS, cells_frame
from dondoc.campaign import Source
from dondoc.daily.preflight import mail_templates
from dondoc.figures import is_behind, owed_sentence, total_figures
from dondoc.files import sha256_of, write_whole
from dondoc.ledger import outbox
from dondoc.ledger.answers import ACCEPTED, IGNORED, REFUSED, Cell, Notice
from dondoc.ledger.batches import Batch
from dondoc.ledger.gates import gate_results, notable
from dondoc.ledger.outbox import PlannedMail
from dondoc.ledger.store import now
from dondoc.ledger.workbooks import issue_workbook
from dondoc.mail.compose import Envelope, build_message, message_id
from dondoc.mail.guards import off_domain, send_window
from dondoc.mail.reminder import reminder_subject, reminder_values
from dondoc.wording import date_in_words, number, percent, short_date
from dondoc.workbook import Workbook
from dondoc.workplace import Workplace

log = logging.getLogger(__name__)

# One reminder and one report a day; a second rung in a day would be a series of its own.
SERIES = "1"
SHOWN = 20
REMINDER, REPORT, QUARANTINE, SIGNOFF = "reminder", "report", "quarantine", "signoff"
RECEIPT = "receipt"
FILE_NAMES = {REMINDER: "nhac-viec", REPORT: "bao-cao", QUARANTINE: "tra-lai", SIGNOFF: "trinh-ky", RECEIPT: "bao-nhan"}


def plan_reminder(place: Workplace, code: str, *, figures: pd.Series, findings: pd.DataFrame, said: Said) -> None:
    """Write the unit's workbook and reminder as files, and enter the mail in the outbox, a row an address.

    Args:
        place: the day.
        code: the unit's code.
        figures: the unit's row of the day's figures.
        findings: the unit's findings alone.
        said: what units answered before.
    """
    day, unit = place.day, place.day.campaign.unit_by_code[code]
    workbook, issued = unit_workbook(day, unit, findings, said)
    # Entered before it leaves: nothing may come back that the ledger does not know.
    issue_workbook(place.ledger, issued, at=now())
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


def plan_report(place: Workplace, *, figures: pd.DataFrame, paths: Sequence[Path]) -> None:
    """Enter the report's mail to the Office in the outbox, with the report's files attached."""
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
            "rehearsal": day.rehearsal,
        },
    )
    mark = "[DIỄN TẬP] " if day.rehearsal else ""
    rate = percent(total["rate"])
    subject = f"{mark}[Báo cáo] {campaign.title}: {rate} đến ngày {short_date(day.business_date)}"
    files = {path.name: path.read_bytes() for path in paths}
    _plan(place, REPORT, unit.code, campaign.office.email, subject=subject, plain=plain, html=html, attachments=files)


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


def plan_receipt(place: Workplace, notice: Notice, cells: Sequence[Cell]) -> None:
    """Enter in the outbox the mail that tells a unit what became of a file it sent, with what it has to mend."""
    file, unit = notice.file, place.day.campaign.unit_by_code[notice.file.unit]
    states = Counter(cell.state for cell in cells)
    unaccepted = [cell for state in (REFUSED, IGNORED) for cell in cells if cell.state == state]
    plain, html = mail_templates(place).render("bao-nhan", _receipt_values(place, notice, cells, unaccepted))
    name, content = f"chua-nhan-{file.sha256[:8]}.xlsx", _unaccepted(unaccepted, unit.name)
    attachments = {name: content} if unaccepted and not notice.again else {}
    mark = "[DIỄN TẬP] " if place.day.rehearsal else ""
    told = "không nhận cả tệp" if file.reason else f"nhận {number(states[ACCEPTED])} ô"
    told += f", {number(states[REFUSED])} ô chưa nhận" * bool(states[REFUSED])
    subject = f"{mark}[Trả lời] {unit.name}: {told}, tệp nhận ngày {short_date(file.business_date)}"
    text: dict[str, Any] = {"subject": subject, "plain": plain, "html": html, "attachments": attachments}
    for recipient in unit.emails:
        _plan(place, RECEIPT, unit.code, recipient, **text, series=file.sha256[:16], owed_on=notice.owed_on)


def _receipt_values(
    place: Workplace, notice: Notice, cells: Sequence[Cell], unaccepted: Sequence[Cell]
) -> dict[str, Any]:
    file, campaign = notice.file, place.day.campaign
    refused = sum(cell.state == REFUSED for cell in unaccepted)
    return {
        "office": campaign.office.model_dump(),
        "campaign_title": campaign.title,
        "unit_name": campaign.unit_by_code[file.unit].name,
        "file_name": file.name,
        "taken_on": date_in_words(file.business_date),
        "again": notice.again,
        "late": file.late,
        "reason": file.reason,
        "accepted": Counter(FIELD_NAMES[cell.field] for cell in cells if cell.state == ACCEPTED),
        "refused": refused,
        "ignored": len(unaccepted) - refused,
        "rows": cells_frame(unaccepted[:SHOWN]).to_dict("records"),
        "rehearsal": place.day.rehearsal,
    }


def _unaccepted(cells: Sequence[Cell], unit_name: str) -> bytes:
    book = Workbook()
    title = f"{unit_name}: các ô chưa nhận và lý do; sửa trong tệp đã nhận rồi gửi lại"
    book.add_table("Chưa nhận", cells_frame(cells), RESULT_COLUMNS, title=title)
    return book.to_bytes()


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
    series: str = SERIES,
    owed_on: date | None = None,
) -> None:
    day = place.day
    key = f"{kind}|{day.campaign.code}|{owed_on or day.business_date}|{code}|{recipient}|{series}"
    sender = day.campaign.mail.sender
    content = build_message(Envelope(sender, recipient, subject, key), plain=plain, html=html, attachments=attachments)
    path = place.folder / "mail" / _file_name(place, kind, code, recipient, series=series)
    other = path.with_name(f"{path.stem}-khac.eml")
    not_before, not_after = send_window(day)
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
    reason = place.run.hold_reason or off_domain(recipient, day.campaign.mail.allowed_domains)
    beside = other.relative_to(place.out).as_posix()
    if outbox.plan_mail(place.ledger, mail, hold_reason=reason, conflict_path=beside):
        write_whole(path, content)
    else:
        write_whole(other, content)
        log.warning("thư %s cho %s đã gửi với nội dung khác: chờ người quyết, không tự gửi", kind, code)


def _file_name(place: Workplace, kind: str, code: str, recipient: str, *, series: str) -> str:
    unit = place.day.campaign.unit_by_code.get(code)
    place_in_list = unit.emails.index(recipient) if unit and recipient in unit.emails else 0
    marks = [FILE_NAMES[kind], code, *[series] * (series != SERIES), *[str(place_in_list + 1)] * bool(place_in_list)]
    return "-".join(marks) + ".eml"
