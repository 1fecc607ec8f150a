"""What tells a unit which of its answers were taken, written as a file and a row of the outbox."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dondoc.answers.columns import FIELD_NAMES
from dondoc.answers.inbox import RESULT_COLUMNS, cells_frame
from dondoc.daily.outgoing import enter_mail, numbered
from dondoc.daily.preflight import mail_templates
from dondoc.ledger.answers import ACCEPTED, IGNORED, REFUSED, Cell, Notice
from dondoc.ledger.outbox import RECEIPT
from dondoc.wording import date_in_words, number, short_date
from dondoc.workbook import Workbook
from dondoc.workplace import Workplace

SHOWN = 20


def plan_receipt(place: Workplace, notice: Notice, cells: Sequence[Cell]) -> None:
    """Enter in the outbox the mail that tells a unit what became of a file it sent, with what it has to mend."""
    day, file, campaign = place.day, notice.file, place.day.campaign
    unit = campaign.unit_by_code[file.unit]
    by_state = {state: [cell for cell in cells if cell.state == state] for state in (ACCEPTED, REFUSED, IGNORED)}
    counts = Counter(FIELD_NAMES[cell.field] for cell in by_state[ACCEPTED])
    plain, html = mail_templates(place).render(
        "bao-nhan",
        {
            "office": campaign.office.model_dump(),
            "campaign_title": campaign.title,
            "unit_name": unit.name,
            "file_name": file.name,
            "taken_on": date_in_words(file.business_date),
            "again": notice.again,
            "late": file.late,
            "reason": file.reason,
            "accepted": counts,
            "refused": len(by_state[REFUSED]),
            "ignored": len(by_state[IGNORED]),
            "rows": cells_frame([*by_state[REFUSED], *by_state[IGNORED]][:SHOWN]).to_dict("records"),
            "rehearsal": day.rehearsal,
        },
    )
    left = [] if notice.again else [*by_state[REFUSED], *by_state[IGNORED]]
    attachments = {f"chua-nhan-{file.sha256[:8]}.xlsx": _unaccepted(left, unit.name)} if left else {}
    mark = "[DIỄN TẬP] " if day.rehearsal else ""
    told = "không nhận cả tệp" if file.reason else f"nhận {number(sum(counts.values()))} ô"
    told += f", {number(len(by_state[REFUSED]))} ô chưa nhận" * bool(by_state[REFUSED])
    subject = f"{mark}[Trả lời] {unit.name}: {told}, tệp nhận ngày {short_date(file.business_date)}"
    series = file.sha256[:16]
    text: dict[str, Any] = {"subject": subject, "plain": plain, "html": html, "attachments": attachments}
    for position, recipient in enumerate(unit.emails):
        stem = f"bao-nhan-{unit.code}-{series}{numbered(position)}"
        enter_mail(place, RECEIPT, unit.code, recipient, **text, stem=stem, series=series, owed_on=notice.owed_on)


def _unaccepted(cells: Sequence[Cell], unit_name: str) -> bytes:
    book = Workbook()
    title = f"{unit_name}: các ô chưa nhận và lý do; sửa trong tệp đã nhận rồi gửi lại"
    book.add_table("Chưa nhận", cells_frame(cells), RESULT_COLUMNS, title=title)
    return book.to_bytes()
