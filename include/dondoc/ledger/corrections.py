"""New promised dates that a named person put right: a unit gives one only once, and a slip of the keyboard is one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine, select

from dondoc.actor import Actor
from dondoc.errors import LedgerError
from dondoc.ledger import audit
from dondoc.ledger.answer_tables import answer, promise_correction
from dondoc.ledger.digests import note

NEW_DUE_ON = "new_due_on"
ACCEPTED = "accepted"


@dataclass(frozen=True)
class Correction:
    """The date a case is promised instead: by whose word, why, and the office's day from which it counts."""

    campaign: str
    number: str
    new_due_on: date
    corrected_by: Actor
    reason: str
    business_date: date
    at: datetime


def correct_promise(ledger: Engine, wish: Correction) -> date:
    """Enter the correction, with its row in the audit, and return the date it takes the place of.

    Raises:
        LedgerError: the unit gave no date for this case, or gave this one.
    """
    with ledger.begin() as connection:
        audit.lock(connection)
        was = _given(connection, wish.campaign, wish.number)
        if was is None or was == wish.new_due_on:
            raise LedgerError(
                "Chưa nhận ngày hẹn mới nào cho hồ sơ này." if was is None else "Ngày hẹn mới đã đúng là ngày ấy.",
                where=f"đợt {wish.campaign}, hồ sơ {wish.number}",
                remedy="xem lại số hồ sơ và ngày; ngày chưa có thì để đơn vị trả lời.",
            )
        row = vars(wish) | {"corrected_by": wish.corrected_by.words, "was": was}
        connection.execute(promise_correction.insert().values(**row))
        note(connection, promise_correction, promise_correction.c.number == wish.number)
        detail = {"was": was.isoformat(), "new_due_on": wish.new_due_on.isoformat(), "reason": wish.reason}
        subject = f"{wish.campaign} {wish.number}"
        audit.record(connection, audit.Act(wish.corrected_by, "answers.promise_corrected", subject, detail))
    return was


def corrections(connection: Connection, *, campaign: str, as_of: date) -> Mapping[str, tuple[date, date]]:
    """Return by case number the date that counts on the evening of `as_of`, and since when, where one was corrected."""
    mine = (promise_correction.c.campaign == campaign, promise_correction.c.business_date <= as_of)
    rows = connection.execute(select(promise_correction).where(*mine).order_by(promise_correction.c.id))
    return {row.number: (row.new_due_on, row.business_date) for row in rows}


def _given(connection: Connection, campaign: str, number: str) -> date | None:
    if found := corrections(connection, campaign=campaign, as_of=date.max).get(number):
        return found[0]
    mine = (answer.c.campaign == campaign, answer.c.number == number)
    query = select(answer.c.value).where(*mine, answer.c.field == NEW_DUE_ON, answer.c.state == ACCEPTED)
    value = connection.execute(query).scalar_one_or_none()
    return date.fromisoformat(value) if value else None
