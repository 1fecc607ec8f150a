"""An operator's questions to a day that was run: why a case is late, what another calendar would change."""

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from dondoc.campaign import load_calendar
from dondoc.checks.explain import explain
from dondoc.checks.impact import Conclusions, calendar_impact, conclusions_impact
from dondoc.checks.registry import find_all
from dondoc.daily import evidence
from dondoc.daily.check import facts_of, judge
from dondoc.daily.day_records import day_records
from dondoc.daily.first_dates import first_dates_before
from dondoc.errors import LedgerError
from dondoc.installation import Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger import runs
from dondoc.ledger.store import open_ledger
from dondoc.records import FINDING_TITLES, FindingKind
from dondoc.vietnamese.wording import PROVISIONAL, number, short_date

SHOWN = 50


def print_explanation(installation: Installation, campaign: str, asked: str, on: date | None) -> int:
    """Print how the conclusion on a case or item was reached on a day, the latest when None; return 1 if unknown.

    Raises:
        LedgerError: the campaign has no such day.
    """
    place, snapshots = _day_taken(installation, campaign, on)
    dated = facts_of(place, snapshots)
    facts = evidence.with_apologies(dated, evidence.of_day(place, snapshots, dated.cases))
    lines = explain(facts, find_all(facts), asked)
    if not lines:
        day = short_date(place.day.business_date)
        print(f"LỖI: ngày {day} không có hồ sơ, công việc nào mang số “{asked}”.", file=sys.stderr)
        print("  Cách xử lý: kiểm tra số; dòng bị loại nằm trong quarantine.csv của ngày đó.", file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0


def print_impact(installation: Installation, campaign: str, on: date, calendar: Path) -> int:
    """Print which cases of a day the calendar file would judge differently, numbers alone; return 0.

    Raises:
        LedgerError: the campaign has no such day.
        CampaignError: the calendar file is missing or wrong.
    """
    place, snapshots = _day_taken(installation, campaign, on)
    records = day_records(place, snapshots)
    first_dates = first_dates_before(place)
    apologies = evidence.of_day(place, snapshots, judge(place.day, records, first_dates).cases)
    now = judge(place.day, records, first_dates, apologies)
    then = judge(replace(place.day, calendar=load_calendar(calendar)), records, first_dates, apologies)
    changed = calendar_impact(now.cases, then.cases)
    became = changed["late_then"] & ~changed["late_now"]
    ceased = changed["late_now"] & ~changed["late_then"]
    print(
        f"{number(len(changed))} hồ sơ thay đổi: {number(became.sum())} thành quá hạn, {number(ceased.sum())} "
        f"không còn quá hạn, {number(len(changed) - became.sum() - ceased.sum())} đổi số ngày hoặc ngày hẹn trả."
    )
    for row in changed.head(SHOWN).to_dict("records"):
        print(
            f"{row['case_number']}: hẹn trả {_on(row['due_on_now'])} → {_on(row['due_on_then'])}; "
            f"chậm {row['days_late_now']} → {row['days_late_then']} ngày làm việc"
        )
    if len(changed) > SHOWN:
        print(f"… và {number(len(changed) - SHOWN)} hồ sơ khác.")
    _print_conclusions(conclusions_impact(find_all(now), find_all(then)))
    return 0


def _print_conclusions(impact: Conclusions) -> None:
    print(
        f"Kết luận: thêm {number(len(impact.new))}, bớt {number(len(impact.gone))}, đổi số ngày "
        f"{number(len(impact.moved))}; {number(impact.settled)} kết luận thôi là {PROVISIONAL.strip('()')}."
    )
    for word, findings in (("thêm", impact.new), ("bớt", impact.gone), ("đổi số ngày", impact.moved)):
        for one in findings.head(SHOWN).itertuples():
            print(f"{word}: {one.number}: {FINDING_TITLES[FindingKind(one.kind)]}")


def _day_taken(installation: Installation, campaign: str, on: date | None) -> tuple[Workplace, list[dict[str, object]]]:
    installation.campaign(campaign)
    ledger = open_ledger(installation.ledger_url)
    day = on or runs.latest_day(ledger, campaign=campaign)
    taken = runs.snapshots_of_day(ledger, campaign=campaign, business_date=day) if day else []
    if day is None or not taken:
        raise LedgerError(
            f"Đợt {campaign} chưa chạy {f'ngày {short_date(day)}' if day else 'ngày nào'}.",
            where="sổ cái",
            remedy="chạy ngày đó trước, hoặc chọn một ngày đã chạy.",
        )
    return Workplace.on(campaign, day), taken


def _on(day: pd.Timestamp) -> str:
    return short_date(day) or "không có"
