"""Progress in words: what changed, what is needed per day, and when all will be done."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from dondoc.figures import COUNTS, OFFICE, RATES, UNIT, only, owed
from dondoc.figures import progress as outcome
from dondoc.figures.progress import pace_words
from dondoc.frames import rows_of
from dondoc.report.facts import ReportFacts
from dondoc.vietnamese.wording import PROVISIONAL, number, percent, short_date

NO_DAY_LEFT = "đã đến hạn"
UNKNOWN = "chưa đủ số liệu"
# What stands beside what remains.
BESIDE = "chờ ký thư xin lỗi hoặc được tạm miễn"


def progress_fields(facts: ReportFacts) -> dict[str, Any]:
    """Return `total`, and `units` in the campaign's order: figures, change, pace and outlook of each as text.

    `compared` says whether there is an earlier day; without one nothing is known of change, pace and outlook.
    """
    rows = {}
    for scope in (OFFICE, UNIT):
        figures, progress = (rows_of(only(table, scope)) for table in (facts.figures, facts.progress))
        told = [_fields(*both, last=facts.day.calendar.last) for both in zip(figures, progress, strict=True)]
        rows[scope] = told
    office = only(facts.progress, OFFICE).iloc[0]
    return {
        "total": rows[OFFICE][0],
        "units": rows[UNIT],
        "compared": bool(facts.earlier) or pd.notna(office["done_yesterday"]),
    }


def _fields(figures: Mapping[str, Any], progress: Mapping[str, Any], *, last: date) -> dict[str, str]:
    words = {name: number(figures[name]) for name in COUNTS} | {name: percent(figures[name]) for name in RATES}
    words |= {kind: number(count) for kind, count in owed(figures).items()}
    return words | {
        "name": figures["name"],
        "change": _signed(progress["done_yesterday"]),
        "change_since_first": _signed(progress["done_since_first"]),
        "needed": _needed(progress),
        "pace": pace_words(progress["pace"]) or "–",
        "outlook": _outlook(progress, last),
        "sentence": " ".join(filter(None, [_changes(progress), _remains(progress, last)])),
        # Where what remains was told before: what changed, and at what pace it goes.
        "pace_sentence": " ".join(filter(None, [_changes(progress), _pace(progress, last)])),
    }


def _signed(change: int | None) -> str:
    if change is None or pd.isna(change):
        return "–"
    return f"{'+' if change > 0 else '−' if change < 0 else ''}{number(abs(change))}"


def _needed(progress: Mapping[str, Any]) -> str:
    return NO_DAY_LEFT if pd.isna(progress["needed"]) else number(progress["needed"])


def _outlook(progress: Mapping[str, Any], last: date) -> str:
    if _is_all_but_signed(progress):
        return BESIDE
    on = short_date(progress["reached_on"])
    on += f" {PROVISIONAL}" if on and progress["reached_on"] > last else ""
    return {
        outcome.NOTHING: "không phát sinh",
        outcome.REACHED: "đã đạt",
        outcome.IN_TIME: f"{on}, đúng hạn",
        outcome.TOO_LATE: f"{on}, sau hạn" if on else "sau hạn, ngoài lịch đã có",
        outcome.NEVER: "không đạt với tốc độ này",
        outcome.UNKNOWN: UNKNOWN,
    }[progress["verdict"]]


def _is_all_but_signed(progress: Mapping[str, Any]) -> bool:
    """Return whether nothing remains for anybody in a unit, and the rate lacks what waits or is waived."""
    return not progress["remaining"] and progress["verdict"] not in {outcome.NOTHING, outcome.REACHED}


def _changes(progress: Mapping[str, Any]) -> str:
    """Return what changed, as a sentence; empty on the first day."""
    if pd.isna(progress["done_yesterday"]):
        return ""
    yesterday = _signed(progress["done_yesterday"])
    first = _signed(progress["done_since_first"])
    return f"So với ngày báo cáo trước {yesterday} việc hoàn thành, so với ngày đầu {first} việc."


def _remains(progress: Mapping[str, Any], last: date) -> str:
    """Return what remains and what is to come, as a sentence; empty where nothing is left to come."""
    pace = _pace(progress, last)
    return f"Còn lại {number(progress['remaining'])} việc, {pace[0].lower()}{pace[1:]}" if pace else ""


def _pace(progress: Mapping[str, Any], last: date) -> str:
    if progress["verdict"] in {outcome.NOTHING, outcome.REACHED}:
        return ""
    if _is_all_but_signed(progress):
        return f"Không còn việc phải làm; {number(progress['due'] - progress['done'])} việc {BESIDE}."
    needed = NO_DAY_LEFT.capitalize() if pd.isna(progress["needed"]) else f"Cần hoàn thành mỗi ngày {_needed(progress)}"
    pace = pace_words(progress["pace"]) or UNKNOWN
    return f"{needed}; tốc độ năm ngày qua: {pace}; dự kiến: {_outlook(progress, last)}."
