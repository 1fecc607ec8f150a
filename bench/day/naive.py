"""The daily job as everyone writes it, pandas, openpyxl and python-docx, a row at a time.

It is what `python -m bench` measures by: plain, not slow on purpose; nothing is read, opened or counted twice. It
imports nothing of `dondoc`, so that what both sides find is found by two programs. It leaves what a person opens of our
day: the letters and a list of them a unit, the units' workbooks to fill in, the mails with a page each, the rows sent
back, and the report in Word and Excel with every case and every work item.

What it still does not do: keep a ledger, snapshots and hashes, or anything from one day to the next (first promised
dates, change and pace, answers taken in); hold a due date against its term; waive; judge gates; check the Word
templates; tell in the workbook where each figure comes from; make the same bytes again. Killed, it starts anew and
knows nothing of what it left.
"""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import yaml

from bench.day import naive_report as report
from bench.day.naive_books import write_refused
from bench.day.naive_figures import CASES_LATE, count_all
from bench.day.naive_letters import write_letters
from bench.day.naive_lists import CASES, WORK, Row, read_list
from bench.day.naive_mails import Post, rates, short_date, write_reminders, write_report_mail, write_returns
from bench.day.naive_rules import APOLOGY_OWED, TODAY, UNFILED, UNREPORTED, by_unit, find_all, judge_case, judge_work

FOLDER = Path(__file__).resolve().parents[2] / "include" / "campaigns" / "hai-phong-2023"


def run(_material: Path, out: Path, lap: Callable[[str], None]) -> dict[str, int]:
    """Do the day's work of the sample campaign."""
    return work_through(FOLDER, out, lap)


def work_through(folder: Path, out: Path, lap: Callable[[str], None]) -> dict[str, int]:
    """Do the day's work of the campaign in `folder`, calling `lap` after each part; return the counts."""
    campaign = yaml.safe_load((folder / "campaign.yaml").read_text(encoding="utf-8"))
    units = campaign["units"]
    cases, bad_cases = read_list(folder, CASES, units)
    items, bad_items = read_list(folder, WORK, units)
    lap("read")
    judge_all(units, cases, items)
    findings, figures = find_all(cases, items, units), count_all(units, cases, items)
    lap("check")
    owed = [one["record"] for one in findings if one["kind"] == APOLOGY_OWED]
    letters = write_letters(owed, campaign, out / "letters")
    lap("letters")
    post = Post(campaign, out / "mail")
    reminders = write_reminders(post, figures["unit"], by_unit(findings))
    lap("reminders")
    write_returns(post, write_rejected(out, bad_cases, bad_items))
    lap("returns")
    (out / "report").mkdir()
    word, excel = (out / "report" / f"bao-cao-{TODAY}.{kind}" for kind in ("docx", "xlsx"))
    report.write_workbook(excel, campaign, figures, letters, cases=cases, items=items, findings=findings)
    report.write_document(word, campaign, figures)
    names = {unit["code"]: unit["name"] for unit in units}
    owes = {code: report.owed_words(counts) for code, counts in figures["unit"].items()}
    behind = [{"name": names[code], "owes": words} for code, words in owes.items() if words]
    total = sum(figures["unit"].values(), Counter())
    write_report_mail(post, report.report_totals(figures) | rates(total), behind, [word, excel])
    post.write_index()
    lap("report")
    kinds = Counter(one["kind"] for one in findings)
    summary = {"date": str(TODAY), "total": total, "findings": kinds, "units": figures["unit"]}
    (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=2), encoding="utf-8")
    return {
        "cases_late": total[CASES_LATE],
        "days_late": sum(one["days_late"] for one in findings if one["kind"] in (APOLOGY_OWED, UNREPORTED)),
        "apologies_owed": kinds[APOLOGY_OWED],
        "work_unreported": kinds[UNREPORTED],
        "work_unfiled": kinds[UNFILED],
        "letters": sum(counts["drafted"] for counts in letters.values()),
        "mails": reminders + 1,
    }


def judge_all(units: list[Row], cases: list[Row], items: list[Row]) -> None:
    """Note on each row its unit's name and what it is today."""
    names = {unit["code"]: unit["name"] for unit in units}
    for case in cases:
        case["unit_name"] = names[case["unit"]]
        judge_case(case)
    for item in items:
        item["unit_name"] = names[item["unit"]]
        judge_work(item)


def write_rejected(out: Path, *lists: list[Row]) -> dict[Path, list[Row]]:
    """Write the rows that cannot be used, all of them as text and a workbook a list; return them by workbook."""
    (out / "quarantine").mkdir()
    told = [{name: row[name] for name in row if name != "cells"} for rows in lists for row in rows]
    pd.DataFrame(told).to_csv(out / "quarantine.csv", index=False, encoding="utf-8-sig")
    books = {out / "quarantine" / f"{rows[0]['source']}-1.xlsx": rows for rows in lists if rows}
    for path, rows in books.items():
        write_refused(path, rows, f"Nguồn {rows[0]['source']}, ngày {short_date(TODAY)}: tệp {rows[0]['file']}")
    return books
