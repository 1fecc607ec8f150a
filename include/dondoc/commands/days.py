"""What the operator reads of a campaign's days, and of what the watchdog found."""

from collections.abc import Sequence
from datetime import date, datetime

from dondoc.campaign import Campaign, load_calendar
from dondoc.campaign.ending import ending_of
from dondoc.daily.extensions import idle_days
from dondoc.installation import Installation
from dondoc.ledger.days import DayRow, day_rows, first_used
from dondoc.ledger.deadlines import versions
from dondoc.ledger.runs import DONE, FAILED, MISSED, RUNNING
from dondoc.ledger.store import open_ledger
from dondoc.ledger.waiting import count_put_off
from dondoc.vietnamese.wording import number, short_date
from dondoc.watch.alarm import AlarmResult
from dondoc.watch.readiness import Point

OVER = "đợt đã hết hạn, chưa dời hạn"
STATES = {RUNNING: "đang chạy", DONE: "xong", FAILED: "hỏng", MISSED: "LỠ, không có lượt chạy"}


def days_board(installation: Installation, code: str) -> str:
    """Return every working day of the campaign with how its run stands, a line each; a missed day says so for ever.

    Raises:
        CampaignError: there is no such campaign, or it is invalid.
    """
    campaign = installation.campaign(code)
    calendar = load_calendar(installation.calendar_file(campaign.calendar))
    ending = ending_of(campaign, calendar)
    now = installation.now(campaign.zone)
    ledger = open_ledger(installation.ledger_url)
    rows = day_rows(ledger, campaign=code)
    known = versions(ledger, campaign=code)
    marks = {ending.final_on: f"báo cáo cuối cùng, hạn {ending.due_at:%H:%M}", ending.closing_on: "kết thúc đợt"}
    days = calendar.working_days(campaign.starts_on, ending.last_on)
    unfollowed = dict.fromkeys(idle_days(campaign, calendar, known), OVER)
    unfollowed |= dict.fromkeys([day for day in days if day < (first_used(rows) or now.date())], "chưa theo dõi ở đây")
    states = {
        day: unfollowed[day] if day in unfollowed.keys() - rows.keys() else _state(day, rows.get(day), now, campaign)
        for day in days
    }
    for day, count in count_put_off(ledger, campaign=code).items():
        states[day] = f"{states.get(day, '')}, {number(count)} thư chờ gửi lại"
    return "\n".join(f"{short_date(day)}  {states[day]:<30}  {marks.get(day, '')}".rstrip() for day in days)


def ready_board(points: Sequence[Point]) -> str:
    """Return the list of what a campaign needs before its mails leave, what is done ticked."""
    lines = []
    for point in points:
        lines.append(f"[{'x' if point.done else ' '}] {point.name}: {point.found}")
        lines += [] if point.done else [f"    → {point.remedy}"]
    left = sum(not point.done for point in points)
    told = f"Còn {number(left)} trên {number(len(points))} việc." if left else "Sẵn sàng: đặt mode: armed để thư đi."
    return "\n".join([*lines, told])


def watch_board(told: Sequence[AlarmResult]) -> str:
    """Return what a round of the watchdog found, campaign by campaign."""
    lines = []
    for one in told:
        lines.append(f"{one.code}: {f'{number(len(one.problems))} việc cần xem' if one.problems else 'không có gì'}")
        lines += [f"  - {problem.words}" for problem in one.problems]
        lines += [f"  (đã báo qua thư {number(one.mailed)} việc)"] if one.mailed else []
        lines += [f"  LỖI: {one.trouble}"] if one.trouble else []
    return "\n".join(lines) or "Chưa có đợt nào."


def _state(day: date, row: DayRow | None, now: datetime, campaign: Campaign) -> str:
    if row is None:
        if day > now.date():
            return "chưa tới"
        return STATES[MISSED] if day < now.date() else f"chưa chạy (muộn nhất {campaign.watch.run_by:%H:%M})"
    late = ", lỡ, chạy sau" if row.missed and row.state != MISSED else ""
    held = ", thư bị giữ" if row.hold_reason and row.state == DONE else ""
    return STATES[row.state] + late + held
