"""A unit's findings as plain records: what its mail and its workbook are written from.

A frame of a hundred rows costs as much as one of many thousands. The day's findings are cut once; from there a unit is
a short list.
"""

from datetime import date
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from dondoc.records import FINDINGS


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
    rule: str
    note: str | None
    waived_by: str | None
    source_file: str
    source_row: int


def by_unit(findings: pd.DataFrame) -> dict[str, list[Finding]]:
    """Return the findings of each unit that has any, in the order of the frame, of schema `records.FINDINGS`."""
    table = pa.Table.from_pandas(findings, schema=FINDINGS, preserve_index=False)
    found: dict[str, list[Finding]] = {}
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        finding = Finding._make(row)
        found.setdefault(finding.unit, []).append(finding)
    return found
