"""What a person decides of a held letter: one approved or signed, whose case changed before it was issued.

The decision names the letter by its mark, a hash of its bytes and of its case as they were shown. A letter whose case
changed again, or that was decided meanwhile, has another mark or none: the decision is refused, and nothing moves.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine

from dondoc.actor import Actor
from dondoc.errors import LetterError
from dondoc.files import sha256_of
from dondoc.ledger import audit, transitions
from dondoc.ledger.letters import SIGNED, Letter, held_letters, lock_held

CONFIRM = "confirm"
RETURN = "return"
MOVES: dict[str, Callable[..., None]] = {CONFIRM: transitions.confirm_letters, RETURN: transitions.return_held}
ACTIONS = {CONFIRM: "letter.confirmed", RETURN: "letter.returned"}
MARK_LENGTH = 12


@dataclass(frozen=True)
class HeldLetterDecision:
    """`confirm`: the letter stands as it is; `return`: it is not issued. Who decided, and why."""

    choice: str
    by: Actor
    reason: str


@dataclass(frozen=True)
class HeldCount:
    """How many letters of a unit are held, and how many of them are signed."""

    unit: str
    letters: int
    signed: int


def held_counts(ledger: Engine, *, campaign: str, as_of: date) -> list[HeldCount]:
    """Return, for each unit that has any, how many letters are held since `as_of` or before."""
    held = held_letters(ledger, campaign=campaign, as_of=as_of)
    signed = Counter(letter.unit for letter in held if letter.state == SIGNED)
    return [HeldCount(unit, count, signed[unit]) for unit, count in Counter(one.unit for one in held).items()]


def mark_of(letter: Letter) -> str:
    """Return the short hash of a held letter's bytes and of its case as it is now."""
    return sha256_of(f"{letter.id}:{letter.sha256}:{letter.stale_facts_sha256}".encode())[:MARK_LENGTH]


def decide_held(
    ledger: Engine, marks: Sequence[str], decision: HeldLetterDecision, *, campaign: str, at: datetime
) -> list[Letter]:
    """Carry out a decision on the letters with these marks, all or none, and return them as they were shown.

    Raises:
        LetterError: no reason is given, or a mark is none of a letter that is held now; nothing is moved.
    """
    reason = " ".join(decision.reason.split())
    if not reason:
        raise LetterError(
            "Quyết định về thư bị giữ phải có lý do.",
            where=f"đợt {campaign}",
            remedy="điền --reason.",
        )
    with ledger.begin() as connection:
        chosen = _chosen(connection, campaign, marks)
        move = MOVES[decision.choice]
        move(connection, [letter.id for letter in chosen], reason=reason, by=decision.by.words, at=at)
        for letter in chosen:
            audit.record(connection, _act(letter, decision.choice, by=decision.by, reason=reason))
    return chosen


def _chosen(connection: Connection, campaign: str, marks: Sequence[str]) -> list[Letter]:
    held = {mark_of(letter): letter for letter in lock_held(connection, campaign=campaign)}
    wanted = list(dict.fromkeys(mark.strip().lower() for mark in marks))
    unknown = [mark for mark in wanted if mark not in held]
    if unknown:
        raise LetterError(
            f"Không có thư nào đang bị giữ mang mã {', '.join(unknown)}: thư đã được quyết, hoặc hồ sơ lại thay đổi từ "
            "lúc xem.",
            where=f"sổ đăng ký thư xin lỗi, đợt {campaign}",
            remedy=f"xem lại bằng `dondoc letters held {campaign}` rồi quyết theo mã mới; chưa thư nào đổi.",
        )
    return [held[mark] for mark in wanted]


def _act(letter: Letter, choice: str, *, by: Actor, reason: str) -> audit.Act:
    detail = {
        "letter": letter.id,
        "sha256": letter.sha256,
        "state": letter.state,
        "number": letter.number,
        "changed": letter.stale_reason,
        "facts": letter.stale_facts_sha256,
        "reason": reason,
    }
    return audit.Act(by, ACTIONS[choice], f"{letter.campaign} {letter.unit} {letter.case_number}", detail)
