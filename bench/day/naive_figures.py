"""The naive peer's figures: counters by unit, procedure, official and field, one pass over the rows."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from bench.day.naive_lists import ARCHIVED
from bench.day.naive_rules import EARLY, FIRST, LATE, ON_TIME, OVERDUE, STOPPED, WAITING, WITHDREW

Row = dict[str, Any]
# Scope, then key.
Figures = dict[str, dict[Any, Counter[str]]]

NO_OFFICIAL, NO_FIELD = "(không ghi cán bộ)", "(không ghi lĩnh vực)"
CASES, CASES_LATE, CASES_OVERDUE = "Hồ sơ trong kỳ", "Hồ sơ quá hạn", "Đang giải quyết quá hạn"
APOLOGIES_DUE, APOLOGISED = "Phải xin lỗi", "Đã xin lỗi"
WORK, REPORTED, FILED = "Công việc được giao", "Đã báo cáo hoàn thành, lưu trữ", "Đã lập hồ sơ"
IN_ARCHIVE, WORK_DONE = "Trong đó: đã lưu trữ", "Đạt cả hai"
CASE_COUNTS = (CASES, CASES_LATE, CASES_OVERDUE, APOLOGIES_DUE, APOLOGISED)
WORK_COUNTS = (WORK, REPORTED, IN_ARCHIVE, FILED, WORK_DONE)
STATES = (EARLY, ON_TIME, LATE, WITHDREW, WAITING, OVERDUE, STOPPED)
APOLOGY_RATE, WORK_RATE, RATE = "Tỷ lệ xin lỗi", "Tỷ lệ công việc", "Tỷ lệ chung"
FORM = (
    *("Tiếp nhận: tổng số (3)", "Tiếp nhận: trực tuyến (4)", "Tiếp nhận: trực tiếp, bưu chính (5)"),
    *("Tiếp nhận: từ kỳ trước (6)", "Đã giải quyết: tổng số (7)", "Đã giải quyết: trước hạn (8)"),
    *("Đã giải quyết: đúng hạn (9)", "Đã giải quyết: quá hạn (10)", "Đang giải quyết: tổng số (11)"),
    *("Đang giải quyết: trong hạn (12)", "Đang giải quyết: quá hạn (13)"),
)
RECEIVED, ONLINE, IN_PERSON, CARRIED, SETTLED, FORM_EARLY, FORM_ON_TIME, FORM_LATE, OPEN, FORM_IN_TIME, FORM_OVERDUE = (
    FORM
)


def count_all(units: list[Row], cases: list[Row], items: list[Row]) -> Figures:
    """Return the counts of each unit, (unit, official), procedure and field; every unit is there."""
    figures: Figures = {scope: defaultdict(Counter) for scope in ("unit", "official", "procedure", "field")}
    for unit in units:
        figures["unit"][unit["code"]] = Counter()
    for case in cases:
        marks = list(marks_of_case(case))
        figures["unit"][case["unit"]].update(marks)
        figures["official"][case["unit"], case["Cán bộ xử lý hiện tại"] or NO_OFFICIAL].update(marks)
        figures["procedure"][case["Tên thủ tục hành chính"]].update(marks)
        if case["counted"]:
            figures["field"][case["Tên lĩnh vực"] or NO_FIELD].update(marks_of_form(case))
    for item in items:
        marks = list(marks_of_item(item))
        figures["unit"][item["unit"]].update(marks)
        figures["official"][item["unit"], item["Người chủ trì (chuyên viên)"] or NO_OFFICIAL].update(marks)
    return figures


def marks_of_case(case: Row) -> Iterator[str]:
    if case["counted"]:
        yield from (CASES, case["state"])
    if case["late"]:
        yield from (CASES_LATE, APOLOGIES_DUE)
        yield from [CASES_OVERDUE] * (case["state"] == OVERDUE) + [APOLOGISED] * case["apologised"]


def marks_of_item(item: Row) -> Iterator[str]:
    if item["counted"]:
        yield WORK
        yield from [REPORTED] * item["reported"] + [FILED] * item["filed"] + [WORK_DONE] * item["done"]
        yield from [IN_ARCHIVE] * (item["reported"] and item["Trạng thái xử lý"] == ARCHIVED)


def marks_of_form(case: Row) -> Iterator[str]:
    """Yield the columns of form II.06a the case counts in."""
    online = case.get("Kênh thực hiện") == "Trực tuyến"
    carried = case["Ngày tiếp nhận"].date() < FIRST
    yield from (RECEIVED, CARRIED if carried else ONLINE if online else IN_PERSON)
    settled = {EARLY: FORM_EARLY, ON_TIME: FORM_ON_TIME, WITHDREW: FORM_ON_TIME, LATE: FORM_LATE}
    if case["state"] in settled:
        yield from (SETTLED, settled[case["state"]])
    else:
        yield from (OPEN, FORM_OVERDUE if case["state"] == OVERDUE else FORM_IN_TIME)


def rates_of(counts: Counter[str]) -> dict[str, float | None]:
    """Return the shares done; None where nothing was to be done."""
    apologies, work = (counts[APOLOGISED], counts[APOLOGIES_DUE]), (counts[WORK_DONE], counts[WORK])
    both = apologies[0] + work[0], apologies[1] + work[1]
    pairs = {APOLOGY_RATE: apologies, WORK_RATE: work, RATE: both}
    return {name: round(done / due, 4) if due else None for name, (done, due) in pairs.items()}
