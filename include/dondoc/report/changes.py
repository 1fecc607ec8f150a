"""Compare two readings of the figures: two days, or a report that left and what is known now."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from dondoc.figures import COUNTS, OFFICE, UNIT, WORDS
from dondoc.records import FINDING_TITLES
from dondoc.report.facts import ReportFacts

COUNTED = "Hồ sơ trong kỳ"
LATE = "Hồ sơ quá hạn"


@dataclass(frozen=True)
class FigureChange:
    """A figure of the office or of a unit that is not what it was."""

    name: str
    figure: str
    before: int
    after: int


@dataclass(frozen=True)
class ListChange:
    """The numbers of cases or items that came under a heading, and of those that left it."""

    heading: str
    came: tuple[str, ...]
    went: tuple[str, ...]


@dataclass(frozen=True)
class DayChanges:
    """All differences between two readings."""

    figures: tuple[FigureChange, ...]
    moves: tuple[ListChange, ...]

    def __bool__(self) -> bool:
        """Return whether anything moved."""
        return bool(self.figures or self.moves)


def changes_between(before: ReportFacts, after: ReportFacts) -> DayChanges:
    """Return what moved from `before` to `after`: figures of the office and each unit, cases and findings."""
    groups = {
        COUNTED: [_numbers(facts.cases[facts.cases["counted"]], "case_number") for facts in (before, after)],
        LATE: [_numbers(facts.cases[facts.cases["late"]], "case_number") for facts in (before, after)],
    }
    for kind, title in FINDING_TITLES.items():
        groups[title] = [
            _numbers(facts.findings[facts.findings["kind"] == kind], "number") for facts in (before, after)
        ]
    moves = [
        ListChange(heading, came=tuple(sorted(now - then)), went=tuple(sorted(then - now)))
        for heading, (then, now) in groups.items()
        if then != now
    ]
    return DayChanges(tuple(_figure_changes(before.figures, after.figures)), tuple(moves))


def _figure_changes(before: pd.DataFrame, after: pd.DataFrame) -> Iterable[FigureChange]:
    then, now = (
        figures[figures["scope"].isin([OFFICE, UNIT])].set_index(["scope", "code"])[["name", *COUNTS]]
        for figures in (before, after)
    )
    for key in now.index.union(then.index, sort=False):
        row, old = (table.loc[key] if key in table.index else None for table in (now, then))
        name = (row if row is not None else old)["name"]  # type: ignore[index]
        for figure in COUNTS:
            was, is_ = (0 if found is None else int(found[figure]) for found in (old, row))
            if was != is_:
                yield FigureChange(name, WORDS[figure], was, is_)


def _numbers(rows: pd.DataFrame, column: str) -> set[str]:
    return set(rows[column])
