"""The leader's answer to a batch, carried out: approved or returned as a whole, or refused with the reason."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from dondoc.actor import Actor
from dondoc.campaign.permissions import Right
from dondoc.errors import LetterError
from dondoc.installation.workplace import Workplace
from dondoc.ledger import audit, transitions
from dondoc.ledger.batches import (
    APPROVED,
    REFUSED,
    RETURNED,
    WAITING,
    BatchDecision,
    SignoffBatch,
    find_batch,
    note_refusal,
    settle,
)
from dondoc.ledger.letters import letters_by_id
from dondoc.ledger.prints import find_print
from dondoc.ledger.rights import why_not_approve
from dondoc.letters.submission import unshown_in
from dondoc.signoff.request import APPROVE, RETURN

log = logging.getLogger(__name__)

ASK_AGAIN = "bấm Clear ở ô “Lãnh đạo duyệt” của tập này, rồi trả lời lại; hoặc chờ lượt sau trình lại."
OPEN = (WAITING, REFUSED)
ACTIONS = {APPROVED: "letters.approved", RETURNED: "letters.returned", REFUSED: "letters.refused"}


@dataclass(frozen=True)
class LeaderAnswer:
    """What was answered: `Duyệt` or `Trả lại`, the reason, by whom, when."""

    choice: str
    reason: str
    by: Actor
    at: datetime


def why_ask_again(place: Workplace, keys: Sequence[int], answer: LeaderAnswer, *, asked_in: str) -> str:
    """Return why an answer is put to the leader again, empty where it can be carried out; nothing is decided here.

    Who answered what is in the audit; the batches wait on, and say why where they are read.
    """
    batches = [batch for batch in (_batch(place, key, asked_in) for key in keys) if batch.state in OPEN]
    found = {batch.id: why for batch in batches if (why := _objection(place, batch, answer))}
    with place.ledger.begin() as connection:
        for batch in batches:
            if batch.id in found:
                _audit(connection, batch, BatchDecision(REFUSED, answer.by.words, answer.at, found[batch.id]), answer)
                note_refusal(connection, batch.id, found[batch.id])
    return " ".join(dict.fromkeys(found.values()))


def apply_answer(place: Workplace, key: int, answer: LeaderAnswer, *, asked_in: str) -> str:
    """Carry out the answer to batch `key` and return what was done; the same answer again changes nothing.

    `asked_in` is the run that asked: an answer given in a rehearsal never meets a real batch of the same number.

    Raises:
        LetterError: it cannot be carried out: the batch is not what it was when it was put up, was settled otherwise,
            a return gives no reason, or who answers may not. The letters stay as they are; the batch says why.
    """
    batch = _batch(place, key, asked_in)
    state = RETURNED if answer.choice == RETURN else APPROVED
    wanted = BatchDecision(state, answer.by.words, answer.at, _reason(answer) or None)
    if batch.state == wanted.state and batch.decided_by == wanted.by:
        return _told(batch, wanted)
    try:
        _check(place, batch, answer)
        if wanted.state == APPROVED:
            _require_shown(place, batch)
        with place.ledger.begin() as connection:
            _move(connection, batch, wanted)
            _record(connection, batch, wanted, answer)
    except LetterError as error:
        if batch.state in OPEN:
            refused = BatchDecision(REFUSED, answer.by.words, answer.at, str(error))
            with place.ledger.begin() as connection:
                _record(connection, batch, refused, answer)
        raise
    log.info("tập %d: %s, %d thư", batch.id, wanted.state, len(batch.shown))
    return _told(batch, wanted)


def _batch(place: Workplace, key: int, asked_in: str) -> SignoffBatch:
    batch = find_batch(place.ledger, key)
    if batch is None or (batch.campaign, batch.asked_in) != (place.day.campaign.code, asked_in):
        what = "Không có tập thư này trong những tập lượt này đã trình."
        raise _error(what, batch_id=key, remedy="chạy lại ô “Trình ký” để trình lại.")
    return batch


def _check(place: Workplace, batch: SignoffBatch, answer: LeaderAnswer) -> None:
    if batch.state not in OPEN:
        raise _error(
            f"Tập thư không còn chờ duyệt: {batch.note or batch.state}.",
            batch_id=batch.id,
            remedy="trả lời ở tập mới; không có tập mới nghĩa là các thư đã được xử lý xong.",
        )
    if why := _objection(place, batch, answer):
        raise _error(why, batch_id=batch.id, remedy=ASK_AGAIN)


def _objection(place: Workplace, batch: SignoffBatch, answer: LeaderAnswer) -> str:
    """Return what keeps the answer from being one: who gives it, or what it says."""
    campaign = place.day.campaign
    if answer.choice not in (APPROVE, RETURN):
        return f"Không có lựa chọn “{answer.choice}”: chọn {APPROVE} hoặc {RETURN}."
    if why := campaign.permissions.refusal(Right.SIGN, answer.by):
        return why
    if answer.choice == RETURN:
        return "" if _reason(answer) else f"{RETURN} mà không ghi lý do: các thư vẫn chờ duyệt."
    if _reason(answer):
        # A wrong button is easily pressed, and an approval goes to the clerk at once.
        return f"{APPROVE} mà lại ghi lý do trả lại: các thư vẫn chờ duyệt."
    return why_not_approve(place.ledger, campaign, letters_by_id(place.ledger, list(batch.shown)), answer.by)


def _require_shown(place: Workplace, batch: SignoffBatch) -> None:
    """Refuse a batch, put up by an older version perhaps, with a letter that may print other words than its page."""
    for letter in letters_by_id(place.ledger, list(batch.shown)):
        sha256 = batch.shown[letter.id]
        printed = find_print(place.ledger, sha256) is not None
        if unshown := unshown_in(place.out, batch.campaign, sha256, printed=printed):
            raise _error(
                f"Thư của hồ sơ {letter.case_number} có thể in ra lời khác với lời đọc được: {', '.join(unshown)}.",
                batch_id=batch.id,
                remedy="trả lại tập này, hoặc chờ lượt sau trình lại; sửa thư trong Word.",
            )


def _move(connection: Connection, batch: SignoffBatch, wanted: BatchDecision) -> None:
    ids = list(batch.shown)
    if wanted.state == APPROVED:
        transitions.approve(connection, ids, batch=batch.sha256, by=wanted.by, at=wanted.at)
    else:
        transitions.return_letters(connection, ids, reason=wanted.note or "", by=wanted.by, at=wanted.at)


def _record(connection: Connection, batch: SignoffBatch, decision: BatchDecision, answer: LeaderAnswer) -> None:
    settle(connection, batch.id, decision)
    _audit(connection, batch, decision, answer)


def _audit(connection: Connection, batch: SignoffBatch, decision: BatchDecision, answer: LeaderAnswer) -> None:
    detail: Mapping[str, object] = {
        "batch": batch.id,
        "sha256": batch.sha256,
        "letters": len(batch.shown),
        "choice": answer.choice,
        "answered_at": answer.at.isoformat(),
        "note": decision.note,
    }
    subject = f"{batch.campaign} {batch.unit}"
    audit.record(connection, audit.Act(answer.by, ACTIONS[decision.state], subject, detail))


def _reason(answer: LeaderAnswer) -> str:
    return " ".join(answer.reason.split())


def _told(batch: SignoffBatch, decision: BatchDecision) -> str:
    done = "đã duyệt" if decision.state == APPROVED else "đã trả lại"
    return f"{batch.unit}: {done} {len(batch.shown)} thư"


def _error(what: str, *, batch_id: int, remedy: str) -> LetterError:
    return LetterError(what, where=f"tập thư số {batch_id}", remedy=remedy)
