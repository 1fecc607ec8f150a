"""The gates before any mail leaves: each takes facts and returns a verdict for the operator. No clock, no ledger."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from statistics import median
from typing import Any

import numpy as np

from dondoc.actor import Actor, KnownBy
from dondoc.campaign import Gates
from dondoc.campaign.day import Day
from dondoc.checks.columns import ColumnPresence, missing_columns
from dondoc.vietnamese.wording import number, percent, short_date

# Headings a renamed column may be among; a label has no room for more.
MAX_STRANGE = 12
NO_PAST = "chưa có ngày trước để so"


@dataclass(frozen=True)
class PulledSource:
    """What a source gave on a day. `content_sha256` and `unit_rows` are None for days recorded before they were."""

    on: date
    file_sha256: str
    content_sha256: str | None
    rows_in: int
    unit_rows: Mapping[str, int] | None


@dataclass(frozen=True)
class SourceArrival:
    """A source as it comes to the gates.

    Attributes:
        source: its name.
        day: the business day, with the campaign's thresholds.
        today: what it gave.
        past: what it gave on the latest days before, newest first.
        quarantined: rows that were rejected.
        unknown_units: those of them whose unit is not the campaign's.
        newest_on: the newest date of receipt or assignment up to the business date; None where no row has one.
        future_rows: rows rejected because they begin after the business date.
        kind: of its records.
        columns: what of its headings it has and had.
    """

    source: str
    day: Day
    today: PulledSource
    past: Sequence[PulledSource]
    quarantined: int
    unknown_units: int
    newest_on: date | None
    future_rows: int
    kind: str
    columns: ColumnPresence


@dataclass(frozen=True)
class GateVerdict:
    """Whether a gate is open, why in the operator's words, and the figures it was decided by."""

    open: bool
    reason: str
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class GateResult:
    """A gate's verdict on a source; `source` is empty for a gate that judges the whole day."""

    gate: str
    source: str
    verdict: GateVerdict


def hold_reason(day: Day, *, backfill: bool, mode: str, today: date, armed_by: Actor | None) -> str | None:
    """Return why no mail of `day` may leave, None when it may.

    Args:
        day: the business day.
        backfill: whether this run only fills in a past day.
        mode: `preview` or `armed`.
        today: the office's date now; a mail about another day would mislead.
        armed_by: who lets the mail leave.
    """
    if backfill:
        return "chạy bù: chỉ tính toán, không gửi thư"
    if mode != "armed":
        return "chế độ xem trước: thư chỉ được ghi thành tệp"
    if armed_by is None or armed_by.known in (KnownBy.NOBODY, KnownBy.MACHINE):
        return "chế độ gửi thư phải biết ai cho phép gửi"
    if day.business_date != today:
        return f"ngày {short_date(day.business_date)} không phải hôm nay: chạy lại ngày cũ không gửi thư"
    if not day.calendar.is_working(day.business_date):
        return "hôm nay là ngày nghỉ"
    return None


def freshness(arrival: SourceArrival) -> GateVerdict:
    """Close when the source gave what it gave the day before: nobody exported it anew."""
    if not arrival.past:
        return GateVerdict(True, NO_PAST)
    before = arrival.past[0]
    today = arrival.today
    same_file = before.file_sha256 == today.file_sha256
    same_content = before.content_sha256 is not None and before.content_sha256 == today.content_sha256
    if same_file or same_content:
        how = "cùng một tệp" if same_file else "tệp lưu lại, nội dung không đổi"
        return GateVerdict(False, f"dữ liệu giống hệt ngày {short_date(before.on)} ({how})", {"as_on": str(before.on)})
    return GateVerdict(True, f"khác ngày {short_date(before.on)}")


def row_count(arrival: SourceArrival) -> GateVerdict:
    """Close when the rows fall further below the median of the days before than the campaign allows."""
    if not arrival.past:
        return GateVerdict(True, NO_PAST)
    usual = median(taken.rows_in for taken in arrival.past)
    rows = arrival.today.rows_in
    limit = arrival.day.campaign.gates.row_drop_share
    figures = {"rows_in": rows, "median": usual, "days": len(arrival.past)}
    words = f"{number(rows)} dòng, mức giữa của {len(arrival.past)} ngày trước là {number(round(usual))}"
    if usual - rows > share_of(limit, usual):
        return GateVerdict(False, f"{words}: giảm quá {percent(100 * limit)}", figures)
    return GateVerdict(True, words, figures)


def vanished_unit(arrival: SourceArrival) -> GateVerdict:
    """Close when a unit that had rows on each of the days before has none."""
    past = [taken.unit_rows for taken in arrival.past if taken.unit_rows is not None]
    if not past:
        return GateVerdict(True, NO_PAST)
    regular = set.intersection(*({code for code, rows in units.items() if rows} for units in past))
    today = arrival.today.unit_rows or {}
    names = arrival.day.campaign.unit_by_code
    # A unit taken out of the campaign since is no longer awaited.
    gone = sorted(code for code in regular & set(names) if not today.get(code))
    if gone:
        listed = "; ".join(names[code].name for code in gone)
        return GateVerdict(False, f"không còn dòng nào của {listed}, các ngày trước đều có", {"units": gone})
    return GateVerdict(True, "đơn vị nào ngày nào cũng có dữ liệu thì nay vẫn có")


def quarantined(arrival: SourceArrival) -> GateVerdict:
    """Close when too many rows were rejected."""
    return _within(
        arrival.quarantined,
        arrival.today.rows_in,
        limit=arrival.day.campaign.gates.quarantined_share,
        words="dòng bị loại",
    )


def unknown_units(arrival: SourceArrival) -> GateVerdict:
    """Close when too many rows name a unit that is not the campaign's."""
    return _within(
        arrival.unknown_units,
        arrival.today.rows_in,
        limit=arrival.day.campaign.gates.unknown_unit_share,
        words="dòng có đơn vị lạ",
    )


def future_dates(arrival: SourceArrival) -> GateVerdict:
    """Close when too many records begin after the business date: a wrong column, or the file of another day."""
    return _within(
        arrival.future_rows,
        arrival.today.rows_in,
        limit=arrival.day.campaign.gates.future_share,
        words="dòng ghi ngày tiếp nhận, ngày giao sau ngày tính",
    )


def newest_date(arrival: SourceArrival) -> GateVerdict:
    """Close when nothing was received or assigned for longer than the campaign allows: an old export."""
    newest = arrival.newest_on
    day = arrival.day
    if newest is None:
        return GateVerdict(True, "nguồn không có ngày tiếp nhận, ngày giao để xét")
    limit = day.campaign.gates.newest_within_working_days
    words = f"ngày tiếp nhận, ngày giao mới nhất là {short_date(newest)}"
    # Older than the calendar itself is old, and not a gap in the calendar.
    if newest < day.calendar.first:
        return GateVerdict(False, f"{words}, trước mọi năm của lịch làm việc", {"newest_on": str(newest)})
    since, today = np.array([newest, day.business_date], "datetime64[D]")[:, None]
    age = int(day.calendar.days_between(since, today)[0])
    figures = {"newest_on": str(newest), "working_days": age}
    if age > limit:
        return GateVerdict(False, f"{words}, đã {age} ngày làm việc, quá mức {limit} ngày", figures)
    return GateVerdict(True, words, figures)


def late_growth(late: int, before: tuple[date, int] | None, limits: Gates) -> GateVerdict:
    """Close when the late cases multiply from one day to the next: a due-date column moved, more likely than an office.

    Args:
        late: late cases of the day.
        before: the latest earlier day that was judged, and its late cases; None on the first day.
        limits: the campaign's thresholds.
    """
    if before is None:
        return GateVerdict(True, NO_PAST, {"late": late})
    on, earlier = before
    figures = {"late": late, "before": earlier, "on": str(on)}
    words = f"hồ sơ quá hạn: {number(late)}, ngày {short_date(on)} là {number(earlier)}"
    if late - earlier >= limits.late_growth_floor and late >= share_of(limits.late_growth, earlier):
        times = f"{limits.late_growth:g}".replace(".", ",")
        return GateVerdict(False, f"{words}, từ {times} lần trở lên", figures)
    return GateVerdict(True, words, figures)


def columns(arrival: SourceArrival) -> GateVerdict:
    """Close when a column is gone without which lateness, filing or the unit cannot be told."""
    missing = missing_columns(arrival.kind, arrival.columns)
    if not missing:
        return GateVerdict(True, "đủ các cột quyết định")
    unknown = arrival.columns.unknown
    strange = f"; cột lạ của tệp: {', '.join(unknown[:MAX_STRANGE])}" if unknown else ""
    return GateVerdict(False, f"{'; '.join(missing)}{strange}", {"missing": len(missing)})


# The gates a source passes, in the order an operator reads them. `late_growth` is judged on the whole day's findings.
SOURCE_GATES: dict[str, Callable[[SourceArrival], GateVerdict]] = {
    "freshness": freshness,
    "row_count": row_count,
    "vanished_unit": vanished_unit,
    "quarantined": quarantined,
    "unknown_units": unknown_units,
    "newest_date": newest_date,
    "future_dates": future_dates,
    "columns": columns,
}


def judge_arrival(arrival: SourceArrival) -> list[GateResult]:
    """Return the verdict of every source gate on `arrival`, in their order."""
    return [GateResult(gate, arrival.source, judge(arrival)) for gate, judge in SOURCE_GATES.items()]


def judge_growth(late: int, before: tuple[date, int] | None, limits: Gates) -> GateResult:
    """Return the verdict of `late_growth` on the day; arguments as there."""
    return GateResult("late_growth", "", late_growth(late, before, limits))


def share_of(share: float, count: float) -> Fraction:
    """Return `share` of `count` exactly: 0.07 as a binary number makes 7 of 100 more than 7 %."""
    return Fraction(str(share)) * Fraction(count)


def _within(part: int, whole: int, *, limit: float, words: str) -> GateVerdict:
    said = f"{number(part)} {words} trên {number(whole)} dòng"
    figures = {"rows": part, "of": whole}
    if part > share_of(limit, whole):
        return GateVerdict(False, f"{said}, vượt mức {percent(100 * limit)}", figures)
    return GateVerdict(True, said, figures)
