"""Ngày: a calendar of the campaign's days, each opening what it came to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine

from dondoc.calendar import WorkCalendar
from dondoc.campaign import Campaign, load_calendar
from dondoc.campaign.ending import ending_of
from dondoc.daily.extensions import idle_days
from dondoc.installation import Installation
from dondoc.ledger.days import DayRow, day_rows, first_used
from dondoc.ledger.deadlines import versions
from dondoc.ledger.runs import MISSED
from dondoc.pages import outcomes
from dondoc.pages.access import DAYS, Role
from dondoc.pages.context import PageContext
from dondoc.pages.today import RUN_STATES

WEEK = 7
OVER = "đợt đã hết hạn, chưa dời hạn"
UNFOLLOWED = "chưa theo dõi ở đây"


@dataclass(frozen=True)
class Square:
    """A day of the calendar.

    Attributes:
        on: the day.
        look: how it is coloured: the state of its run, `rest`, `outside` the campaign, or empty.
        words: what is said of it, a line each.
        opens: whether there is an outcome to open.
    """

    on: date
    look: str
    words: tuple[str, ...]
    opens: bool


def days_router(desk: PageContext) -> APIRouter:
    """Return the routes of the calendar and of a day's outcome."""
    router = APIRouter()
    Who = Annotated[Any, Depends(desk.user)]  # noqa: N806  a type

    @router.get("/days")
    def show_days(request: Request, who: Who) -> HTMLResponse:
        allowed = desk.campaigns(who, Role.VIEWER)
        found = [(campaign, weeks_of(desk.installation, desk.ledger, campaign)) for campaign in allowed]
        return desk.page(request, "days.html.j2", who=who, here=DAYS, campaigns=found)

    @router.get("/days/{code}/{on}")
    def show_day(request: Request, code: str, on: date, who: Who) -> HTMLResponse:
        campaign = desk.campaign(who, Role.VIEWER, code)
        row = day_rows(desk.ledger, campaign=code).get(on)
        if row is None:
            raise HTTPException(404)
        summary = outcomes.read_summary(desk.installation, code, on)
        shown: dict[str, Any] = {"state": RUN_STATES[row.state], "row": row, "summary": summary}
        shown |= {
            "campaign": campaign,
            "bars": outcomes.unit_bars(summary) if summary else [],
            "gates": outcomes.gate_lines(summary) if summary else [],
            "sources": outcomes.source_lines(summary) if summary else [],
            "mails": outcomes.mail_groups(desk.ledger, campaign, on),
        }
        return desk.page(request, "day.html.j2", who=who, here=DAYS, **shown)

    return router


def weeks_of(installation: Installation, ledger: Engine, campaign: Campaign) -> list[list[Square]]:
    """Return the weeks of a campaign, Monday first, from its first day to its last.

    Raises:
        CampaignError: the calendar cannot be read.
        CalendarGapError: the campaign runs into a year without an official calendar.
    """
    calendar = load_calendar(installation.calendar_file(campaign.calendar))
    last = ending_of(campaign, calendar).last_on
    rows = day_rows(ledger, campaign=campaign.code)
    today = installation.now(campaign.zone).date()
    idle = idle_days(campaign, calendar, versions(ledger, campaign=campaign.code))
    squares = {
        day: _square(campaign, calendar, day, rows.get(day), today, _unfollowed(day, idle, first_used(rows) or today))
        for day in _days(campaign.starts_on, last)
    }
    monday = campaign.starts_on - timedelta(days=campaign.starts_on.weekday())
    days = [squares.get(day, Square(day, "outside", (), opens=False)) for day in _days(monday, _sunday(last))]
    return [days[i : i + WEEK] for i in range(0, len(days), WEEK)]


def _square(
    campaign: Campaign, calendar: WorkCalendar, day: date, row: DayRow | None, today: date, unfollowed: str
) -> Square:
    marks = tuple(_marks(campaign, calendar, day))
    if row is not None:
        return Square(day, row.state, (*_of_run(row), *marks), opens=row.state != MISSED)
    rest = calendar.rest_name(day)
    if rest:
        return Square(day, "rest", (rest, *marks), opens=False)
    if unfollowed:
        return Square(day, "", (unfollowed, *marks), opens=False)
    if day < today:
        return Square(day, "missed", (RUN_STATES[MISSED], *marks), opens=False)
    return Square(day, "", ("hôm nay, chưa chạy" if day == today else "chưa tới", *marks), opens=False)


def _unfollowed(day: date, idle: frozenset[date], since: date) -> str:
    """Return why nobody missed a run on `day`, empty where one was to be."""
    if day in idle:
        return OVER
    return UNFOLLOWED if day < since else ""


def _of_run(row: DayRow) -> Iterator[str]:
    yield RUN_STATES[row.state]
    if row.missed and row.state != MISSED:
        yield "lỡ, chạy sau"
    if row.hold_reason and row.state != MISSED:
        yield "thư bị giữ"


def _marks(campaign: Campaign, calendar: WorkCalendar, day: date) -> Iterator[str]:
    ending = ending_of(campaign, calendar)
    if day in calendar.worked:
        yield calendar.worked[day]
    if day == campaign.deadline:
        yield "hạn của đợt"
    if day == ending.final_on:
        yield f"báo cáo cuối cùng, hạn {ending.due_at:%H:%M}"
    if day == ending.closing_on:
        yield "kết thúc đợt"


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _sunday(day: date) -> date:
    return day + timedelta(days=WEEK - 1 - day.weekday())
