"""What was offered to a mail server, kept beside the outputs too: what a ledger that is lost or restored does not know.

The folder holds the store's own name, and a file a day with a line before and after each batch that is offered: which
ledger, where its chain of digests ended, and the batch's mails. A ledger that is not the one of the last line, or is
older, mails nothing and opens no day until a person accepts it; then whatever the lines know and it does not is entered
as mail that may have arrived.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, Row, and_, select, update

from dondoc.actor import Actor
from dondoc.errors import LedgerError
from dondoc.files import MODE
from dondoc.ledger import audit, digests
from dondoc.ledger.chain import START
from dondoc.ledger.claims import FAILED, SENDING, SENT, UNKNOWN, WITHDRAWN
from dondoc.ledger.digest_tables import digest, identity
from dondoc.ledger.instants import now
from dondoc.ledger.outbox import OPEN_STATES, PlannedMail
from dondoc.ledger.tables import outbox

# No campaign's code begins so.
FOLDER = "_so-gui"
NAME = "kho.txt"
KNOWN_OFFERED = (SENT, UNKNOWN, FAILED, SENDING)
LOST = "đã đưa cho máy chủ thư trước khi sổ cái được khôi phục; chưa rõ đã tới chưa"
ACCEPT = "`dondoc ledger accept --by … --reason …`"


def require_store(ledger: Engine, out: Path) -> None:
    """Refuse a ledger that is not the one whose mails and files lie in `out`, or is older than what was offered.

    The first ledger and the first folder that meet belong together from then on.

    Raises:
        LedgerError: it is another one, an older one, or the folder is another.
    """
    if why := _why_not(ledger, out):
        raise LedgerError(
            why, where=out, remedy=f"mở đúng sổ cái, gắn đúng thư mục kết quả; nếu đây là bản phải dùng, chạy {ACCEPT}."
        )


def write_batch(ledger: Engine, out: Path, ids: Sequence[int]) -> None:
    """Chain the mails with these ids and enter them in the journal, down to the disk."""
    with ledger.begin() as connection:
        digests.note(connection, outbox, outbox.c.id.in_(ids))
    with ledger.begin() as connection:
        mails = [_told(row) for row in connection.execute(select(outbox).where(outbox.c.id.in_(ids)))]
        _append(out, _line(connection, mails))


def accept(ledger: Engine, out: Path, *, by: Actor, reason: str) -> int:
    """Let this ledger and this folder belong together on a person's word; return how many mails were entered.

    Every mail of the journal that the ledger does not know as offered is entered as one that may have arrived, which no
    machine sends again without proof that it did not.

    Raises:
        LedgerError: they belong together already, or no reason is given.
    """
    reason = " ".join(reason.split())
    why = _why_not(ledger, out)
    if not why:
        raise LedgerError("Sổ cái và thư mục kết quả đang khớp nhau.", where=out, remedy="không phải làm gì.")
    if not reason:
        raise LedgerError("Thiếu lý do nhận dùng sổ cái.", where=out, remedy="điền --reason.")
    with ledger.begin() as connection:
        entered = sum(_enter(connection, mail) for line in _lines(out) for mail in line["mails"])
        connection.execute(update(identity).values(store=_store(out)))
        detail = {"why": why, "reason": reason, "mails": entered}
        audit.record(connection, audit.Act(by, "ledger.accepted", "ledger", detail))
    with ledger.begin() as connection:
        _append(out, _line(connection, []))
    return entered


def _why_not(ledger: Engine, out: Path) -> str:
    store = _store(out)
    last = next(_lines(out, newest=True), None)
    with ledger.begin() as connection:
        ours = connection.execute(select(identity.c.ledger, identity.c.store)).one()
        if last is not None and last["ledger"] != ours.ledger:
            return "Thư mục kết quả này thuộc một sổ cái khác: sổ cái bị xóa, bị thay, hoặc máy này trỏ nhầm sổ cái."
        if ours.store is None:
            connection.execute(update(identity).values(store=store))
        elif ours.store != store:
            return "Sổ cái này đang dùng với một thư mục kết quả khác: hai máy phải cùng gắn một thư mục kết quả."
        if last is not None and _end_at(connection, last["seq"]) != last["hash"]:
            return "Sổ cái cũ hơn những thư đã gửi: có thể đã khôi phục từ bản sao lưu cũ."
    return ""


def _end_at(connection: Connection, seq: int) -> str | None:
    return START if seq == 0 else connection.scalar(select(digest.c.hash).where(digest.c.seq == seq))


def _line(connection: Connection, mails: list[dict[str, Any]]) -> dict[str, Any]:
    seq, last = digests.end(connection)
    ours = connection.scalar(select(identity.c.ledger))
    return {"ledger": ours, "seq": seq, "hash": last, "at": now().isoformat(), "mails": mails}


def _store(out: Path) -> str:
    """Return the store's own name; one is made where none is."""
    path = out / FOLDER / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "w") as file:
            file.write(uuid4().hex)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass
    return path.read_text().strip()


def _append(out: Path, line: Mapping[str, Any]) -> None:
    path = out / FOLDER / f"{line['at'][:10]}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, MODE), "ab") as file:
        # Several senders write here.
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _lines(out: Path, *, newest: bool = False) -> Iterator[dict[str, Any]]:
    """Yield the journal's lines, oldest first or newest first; one that a power cut tore says nothing."""
    for path in sorted((out / FOLDER).glob("*.jsonl"), reverse=newest):
        rows = path.read_bytes().splitlines()
        for row in reversed(rows) if newest else rows:
            try:
                yield json.loads(row)
            except ValueError:
                continue


def _told(row: Row[Any]) -> dict[str, Any]:
    values = {field.name: row._mapping[field.name] for field in fields(PlannedMail)}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _enter(connection: Connection, told: Mapping[str, Any]) -> bool:
    """Enter a mail of the journal as one that may have arrived; return whether the ledger did not know that."""
    unsure = {"state": UNKNOWN, "reason": LOST, "changed_at": now(), "next_try_at": None}
    keyed = outbox.c.dedupe_key == told["dedupe_key"]
    known = connection.execute(select(outbox).where(keyed).with_for_update()).first()
    if known is not None and known.state in KNOWN_OFFERED:
        return False
    if known is not None:
        connection.execute(update(outbox).where(outbox.c.id == known.id).values(**unsure))
    else:
        same = [outbox.c[name] == told[name] for name in ("campaign", "kind", "unit", "recipient")]
        mine = *same, outbox.c.business_date == date.fromisoformat(told["business_date"])
        gone = update(outbox).where(*mine, outbox.c.state.in_(OPEN_STATES)).values(state=WITHDRAWN, reason=LOST)
        connection.execute(gone)
        connection.execute(outbox.insert().values(**_typed(told), **unsure))
        digests.note(connection, outbox, and_(*mine))
    digests.note(connection, outbox, keyed)
    return True


def _typed(told: Mapping[str, Any]) -> dict[str, Any]:
    days = {name: told[name] and date.fromisoformat(told[name]) for name in ("business_date", "ending")}
    instants = {name: told[name] and _instant(told[name]) for name in ("not_before", "not_after")}
    return {**told, **days, **instants}


def _instant(words: str) -> datetime:
    at = datetime.fromisoformat(words)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
