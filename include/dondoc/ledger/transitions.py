"""The moves of a letter after it was drafted: put up, approved, returned, confirmed, signed, published, withdrawn.

Each is one transaction, all letters or none, allowed from named states only (`UPDATE … WHERE state IN …`), and leaves
an event. `by` is the person who decided; `at` the instant, with its zone. The moves a person decides also take a
connection, so that the decision, its audit and its effect stand or fall together.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, insert, select, true, update

from dondoc.actor import Actor
from dondoc.errors import LetterError
from dondoc.ledger import audit
from dondoc.ledger.digests import note
from dondoc.ledger.letters import APPROVED, COMPLETE, HOLDABLE, OPEN, PUBLISHED, RETURNED, SIGNED, WITHDRAWN
from dondoc.ledger.tables import letter, letter_event

EDITED = "letter.edited"
STATE_NAMES = {
    "drafted": "còn thiếu nội dung",
    "complete": "đủ nội dung, chờ duyệt",
    "approved": "đã duyệt",
    "signed": "đã ký",
    "published": "đã công khai",
    "returned": "bị trả lại",
    "withdrawn": "đã rút",
    "superseded": "đã có bản mới hơn",
}
MOVE_NAMES = {
    "put_up": "trình",
    "edit": "nhận bản sửa",
    "approve": "duyệt",
    "take_back": "thu lại lời duyệt",
    "return": "trả lại",
    "confirm": "xác nhận",
    "hold": "giữ",
    "release": "thôi giữ",
    "sign": "ghi chữ ký",
    "attach": "nhận bản ký",
    "publish": "công khai",
    "withdraw": "rút",
}


@dataclass(frozen=True)
class Transition:
    """A named step of a letter: from which states, under what condition, to which state; None where it stays."""

    action: str
    allowed: tuple[str, ...]
    to: str | None
    guard: ColumnElement[bool] = field(default_factory=true)


IS_HELD = letter.c.stale_reason.is_not(None)
IS_FREE = letter.c.stale_reason.is_(None)
NOT_STALE = {"stale_reason": None, "stale_facts_sha256": None}
PUT_UP = Transition("put_up", (COMPLETE,), COMPLETE)
EDIT = Transition("edit", (COMPLETE,), COMPLETE)
APPROVE = Transition("approve", (COMPLETE,), APPROVED, letter.c.put_up_at.is_not(None))
TAKE_BACK = Transition("take_back", (APPROVED,), COMPLETE)
RETURN = Transition("return", (COMPLETE, APPROVED), RETURNED)
RETURN_HELD = Transition("return", HOLDABLE, RETURNED, IS_HELD)
CONFIRM = Transition("confirm", HOLDABLE, None, IS_HELD)
HOLD = Transition("hold", HOLDABLE, None)
RELEASE = Transition("release", HOLDABLE, None, IS_HELD)
SIGN = Transition("sign", (APPROVED,), SIGNED, IS_FREE)
ATTACH = Transition("attach", (SIGNED,), None)
PUBLISH = Transition("publish", (SIGNED,), PUBLISHED, IS_FREE)
WITHDRAW = Transition("withdraw", OPEN, WITHDRAWN)


@dataclass(frozen=True)
class Signature:
    """What the registry clerk enters of a signed letter.

    Attributes:
        number: the letter's number, as given after signing.
        signed_on: the day written on it.
        signer: who signed.
        signed_sha256: the signed document, where it was put in the store (`letters.store.keep`).
    """

    number: str
    signed_on: date
    signer: str
    signed_sha256: str | None = None


def batch_sha256(shown: Mapping[int, str]) -> str:
    """Return the hash of a batch: letter ids and the hashes of their bytes. What is approved must be what was shown."""
    lines = "".join(f"{key}:{shown[key]}\n" for key in sorted(shown))
    return hashlib.sha256(lines.encode()).hexdigest()


def put_up(
    ledger: Engine,
    found: Mapping[int, str],
    *,
    by: str,
    at: datetime,
    editors: Mapping[int, Actor] = MappingProxyType({}),
) -> None:
    """Record that the bytes with these hashes, by letter id, lie in the store and may be approved.

    A hash other than the register's is an edit made in Word: the edited bytes become the letter.

    Args:
        ledger: the register.
        found: the hashes.
        by: who puts up.
        at: when.
        editors: who edited the letter, where it is not as we drafted it.
    """
    with ledger.begin() as connection:
        known = _locked(connection, list(found))
        same = {key: row for key, row in known.items() if row.sha256 == found[key]}
        new = [key for key, row in same.items() if row.put_up_at is None or row.state != COMPLETE]
        _move(connection, PUT_UP, new, by=by, at=at, values={"put_up_at": at})
        for key, row in known.items():
            if row.sha256 != found[key]:
                values = {"sha256": found[key], "put_up_at": at}
                _move(connection, EDIT, [key], by=by, at=at, values=values, detail=found[key])
            if key in editors and (key in new or row.sha256 != found[key]):
                audit.record(connection, _edit(row, editors[key], found[key]))


def _edit(row: Any, editor: Actor, sha256: str) -> audit.Act:
    subject = f"{row.campaign} {row.unit} {row.case_number}"
    return audit.Act(editor, EDITED, subject, {"letter": row.id, "sha256": sha256})


def approve(ledger: Engine | Connection, ids: Sequence[int], *, batch: str, by: str, at: datetime) -> None:
    """Approve the letters `ids`, all or none; from here on their bytes never change.

    Args:
        ledger: the register.
        ids: letters that were put up.
        batch: `batch_sha256` of exactly what the approver was shown.
        by: who approves.
        at: when.

    Raises:
        LetterError: a letter has other bytes than those shown, is incomplete, or was not put up; none is approved.
    """
    with _transaction(ledger) as connection:
        if batch_sha256({key: row.sha256 for key, row in _locked(connection, ids).items()}) != batch:
            raise LetterError(
                "Tập thư đã khác với tập thư được trình xem.",
                where="sổ đăng ký thư xin lỗi",
                remedy="trình lại, xem lại tập thư mới rồi duyệt.",
            )
        _move(connection, APPROVE, ids, by=by, at=at, values={"approved_at": at})


def take_back(connection: Connection, ids: Sequence[int], *, reason: str, by: str, at: datetime) -> None:
    """Take back the approval of letters that are not signed yet, all or none: they wait to be put up anew."""
    values = {"approved_at": None, "put_up_at": None, **NOT_STALE}
    _move(connection, TAKE_BACK, ids, by=by, at=at, values=values, detail=reason)


def return_letters(ledger: Engine | Connection, ids: Sequence[int], *, reason: str, by: str, at: datetime) -> None:
    """Return letters that are put up or approved, and not yet signed, to their unit, with the reason."""
    values = {"reason": reason, **NOT_STALE}
    with _transaction(ledger) as connection:
        _move(connection, RETURN, ids, by=by, at=at, values=values, detail=reason)


def return_held(connection: Connection, ids: Sequence[int], *, reason: str, by: str, at: datetime) -> None:
    """Return letters that are held, with the reason; a signed one is void from here on, its number stays used."""
    _move(connection, RETURN_HELD, ids, by=by, at=at, values={"reason": reason, **NOT_STALE}, detail=reason)


def confirm_letters(connection: Connection, ids: Sequence[int], *, reason: str, by: str, at: datetime) -> None:
    """Confirm letters that are held because their case changed: they stand as they are, true of the case as it is."""
    values = {"facts_sha256": letter.c.stale_facts_sha256, **NOT_STALE}
    _move(connection, CONFIRM, ids, by=by, at=at, values=values, detail=reason)


def record_signature(
    ledger: Engine | Connection, letter_id: int, signature: Signature, *, by: str, at: datetime
) -> None:
    """Record number, date and signer of an approved letter that is not held."""
    detail = f"{signature.number} {signature.signed_on.isoformat()} {signature.signer}"
    with _transaction(ledger) as connection:
        _move(connection, SIGN, [letter_id], by=by, at=at, values=asdict(signature), detail=detail)


def attach_signed(connection: Connection, letter_id: int, sha256: str, *, by: str, at: datetime) -> None:
    """Record the signed document of a letter whose signature was recorded without one, or with one never verified."""
    _move(connection, ATTACH, [letter_id], by=by, at=at, values={"signed_sha256": sha256}, detail=sha256)


def publish(ledger: Engine | Connection, ids: Sequence[int], *, by: str, at: datetime) -> None:
    """Record that signed letters have been published."""
    with _transaction(ledger) as connection:
        _move(connection, PUBLISH, ids, by=by, at=at)


def withdraw(ledger: Engine, reasons: Mapping[int, str], *, by: str, at: datetime) -> None:
    """Withdraw letters that are not approved, by id, each with the reason it is not owed."""
    with ledger.begin() as connection:
        for reason in sorted(set(reasons.values())):
            ids = [key for key, given in reasons.items() if given == reason]
            _move(connection, WITHDRAW, ids, by=by, at=at, values={"reason": reason}, detail=reason)


def hold(ledger: Engine, changed: Mapping[int, tuple[str, str]], *, on: date, by: str, at: datetime) -> None:
    """Hold approved and signed letters whose case has changed.

    Args:
        ledger: the register.
        changed: by id, the reason and the hash of the facts as they are now.
        on: the business date the change was seen on.
        by: who holds them.
        at: when.
    """
    with ledger.begin() as connection:
        for key, (reason, facts) in changed.items():
            values = {"stale_reason": reason, "stale_facts_sha256": facts, "stale_on": on}
            _move(connection, HOLD, [key], by=by, at=at, values=values, detail=reason)


def release(ledger: Engine, ids: Sequence[int], *, by: str, at: datetime) -> None:
    """Release held letters whose case is again as the letter says."""
    with ledger.begin() as connection:
        _move(connection, RELEASE, ids, by=by, at=at, values=NOT_STALE)


@contextmanager
def _transaction(ledger: Engine | Connection) -> Iterator[Connection]:
    if isinstance(ledger, Connection):
        yield ledger
        return
    with ledger.begin() as connection:
        yield connection


def _locked(connection: Connection, ids: Sequence[int]) -> dict[int, Any]:
    names = ("id", "campaign", "unit", "case_number", "state", "sha256", "put_up_at")
    query = select(*(letter.c[name] for name in names))
    return {row.id: row for row in connection.execute(query.where(letter.c.id.in_(ids)).with_for_update())}


def _move(
    connection: Connection,
    move: Transition,
    ids: Sequence[int],
    *,
    by: str,
    at: datetime,
    values: Mapping[str, Any] = MappingProxyType({}),
    detail: str | None = None,
) -> None:
    if not ids:
        return
    known = _locked(connection, ids)
    allowed = update(letter).where(letter.c.id.in_(ids), letter.c.state.in_(move.allowed), move.guard)
    changed = {"state": move.to, **values} if move.to else values
    if connection.execute(allowed.values(**changed)).rowcount != len(set(ids)):
        raise _refused(known, ids, move.action)
    shared = {"action": move.action, "detail": detail, "by": by, "at": at}
    events = [
        {"letter_id": key, "from_state": row.state, "to_state": move.to or row.state} | shared
        for key, row in known.items()
    ]
    connection.execute(insert(letter_event), events)
    note(connection, letter, letter.c.id.in_(ids))


def _refused(known: Mapping[int, Any], ids: Sequence[int], action: str) -> LetterError:
    states = [f"{row.case_number} ({STATE_NAMES[row.state]})" for row in known.values()]
    states += [f"thư số {key} (không có)" for key in ids if key not in known]
    return LetterError(
        f"Không thực hiện được bước “{MOVE_NAMES[action]}” với các thư đã chọn.",
        where=f"sổ đăng ký thư xin lỗi: {', '.join(states[:10])}{' …' if len(states) > 10 else ''}",
        remedy="xem lại trạng thái từng thư: thư còn thiếu nội dung, chưa trình, đang bị giữ hoặc đã chuyển bước thì"
        " không làm được bước này.",
    )
