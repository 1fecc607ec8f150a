"""The steps of taking in units' answers: what a DAG task or a command calls. Each can be repeated safely."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, date

from dondoc.actor import Actor, KnownBy
from dondoc.answers.correcting import correct as correct_promise
from dondoc.answers.inbox import take_in_folder
from dondoc.answers.post import take_in_mail
from dondoc.campaign import Campaign
from dondoc.checks import gates
from dondoc.daily import dispatch, receipts
from dondoc.daily.office_clock import require_clock
from dondoc.daily.setbacks import RECEIPTS, do_apart
from dondoc.installation import Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger import answers, runs
from dondoc.ledger.mail_kinds import RECEIPT
from dondoc.ledger.store import now
from dondoc.mail.account import SmtpAccount
from dondoc.mail.guards import send_window
from dondoc.mail.mailbox import Mailbox

log = logging.getLogger(__name__)


def take_folder(campaign: str) -> dict[str, int]:
    """Take in what lies in the drop folder, and return how many files and cells ended how."""
    return take_in_folder(_place(campaign), at=now())


def take_mail(campaign: str, box: Callable[[str], Mailbox]) -> dict[str, int] | None:
    """Take in what came to the campaign's mailbox, and return how many files and cells ended how; None without one.

    A rehearsal leaves the mailbox alone: what lies there are real answers.

    Args:
        campaign: the campaign's code.
        box: gives the mailbox of an Airflow connection's name.
    """
    place = _place(campaign)
    name = place.day.campaign.answers.mailbox
    if name is None or place.day.rehearsal:
        return None
    read = box(name)
    warn_of_another_mailbox(place.day.campaign, read)
    return take_in_mail(place, read, at=now())


def correct(campaign: str, number: str, new_due_on: date, *, by: Actor, reason: str) -> date:
    """Put right the new date a unit gave for a case, and return the date it was."""
    return correct_promise(_place(campaign), number, new_due_on, by=by, reason=reason, at=now())


def warn_of_another_mailbox(campaign: Campaign, read: Mailbox) -> None:
    """Log that units are told to answer to another address than the mailbox that is read, where its name says so."""
    if "@" in read.login and read.login.lower() != campaign.answer_address.lower():
        log.warning(
            "hộp thư được đọc là %s, mà thư nhắc bảo đơn vị trả lời về %s: ghi địa chỉ hộp thư vào mail.reply_to",
            read.login,
            campaign.answer_address,
        )


def write_receipts(campaign: str) -> int:
    """Plan the mails that tell units what became of their files, and return how many; none while no mail may leave.

    Answers are taken in at any hour; their receipts wait for a working day, within the hours of its mail.

    Raises:
        DondocError: those of some unit cannot be written; all others are.
    """
    place = _place(campaign)
    day = place.day
    today = place.day.business_date
    owed = answers.owed_notices(place.ledger, campaign=campaign, today=today)
    closed = place.installation.now(day.campaign.zone).astimezone(UTC) >= send_window(day)[1]
    if not owed or closed or not day.calendar.is_working(today):
        log.info("báo nhận: %d tệp chờ", len(owed))
        return 0
    run_id = _open(place)
    heirs = [day.campaign.heir(notice.file.unit).code for notice in owed]

    def write(units: Sequence[str]) -> int:
        mine = [notice for notice, unit in zip(owed, heirs, strict=True) if unit in units]
        for notice in mine:
            receipts.plan_receipt(place, notice, answers.cells_of(place.ledger, notice.file.id))
            answers.mark_told(place.ledger, notice, on=today)
        return len(mine)

    try:
        return sum(do_apart(place, RECEIPTS, list(dict.fromkeys(heirs)), write))
    finally:
        runs.close_run(place.ledger, run_id)


def send_receipts(campaign: str, account: Callable[[], SmtpAccount]) -> dict[str, int] | str:
    """Send today's receipts and return how many ended in which state; why none may leave when none may."""
    place = _place(campaign)
    opened = runs.find_run(place.ledger, campaign=campaign, business_date=place.day.business_date, kind=runs.ANSWERS)
    if opened is None:
        return "hôm nay chưa có thư báo nhận"
    if opened.hold_reason:
        return opened.hold_reason
    ended = dispatch.send_planned(place, RECEIPT, account)
    dispatch.require_settled(place, RECEIPT)
    return ended


def _open(place: Workplace) -> int:
    """Return the id of the day's run of receipts, opened anew: whether they may leave is the campaign's word alone."""
    mail = place.day.campaign.mail
    today = place.day.business_date
    armed_by = Actor(KnownBy.SETTINGS, remark=mail.armed_by or "") if mail.mode == "armed" else None
    reason = gates.hold_reason(place.day, backfill=False, mode=mail.mode, today=today, armed_by=armed_by)
    opened = runs.open_run(
        place.ledger,
        campaign=place.day.campaign.code,
        business_date=today,
        kind=runs.ANSWERS,
        mode=mail.mode,
        hold_reason=reason,
        armed_by=armed_by,
    )
    return opened.id


def _place(campaign: str) -> Workplace:
    installation = Installation.from_environment()
    today = installation.today(installation.campaign(campaign).zone)
    place = Workplace.on(campaign, today, "answers")
    # The day an answer bears, and the day its receipt may leave on, are written for good.
    require_clock(place)
    return place
