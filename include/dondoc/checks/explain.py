"""The story of one case or work item, day by day, as an officer would tell it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

import pandas as pd

from dondoc.calendar import WorkCalendar
from dondoc.campaign.regime import Regime
from dondoc.checks.deadline import Deadlines, decide_deadlines
from dondoc.checks.due_story import TABLE, stands_by, tell_due
from dondoc.checks.facts import DayFacts
from dondoc.checks.registry import RULES, article_of
from dondoc.records import FINDING_TITLES, CaseState, FindingKind
from dondoc.vietnamese.wording import PROVISIONAL, days_late_words, short_date, text

STATE_WORDS = {
    CaseState.NOT_RECEIVED: "chưa hoặc không được tiếp nhận, không tính",
    CaseState.IN_TIME: "đang giải quyết, trong hạn",
    CaseState.OVERDUE: "đang giải quyết, quá hạn",
    CaseState.PAUSED: "tạm dừng",
    CaseState.FINISHED_EARLY: "đã xử lý xong trước hạn",
    CaseState.FINISHED_ON_TIME: "đã xử lý xong đúng hạn",
    CaseState.FINISHED_LATE: "đã xử lý xong, quá hạn",
    CaseState.WITHDRAWN: "công dân rút hồ sơ",
}


WITNESS_LINES = (
    ("by_system", "Hệ thống nguồn ghi đã xin lỗi, văn bản", "apology_number", "apologised_at"),
    ("by_register", "Sổ đăng ký thư có thư đã ký", "letter_number", "letter_signed_on"),
    ("by_claim", "Đơn vị báo đã xin lỗi, văn bản", "claimed_number", "claimed_on"),
)


def explain(facts: DayFacts, findings: pd.DataFrame, number: str) -> list[str]:
    """Return the lines that tell how the day's conclusion on `number` was reached; none where nothing bears it.

    Args:
        facts: the day's.
        findings: what `registry.find_all` returns for them.
        number: of a case or a work item; an item number that comes again is told each time.
    """
    about = findings[findings["number"] == number]
    lines: list[str] = []
    for case in facts.cases[facts.cases["case_number"] == number].to_dict("records"):
        lines += [*_case(facts, case), *_conclusions(about, facts.day.regime)]
    for item in facts.work[facts.work["item_number"] == number].to_dict("records"):
        own = about[(about["source_row"] == item["source_row"]) & (about["source_file"] == item["source_file"])]
        lines += [*_item(facts, item), *_conclusions(own, facts.day.regime)]
    return lines


def _case(facts: DayFacts, case: dict[str, Any]) -> Iterator[str]:
    deadlines = _deadlines(facts, case["case_number"])
    yield f"Hồ sơ {case['case_number']}: {case['procedure']}"
    yield f"Tính đến hết ngày {short_date(facts.day.business_date)}. {_source(case)}"
    yield from _units(facts, case)
    yield f"Tiếp nhận ngày {short_date(case['received_at'])}."
    yield from tell_due(case, deadlines, facts.day.calendar)
    yield f"Kết luận: {STATE_WORDS[CaseState(case['state'])]}."
    if case["late"]:
        ended = _date(case["ended_on"]) or facts.day.business_date
        stands = partial(stands_by, deadlines=deadlines)
        yield from _walk(facts.day.calendar, _date(case["due_at"]), ended, stands=stands)
        yield (
            f"Cộng: chậm {_days_late(case)} (trong đó {case['swapped_days']} ngày làm bù); "
            f"không tính {case['days_off']} ngày nghỉ, {case['days_paused']} ngày tạm dừng."
        )
        yield from _apology(case)
    yield TABLE


def _apology(case: dict[str, Any]) -> Iterator[str]:
    """Yield who says that a late case was apologised for, a line each, and what that comes to."""
    for says, words, number, on in WITNESS_LINES:
        if case[says]:
            named = f" số {text(case[number])}" if text(case[number]) else ""
            yield f"{words}{named} ngày {short_date(case[on])}."
    if case["waiting"]:
        yield "Thư xin lỗi đã đủ nội dung, đang chờ ký; không còn là việc của đơn vị."
    yield f"Được tính là đã xin lỗi: {'có' if case['apologised'] else 'chưa'}."


def _deadlines(facts: DayFacts, number: str) -> Deadlines:
    """Return the due date of one case decided anew, with all that led to it."""
    cases = facts.cases[facts.cases["case_number"] == number]
    day = facts.day
    told = cases.assign(due_at=cases["recorded_due_at"])
    return decide_deadlines(
        told,
        as_of=day.business_date,
        calendar=day.calendar,
        rules=day.campaign.rules,
        first_dates=facts.first_dates,
    )


def _item(facts: DayFacts, item: dict[str, Any]) -> Iterator[str]:
    yield f"Công việc {item['item_number']}: {text(item['summary'])}"
    yield f"Tính đến hết ngày {short_date(facts.day.business_date)}. {_source(item)}"
    yield f"Đơn vị chủ trì: {facts.day.campaign.heir(item['unit']).name}."
    assigned, due = (short_date(item[name]) or "(không ghi)" for name in ("assigned_at", "due_at"))
    yield f"Giao ngày {assigned}; hạn giải quyết {due}."
    yield f"Báo cáo hoàn thành hoặc lưu trữ: {'đã xong' if item['reported'] else 'chưa'}."
    yield f"Lập hồ sơ công việc: {text(item['file_code']) if item['filed'] else 'chưa'}."
    if item["days_late"]:
        yield from _walk(facts.day.calendar, _date(item["due_at"]), facts.day.business_date, stands=lambda _: False)
        yield f"Cộng: chậm {_days_late(item)}; không tính {item['days_off']} ngày nghỉ."


def _units(facts: DayFacts, case: dict[str, Any]) -> Iterator[str]:
    heir = facts.day.campaign.heir
    yield f"Đơn vị chịu trách nhiệm: {heir(case['unit']).name}."
    if case.get("case_unit", case["unit"]) != case["unit"]:
        yield f"Đơn vị ghi trong nguồn: {heir(case['case_unit']).name}; đơn vị trên giữ hồ sơ lâu nhất sau hạn."


def _walk(calendar: WorkCalendar, due: date | None, ended: date, *, stands: Callable[[date], bool]) -> Iterator[str]:
    """Yield one line per day after `due`, or from the calendar's first day where it is older, up to `ended`.

    On a day that `stands` the clock did not run.
    """
    eve = calendar.first - timedelta(days=1)
    late = 0
    day = max(due or ended, eve)
    if due and due < eve:
        yield f"  đến {short_date(eve)}: trước khi có lịch, không đếm được; số ngày chậm dưới đây là ít nhất"
    while day < ended:
        day += timedelta(days=1)
        rest = calendar.rest_name(day)
        mark = f" {PROVISIONAL}" if day > calendar.last else ""
        if rest:
            yield f"  {short_date(day)}: {rest}{mark}"
        elif stands(day):
            yield f"  {short_date(day)}: tạm dừng, không tính"
        else:
            late += 1
            swapped = f" ({calendar.worked[day]})" if day in calendar.worked else ""
            yield f"  {short_date(day)}: ngày làm việc{swapped}{mark}, chậm {late}"
    if not late:
        yield "  Chưa qua ngày làm việc nào sau hạn, vẫn ghi chậm 1 ngày."


def _conclusions(findings: pd.DataFrame, regime: Regime | None) -> Iterator[str]:
    if findings.empty:
        yield "Không có tồn tại."
    for finding in findings.astype(object).where(findings.notna(), None).to_dict("records"):
        kind = FindingKind(finding["kind"])
        note = f" – {finding['note']}" if finding["note"] else ""
        left = finding["days_left"]
        note += f" – còn {left} ngày làm việc{f' {PROVISIONAL}' * bool(finding['provisional'])}" * (left is not None)
        yield f"- {FINDING_TITLES[kind]}: {RULES[finding['rule']]}{note}."
        yield f"  Quy tắc {finding['rule']}; căn cứ: {article_of(kind, regime)}."
        if finding["waived_by"]:
            yield f"  Được miễn: {finding['waived_by']}."


def _days_late(record: dict[str, Any]) -> str:
    marks = {"at_least": record["days_late_at_least"], "provisional": record["provisional"]}
    return days_late_words(record["days_late"], of="ngày làm việc", **marks)


def _source(record: dict[str, Any]) -> str:
    return f"Nguồn: tệp {record['source_file']}, dòng {record['source_row']}."


def _date(value: Any) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()
