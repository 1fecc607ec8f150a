"""Vietnamese office writing: dates, numbers, rates (Decree 30/2020/NĐ-CP, annex I)."""

from datetime import date, datetime, time
from typing import Any

import pandas as pd

NBSP = "\u00a0"
NOTHING_ARISES = "Không phát sinh"
END_OF_DAY = (time(0), time(23, 59, 59))


def date_in_words(day: date) -> str:
    """Return e.g. "ngày 05 tháng 01 năm 2024": a leading zero for days below 10 and for months 1 and 2 alone.

    Each number stays with its word; a line may break between, or a justified one is torn apart.
    """
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày{NBSP}{day.day:02d} tháng{NBSP}{month} năm{NBSP}{day.year}"


def instant_in_words(at: datetime) -> str:
    """Return e.g. "16 giờ 30, ngày 05 tháng 01 năm 2024"; the hour is left out where the source gave none."""
    words = date_in_words(at.date())
    return words if at.time() in END_OF_DAY else f"{at.hour:02d}{NBSP}giờ{NBSP}{at.minute:02d}, {words}"


def short_date(day: date | None) -> str:
    """Return e.g. "05/01/2024", empty for none."""
    return "" if _absent(day) else f"{day:%d/%m/%Y}"


def number(count: int) -> str:
    """Return e.g. "1.234"."""
    return f"{int(count):,}".replace(",", ".")


def percent(rate: float | None) -> str:
    """Return e.g. "95,24%"; "Không phát sinh" where nothing was to be done."""
    if _absent(rate):
        return NOTHING_ARISES
    return f"{rate:.2f}".rstrip("0").rstrip(".").replace(".", ",") + "%"


def points(score: float) -> str:
    """Return e.g. "1,5"."""
    return f"{score:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def two_digits(count: int) -> str:
    """Return e.g. "05": small counts in official texts carry a leading zero."""
    return f"{int(count):02d}"


def text(value: Any) -> str:
    """Return `value` as text, empty where it is null."""
    return "" if _absent(value) else str(value)


def _absent(value: Any) -> bool:
    return value is None or bool(pd.isna(value))
