"""The leader's answer to a batch, carried out: approved or returned as a whole, or refused with the reason."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from dondoc.errors import LetterError
from dondoc.ledger import audit, transitions
from dondoc.ledger.batches import APPROVED, REFUSED, RETURNED, WAITING, Batch, Decision, find_batch, settle
from dondoc.ledger.letters import letters_by_id
from dondoc.letters.submission import unshown_in
from dondoc.signoff.request import APPROVE, RETURN
from dondoc.workplace import Workplace

log = logging.getLogger(__name__)

ASK_AGAIN = "bấm Clear ở ô “Lãnh đạo duyệt” của tập này, rồi trả lời lại; hoặc chờ lượt sau trình lại."
ACTIONS = {APPROVED: "letters.approved", RETURNED: "letters.returned", REFUSED: "letters.refused"}


@dataclass(frozen=True)
class Answer:
    """What was answered: `Duyệt` or `Trả lại`, the reason, who (name and login), when."""

    choice: str
    reason: str
    by: str
    login: str
    at: datetime


def apply_answer(place: Workplace, key: int, answer: Answer, *, asked_in: str) -> str:
    """Carry out the answer to batch `key` and return what was done; the same answer again changes nothing.

    `asked_in` is the run that asked: an answer given in a rehearsal never meets a real batch of the same number.

    Raises:
        LetterError: it cannot be carried out: the batch is not what it was when it was put up, was settled otherwise,
            or a return gives no reason. The letters stay as they are; the batch says why.
    """
    batch = _batch(place, key, asked_in)
    wanted = Decision(RETURNED if answer.choice == RETURN else APPROVED, answer.by, answer.at, _reason(answer) or None)
    if batch.state == wanted.state and batch.decided_by == wanted.by:
        return _told(batch, wanted)
    try:
        _check(batch, answer)
        if wanted.state == APPROVED:
            _require_shown(place, batch)
        with place.ledger.begin() as connection:
            _move(connection, batch, wanted)
            _record(connection, batch, wanted, answer)
    except LetterError as error:
        if batch.state in (WAITING, REFUSED):
            refused = Decision(REFUSED, answer.by, answer.at, str(error))
            with place.ledger.begin() as connection:
                _record(connection, batch, refused, answer)
        raise
    log.info("tập %d: %s, %d thư", batch.id, wanted.state, len(batch.shown))
    return _told(batch, wanted)


def _batch(place: Workplace, key: int, asked_in: str) -> Batch:
    batch = find_batch(place.ledger, key)
    if batch is None or (batch.campaign, batch.asked_in) != (place.day.campaign.code, asked_in):
        what = "Không có tập thư này trong những tập lượt này đã trình."
        raise _error(what, batch_id=key, remedy="chạy lại ô “Trình ký” để trình lại.")
    return batch


def _check(batch: Batch, answer: Answer) -> None:
    if answer.choice not in (APPROVE, RETURN):
        raise _error(
            f"Không có lựa chọn “{answer.choice}”.", batch_id=batch.id, remedy=f"chọn {APPROVE} hoặc {RETURN}."
        )
    if batch.state not in (WAITING, REFUSED):
        raise _error(
            f"Tập thư không còn chờ duyệt: {batch.note or batch.state}.",
            batch_id=batch.id,
            remedy="trả lời ở tập mới; không có tập mới nghĩa là các thư đã được xử lý xong.",
        )
    if answer.choice == RETURN and not _reason(answer):
        raise _error("Trả lại mà không ghi lý do: các thư vẫn chờ duyệt.", batch_id=batch.id, remedy=ASK_AGAIN)
    if answer.choice == APPROVE and _reason(answer):
        # An approval cannot be taken back; a wrong button is easily pressed.
        raise _error("Duyệt mà lại ghi lý do trả lại: các thư vẫn chờ duyệt.", batch_id=batch.id, remedy=ASK_AGAIN)


def _require_shown(place: Workplace, batch: Batch) -> None:
    """Refuse a batch, put up by an older version perhaps, with a letter that may print other words than its page."""
    for letter in letters_by_id(place.ledger, list(batch.shown)):
        if unshown := unshown_in(place.out, batch.campaign, batch.shown[letter.id]):
            raise _error(
                f"Thư của hồ sơ {letter.case_number} có thể in ra lời khác với lời đọc được: {', '.join(unshown)}.",
                batch_id=batch.id,
                remedy="trả lại tập này, hoặc chờ lượt sau trình lại; sửa thư trong Word.",
            )


def _move(connection: Connection, batch: Batch, wanted: Decision) -> None:
    ids = list(batch.shown)
    if wanted.state == APPROVED:
        transitions.approve(connection, ids, batch=batch.sha256, by=wanted.by, at=wanted.at)
    else:
        transitions.return_letters(connection, ids, reason=wanted.note or "", by=wanted.by, at=wanted.at)


def _record(connection: Connection, batch: Batch, decision: Decision, answer: Answer) -> None:
    detail: Mapping[str, object] = {
        "batch": batch.id,
        "sha256": batch.sha256,
        "letters": len(batch.shown),
        "login": answer.login,
        "answered_at": answer.at.isoformat(),
        "note": decision.note,
    }
    settle(connection, batch.id, decision)
    subject = f"{batch.campaign} {batch.unit}"
    audit.record(connection, audit.Act(decision.by, ACTIONS[decision.state], subject, detail))


def _reason(answer: Answer) -> str:
    return " ".join(answer.reason.split())


def _told(batch: Batch, decision: Decision) -> str:
    done = "đã duyệt" if decision.state == APPROVED else "đã trả lại"
    return f"{batch.unit}: {done} {len(batch.shown)} thư"


def _error(what: str, *, batch_id: int, remedy: str) -> LetterError:
    return LetterError(what, where=f"tập thư số {batch_id}", remedy=remedy)
