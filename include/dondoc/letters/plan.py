"""Decide what to do about each letter on a day, from the drafts owed and the register."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from dondoc.files import sha256_of
from dondoc.ledger.letters import HOLDABLE, OPEN, SIGNED, WITHDRAWN, Letter
from dondoc.letters.draft import Draft
from dondoc.letters.elsewhere import HELD_ELSEWHERE

NOT_LATE = "hồ sơ không quá hạn"
FINISHED_IN_TIME = "hồ sơ đã giải quyết xong trong hạn"
APOLOGISED = "hồ sơ đã được xin lỗi"
FINISHED = "hồ sơ đã giải quyết xong sau khi thư được duyệt"
CHANGED = "nội dung hồ sơ đã thay đổi sau khi thư được duyệt"
SECOND_POSTPONEMENT = "hẹn lại lần thứ hai: chỉ được hẹn lại một lần"


@dataclass
class Plan:
    """The letters to draft (with the version each replaces), to leave as they lie, and those not to be drafted.

    Attributes:
        draft: new letters and new versions.
        keep: letters whose words have not changed; a missing file is written again.
        refused: case numbers of drafts that would postpone a second time.
        withdraw: ids of letters no longer owed, with the reason.
        hold: ids of approved and signed letters whose case changed, with the reason and the hash of the facts now.
        release: ids of held letters whose case is again as the letter says.
    """

    draft: list[tuple[Draft, Letter | None]] = field(default_factory=list)
    keep: list[tuple[Draft, Letter]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    withdraw: dict[int, str] = field(default_factory=dict)
    hold: dict[int, tuple[str, str]] = field(default_factory=dict)
    release: list[int] = field(default_factory=list)


def plan_letters(
    drafts: Sequence[Draft],
    latest: Mapping[str, Letter],
    *,
    bases: Sequence[str],
    promised: Mapping[str, date],
    today: date,
) -> Plan:
    """Return what to do about the letters owed.

    An older day never touches what a newer one drafted or held; an approved or signed letter is held when its case has
    changed, and never drafted again; a second, later promise to one case is refused.

    Args:
        drafts: the letters owed.
        latest: the register's latest versions by case number.
        bases: the basis of each draft, as it would be drafted today.
        promised: new dates given in approved letters, by case number.
        today: the business date.
    """
    plan = Plan()
    for draft, basis in zip(drafts, bases, strict=True):
        last = latest.get(draft.case_number)
        second = _postpones_again(draft, promised)
        if second:
            plan.refused.append(draft.case_number)
        if last and _is_of_a_later_day(last, today):
            continue
        if last and last.standing:
            _watch(plan, last, draft.facts_sha256, _changed(draft, last))
        elif last and last.state != WITHDRAWN and last.basis_sha256 == basis:
            plan.keep.append((draft, last))
        elif not second:
            plan.draft.append((draft, last))
    return plan


def plan_unowed(plan: Plan, letters: Sequence[Letter], reasons: Mapping[str, str], *, today: date) -> None:
    """Add to `plan` what becomes of letters whose case no longer owes an apology.

    Args:
        plan: the day's plan.
        letters: latest versions of the units at work.
        reasons: why a case owes none, by case number; one the source no longer lists proves nothing and stays out.
        today: the business date.
    """
    for letter in letters:
        reason = reasons.get(letter.case_number)
        if not reason or _is_of_a_later_day(letter, today):
            continue
        if letter.state in OPEN:
            plan.withdraw[letter.id] = reason
        elif (letter.state, reason) != (SIGNED, APOLOGISED):  # an apology entered in the system is this very letter
            _watch(plan, letter, sha256_of(reason.encode()), reason)


def plan_held_elsewhere(plan: Plan, latest: Mapping[str, Letter], elsewhere: Mapping[str, str]) -> None:
    """Add to `plan` that drafts of ours whose case has its letter in another campaign are withdrawn.

    Args:
        plan: the day's plan.
        latest: the register's latest versions by case number.
        elsewhere: the campaign that holds the letter, by case number.
    """
    for number, campaign in elsewhere.items():
        own = latest.get(number)
        if own and own.state in OPEN:
            plan.withdraw[own.id] = HELD_ELSEWHERE.format(campaign)


def _is_of_a_later_day(letter: Letter, today: date) -> bool:
    """Return whether a day after `today` drafted the letter or saw its case change."""
    return letter.drafted_on > today or (letter.stale_on is not None and letter.stale_on > today)


def _watch(plan: Plan, letter: Letter, facts_sha256: str, reason: str) -> None:
    if letter.state not in HOLDABLE:
        return
    if facts_sha256 == letter.facts_sha256:
        if letter.stale_reason:
            plan.release.append(letter.id)
    elif facts_sha256 != letter.stale_facts_sha256:
        plan.hold[letter.id] = (reason, facts_sha256)


def _changed(draft: Draft, letter: Letter) -> str:
    return FINISHED if draft.returned and not letter.facts.get("returned") else CHANGED


def _postpones_again(draft: Draft, promised: Mapping[str, date]) -> bool:
    if draft.promised_on is None:
        return False
    given = promised.get(draft.case_number)
    return draft.postponed_times > 1 or (given is not None and draft.promised_on > given)
