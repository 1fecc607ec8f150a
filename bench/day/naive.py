"""The daily job as everyone writes it, pandas and python-docx, a row at a time: what `python -m bench` measures by.

It is plain, not slow on purpose: nothing is read, opened or counted twice. It imports nothing of `dondoc`, so that what
both sides find is found by two programs.
"""

import json
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import yaml

from bench.day import naive_papers as papers
from bench.day.naive_lists import CASES, DONE, NOT_RECEIVED, PAUSED, UNDONE_WORK, WITHDRAWN, WORK, Row, read_list

FOLDER = Path(__file__).resolve().parents[2] / "include" / "campaigns" / "hai-phong-2023"
TODAY = date(2023, 11, 14)
FIRST, LAST = date(2023, 1, 1), date(2023, 12, 31)
SATURDAY = 5
# The weekdays off from the oldest due date in the exports to TODAY, as announced.
HOLIDAYS = {
    *(date(2022, 9, day) for day in (1, 2)),
    *(date(2023, 1, day) for day in (2, 20, 23, 24, 25, 26)),
    *(date(2023, 5, day) for day in (1, 2, 3)),
    *(date(2023, 9, day) for day in (1, 4)),
}
SHOWN = ("cases_late", "days_late", "apologies_owed", "work_unreported", "work_unfiled")

Figures = dict[str, Counter[str]]


def run(_material: Path, out: Path, lap: Callable[[str], None]) -> dict[str, int]:
    """Do the day's work of the sample campaign."""
    return work_through(FOLDER, out, lap)


def work_through(folder: Path, out: Path, lap: Callable[[str], None]) -> dict[str, int]:
    """Do the day's work of the campaign in `folder`, calling `lap` after each part; return the counts."""
    campaign = yaml.safe_load((folder / "campaign.yaml").read_text(encoding="utf-8"))
    cases, bad_cases = read_list(folder, CASES, campaign["units"])
    work, bad_work = read_list(folder, WORK, campaign["units"])
    pd.DataFrame(bad_cases + bad_work).to_csv(out / "quarantine.csv", index=False, encoding="utf-8-sig")
    lap("read")
    late = [case for case in cases if judge_case(case)]
    items = [item for item in work if judge_work(item)]
    figures = count_by_unit(campaign["units"], late, items)
    lap("check")
    letters = papers.write_letters([case for case in late if not case["apologised"]], campaign, out / "letters")
    lap("letters")
    reminders = papers.write_reminders(campaign, TODAY, figures, late, items, out / "mail")
    lap("reminders")
    papers.write_report(campaign, TODAY, figures, late, items, out)
    lap("report")
    total = sum(figures.values(), Counter())
    counts = {name: total[name] for name in SHOWN} | {"letters": letters, "mails": reminders + 1}
    summary = json.dumps({"total": counts, "units": figures}, ensure_ascii=False, indent=2)
    (out / "summary.json").write_text(summary, encoding="utf-8")
    return counts


def judge_case(case: Row) -> bool:
    """Say whether the case is late in the campaign's period, and note on it since when and by how much."""
    status, due = case["Trạng thái"], case["Ngày hẹn trả"]
    if status in NOT_RECEIVED or status in PAUSED or status == WITHDRAWN or not due:
        return False
    done = status in DONE and case["Ngày kết thúc xử lý"].date() <= TODAY
    ended = case["Ngày kết thúc xử lý"].date() if done else TODAY
    if case["Ngày tiếp nhận"].date() > TODAY or due.date() >= ended or due.date() > LAST or ended < FIRST:
        return False
    apologised = case["Ngày xin lỗi"]
    case["open"], case["ended"] = not done, ended if done else None
    case["days_late"] = max(working_days(due.date(), ended), 1)
    case["apologised"] = bool(apologised and apologised.date() <= TODAY)
    return True


def judge_work(item: Row) -> bool:
    """Say whether the item was assigned by today, and note on it what is done."""
    due, finished = item["Hạn giải quyết"], item["Ngày hoàn thành"]
    item["reported"] = item["Trạng thái xử lý"] not in UNDONE_WORK and not (finished and finished.date() > TODAY)
    item["filed"] = bool(item["Mã hồ sơ"])
    late = due and due.date() < TODAY and not item["reported"]
    item["days_late"] = max(working_days(due.date(), TODAY), 1) if late else 0
    return item["Ngày giao"].date() <= TODAY


def working_days(start: date, end: date) -> int:
    """Return the working days after `start` up to and including `end`."""
    count, day = 0, start + timedelta(days=1)
    while day <= end:
        if day.weekday() < SATURDAY and day not in HOLIDAYS:
            count += 1
        day += timedelta(days=1)
    return count


def count_by_unit(units: list[Row], late: list[Row], items: list[Row]) -> Figures:
    """Return each unit's counts; `days_late` are those of what it still owes."""
    figures: Figures = {unit["code"]: Counter() for unit in units}
    for case in late:
        counts = figures[case["unit"]]
        counts["cases_late"] += 1
        counts["cases_overdue"] += case["open"]
        if not case["apologised"]:
            counts["apologies_owed"] += 1
            counts["days_late"] += case["days_late"]
    for item in items:
        counts = figures[item["unit"]]
        counts["work_total"] += 1
        counts["work_unreported"] += not item["reported"]
        counts["work_unfiled"] += not item["filed"]
        counts["work_done"] += item["reported"] and item["filed"]
        counts["days_late"] += item["days_late"]
    return figures
