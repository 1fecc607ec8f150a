"""How far a campaign may look by an official calendar, and what an operator is told where it ends."""

from collections.abc import Iterator
from datetime import date

from dondoc.calendar import WorkCalendar
from dondoc.campaign import Campaign
from dondoc.campaign.day import Day
from dondoc.campaign.ending import ending_of
from dondoc.errors import Problem
from dondoc.vietnamese.wording import PROVISIONAL, short_date

# What an item of the summary is about.
CALENDAR = "calendar"
# The decision on a year usually comes in autumn: from here on its absence is worth a word.
ASKED_FROM_MONTH = 11
DECIDED = "có quyết định về năm đó thì nâng years.last của tệp lịch, rồi xem tác động bằng lệnh impact."


def calendar_warning(day: Day) -> str:
    """Return what everybody must know of a day that lies in a year without an official calendar; nothing otherwise."""
    if not day.is_provisional:
        return ""
    return (
        f"Ngày {short_date(day.business_date)} thuộc năm chưa có lịch nghỉ chính thức: số ngày chậm, số ngày còn lại "
        f"từ ngày {short_date(_first_ahead(day.calendar))} là số tạm tính {PROVISIONAL}."
    )


def safe_until(campaign: Campaign, calendar: WorkCalendar) -> str:
    """Return until which day the campaign is counted by an official calendar, as a sentence.

    Raises:
        CampaignError: as `ending_of`.
        CalendarGapError: as `ending_of`.
    """
    last_on = ending_of(campaign, calendar).last_on
    until = short_date(calendar.last)
    if last_on <= calendar.last:
        return f"lịch nghỉ chính thức có đến hết ngày {until}, đủ cho cả đợt (kết thúc ngày {short_date(last_on)})"
    return f"an toàn đến hết ngày {until} theo lịch nghỉ chính thức; đợt kết thúc ngày {short_date(last_on)}"


def calendar_warnings(day: Day) -> Iterator[Problem]:
    """Yield what of the campaign is counted by a provisional calendar, and which proposed swaps touch it.

    Raises:
        CampaignError: as `ending_of`.
        CalendarGapError: as `ending_of`.
    """
    calendar = day.calendar
    campaign = day.campaign
    last_on = ending_of(campaign, calendar).last_on
    where = f"lịch làm việc {calendar.name}".strip()
    if day.is_provisional:
        yield Problem(calendar_warning(day), where=where, remedy=DECIDED)
    elif last_on > calendar.last:
        ahead = f"Từ ngày {short_date(_first_ahead(calendar))} đến khi đợt kết thúc chỉ có lịch dự kiến."
        yield Problem(ahead, where=where, remedy=DECIDED)
    for swap in calendar.proposed:
        if any(campaign.starts_on <= one <= last_on for one in (swap.off, swap.worked)):
            touched = f"Đợt có ngày {short_date(swap.off)} hoặc {short_date(swap.worked)}, đang tính như thường."
            remedy = "có quyết định thì ghi applied là true và số văn bản vào mục này."
            yield Problem(f"{touched} {swap.reason}.", where=f"{where}, mục proposed", remedy=remedy)


def awaited_year(calendar: WorkCalendar, today: date) -> int | None:
    """Return the year whose official calendar ought to be there by `today` and is not: next year from November on."""
    wanted = today.year + (today.month >= ASKED_FROM_MONTH)
    return wanted if date(wanted, 1, 1) > calendar.last else None


def _first_ahead(calendar: WorkCalendar) -> date:
    return date(calendar.last.year + 1, 1, 1)
