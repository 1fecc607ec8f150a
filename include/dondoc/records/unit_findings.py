"""A unit's findings as plain records: what its mail and its workbook are written from.

A frame of a hundred rows costs as much as one of many thousands. The day's findings are cut once; from there a unit is
a short list.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import pandas as pd

from dondoc.frames import to_table
from dondoc.records import FINDINGS, FindingKind
from dondoc.vietnamese.wording import PROVISIONAL, days_late_words


class Finding(NamedTuple):
    """One row of schema `records.FINDINGS`, in its order."""

    kind: str
    unit: str
    number: str
    subject: str
    official: str | None
    due_on: date | None
    ended_on: date | None
    days_late: int
    days_left: int | None
    days_off: int
    days_paused: int
    swapped_days: int
    days_late_at_least: bool | None
    provisional: bool | None
    rule: str
    note: str | None
    waived_by: str | None
    source_file: str
    source_row: int

    @property
    def days_late_shown(self) -> int | str:
        """Return what a cell of a sheet says of the days late: words where a number alone would mislead."""
        if not self.days_late or not (self.days_late_at_least or self.provisional):
            return self.days_late
        return days_late_words(self.days_late, of="", at_least=self.days_late_at_least, provisional=self.provisional)

    @property
    def days_left_shown(self) -> int | str | None:
        """Return what a cell of a sheet says of the days left."""
        return f"{self.days_left} {PROVISIONAL}" if self.days_left is not None and self.provisional else self.days_left


def count_lapsing(findings: Sequence[Finding]) -> int:
    """Return how many cases of `findings` are about to lapse without an apology."""
    return len({one.number for one in findings if one.kind == FindingKind.APOLOGY_DUE_SOON})


def by_unit(findings: pd.DataFrame) -> dict[str, list[Finding]]:
    """Return the findings of each unit that has any, in the order of the frame, of schema `records.FINDINGS`."""
    found: dict[str, list[Finding]] = {}
    for row in zip(*(column.to_pylist() for column in to_table(findings, FINDINGS).columns), strict=True):
        finding = Finding._make(row)
        found.setdefault(finding.unit, []).append(finding)
    return found
