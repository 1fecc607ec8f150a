"""How long is left to the deadline, and what that asks of a unit."""

from datetime import timedelta

from dondoc.day import Day
from dondoc.wording import number


def days_to_deadline(day: Day) -> int:
    """Return the working days left after `day`: 0 on the deadline, negative by the working days gone since."""
    deadline = day.campaign.deadline
    if day.business_date <= deadline:
        return day.working_days_left
    return -len(day.calendar.working_days(deadline + timedelta(days=1), day.business_date))


def countdown(day: Day) -> str:
    """Return e.g. "còn 2 ngày làm việc"; on the deadline and after it, that it has come, or how long ago it was."""
    left = days_to_deadline(day)
    if day.business_date > day.campaign.deadline:
        return f"đã quá hạn của đợt {number(-left)} ngày làm việc"
    return f"còn {number(left)} ngày làm việc" if left else "hôm nay là hạn cuối"


def pace_needed(owed: int, day: Day) -> int | None:
    """Return how many a working day are to be settled to owe none by the deadline; None once no day is left."""
    left = days_to_deadline(day)
    return -(-owed // left) if left > 0 else None
