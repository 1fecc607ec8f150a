"""What tells a unit which of its answers were taken, written as a file and a row of the outbox."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dondoc.answers.columns import FIELD_NAMES
from dondoc.answers.inbox import RESULT_COLUMNS, cells_frame
from dondoc.campaign.day import Day
from dondoc.daily.outgoing import MailDraft, enter_mails, numbered
from dondoc.daily.stationery import mail_templates
from dondoc.installation.workplace import Workplace
from dondoc.ledger.answers import ACCEPTED, IGNORED, REFUSED, JudgedCell, Notice
from dondoc.ledger.mail_kinds import MAIL_KINDS, RECEIPT
from dondoc.office_files.workbook import Workbook
from dondoc.vietnamese.wording import date_in_words

SHOWN = 20


def plan_receipt(place: Workplace, notice: Notice, cells: Sequence[JudgedCell]) -> None:
    """Enter in the outbox the mail that tells a unit what became of a file it sent, with what it has to mend."""
    file = notice.file
    unit = place.day.campaign.heir(notice.file.unit)
    unaccepted = [cell for state in (REFUSED, IGNORED) for cell in cells if cell.state == state]
    values = receipt_values(place.day, notice, cells=cells, unaccepted=unaccepted)
    text = mail_templates(place).render("bao-nhan", values)
    name = f"chua-nhan-{file.sha256[:8]}.xlsx"
    content = _unaccepted(unaccepted, unit.name)
    attachments = {name: content} if unaccepted and not notice.again else {}
    series = file.sha256[:16]
    stem = f"{MAIL_KINDS[RECEIPT].file_name}-{unit.code}-{series}"
    mails = [
        MailDraft(
            unit.code,
            recipient,
            text,
            f"{stem}{numbered(unit.emails.index(recipient))}",
            attachments,
            series,
            owed_on=notice.owed_on,
            asks_workbook=True,
        )
        for recipient in unit.addresses
    ]
    enter_mails(place, RECEIPT, mails)


def receipt_values(
    day: Day, notice: Notice, *, cells: Sequence[JudgedCell], unaccepted: Sequence[JudgedCell]
) -> dict[str, Any]:
    """Return the fields of the receipt's templates.

    Args:
        day: the business day.
        notice: the file that is answered.
        cells: what became of each cell of it.
        unaccepted: those of `cells` that were refused, then those that did not count.
    """
    file = notice.file
    campaign = day.campaign
    refused = sum(cell.state == REFUSED for cell in unaccepted)
    return {
        "office": campaign.office.model_dump(),
        "campaign_title": campaign.title,
        "unit_name": campaign.heir(file.unit).name,
        "file_name": file.name,
        "taken_on": date_in_words(file.business_date),
        "day": file.business_date,
        "again": notice.again,
        "late": file.late,
        "reason": file.reason,
        "accepted": Counter(FIELD_NAMES[cell.field] for cell in cells if cell.state == ACCEPTED),
        "refused": refused,
        "ignored": len(unaccepted) - refused,
        "rows": cells_frame(unaccepted[:SHOWN]).to_dict("records"),
        "rehearsal": day.rehearsal,
    }


def _unaccepted(cells: Sequence[JudgedCell], unit_name: str) -> bytes:
    book = Workbook()
    title = f"{unit_name}: các ô chưa nhận và lý do; sửa trong tệp đã nhận rồi gửi lại"
    book.add_table("Chưa nhận", cells_frame(cells), RESULT_COLUMNS, title=title)
    return book.to_bytes()
