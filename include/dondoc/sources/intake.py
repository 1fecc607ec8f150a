"""From text to typed records: every row is accepted, a copy of another, or quarantined with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa

from dondoc.frames import to_frame
from dondoc.installation import ZONE
from dondoc.records import SCHEMAS, CaseStatus, conform
from dondoc.sources.columns import ColumnTyper, type_columns
from dondoc.sources.dates import to_instants
from dondoc.sources.lists import join_details, list_fields
from dondoc.sources.pauses import read_pauses
from dondoc.sources.profile import Profile
from dondoc.sources.refusals import CONFLICT, any_of, note, quarantine, rejected_cells
from dondoc.sources.repeats import find_repeats
from dondoc.sources.rows import Fault, RawRows

DONE = (CaseStatus.FINISHED, CaseStatus.RETURNED)
FIRST_DATE = {"cases": "received_at", "work": "assigned_at"}
LATER_DATES = {"cases": ("due_at", "finished_at"), "work": ("finished_at",)}


@dataclass(frozen=True)
class Intake:
    """The result of taking in a source: `rows_in` = accepted + quarantined + duplicates, always.

    `rows_in` counts the rows of records and, of the rows of details, those that were refused; `quarantined` and
    `rejected` have the schemas of `refusals`.
    """

    accepted: pd.DataFrame
    quarantined: pd.DataFrame
    rejected: pd.DataFrame
    rows_in: int
    duplicates: int


def take_in(
    raw: RawRows,
    profile: Profile,
    *,
    source: str,
    units: Mapping[str, str],
    as_of: date | None = None,
    by_timestamp: bool = False,
    zone: ZoneInfo = ZONE,
) -> Intake:
    """Return the records of `raw` in the profile's schema, and the rows that cannot be one.

    Args:
        raw: rows of text.
        profile: how the source writes.
        source: the source's name, for the quarantine.
        units: unit codes by folded name.
        as_of: the business date; what begins after it is refused. None leaves that unchecked.
        by_timestamp: whether rows of one number contradict each other when they differ by a time of day alone.
        zone: the office's time zone.
    """
    reader = ColumnTyper(profile, units, zone)
    table, faults = type_columns(raw, reader)
    table, refused = _with_lists(table, raw, reader, source=source, faults=faults)
    typed = to_frame(table.select(SCHEMAS[profile.kind].names))
    _note_contradictions(typed, profile.kind, faults, as_of)
    faulty = any_of(faults, len(raw))
    repeats = find_repeats(typed, raw, faulty, profile.key, by_timestamp=by_timestamp)
    copies = repeats.copies
    conflicts = repeats.conflicts
    faults.append((CONFLICT, profile.key[0], conflicts))
    rows = quarantine(raw, faults, source=source, key=profile.key[0], ignore=copies, contradictions=repeats.told)
    accepted = typed[~(faulty | conflicts | copies)]
    return Intake(
        accepted=conform(accepted, SCHEMAS[profile.kind]),
        quarantined=pd.concat([rows, *refused], ignore_index=True) if refused else rows,
        rejected=rejected_cells(raw, (faulty & ~copies) | conflicts),
        rows_in=len(raw) + sum(map(len, refused)),
        duplicates=int(copies.sum()),
    )


def _with_lists(
    table: pa.Table, raw: RawRows, reader: ColumnTyper, *, source: str, faults: list[Fault]
) -> tuple[pa.Table, list[pd.DataFrame]]:
    """Return `table` with its list columns, and the refused details; a record with one of those is at fault."""
    refused = []
    for field in list_fields(reader.profile.kind):
        column = pa.nulls(len(raw), field.type)
        doubtful = np.zeros(len(raw), bool)
        if field.name in raw.details:
            column, doubtful, rows = join_details(raw.details[field.name], field, raw, reader=reader, source=source)
            refused.append(rows)
        elif field.name in raw.table.column_names:
            text = raw.table.column(field.name)
            column = read_pauses(text, lambda moments: to_instants(moments, reader.profile.date_formats, reader.zone))
            note(faults, "bad_pause", **{field.name: np.asarray(text.is_valid()) & np.asarray(column.is_null())})
        note(faults, "bad_detail", **{field.name: doubtful})
        table = table.append_column(field.name, column)
    return table, refused


def _note_contradictions(typed: pd.DataFrame, kind: str, faults: list[Fault], as_of: date | None) -> None:
    if kind in FIRST_DATE:
        first = typed[FIRST_DATE[kind]].dt.floor("D")
        for field in LATER_DATES[kind]:
            note(faults, "date_order", **{field: (typed[field] < first).fillna(False).to_numpy(bool)})
        if as_of is not None:
            note(faults, "future", **{FIRST_DATE[kind]: (first > pd.Timestamp(as_of)).fillna(False).to_numpy(bool)})
    if kind == "cases":
        # Neither late nor on time can be said of it, so nothing may be.
        done = typed["status"].isin(DONE).to_numpy(bool)
        note(faults, "unfinished", finished_at=done & typed["finished_at"].isna().to_numpy(bool))
