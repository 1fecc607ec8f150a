"""Hôm nay: where each campaign stands, what needs a person, and what left today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine

from dondoc.calendar import WorkCalendar
from dondoc.campaign import Campaign, load_calendar
from dondoc.campaign.day import Day
from dondoc.campaign.ending import run_slots
from dondoc.installation import Installation
from dondoc.ledger.batches import waiting_batches
from dondoc.ledger.control import read_switch
from dondoc.ledger.days import DayRow, day_rows
from dondoc.ledger.outbox import HELD, list_uneasy
from dondoc.ledger.runs import DONE, FAILED, MISSED, RUNNING
from dondoc.pages import outcomes
from dondoc.pages.access import TODAY, Role
from dondoc.pages.context import PageContext
from dondoc.pages.outcomes import GateLine, MailGroup, SourceLine, Summary, UnitBar
from dondoc.vietnamese.wording import number, short_date

RUN_STATES = {RUNNING: "đang chạy", DONE: "xong", FAILED: "không hoàn thành", MISSED: "lỡ, không có lượt chạy"}
NEXT_RUNS = 3


@dataclass(frozen=True)
class Need:
    """Something a person has to see to, and the page where; `path` is empty where no page of ours shows more."""

    words: str
    path: str = ""


@dataclass(frozen=True)
class CampaignToday:
    """Where a campaign stands; `summary` is of the latest day that was closed, None before the first."""

    campaign: Campaign
    day: Day
    shown: DayRow | None
    summary: Summary | None
    needs: tuple[Need, ...]
    mails: tuple[MailGroup, ...]
    missed: tuple[date, ...]
    next_runs: tuple[datetime, ...]

    @property
    def state(self) -> str:
        """Return how the run of the day shown stands, in words."""
        return RUN_STATES[self.shown.state] if self.shown else "chưa chạy ngày nào"

    @property
    def bars(self) -> list[UnitBar]:
        """Return how far each unit is."""
        return outcomes.unit_bars(self.summary) if self.summary else []

    @property
    def gates(self) -> list[GateLine]:
        """Return the gates of the day shown, the closed first."""
        return outcomes.gate_lines(self.summary) if self.summary else []

    @property
    def sources(self) -> list[SourceLine]:
        """Return what each source gave on the day shown."""
        return outcomes.source_lines(self.summary) if self.summary else []

    @property
    def time_gone(self) -> float:
        """Return how much of the campaign's working days is over by the day shown, in percent."""
        on = min(self.shown.business_date if self.shown else self.day.business_date, self.campaign.deadline)
        days = self.day.calendar.working_days(self.campaign.starts_on, self.campaign.deadline)
        return round(100 * sum(day <= on for day in days) / len(days), 1) if days else 100.0


def today_router(desk: PageContext) -> APIRouter:
    """Return the route of the first page."""
    router = APIRouter()
    Who = Annotated[Any, Depends(desk.user)]  # noqa: N806  a type

    @router.get("/")
    def show_today(request: Request, who: Who, view: Literal["desk", "hall"] = "desk") -> HTMLResponse:
        found = [campaign_today(desk.installation, desk.ledger, one) for one in desk.campaigns(who, Role.VIEWER)]
        now = [desk.installation.now(one.campaign.zone) for one in found]
        if view == "hall":
            return desk.page(request, "hall.html.j2", campaigns=found, at=now[0])
        return desk.page(request, "today.html.j2", who=who, here=TODAY, campaigns=found, at=now[0])

    return router


def campaign_today(installation: Installation, ledger: Engine, campaign: Campaign) -> CampaignToday:
    """Return where `campaign` stands now.

    Raises:
        CampaignError: the calendar cannot be read.
        CalendarGapError: the campaign runs into a year without an official calendar.
    """
    calendar = load_calendar(installation.calendar_file(campaign.calendar))
    now = installation.now(campaign.zone)
    rows = day_rows(ledger, campaign=campaign.code)
    shown = max((row for row in rows.values() if row.state != MISSED), key=lambda row: row.business_date, default=None)
    summary = outcomes.read_summary(installation, campaign.code, shown.business_date) if shown else None
    return CampaignToday(
        campaign=campaign,
        day=Day(campaign, calendar, now.date()),
        shown=shown,
        summary=summary,
        needs=tuple(_needs(ledger, campaign, calendar, now, rows, summary)),
        mails=tuple(outcomes.mail_groups(ledger, campaign, shown.business_date)) if shown else (),
        missed=tuple(day for day, row in rows.items() if row.missed),
        next_runs=tuple(slot for slot in run_slots(campaign, calendar) if slot > now)[:NEXT_RUNS],
    )


def _needs(
    ledger: Engine,
    campaign: Campaign,
    calendar: WorkCalendar,
    now: datetime,
    rows: dict[date, DayRow],
    summary: Summary | None,
) -> Iterator[Need]:
    """Yield what needs a person, the most urgent first."""
    switch = read_switch(ledger)
    if switch and switch.stopped:
        yield Need(f"Đang dừng gửi mọi thư: {switch.who}: {switch.why}", "mails")
    yield from _of_runs(campaign, calendar, now, rows)
    if summary:
        yield from _of_outcome(summary)
    # What its day holds is told with the day's mails.
    uneasy = sum(row.state != HELD for row in list_uneasy(ledger, campaign=campaign.code))
    if uneasy:
        yield Need(
            f"{number(uneasy)} thư cần xem: chưa rõ đã tới chưa, máy chủ hoãn, bị từ chối hoặc bị trả lại", "mails"
        )
    waiting = waiting_batches(ledger, campaign=campaign.code)
    if waiting:
        letters = sum(len(batch.shown) for batch in waiting)
        yield Need(f"{number(len(waiting))} tập, {number(letters)} thư xin lỗi chờ duyệt", "batches")


def _of_runs(campaign: Campaign, calendar: WorkCalendar, now: datetime, rows: dict[date, DayRow]) -> Iterator[Need]:
    today = now.date()
    for row in rows.values():
        if row.state == FAILED:
            told = f"Ngày {short_date(row.business_date)} không hoàn thành: {row.error or 'chưa rõ vì sao'}"
            yield Need(told, f"days/{campaign.code}/{row.business_date.isoformat()}")
    inside = campaign.starts_on <= today <= campaign.deadline and calendar.is_working(today)
    if inside and today not in rows and now.time() > campaign.watch.run_by:
        yield Need(f"Hôm nay chưa có lượt chạy (muộn nhất {campaign.watch.run_by:%H:%M})")


def _of_outcome(summary: Summary) -> Iterator[Need]:
    closed = [gate for gate in outcomes.gate_lines(summary) if not gate.passes]
    for gate in closed:
        where = f" (nguồn {gate.source})" if gate.source else ""
        yield Need(f"Cổng “{gate.name}”{where} đóng: {gate.reason}", "gates")
    for words in summary.get("missing", []):
        yield Need(f"Chưa đủ: {words}")
    for source in summary["sources"]:
        if source.get("waits"):
            yield Need(f"Nguồn {source['name']}: {source['waits']}")
        if source["quarantined"]:
            yield Need(
                f"Nguồn {source['name']}: {number(source['quarantined'])} dòng bị loại, chờ người xuất nguồn sửa"
            )
