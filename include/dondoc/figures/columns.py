"""The columns of the figures table: what is counted, what each count is called, and the schema."""

import pyarrow as pa

from dondoc.records import CaseState

OFFICE = "office"
UNIT = "unit"
PROCEDURE = "procedure"
OFFICIAL = "official"
NO_OFFICIAL = "(không ghi cán bộ)"
# Of the campaign's cases, what each is on the day; together they are `cases_total`.
STATE_COUNTS = {
    "cases_early": CaseState.FINISHED_EARLY,
    "cases_on_time": CaseState.FINISHED_ON_TIME,
    "cases_ended_late": CaseState.FINISHED_LATE,
    "cases_withdrawn": CaseState.WITHDRAWN,
    "cases_in_time": CaseState.IN_TIME,
    "cases_past_due": CaseState.OVERDUE,
    "cases_paused": CaseState.PAUSED,
}
# Of the late cases, who says that they were apologised for: each case in one of them at most. The last is what the unit
# alone says. Which of them `apologies_done` counts is the campaign's choice.
WITNESS_COUNTS = ("apologies_both", "apologies_system", "apologies_register", "apologies_claimed")
# Of the apologies that count, those dated on the due day or before it, as the law asks, and the others.
MOMENT_COUNTS = ("apologies_before_due", "apologies_after_due")
# Not counted, and no longer the unit's to do: the letter waits for its signature.
WAITING = "apologies_waiting"
# Not done, and excused for a while: among what is due, not among what remains.
WAIVED = ("apologies_waived", "work_waived")
CASE_COUNTS = (
    *("cases_total", "cases_late", "cases_overdue", "cases_overdue_apologised", "cases_overdue_waiting"),
    *("cases_overdue_excused", "cases_overdue_waived"),
    *("apologies_due", "apologies_done", *MOMENT_COUNTS, *WITNESS_COUNTS, WAITING, "apologies_waived"),
    *STATE_COUNTS,
)
WORK_COUNTS = (
    *("work_total", "work_reported", "work_archived", "work_filed", "work_done"),
    *("work_waived", "work_unreported_waived", "work_unfiled_waived"),
)
COUNTS = (*CASE_COUNTS, *WORK_COUNTS)
# Each rate states its numerator and denominator; the report prints these sentences.
RATES = {
    "apology_rate": (("apologies_done",), ("apologies_due",)),
    "work_rate": (("work_done",), ("work_total",)),
    "rate": (("apologies_done", "work_done"), ("apologies_due", "work_total")),
}
KEYS = ("unit", "procedure", "official")
# How a figure and a scope are called where one must be named.
WORDS = {
    "cases_total": "hồ sơ trong kỳ",
    "cases_late": "hồ sơ quá hạn",
    "cases_overdue": "hồ sơ đang giải quyết quá hạn",
    "cases_overdue_apologised": "hồ sơ đã xin lỗi, còn đang giải quyết quá hạn",
    "cases_overdue_waiting": "hồ sơ có thư xin lỗi đang chờ ký, còn đang giải quyết quá hạn",
    "cases_overdue_excused": "hồ sơ được tạm miễn xin lỗi, còn đang giải quyết quá hạn",
    "cases_overdue_waived": "hồ sơ đang giải quyết quá hạn, được tạm miễn",
    "apologies_due": "hồ sơ phải xin lỗi",
    "apologies_done": "hồ sơ đã xin lỗi",
    "apologies_before_due": "hồ sơ đã xin lỗi trước hạn",
    "apologies_after_due": "hồ sơ đã xin lỗi sau hạn",
    "apologies_both": "hồ sơ hệ thống và sổ đăng ký thư đều ghi đã xin lỗi",
    "apologies_system": "hồ sơ chỉ hệ thống ghi đã xin lỗi",
    "apologies_register": "hồ sơ chỉ sổ đăng ký thư có thư đã ký",
    "apologies_claimed": "hồ sơ chỉ đơn vị báo đã xin lỗi",
    "apologies_waiting": "hồ sơ có thư xin lỗi đang chờ ký",
    "apologies_waived": "hồ sơ được tạm miễn xin lỗi",
    "cases_early": "hồ sơ giải quyết trước hạn",
    "cases_on_time": "hồ sơ giải quyết đúng hạn",
    "cases_ended_late": "hồ sơ giải quyết quá hạn",
    "cases_withdrawn": "hồ sơ rút",
    "cases_in_time": "hồ sơ đang giải quyết trong hạn",
    "cases_past_due": "hồ sơ đang giải quyết đã qua ngày hẹn trả",
    "cases_paused": "hồ sơ tạm dừng",
    "work_total": "công việc được giao",
    "work_reported": "công việc đã báo cáo hoàn thành, lưu trữ",
    "work_archived": "công việc đã lưu trữ",
    "work_filed": "công việc đã lập hồ sơ",
    "work_done": "công việc đạt cả hai yêu cầu",
    "work_waived": "công việc được tạm miễn",
    "work_unreported_waived": "công việc được tạm miễn báo cáo",
    "work_unfiled_waived": "công việc được tạm miễn lập hồ sơ",
}
SCOPE_WORDS = {UNIT: "đơn vị", PROCEDURE: "thủ tục", OFFICIAL: "cán bộ"}
NAMED = ("scope", "unit", "code", "name")
FIGURES = pa.schema(
    [
        pa.field("scope", pa.string(), nullable=False),  # office | unit | procedure | official
        pa.field("unit", pa.string()),  # of a unit and of an official: code of the unit
        pa.field("code", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        *(pa.field(name, pa.int64(), nullable=False) for name in COUNTS),
        *(pa.field(name, pa.float64()) for name in RATES),
    ]
)
