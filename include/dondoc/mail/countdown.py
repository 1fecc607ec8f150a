"""How long is left to the deadline, in words and in days."""

from datetime import timedelta

from dondoc.campaign.day import Day
from dondoc.vietnamese.wording import number


def days_to_deadline(day: Day) -> int:
    """Return the working days left after `day`: 0 on the deadline, negative by the working days gone since."""
    if not past_deadline(day):
        return day.working_days_left
    return -len(day.calendar.working_days(day.campaign.deadline + timedelta(days=1), day.business_date))


def past_deadline(day: Day) -> bool:
    """Return whether the deadline is over."""
    return day.business_date > day.campaign.deadline


def countdown(day: Day) -> str:
    """Return e.g. "còn 2 ngày làm việc"; on the deadline and after it, that it has come, or how long ago it was."""
    left = days_to_deadline(day)
    if past_deadline(day):
        gone = f"đã quá hạn của đợt {number(-left)} ngày làm việc{day.mark_to_deadline}"
        return gone if left else "đã hết hạn của đợt"
    return f"còn {number(left)} ngày làm việc{day.mark_to_deadline}" if left else "hôm nay là hạn cuối"
