"""What must be true before a mail may leave. Each answer is a reason an operator reads."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dondoc.campaign import Gates
from dondoc.day import Day
from dondoc.wording import percent, short_date


def hold_reason(day: Day, *, backfill: bool, mode: str, today: date, armed_by: str | None) -> str | None:
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
    if not (armed_by or "").strip():
        return "chế độ gửi thư phải ghi tên người cho phép gửi"
    if day.business_date != today:
        return f"ngày {short_date(day.business_date)} không phải hôm nay: chạy lại ngày cũ không gửi thư"
    if not day.calendar.is_working(day.business_date):
        return "hôm nay là ngày nghỉ"
    return None


def closed_gates(snapshots: Sequence[Mapping[str, Any]], gates: Gates) -> list[str]:
    """Return one reason a gate that is closed.

    Args:
        snapshots: name and counts of each source.
        gates: the campaign's thresholds, as shares of the rows that came in.
    """
    limits = (
        ("quarantined", gates.quarantined_share, "dòng bị loại"),
        ("unknown_units", gates.unknown_unit_share, "dòng có đơn vị lạ"),
    )
    return [
        f"nguồn {snapshot['name']}: {snapshot[count]} {words} trên {snapshot['rows_in']} dòng, vượt mức "
        f"{percent(100 * limit)}"
        for snapshot in snapshots
        for count, limit, words in limits
        if snapshot[count] > limit * snapshot["rows_in"]
    ]
