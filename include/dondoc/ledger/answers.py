"""What units answered: one row a file that came back, one row a cell of it, and the receipts owed.

A file is known by its bytes and its sender, so that reading it twice records nothing twice. Of a cell the latest
accepted value counts; of the new date the first, for only one may ever be given (`uq_answer_new_date`). Accepted cells
bear the office's day on which they were taken in: an older day that is run again does not see them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, Row, Select, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from dondoc.actor import MACHINE, Actor, KnownBy
from dondoc.ledger import audit
from dondoc.ledger.answer_tables import answer, answer_file, answer_mail, answer_notice
from dondoc.ledger.corrections import NEW_DUE_ON, corrections
from dondoc.ledger.digests import note

TAKEN = "taken"  # a file
REFUSED = "refused"  # a file, or a cell
ACCEPTED = "accepted"  # a cell
IGNORED = "ignored"  # a cell


@dataclass(frozen=True)
class ReceivedFile:
    """A file as it came: its hash, from whom, with which message, under which name, on which day of the office."""

    campaign: str
    sha256: str
    sender: str
    origin: str
    name: str
    business_date: date
    late: bool
    at: datetime


@dataclass(frozen=True)
class JudgedCell:
    """What became of a cell: `accepted`, `refused` or `ignored`, the latter two with the reason."""

    kind: str
    number: str
    field: str
    value: str
    state: str
    reason: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What a file came to: which workbook of which unit it is, why it was refused as a whole, or its cells."""

    identity: str | None = None
    unit: str | None = None
    reason: str | None = None
    cells: Sequence[JudgedCell] = ()


@dataclass(frozen=True)
class Notice:
    """A receipt that is owed: for which file, since when, and whether the file had been taken in before."""

    file: Row[Any]
    owed_on: date
    again: bool


def find_file(ledger: Engine, *, campaign: str, sha256: str, sender: str) -> Row[Any] | None:
    """Return the row of the file with these bytes from this sender, if it was ever taken in."""
    query = select(answer_file).where(
        answer_file.c.campaign == campaign, answer_file.c.sha256 == sha256, answer_file.c.sender == sender
    )
    with ledger.begin() as connection:
        return connection.execute(query).one_or_none()


def count_files(ledger: Engine, *, campaign: str, sender: str, business_date: date) -> int:
    """Return how many files of `sender` were entered on a day."""
    mine = (answer_file.c.campaign == campaign, answer_file.c.sender == sender)
    query = select(func.count()).where(*mine, answer_file.c.business_date == business_date)
    with ledger.begin() as connection:
        return connection.execute(query).scalar_one()


def record_file(ledger: Engine, arrival: ReceivedFile, outcome: Outcome) -> bool:
    """Enter a file, its cells and the receipt owed, all or none; false when another writer came first.

    False means that the file is known by now, or that the case was given another new date meanwhile: look again.
    """
    state = REFUSED if outcome.reason else TAKEN
    head = vars(arrival) | {"identity": outcome.identity, "unit": outcome.unit, "reason": outcome.reason}
    head["taken_at"] = head.pop("at")
    try:
        with ledger.begin() as connection:
            values = answer_file.insert().values(**head, state=state).returning(answer_file.c.id)
            key = connection.execute(values).scalar_one()
            shared = {"file_id": key, "campaign": arrival.campaign, "unit": outcome.unit}
            shared |= {"business_date": arrival.business_date, "at": arrival.at}
            if outcome.cells:
                connection.execute(answer.insert(), [vars(cell) | shared for cell in outcome.cells])
            connection.execute(answer_notice.insert().values(file_id=key, owed_on=arrival.business_date))
            note(connection, answer_file, answer_file.c.id == key)
            note(connection, answer, answer.c.file_id == key)
            audit.record(connection, _act(arrival, outcome))
    except IntegrityError:
        return False
    return True


def cells_of(ledger: Engine, file_id: int) -> list[JudgedCell]:
    """Return the cells of a file as they were judged, in the order of the workbook."""
    columns = [answer.c[name] for name in JudgedCell.__dataclass_fields__]
    with ledger.begin() as connection:
        rows = connection.execute(select(*columns).where(answer.c.file_id == file_id).order_by(answer.c.id))
        return [JudgedCell(**row._mapping) for row in rows]


@dataclass(frozen=True)
class Accepted:
    """A value that counts, and the office's day since which it does."""

    kind: str
    number: str
    field: str
    value: str
    business_date: date
    unit: str


def accepted(ledger: Engine, *, campaign: str, as_of: date) -> list[Accepted]:
    """Return the values that count on the evening of `as_of`, new dates as a person may have put them right."""
    columns = [answer.c[name] for name in Accepted.__dataclass_fields__]
    query = select(*columns).where(
        answer.c.campaign == campaign, answer.c.state == ACCEPTED, answer.c.business_date <= as_of
    )
    with ledger.begin() as connection:
        rows = [Accepted(*row) for row in connection.execute(query.order_by(answer.c.id))]
        put_right = corrections(connection, campaign=campaign, as_of=as_of)
    latest = {(row.kind, row.number, row.field): row for row in rows}
    return [_put_right(row, put_right) for row in latest.values()]


def _put_right(row: Accepted, put_right: Mapping[str, tuple[date, date]]) -> Accepted:
    if row.field != NEW_DUE_ON or row.number not in put_right:
        return row
    day, since = put_right[row.number]
    return replace(row, value=day.isoformat(), business_date=since)


def refused_cells(ledger: Engine, *, campaign: str) -> Sequence[Row[Any]]:
    """Return the refused cells that no later answer has mended, oldest first."""
    columns = [answer.c[name] for name in ("unit", "kind", "number", "field", "state", "reason", "business_date")]
    query = select(*columns).where(answer.c.campaign == campaign, answer.c.state.in_((ACCEPTED, REFUSED)))
    with ledger.begin() as connection:
        rows = connection.execute(query.order_by(answer.c.id)).all()
    latest = {(row.kind, row.number, row.field): row for row in rows}
    return [row for row in latest.values() if row.state == REFUSED]


def refused_files(ledger: Engine, *, campaign: str) -> Sequence[Row[Any]]:
    """Return the files that were refused as a whole, oldest first."""
    query = select(answer_file).where(answer_file.c.campaign == campaign, answer_file.c.state == REFUSED)
    with ledger.begin() as connection:
        return connection.execute(query.order_by(answer_file.c.id)).all()


def owe_notice(ledger: Engine, file_id: int, *, on: date) -> None:
    """Enter that the sender of a known file is to be told so; once a day."""
    with ledger.begin() as connection:
        connection.execute(_once(ledger, answer_notice).values(file_id=file_id, owed_on=on).on_conflict_do_nothing())


def owed_notices(ledger: Engine, *, campaign: str, today: date) -> list[Notice]:
    """Return the receipts not planned yet, and those planned today, which may be brought up to date."""
    query = (
        select(answer_file, answer_notice.c.owed_on)
        .join(answer_notice, answer_notice.c.file_id == answer_file.c.id)
        .where(answer_file.c.campaign == campaign, answer_file.c.unit.is_not(None))
        .where(or_(answer_notice.c.told_on.is_(None), answer_notice.c.told_on == today))
        .order_by(answer_file.c.id, answer_notice.c.owed_on)
    )
    with ledger.begin() as connection:
        rows = connection.execute(query).all()
    return [Notice(row, row.owed_on, again=row.owed_on != row.business_date) for row in rows]


def mark_told(ledger: Engine, notice: Notice, *, on: date) -> None:
    """Enter that the receipt's mail is planned."""
    this = (answer_notice.c.file_id == notice.file.id, answer_notice.c.owed_on == notice.owed_on)
    with ledger.begin() as connection:
        connection.execute(update(answer_notice).where(*this).values(told_on=on))


def unread(ledger: Engine, *, campaign: str, mailbox: str, uids: Collection[str]) -> list[str]:
    """Return those of `uids` that were not read to their end, in order."""
    with ledger.begin() as connection:
        known = set(connection.scalars(_mail(campaign, mailbox)))
    return [uid for uid in uids if uid not in known]


def mark_read(ledger: Engine, *, campaign: str, mailbox: str, uid: str, at: datetime) -> None:
    """Enter that a message was read to its end; it is not fetched again."""
    values = {"campaign": campaign, "mailbox": mailbox, "uid": uid, "read_at": at}
    with ledger.begin() as connection:
        connection.execute(_once(ledger, answer_mail).values(**values).on_conflict_do_nothing())


def _mail(campaign: str, mailbox: str) -> Select[Any]:
    return select(answer_mail.c.uid).where(answer_mail.c.campaign == campaign, answer_mail.c.mailbox == mailbox)


def _once(ledger: Engine, table: Any) -> Any:
    return (postgresql if ledger.dialect.name == "postgresql" else sqlite).insert(table)


def _act(arrival: ReceivedFile, outcome: Outcome) -> audit.Act:
    states = [cell.state for cell in outcome.cells]
    detail = {
        "sha256": arrival.sha256,
        "workbook": outcome.identity,
        "late": arrival.late,
        "accepted": states.count(ACCEPTED),
        "refused": states.count(REFUSED),
        "reason": outcome.reason,
    }
    who = Actor(KnownBy.UNIT, outcome.unit) if outcome.unit else MACHINE
    return audit.Act(who, "answers.taken", f"{arrival.campaign} {outcome.unit or ''}".strip(), detail)
