"""How many mails a day and a unit may have: more are a mistake, and all are held before the first leaves."""

from datetime import date

from sqlalchemy import ColumnElement, Connection, Engine, func, select, update

from dondoc.ledger.claims import HELD, OWN_GATE, WAITING, WITHDRAWN
from dondoc.ledger.digests import note
from dondoc.ledger.mail_kinds import MAIL_KINDS, kinds_with
from dondoc.ledger.store import now
from dondoc.ledger.tables import outbox


def hold_excess(ledger: Engine, *, campaign: str, business_date: date, day_cap: int, unit_cap: int) -> list[str]:
    """Hold what waits to be sent when the day, or a unit, has more mails than its cap; return the reasons.

    All mails of the day count, sent or not, so that a template gone wrong is stopped before its first mail; the final
    report, one mail, is never held for the others' number. Receipts count apart: whoever sends files in a unit's name
    makes as many as they like, and must not keep its reminder and the report back.
    """
    mine = (outbox.c.campaign == campaign, outbox.c.business_date == business_date, outbox.c.state != WITHDRAWN)
    with ledger.begin() as connection:
        reasons = []
        for what in dict.fromkeys(kind.counted_as for kind in MAIL_KINDS.values()):
            counted = outbox.c.kind.in_(kinds_with(counted_as=what))
            reasons += _hold_excess(connection, (*mine, counted), what, day_cap, unit_cap)
        return reasons


def _hold_excess(
    connection: Connection, mine: tuple[ColumnElement[bool], ...], what: str, day_cap: int, unit_cap: int
) -> list[str]:
    counting = select(outbox.c.unit, func.count()).where(*mine).group_by(outbox.c.unit).order_by(outbox.c.unit)
    by_unit = {row[0]: int(row[1]) for row in connection.execute(counting)}
    total = sum(by_unit.values())
    scopes: list[tuple[tuple[ColumnElement[bool], ...], str]] = []
    if total > day_cap:
        scopes.append((mine, f"{total} {what} trong ngày, vượt mức {day_cap}"))
    scopes += [
        ((*mine, outbox.c.unit == unit), f"{count} {what} cho đơn vị {unit} trong ngày, vượt mức {unit_cap}")
        for unit, count in by_unit.items()
        if count > unit_cap
    ]
    for scope, reason in scopes:
        held = update(outbox).where(*scope, outbox.c.state.in_(WAITING), outbox.c.kind.not_in(OWN_GATE))
        aside = held.values(state=HELD, reason=reason, changed_at=now()).returning(outbox.c.id)
        note(connection, outbox, outbox.c.id.in_(connection.scalars(aside).all()))
    return [reason for _, reason in scopes]
