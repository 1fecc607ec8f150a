"""What remains for a unit that did not before, and what remained and is done: things, as `figures` counts them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from dondoc.records import FINDINGS, REMAINING_KINDS, FindingKind, empty_frame
from dondoc.records.unit_findings import Finding, by_unit

NAMED = 3
CASE = "Hồ sơ"
ITEM = "Công việc"
# Documents of two books can bear one number, so things are counted; on one day a row of a source tells them apart.
THING = ["what", "number"]
THING_OF_UNIT = ["unit", *THING]
ROW = ["what", "unit", "number", "source_file", "source_row"]


@dataclass(frozen=True)
class UnitChanges:
    """What changed for one unit; `since` is None when there is no earlier day to compare with."""

    since: date | None
    new: Sequence[Finding]
    done: Sequence[Finding]


@dataclass(frozen=True)
class FindingChanges:
    """What changed since an earlier day; schema `records.FINDINGS`, one row a thing.

    `since` is None when there is no earlier day to compare with.
    """

    since: date | None
    new: pd.DataFrame
    done: pd.DataFrame

    def of(self, unit: str) -> UnitChanges:
        """Return what changed for one unit."""
        new, done = self._by_unit
        return UnitChanges(self.since, new.get(unit, []), done.get(unit, []))

    @cached_property
    def _by_unit(self) -> tuple[dict[str, list[Finding]], dict[str, list[Finding]]]:
        return by_unit(self.new), by_unit(self.done)


def no_changes() -> FindingChanges:
    """Return the changes where there is no earlier day."""
    return FindingChanges(None, empty_frame(FINDINGS), empty_frame(FINDINGS))


def find_changes(before: pd.DataFrame, after: pd.DataFrame, *, since: date) -> FindingChanges:
    """Return the things that remain and did not before, unit by unit, and those that remain for nobody any more.

    What moved to another unit is new for that one and done for none.

    Args:
        before: findings of the earlier day, schema `records.FINDINGS`.
        after: findings of the day.
        since: the earlier day.
    """
    was = _things(before)
    is_now = _things(after)
    gone = was[_exceeds(was, is_now)]
    settled = _count(gone, was, THING) > _count(gone, is_now, THING)
    new = is_now[_exceeds(is_now, was)]
    return FindingChanges(since, new[FINDINGS.names], gone.loc[settled, FINDINGS.names])


def changes_values(changes: UnitChanges) -> dict[str, Any]:
    """Return the changes as the templates read them: counts of cases and items, and the first numbers of each."""
    return {
        "since": changes.since,
        "new": _by_what(changes.new),
        "done": _by_what(changes.done),
        "new_count": len(changes.new),
        "done_count": len(changes.done),
    }


def _things(findings: pd.DataFrame) -> pd.DataFrame:
    """Return one finding, the first, of each thing that remains; `what` says whether it is a case or an item."""
    kinds = findings["kind"]
    remaining = findings[kinds.isin(REMAINING_KINDS)].assign(what=ITEM)
    remaining.loc[remaining["kind"] == FindingKind.APOLOGY_OWED, "what"] = CASE
    return remaining.drop_duplicates(ROW)


def _exceeds(rows: pd.DataFrame, others: pd.DataFrame) -> pd.Series:
    """Return which rows go beyond those that `others` holds of the same thing and unit."""
    nth = rows.groupby(THING_OF_UNIT).cumcount().astype("int64")
    return nth >= _count(rows, others, THING_OF_UNIT)


def _count(rows: pd.DataFrame, others: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Return of how many of `others` each row is the same thing, with the index of `rows`."""
    sizes = others.groupby(keys).size().rename("others").reset_index()
    counts = rows[keys].merge(sizes, on=keys, how="left")["others"].fillna(0).astype("int64")
    return counts.set_axis(rows.index)


def _by_what(rows: Sequence[Finding]) -> list[dict[str, Any]]:
    parts: dict[str, list[str]] = {CASE: [], ITEM: []}
    for row in rows:
        parts[CASE if row.kind == FindingKind.APOLOGY_OWED else ITEM].append(row.number)
    return [
        {"title": what, "count": len(numbers), "numbers": numbers[:NAMED], "more": max(len(numbers) - NAMED, 0)}
        for what, numbers in parts.items()
        if numbers
    ]
