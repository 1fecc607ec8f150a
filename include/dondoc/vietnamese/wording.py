"""Vietnamese office writing: dates, numbers, rates (Decree 30/2020/NĐ-CP, annex I)."""

from datetime import date, datetime, time
from typing import Any

NBSP = "\u00a0"
NOTHING_ARISES = "Không phát sinh"
# Beside whatever a year without an official calendar decided.
PROVISIONAL = "(lịch dự kiến)"
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


def days_late_words(days: int, *, of: str = "ngày", at_least: Any = False, provisional: Any = False) -> str:
    """Return e.g. "12 ngày", "từ 2.012 ngày trở lên" of a lower bound, "12 ngày (lịch dự kiến)".

    Args:
        days: how many.
        of: what is counted; nothing where a heading says it.
        at_least: whether the days are a lower bound; null, as findings kept by an older version have it, is no.
        provisional: whether a year without an official calendar decided; null likewise.
    """
    counted = f"{number(days)} {of}".rstrip()
    bound = f"từ {counted} trở lên" if _is_so(at_least) else counted
    return f"{bound} {PROVISIONAL}" if _is_so(provisional) else bound


def two_digits(count: int) -> str:
    """Return e.g. "05": small counts in official texts carry a leading zero."""
    return f"{int(count):02d}"


def text(value: Any) -> str:
    """Return `value` as text, empty where it is null."""
    return "" if _absent(value) else str(value)


def _is_so(value: Any) -> bool:
    return not _absent(value) and bool(value)


def _absent(value: Any) -> bool:
    """Return whether `value` is None or a null of numpy or pandas, which the pages write dates without loading.

    NaN and NaT are not equal to themselves; of NA not even that can be said.
    """
    return value is None or type(value).__name__ == "NAType" or bool(value != value)
