"""The kinds of records and of findings, and the words for their states: plain names, so that they load in no time."""

from enum import IntEnum, StrEnum
from typing import Literal

RecordKind = Literal["cases", "work", "files", "statistics"]


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
