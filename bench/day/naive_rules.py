"""The naive peer's rules: what each case and work item is on the day, its days late counted one by one."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from bench.day.naive_lists import DONE, NOT_RECEIVED, PAUSED, UNDONE_WORK, WITHDRAWN

Row = dict[str, Any]

TODAY = date(2023, 11, 14)
FIRST, LAST = date(2023, 1, 1), date(2023, 12, 31)
SATURDAY = 5
# The weekdays off from the oldest due date in the exports to the last day a new date may be set for, as announced.
HOLIDAYS = {
    *(date(2022, 9, day) for day in (1, 2)),
    *(date(2023, 1, day) for day in (2, 20, 23, 24, 25, 26)),
    *(date(2023, 5, day) for day in (1, 2, 3)),
    *(date(2023, 9, day) for day in (1, 4)),
    date(2024, 1, 1),
    *(date(2024, 2, day) for day in (8, 9, 12, 13, 14)),
    *(date(2024, 4, day) for day in (18, 29, 30)),
    date(2024, 5, 1),
    *(date(2024, 9, day) for day in (2, 3)),
}
WORKED_SATURDAYS = {date(2024, 5, 4)}
SOON, APOLOGISE_BEFORE = 5, 1

WAITING, OVERDUE = "Đang giải quyết trong hạn", "Đang giải quyết, đã qua ngày hẹn trả"
EARLY, ON_TIME, LATE = "Đã giải quyết trước hạn", "Đã giải quyết đúng hạn", "Đã giải quyết quá hạn"
STOPPED, WITHDREW, ABSENT = "Tạm dừng", "Rút hồ sơ", "Chưa tiếp nhận"

CASE_OVERDUE, APOLOGY_OWED = "Hồ sơ đang giải quyết quá hạn", "Hồ sơ quá hạn chưa có văn bản xin lỗi"
UNREPORTED, UNFILED = "Công việc chưa báo cáo hoàn thành, chưa lưu trữ", "Công việc chưa lập hồ sơ"
WORK_OVERDUE = "Công việc chưa hoàn thành đã quá hạn giải quyết"
INCOMPLETE = "Việc xin lỗi còn thiếu lý do hoặc ngày hẹn mới"
APOLOGISE_SOON, DUE_SOON = "Hồ sơ sắp hết hạn, cần xin lỗi và hẹn lại nếu không kịp", "Hồ sơ sắp đến hạn"
# In the order of the report.
KINDS = (CASE_OVERDUE, APOLOGY_OWED, UNREPORTED, UNFILED, WORK_OVERDUE, INCOMPLETE, APOLOGISE_SOON, DUE_SOON)
OWED_CASES, OWED_WORK = (CASE_OVERDUE, APOLOGY_OWED), (UNREPORTED, UNFILED)
ABOUT_CASES = (CASE_OVERDUE, APOLOGY_OWED, INCOMPLETE, APOLOGISE_SOON, DUE_SOON)
REASONS = {
    CASE_OVERDUE: "đang giải quyết, ngày hẹn trả đã qua",
    APOLOGY_OWED: "kết thúc xử lý sau thời điểm hẹn trả",
    UNREPORTED: "chưa báo cáo hoàn thành và chưa lưu trữ trên văn phòng điện tử",
    UNFILED: "chưa có mã hồ sơ công việc",
    WORK_OVERDUE: "chưa báo cáo hoàn thành, hạn giải quyết đã qua",
    INCOMPLETE: "đã xin lỗi nhưng chưa ghi lý do, hoặc chưa hẹn ngày trả mới",
    APOLOGISE_SOON: "nếu không kịp trả, phải xin lỗi chậm nhất 01 ngày trước khi hết hạn",
    DUE_SOON: "đang giải quyết, ngày hẹn trả đã gần",
}


def judge_case(case: Row) -> None:
    """Note on the case what it is today, and by how much it is late in the campaign's period."""
    due, ended = day_of(case["Ngày hẹn trả"]), day_of(case["Ngày kết thúc xử lý"])
    apologised = day_of(case["Ngày xin lỗi"])
    done = case["Trạng thái"] in DONE and ended <= TODAY
    until = ended if done else TODAY
    state = state_of(case, due, until, done)
    late = state in (OVERDUE, LATE) and due <= LAST and until >= FIRST
    days = working_days(due, until) if late else 0
    too_early = done and ended < FIRST
    case["state"], case["late"], case["ended"], case["open"] = state, late, ended if done else None, not done
    case["counted"] = state != ABSENT and case["Ngày tiếp nhận"].date() <= LAST and not too_early
    case["days_late"] = max(days, 1) if late else 0
    case["days_off"] = (until - due).days - days if late else 0
    case["apologised"] = apologised is not None and apologised <= TODAY


def state_of(case: Row, due: date | None, until: date, done: bool) -> str:
    status = case["Trạng thái"]
    if status in NOT_RECEIVED or case["Ngày tiếp nhận"].date() > TODAY:
        return ABSENT
    if status == WITHDRAWN:
        return WITHDREW
    if done:
        return ON_TIME if due is None or until == due else LATE if until > due else EARLY
    if status in PAUSED:
        return STOPPED
    return OVERDUE if due is not None and due < TODAY else WAITING


def judge_work(item: Row) -> None:
    """Note on the item what is done of it today."""
    due, finished = day_of(item["Hạn giải quyết"]), day_of(item["Ngày hoàn thành"])
    counted = item["Ngày giao"].date() <= TODAY
    reported = item["Trạng thái xử lý"] not in UNDONE_WORK and not (finished and finished > TODAY)
    late = counted and not reported and due is not None and due < TODAY
    item["counted"], item["reported"] = counted, counted and reported
    item["filed"] = counted and item["Mã hồ sơ"] is not None
    item["done"] = item["reported"] and item["filed"]
    item["days_late"] = max(working_days(due, TODAY), 1) if late else 0


def find_all(cases: list[Row], items: list[Row], units: list[Row]) -> list[Row]:
    """Return all that is found, a row each: by unit, by kind, the latest first."""
    found = [*find_in_cases(cases), *find_in_work(items)]
    place = {unit["code"]: i for i, unit in enumerate(units)}
    rank = {kind: i for i, kind in enumerate(KINDS)}
    found.sort(key=lambda one: (place[one["unit"]], rank[one["kind"]], -one["days_late"], one["number"]))
    return found


def find_in_cases(cases: list[Row]) -> Iterator[Row]:
    horizons = {steps: day_after(TODAY, steps) for steps in (SOON, APOLOGISE_BEFORE)}
    for case in cases:
        if case["late"]:
            yield from (of_case(case, kind) for kind in late_kinds(case))
        due = day_of(case["Ngày hẹn trả"])
        if case["state"] != WAITING or not case["counted"] or due is None or due > horizons[SOON]:
            continue
        left = working_days(TODAY, day_after(due, 0))
        yield of_case(case, DUE_SOON) | {"days_left": left}
        if due <= horizons[APOLOGISE_BEFORE] and not case["apologised"]:
            yield of_case(case, APOLOGISE_SOON) | {"days_left": left}


def late_kinds(case: Row) -> Iterator[str]:
    if case["open"]:
        yield CASE_OVERDUE
    if not case["apologised"]:
        yield APOLOGY_OWED
    elif not case["Lý do quá hạn"] or (case["open"] and not case["Ngày hẹn trả mới"]):
        yield INCOMPLETE


def find_in_work(items: list[Row]) -> Iterator[Row]:
    for item in items:
        if item["counted"] and not item["reported"]:
            yield of_item(item, UNREPORTED)
        if item["counted"] and not item["filed"]:
            yield of_item(item, UNFILED)
        if item["days_late"]:
            yield of_item(item, WORK_OVERDUE)


def of_case(case: Row, kind: str) -> Row:
    reason = REASONS[CASE_OVERDUE] if case["open"] and kind == APOLOGY_OWED else REASONS[kind]
    return {
        "kind": kind,
        "unit": case["unit"],
        "unit_name": case["unit_name"],
        "number": case["Số hồ sơ"],
        "subject": case["Tên thủ tục hành chính"],
        "official": case["Cán bộ xử lý hiện tại"],
        "due_on": day_of(case["Ngày hẹn trả"]),
        "days_late": case["days_late"],
        "days_left": None,
        "reason": reason,
        "row": case["row"],
        "record": case,
    }


def of_item(item: Row, kind: str) -> Row:
    return {
        "kind": kind,
        "unit": item["unit"],
        "unit_name": item["unit_name"],
        "number": item["Số đến"],
        "subject": item["Trích yếu"],
        "official": item["Người chủ trì (chuyên viên)"],
        "due_on": day_of(item["Hạn giải quyết"]),
        "days_late": item["days_late"],
        "days_left": None,
        "reason": REASONS[kind],
        "row": item["row"],
        "record": item,
    }


def by_unit(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the rows of each unit, in their order."""
    units: dict[str, list[Row]] = {}
    for row in rows:
        units.setdefault(row["unit"], []).append(row)
    return units


def day_of(at: Any) -> date | None:
    return at.date() if at else None


def is_working(day: date) -> bool:
    return (day.weekday() < SATURDAY and day not in HOLIDAYS) or day in WORKED_SATURDAYS


def working_days(start: date, end: date) -> int:
    """Return the working days after `start` up to and including `end`."""
    count, day = 0, start + timedelta(days=1)
    while day <= end:
        count += is_working(day)
        day += timedelta(days=1)
    return count


def day_after(day: date, steps: int) -> date:
    """Return the working day `steps` working days after `day`; with no step, `day` itself or the next one worked."""
    while steps:
        day += timedelta(days=1)
        steps -= is_working(day)
    while not is_working(day):
        day += timedelta(days=1)
    return day
