"""The vocabulary of the data: column schemas of cases, work items and findings, and the words for their states."""

from enum import IntEnum, StrEnum
from functools import cache
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dondoc.frames import to_frame, to_table

INSTANT = pa.timestamp("us")  # wall-clock time of the office, without zone, as the sources write it


class CaseStatus(IntEnum):
    """Status codes of the National Public Service Portal."""

    REGISTERED = 1
    RECEIVED = 2
    NOT_RECEIVED = 3
    IN_PROCESS = 4
    SUPPLEMENT_ASKED = 5
    FEE_ASKED = 6
    WITHDRAWN = 7
    STOPPED = 8
    FINISHED = 9
    RETURNED = 10


class CaseState(StrEnum):
    """What a case is on a given day, for the campaign's rules. Never stored: recomputed from facts each day."""

    NOT_RECEIVED = "not_received"
    IN_TIME = "in_time"
    OVERDUE = "overdue"
    PAUSED = "paused"
    FINISHED_EARLY = "finished_early"
    FINISHED_ON_TIME = "finished_on_time"
    FINISHED_LATE = "finished_late"
    WITHDRAWN = "withdrawn"


class FindingKind(StrEnum):
    """One thing found on a day: owed by a unit, or worth its attention. The order is the order of reports."""

    CASE_OVERDUE = "case_overdue"
    APOLOGY_OWED = "apology_owed"
    WORK_UNREPORTED = "work_unreported"
    WORK_UNFILED = "work_unfiled"
    WORK_OVERDUE = "work_overdue"
    APOLOGY_WAITING = "apology_waiting"
    APOLOGY_INCOMPLETE = "apology_incomplete"
    APOLOGY_NOT_IN_SYSTEM = "apology_not_in_system"
    APOLOGY_NOT_IN_REGISTER = "apology_not_in_register"
    APOLOGY_DUE_SOON = "apology_due_soon"
    CASE_DUE_SOON = "case_due_soon"
    DUE_MOVED = "due_moved"
    SECOND_POSTPONEMENT = "second_postponement"
    DUE_CONTRADICTS_TERM = "due_contradicts_term"
    FILE_NOT_HANDED_OVER = "file_not_handed_over"
    STATISTICS_DIFFER = "statistics_differ"
    SYSTEMS_DIFFER = "systems_differ"
    SOURCES_DIFFER = "sources_differ"


FINDING_TITLES = {
    FindingKind.CASE_OVERDUE: "Hồ sơ đang giải quyết quá hạn",
    FindingKind.APOLOGY_OWED: "Hồ sơ quá hạn chưa có văn bản xin lỗi",
    FindingKind.WORK_UNREPORTED: "Công việc chưa báo cáo hoàn thành, chưa lưu trữ",
    FindingKind.WORK_UNFILED: "Công việc chưa lập hồ sơ",
    FindingKind.WORK_OVERDUE: "Công việc chưa hoàn thành đã quá hạn giải quyết",
    FindingKind.APOLOGY_WAITING: "Thư xin lỗi đã đủ nội dung, đang chờ ký",
    FindingKind.APOLOGY_INCOMPLETE: "Việc xin lỗi còn thiếu lý do hoặc ngày hẹn mới",
    FindingKind.APOLOGY_NOT_IN_SYSTEM: "Đã ký thư xin lỗi, chưa cập nhật lên hệ thống một cửa",
    FindingKind.APOLOGY_NOT_IN_REGISTER: "Hệ thống ghi đã xin lỗi, sổ đăng ký thư không có thư đã ký",
    FindingKind.APOLOGY_DUE_SOON: "Hồ sơ sắp hết hạn, cần xin lỗi và hẹn lại nếu không kịp",
    FindingKind.CASE_DUE_SOON: "Hồ sơ sắp đến hạn",
    FindingKind.DUE_MOVED: "Ngày hẹn trả bị đặt lại không có căn cứ",
    FindingKind.SECOND_POSTPONEMENT: "Hồ sơ hẹn lại quá một lần",
    FindingKind.DUE_CONTRADICTS_TERM: "Ngày hẹn trả không khớp thời hạn giải quyết",
    FindingKind.FILE_NOT_HANDED_OVER: "Hồ sơ công việc đã kết thúc, quá hạn giao nộp lưu trữ",
    FindingKind.STATISTICS_DIFFER: "Thống kê của văn phòng điện tử không khớp danh sách chi tiết",
    FindingKind.SYSTEMS_DIFFER: "Hệ thống một cửa và văn phòng điện tử không khớp",
    FindingKind.SOURCES_DIFFER: "Hai hệ thống ghi khác nhau về cùng một hồ sơ",
}
# What a unit owes; every other kind is advice, and neither makes a unit behind nor enters a rate.
OWED_CASES = (FindingKind.CASE_OVERDUE, FindingKind.APOLOGY_OWED)
OWED_WORK = (FindingKind.WORK_UNREPORTED, FindingKind.WORK_UNFILED)
OWED_KINDS = (*OWED_CASES, *OWED_WORK)
# What keeps a thing among what remains: a late case apologised for is owed its end, and is no longer counted there.
REMAINING_KINDS = (FindingKind.APOLOGY_OWED, *OWED_WORK)
# A case without an apology that counts, and so with a letter to be drafted, signed or kept.
UNAPOLOGISED = (FindingKind.APOLOGY_OWED, FindingKind.APOLOGY_WAITING)
CASE_KINDS = (
    FindingKind.CASE_OVERDUE,
    FindingKind.APOLOGY_OWED,
    FindingKind.APOLOGY_WAITING,
    FindingKind.APOLOGY_INCOMPLETE,
    FindingKind.APOLOGY_NOT_IN_SYSTEM,
    FindingKind.APOLOGY_NOT_IN_REGISTER,
    FindingKind.APOLOGY_DUE_SOON,
    FindingKind.CASE_DUE_SOON,
    FindingKind.DUE_MOVED,
    FindingKind.SECOND_POSTPONEMENT,
    FindingKind.DUE_CONTRADICTS_TERM,
    FindingKind.SOURCES_DIFFER,
)

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

# One row a case, an application under an administrative procedure (hồ sơ TTHC).
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

# One row a unit, as the e-office's own statistics sheet counts it; held against what we count.
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
PERSONAL = frozenset({"applicant", "applicant_kind", "phone", "email", "address"})

SCHEMAS = {"cases": CASES, "work": WORK, "files": FILES, "statistics": STATISTICS}
RecordKind = Literal["cases", "work", "files", "statistics"]

# One row a finding, with its evidence. No personal data of applicants.
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

# One row a case: the dates first promised for it, carried from day to day; rebuilt by folding the days' cases.
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
