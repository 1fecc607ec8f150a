"""One unit's trouble is that unit's: what cannot be made for it is set aside and told, and the others' is made."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError

from dondoc.daily.references import UnitBatch
from dondoc.daily.step import in_step, step_key
from dondoc.errors import LedgerError, Problem, SetAsideError, told
from dondoc.installation.workplace import Workplace
from dondoc.ledger import setbacks

log = logging.getLogger(__name__)

R = TypeVar("R")
# What `summary.json` calls it.
SETBACK = "setback"
UNDONE = ": bước dừng giữa chừng."
LETTERS = "draft_letters"
REMINDERS = "compose_reminders"
CLOSINGS = "compose_closing"
DIGEST = "compose_digest"
RETURNS = "return_rejected"
RECEIPTS = "write_receipts"
WORDS = {
    LETTERS: "thư xin lỗi chưa soạn được",
    REMINDERS: "thư nhắc việc chưa soạn được",
    CLOSINGS: "thư kết thúc đợt chưa soạn được",
    DIGEST: "thư tổng hợp cho lãnh đạo chưa soạn được",
    RETURNS: "thư trả lại dòng bị loại chưa soạn được",
    RECEIPTS: "thư báo nhận chưa soạn được",
}
# Steps whose parts are no units.
SOURCE = "Nguồn {}"
# A ledger that is away is away for every unit: to try each would only wait as many times.
NO_UNITS = (LedgerError, OperationalError, InterfaceError)


def do_apart(place: Workplace, step: str, units: Sequence[str], work: Callable[[Sequence[str]], R]) -> list[R]:
    """Do `work` for `units` together or, where that fails, for each by itself; return what came of it.

    For whom it failed stands in the ledger until it is done for that very unit.

    Args:
        place: the day.
        step: the step that asks, one of `WORDS`.
        units: codes of the units, or names of other parts the work falls into; none is no work.
        work: takes some of `units`; bears being repeated.

    Raises:
        SetAsideError: it failed for some units; names each. It is done for all others.
    """
    done = list[R]()
    failed = dict[str, list[Problem]]()
    waiting = [list(units)] if units else []
    while waiting:
        group = waiting.pop(0)
        try:
            done.append(work(group))
        except NO_UNITS:
            raise
        except Exception as error:  # noqa: BLE001 (told below, without what it quotes)
            if group[1:]:
                log.warning("%s cho cả nhóm: làm riêng từng đơn vị", WORDS[step])
                waiting = [[unit] for unit in group]
            else:
                failed[group[0]] = _problems(place, step, group[0], error)
    _enter(place, step, units, failed)
    return done


def await_batches(place: Workplace, *, letters: Sequence[UnitBatch], reminders: Sequence[UnitBatch]) -> None:
    """Enter what the day is yet to make: a task that is killed, even before it begins, leaves no error of its own."""
    awaited = {
        step_key(step, batch["units"]): f"{batch['label']}: {WORDS[step]}{UNDONE}"
        for step, batches in ((LETTERS, letters), (REMINDERS, reminders))
        for batch in batches
    } | {step: WORDS[step].capitalize() + UNDONE for step in (CLOSINGS, DIGEST, RETURNS)}
    with place.ledger.begin() as connection:
        setbacks.await_steps(connection, place.run_id, awaited)


def letters_undrafted(place: Workplace) -> list[str]:
    """Return for which units the day's letters could not be drafted, and why, a sentence each."""
    return [one.reason.splitlines()[0].rstrip(".") for one in _setbacks(place) if one.step == LETTERS]


def units_unreminded(place: Workplace) -> list[str]:
    """Return the names of the units whose reminder of the day could not be made."""
    units = place.day.campaign.unit_by_code
    return [units[one.unit].name for one in _setbacks(place) if one.step == REMINDERS and one.unit in units]


def setback_notes(place: Workplace) -> list[dict[str, str]]:
    """Return what could not be made for a unit of the day, as `summary.json` tells what a person should look at."""
    return [
        {"kind": SETBACK, "unit": one.unit, "state": "failed", "reason": " ".join(one.reason.split())}
        for one in _setbacks(place)
    ]


def _setbacks(place: Workplace) -> list[setbacks.Setback]:
    day = place.day
    return setbacks.setbacks_of(
        place.ledger, campaign=day.campaign.code, business_date=day.business_date, kind=place.kind
    )


def _problems(place: Workplace, step: str, unit: str, error: Exception) -> list[Problem]:
    known = place.day.campaign.unit_by_code.get(unit) if step != RETURNS else None
    name = known.name if known else SOURCE.format(unit) if step == RETURNS else unit
    found = place.to_mend(told(error, doing=in_step(step), folder=place.out)).problems
    return [replace(one, what=f"{name}: {WORDS[step]}. {one.what}") for one in found]


def _enter(place: Workplace, step: str, units: Sequence[str], failed: Mapping[str, Sequence[Problem]]) -> None:
    if not failed and not _setbacks(place):
        return
    reasons = {unit: "\n".join(map(str, problems)) for unit, problems in failed.items()}
    setbacks.record_setbacks(place.ledger, place.run_id, step, failed=reasons, tried=units)
    if failed:
        raise SetAsideError.of([problem for problems in failed.values() for problem in problems])
