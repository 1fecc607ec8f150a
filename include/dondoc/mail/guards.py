"""When and to whom mail may leave at all."""

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta

from dondoc.campaign.day import Day


def send_window(day: Day) -> tuple[datetime, datetime]:
    """Return the instants, in UTC, from which and until which a mail of `day` may leave.

    A rehearsal is nobody's working hours: it may leave all day.
    """
    window = day.campaign.mail.window
    zone = day.campaign.zone
    if day.rehearsal:
        opens = datetime.combine(day.business_date, time.min, zone)
        return opens.astimezone(UTC), (opens + timedelta(days=1)).astimezone(UTC)
    opens, closes = (datetime.combine(day.business_date, at, zone) for at in (window.opens, window.closes))
    return opens.astimezone(UTC), closes.astimezone(UTC)


def final_window(day: Day) -> tuple[datetime, datetime]:
    """Return the instants, in UTC, between which the final report may leave: until midnight, for late beats never."""
    opens, _ = send_window(day)
    midnight = datetime.combine(day.business_date + timedelta(days=1), time.min, day.campaign.zone)
    return opens, midnight.astimezone(UTC)


def off_domain(recipient: str, domains: Collection[str]) -> str | None:
    """Return why `recipient` may not be written to, None when it may."""
    domain = recipient.rpartition("@")[2].lower()
    if domain in domains:
        return None
    return f"địa chỉ ngoài các miền được phép (mail.domains): @{domain}"
