"""A new promised date put right by a named person, under the rules a unit's own date is held to."""

from datetime import date, datetime

from dondoc.actor import Actor
from dondoc.answers.judging import fault_of_promise
from dondoc.campaign.permissions import Right
from dondoc.errors import LedgerError, LetterError
from dondoc.installation.workplace import Workplace
from dondoc.ledger.corrections import Correction, correct_promise
from dondoc.ledger.letters import promises
from dondoc.ledger.rights import require_right
from dondoc.ledger.workbooks import latest_workbooks


def correct(place: Workplace, number: str, new_due_on: date, *, by: Actor, reason: str, at: datetime) -> date:
    """Enter that the case `number` is promised for `new_due_on`, and return the date it was promised for.

    Raises:
        NotEntitledError: who may not sign may not correct what is promised either; it is audited.
        LetterError: an approved letter says the date; a letter is not corrected here.
        LedgerError: no date was given, or this one cannot be promised.
    """
    day = place.day
    require_right(place.ledger, day.campaign, Right.SIGN, by, subject=f"{day.campaign.code} {number}")
    if number in promises(place.ledger):
        raise LetterError(
            "Ngày hẹn này đã nằm trong thư xin lỗi đã duyệt.",
            where=f"hồ sơ {number}",
            remedy="trả lại thư ấy trước (`letters return`), rồi sửa ngày.",
        )
    issued = latest_workbooks(place.ledger, campaign=day.campaign.code)
    due_on = next((line.due_on for one in issued for line in one.lines if line.number == number), None)
    if fault := fault_of_promise(new_due_on, due_on, day):
        raise LedgerError(f"Ngày mới không hẹn được: {fault}.", where=f"hồ sơ {number}", remedy="chọn ngày khác.")
    return correct_promise(
        place.ledger, Correction(day.campaign.code, number, new_due_on, by, reason, day.business_date, at)
    )
