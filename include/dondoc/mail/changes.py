"""What a unit owes that it did not owe before, and what it owed and owes no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from dondoc.records import FINDING_TITLES, FINDINGS, OWED_KINDS, FindingKind, empty_frame
from dondoc.unit_findings import Finding, by_unit

NAMED = 3
# The same thing owed may be written twice: documents of two books can bear one number. So they are counted.
THING = ["kind", "number"]
THING_OF_UNIT = ["unit", *THING]


@dataclass(frozen=True)
class UnitChanges:
    """What changed for one unit; `since` is None when there is no earlier day to compare with."""

    since: date | None
    new: Sequence[Finding]
    done: Sequence[Finding]


@dataclass(frozen=True)
class Changes:
    """What changed since an earlier day; schema `records.FINDINGS`, `new` with the index of today's findings.

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


def no_changes() -> Changes:
    """Return the changes where there is no earlier day."""
    return Changes(None, empty_frame(FINDINGS), empty_frame(FINDINGS))


def find_changes(before: pd.DataFrame, after: pd.DataFrame, *, since: date) -> Changes:
    """Return what `after` holds and `before` did not, unit by unit, and what is owed no more by anybody.

    What moved to another unit is new for that one and done for none.

    Args:
        before: findings of the earlier day, schema `records.FINDINGS`.
        after: findings of the day.
        since: the earlier day.
    """
    was, is_now = (frame[frame["kind"].isin(OWED_KINDS)] for frame in (before, after))
    gone = was[_exceeds(was, is_now)]
    settled = _count(gone, was, THING) > _count(gone, is_now, THING)
    return Changes(since, is_now[_exceeds(is_now, was)], gone[settled])


def changes_values(changes: UnitChanges) -> dict[str, Any]:
    """Return the changes as the templates read them: counts by kind, and the first numbers of each."""
    return {
        "since": changes.since,
        "new": _by_kind(changes.new),
        "done": _by_kind(changes.done),
        "new_count": len(changes.new),
        "done_count": len(changes.done),
    }


def _exceeds(rows: pd.DataFrame, others: pd.DataFrame) -> pd.Series:
    """Return which rows go beyond those that `others` holds of the same thing and unit."""
    nth = rows.groupby(THING_OF_UNIT).cumcount().astype("int64")
    return nth >= _count(rows, others, THING_OF_UNIT)


def _count(rows: pd.DataFrame, others: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Return of how many of `others` each row is the same thing, with the index of `rows`."""
    sizes = others.groupby(keys).size().rename("others").reset_index()
    counts = rows[keys].merge(sizes, on=keys, how="left")["others"].fillna(0).astype("int64")
    return counts.set_axis(rows.index)


def _by_kind(rows: Sequence[Finding]) -> list[dict[str, Any]]:
    parts = {kind: [row.number for row in rows if row.kind == kind] for kind in FindingKind}
    return [
        {
            "title": FINDING_TITLES[kind],
            "count": len(numbers),
            "numbers": numbers[:NAMED],
            "more": max(len(numbers) - NAMED, 0),
        }
        for kind, numbers in parts.items()
        if numbers
    ]
