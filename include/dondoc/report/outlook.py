"""Progress in words: what changed, what is needed a day, and when all will be done."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from dondoc.figures import COUNTS, OFFICE, RATES, UNIT, only, owed
from dondoc.figures import progress as outcome
from dondoc.figures.progress import pace_words
from dondoc.report.facts import ReportFacts
from dondoc.wording import PROVISIONAL, number, percent, short_date

NO_DAY_LEFT = "đã đến hạn"
UNKNOWN = "chưa đủ số liệu"


def progress_fields(facts: ReportFacts) -> dict[str, Any]:
    """Return `total`, and `units` in the campaign's order: figures, change, pace and outlook of each as text."""
    rows = {}
    for scope in (OFFICE, UNIT):
        figures, progress = (only(table, scope).to_dict("records") for table in (facts.figures, facts.progress))
        told = [_fields(*both, last=facts.day.calendar.last) for both in zip(figures, progress, strict=True)]
        rows[scope] = told
    return {"total": rows[OFFICE][0], "units": rows[UNIT]}


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
        "sentence": _sentence(progress, last),
    }


def _signed(change: int | None) -> str:
    if change is None or pd.isna(change):
        return "–"
    return f"{'+' if change > 0 else '−' if change < 0 else ''}{number(abs(change))}"


def _needed(progress: Mapping[str, Any]) -> str:
    return NO_DAY_LEFT if pd.isna(progress["needed"]) else number(progress["needed"])


def _outlook(progress: Mapping[str, Any], last: date) -> str:
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


def _sentence(progress: Mapping[str, Any], last: date) -> str:
    """Return what changed and what is to come, as sentences."""
    left = number(progress["remaining"])
    changes = []
    if pd.notna(progress["done_yesterday"]):
        changes.append(f"so với ngày báo cáo trước {_signed(progress['done_yesterday'])} việc hoàn thành")
        changes.append(f"so với ngày đầu {_signed(progress['done_since_first'])} việc")
    first = ", ".join(changes)
    said = f"{first[0].upper()}{first[1:]}. " if first else ""
    if progress["verdict"] in {outcome.NOTHING, outcome.REACHED}:
        return said.strip()
    needed = NO_DAY_LEFT if pd.isna(progress["needed"]) else f"cần hoàn thành mỗi ngày {_needed(progress)}"
    said += f"Còn lại {left} việc, {needed}; "
    pace = pace_words(progress["pace"]) or UNKNOWN
    return said + f"tốc độ năm ngày qua: {pace}; dự kiến: {_outlook(progress, last)}."
