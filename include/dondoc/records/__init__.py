"""The columns of the data: schemas of cases, work items and findings, and how their frames are handled."""

from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dondoc.frames import to_frame, to_table

# Whoever works with frames finds the words of their columns here; they lie apart, where they load without pandas.
from dondoc.vocabulary import (  # noqa: F401
    CASE_KINDS,
    FINDING_TITLES,
    OWED_CASES,
    OWED_KINDS,
    OWED_WORK,
    REMAINING_KINDS,
    UNAPOLOGISED,
    CaseState,
    CaseStatus,
    FindingKind,
    RecordKind,
)

INSTANT = pa.timestamp("us")  # wall-clock time of the office, without zone, as the sources write it

# A stretch of time the office's clock stood still, as the source recorded it; the due dates are those the source moved.
PAUSE = pa.struct(
    [
        pa.field("from_at", INSTANT, nullable=False),
        pa.field("to_at", INSTANT),  # null while it lasts
        pa.field("reason", pa.string()),
        pa.field("due_before_at", INSTANT),
        pa.field("due_after_at", INSTANT),
    ]
)
# A stretch of time a case lay with one unit of the office.
HOLDER = pa.struct(
    [
        pa.field("unit", pa.string(), nullable=False),
        pa.field("from_at", INSTANT, nullable=False),
        pa.field("to_at", INSTANT),
    ]
)

# One row per case, an application under an administrative procedure (hồ sơ TTHC).
CASES = pa.schema(
    [
        pa.field("case_number", pa.string(), nullable=False),
        pa.field("procedure_code", pa.string()),
        pa.field("procedure", pa.string(), nullable=False),
        pa.field("field", pa.string()),
        pa.field("unit", pa.string(), nullable=False),  # code of a unit of the campaign
        pa.field("applicant", pa.string()),
        pa.field("applicant_kind", pa.string()),  # citizen | business | organisation
        pa.field("phone", pa.string()),
        pa.field("email", pa.string()),
        pa.field("address", pa.string()),
        pa.field("applicant_id", pa.string()),  # personal or organisation's identification number; for the letter alone
        pa.field("channel", pa.string()),  # direct | online | post
        pa.field("received_at", INSTANT, nullable=False),
        pa.field("term_length", pa.int32()),
        pa.field("term_unit", pa.string()),  # working_day | day | working_hour
        pa.field("due_at", INSTANT),
        pa.field("extension_due_at", INSTANT),  # a lawful extension; within it the case is not late
        pa.field("finished_at", INSTANT),  # the office finished; lateness is measured here
        pa.field("returned_at", INSTANT),  # the applicant collected the result; never decides lateness
        pa.field("official", pa.string()),
        pa.field("status", pa.int8(), nullable=False),
        pa.field("apology_number", pa.string()),
        pa.field("apologised_at", INSTANT),
        pa.field("reason", pa.string()),
        pa.field("new_due_at", INSTANT),
        pa.field("postponed_times", pa.int16()),
        pa.field("pauses", pa.list_(PAUSE)),
        pa.field("due_includes_pauses", pa.bool_()),  # the source moves its due dates by the days waited; null: no
        pa.field("holders", pa.list_(HOLDER)),
        pa.field("source_file", pa.string(), nullable=False),
        pa.field("source_row", pa.int64(), nullable=False),
    ]
)

# One row a work item, a document or task assigned on the e-office to the unit that leads it.
WORK = pa.schema(
    [
        pa.field("item_number", pa.string(), nullable=False),
        pa.field("arrived_at", INSTANT),
        pa.field("symbol", pa.string()),
        pa.field("summary", pa.string()),
        pa.field("issuer", pa.string()),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("supporting_units", pa.string()),
        pa.field("official", pa.string()),
        pa.field("assigned_at", INSTANT),
        pa.field("due_at", INSTANT),
        pa.field("finished_at", INSTANT),
        pa.field("status", pa.string(), nullable=False),  # open | reported | archived
        pa.field("file_code", pa.string()),
        pa.field("case_number", pa.string()),  # the case the item was assigned for, where the e-office says so
        pa.field("source_file", pa.string(), nullable=False),
        pa.field("source_row", pa.int64(), nullable=False),
    ]
)

# One row a work file (hồ sơ công việc) that has been closed or is to be.
FILES = pa.schema(
    [
        pa.field("file_code", pa.string(), nullable=False),
        pa.field("title", pa.string()),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("official", pa.string()),
        pa.field("year", pa.int32()),
        pa.field("closed_at", INSTANT),
        pa.field("state", pa.string(), nullable=False),  # open | returned | closed | awaiting_archive | archived
        pa.field("source_file", pa.string(), nullable=False),
        pa.field("source_row", pa.int64(), nullable=False),
    ]
)

# One row per unit, as the e-office's own statistics sheet counts it; held against what we count.
STATISTICS = pa.schema(
    [
        pa.field("unit", pa.string(), nullable=False),
        pa.field("work_total", pa.int32()),
        pa.field("work_unfiled", pa.int32()),
        pa.field("files_open", pa.int32()),
        pa.field("files_returned", pa.int32()),
        pa.field("files_closed", pa.int32()),
        pa.field("files_awaiting_archive", pa.int32()),
        pa.field("files_archived", pa.int32()),
        pa.field("source_file", pa.string(), nullable=False),
        pa.field("source_row", pa.int64(), nullable=False),
    ]
)

# Fields of a case that say who applied.
PERSONAL = frozenset({"applicant", "applicant_kind", "phone", "email", "address", "applicant_id"})

SCHEMAS = {"cases": CASES, "work": WORK, "files": FILES, "statistics": STATISTICS}

# One row per finding, with its evidence. No personal data of applicants.
FINDINGS = pa.schema(
    [
        pa.field("kind", pa.string(), nullable=False),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("number", pa.string(), nullable=False),  # number of the case, item or file
        pa.field("subject", pa.string(), nullable=False),  # procedure or summary
        pa.field("official", pa.string()),
        pa.field("due_on", pa.date32()),  # the due date that decides
        pa.field("ended_on", pa.date32()),  # day the office finished; null while open
        pa.field("days_late", pa.int32(), nullable=False),  # working days after `due_on`; 0 when not late
        pa.field("days_left", pa.int32()),  # working days to `due_on`, where it is near
        pa.field("days_off", pa.int32(), nullable=False),  # rest days and holidays passed over in between
        pa.field("days_paused", pa.int32(), nullable=False),  # working days in between the clock stood still
        pa.field("swapped_days", pa.int32(), nullable=False),  # rest days worked instead, counted in between
        pa.field("days_late_at_least", pa.bool_()),  # due before the calendar begins: `days_late` is a lower bound
        pa.field("provisional", pa.bool_()),  # days of a year without an official calendar decided something here
        pa.field("rule", pa.string(), nullable=False),
        pa.field("note", pa.string()),
        pa.field("waived_by", pa.string()),  # the head who excused it, while the waiver lasts
        pa.field("source_file", pa.string(), nullable=False),
        pa.field("source_row", pa.int64(), nullable=False),
    ]
)

# One row per case: the dates first promised for it, carried from day to day; rebuilt by folding the days' cases.
FIRST_DATES = pa.schema(
    [
        pa.field("case_number", pa.string(), nullable=False),
        pa.field("due_at", INSTANT),  # first recorded due date, before any pause
        pa.field("new_due_at", INSTANT),  # first new date promised with an apology
    ]
)


def empty_frame(schema: pa.Schema) -> pd.DataFrame:
    """Return a frame of `schema` without rows."""
    return _empty_frame(schema).copy(deep=False)


@cache
def _empty_frame(schema: pa.Schema) -> pd.DataFrame:
    return to_frame(schema.empty_table())


def conform(frame: pd.DataFrame, schema: pa.Schema) -> pd.DataFrame:
    """Return the columns of `schema` from `frame`, in its order and types; raises as `to_table` does."""
    return to_frame(to_table(frame, schema))


def days_of(instants: pd.Series) -> np.ndarray:
    """Return the calendar days of `instants`, shape (n,), datetime64[D], NaT where null."""
    return instants.to_numpy("datetime64[us]", na_value=np.datetime64("NaT", "us")).astype("datetime64[D]")


def instants_of(column: pd.Series) -> np.ndarray:
    """Return `column`, shape (n,), datetime64[us], NaT where null."""
    return column.to_numpy("datetime64[us]", na_value=np.datetime64("NaT", "us"))


def arrow_of(column: pd.Series) -> pa.Array:
    """Return the Arrow array that backs `column`."""
    return column.array.__arrow_array__().combine_chunks()


def unnest(column: pd.Series) -> pd.DataFrame:
    """Return the structs a list column holds, one row each: their fields, and `row`, the position of its record."""
    lists = arrow_of(column)
    table = pa.Table.from_struct_array(pc.list_flatten(lists))
    return to_frame(table.append_column("row", pc.list_parent_indices(lists)))
