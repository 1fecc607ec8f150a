"""What is worth waking a person for: facts of a campaign and the office's time in, problems out; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dondoc.calendar import WorkCalendar
from dondoc.campaign import Campaign
from dondoc.campaign.ending import Ending, ending_of
from dondoc.campaign.horizon import awaited_year
from dondoc.ledger.claims import EXPIRED, FAILED, HELD, SENT, UNKNOWN
from dondoc.ledger.control import Switch
from dondoc.ledger.days import DayRow, first_used
from dondoc.ledger.runs import DONE, RUNNING
from dondoc.ledger.runs import FAILED as RUN_FAILED
from dondoc.mail.words import STATES
from dondoc.vietnamese.wording import number, short_date

# After its last day a campaign is still looked at for a while: a mail in doubt, a closing day without a run.
AFTERWARDS = timedelta(days=7)
UNEASY_WORDS = {
    UNKNOWN: "thư chưa rõ đã tới chưa",
    EXPIRED: "thư hết giờ mà chưa gửi được",
    FAILED: "thư bị máy chủ từ chối",
    HELD: "thư bị giữ",
    "conflict": "thư có nội dung khác với thư đã gửi",
    "bounced": "thư bị trả lại",
}


@dataclass(frozen=True)
class CampaignState:
    """What the ledger says of a campaign.

    Attributes:
        rows: its daily runs by day.
        uneasy: mails a person should look at, by state, that the day itself does not hold.
        final_state: how far the mail of the final report for this end got, on the latest day it was tried; None when
            none was made.
        switch: the switch that stops all mail, None when it was never touched.
        last_mail_on: the latest day of which a mail was sent.
        letters_held: approved and signed letters that wait for a person because their case changed.
        forgotten: mails put off whose next try is long due.
        left: mails of a run that has ended, which are neither sent nor told to be anything else.
        idle: the working days on which the campaign was over, before its end was moved.
        set_aside: mails and files that were not taken since the last working day, and wait where they lie.
        unexplained: the move of the deadline that nobody stands for, in words; empty where there is none.
    """

    rows: Mapping[date, DayRow]
    uneasy: Mapping[str, int]
    final_state: str | None
    switch: Switch | None
    last_mail_on: date | None
    letters_held: int
    forgotten: int = 0
    left: int = 0
    set_aside: int = 0
    idle: frozenset[date] = frozenset()
    unexplained: str = ""


@dataclass(frozen=True)
class Alert:
    """One thing a person must know of; `name` is the same each time it is found.

    It is told once a day, once a week where it is `weekly`.
    """

    name: str
    words: str
    weekly: bool = False

    def told_on(self, today: date) -> date:
        """Return the day by which it is told once: today, or the Monday of the week."""
        return today - timedelta(days=today.weekday()) if self.weekly else today


def find_problems(campaign: Campaign, calendar: WorkCalendar, facts: CampaignState, *, now: datetime) -> list[Alert]:
    """Return what is wrong with the campaign at `now`, most urgent first; nothing outside its time.

    Raises:
        CampaignError: as `ending_of`.
        CalendarGapError: as `ending_of`.
    """
    if not is_watched(campaign, calendar, now.date()):
        return []
    ending = ending_of(campaign, calendar)
    return [
        *_final(campaign, ending, facts, now),
        *_days(campaign, calendar, facts, now),
        *_stopped(facts),
        *_held(campaign, facts, now.date()),
        *_mails(facts),
        *_letters(campaign, facts),
        *_set_aside(campaign, facts),
        *_moved(facts),
        *_silence(campaign, calendar, facts, now),
        *_calendar(calendar, now.date()),
    ]


def _calendar(calendar: WorkCalendar, today: date) -> Iterator[Alert]:
    year = awaited_year(calendar, today)
    if year is not None:
        words = f"Năm {year} chưa có lịch nghỉ chính thức, đang dùng lịch dự kiến: cập nhật tệp lịch {calendar.name}."
        yield Alert(f"calendar:{year}", words, weekly=True)


def is_watched(campaign: Campaign, calendar: WorkCalendar, today: date) -> bool:
    """Return whether the campaign has begun and is not long over."""
    return campaign.starts_on <= today <= ending_of(campaign, calendar).last_on + AFTERWARDS


def _final(campaign: Campaign, ending: Ending, facts: CampaignState, now: datetime) -> Iterator[Alert]:
    warn_at = ending.due_at - timedelta(minutes=campaign.watch.warn_minutes)
    if facts.final_state == SENT or now < warn_at:
        return
    due = f"{ending.due_at:%H:%M} ngày {short_date(ending.final_on)}"
    row = facts.rows.get(ending.final_on)
    why = f"thư báo cáo: {STATES[facts.final_state]}" if facts.final_state else "chưa có thư báo cáo"
    if row is not None and (row.error or row.hold_reason):
        why += f"; {(row.error or row.hold_reason or '').splitlines()[0]}"
    late = now >= ending.due_at
    told = f"ĐÃ QUÁ GIỜ {due}" if late else f"Sắp tới giờ {due}"
    yield Alert("final_late" if late else "final_near", f"{told}: báo cáo cuối cùng chưa gửi ({why}).")


def _days(campaign: Campaign, calendar: WorkCalendar, facts: CampaignState, now: datetime) -> Iterator[Alert]:
    """Look at today, once its hour is past, and at the working day before; on a day off nobody is called for a run."""
    today = now.date()
    last = ending_of(campaign, calendar).last_on
    if not calendar.is_working(today):
        return
    taken_up = first_used(facts.rows) or campaign.starts_on
    days = calendar.working_days(max(campaign.starts_on, min(taken_up, today)), today)[-2:]
    for day in days:
        if day > last or day in facts.idle or (day == today and now.time() < campaign.watch.run_by):
            continue
        row = facts.rows.get(day)
        if row is None or (row.missed and row.state != DONE):
            yield Alert(f"no_run:{day}", f"Ngày {short_date(day)} chưa có lượt chạy: kiểm tra Airflow.")
        elif row.state == RUNNING:
            yield Alert(f"unfinished:{day}", f"Lượt chạy ngày {short_date(day)} chưa xong.")
        elif row.state == RUN_FAILED:
            error = (row.error or "").splitlines()
            yield Alert(f"failed:{day}", f"Lượt chạy ngày {short_date(day)} hỏng: {error[0] if error else ''}")


def _stopped(facts: CampaignState) -> Iterator[Alert]:
    if facts.switch is not None and facts.switch.stopped:
        yield Alert("stopped", f"Đang dừng gửi mọi thư: {facts.switch.who}: {facts.switch.why}.")


def _held(campaign: Campaign, facts: CampaignState, today: date) -> Iterator[Alert]:
    """Say why an armed campaign sends nothing today: yesterday's file again, a unit that vanished, too many mails."""
    row = facts.rows.get(today)
    if campaign.mail.mode == "armed" and row is not None and row.state == DONE and row.hold_reason:
        yield Alert(f"held:{today}", f"Hôm nay không gửi thư, vì {row.hold_reason.splitlines()[0].rstrip('.')}.")


def _mails(facts: CampaignState) -> Iterator[Alert]:
    if facts.forgotten:
        told = f"{number(facts.forgotten)} thư máy chủ hẹn lại chờ quá nửa giờ mà không được gửi tiếp"
        yield Alert("forgotten", f"{told}: kiểm tra dòng “Thư hẹn lại” trong Airflow có bật không.")
    if facts.left:
        told = f"{number(facts.left)} thư của ngày đã chạy xong mà vẫn chờ gửi hoặc đang gửi dở"
        yield Alert("left", f"{told}: xem `dondoc mail list`, kiểm tra dòng “Thư hẹn lại” trong Airflow.")
    for state, words in UNEASY_WORDS.items():
        if count := facts.uneasy.get(state, 0):
            yield Alert(f"mails:{state}", f"{number(count)} {words}: xem `dondoc mail list`.")


def _letters(campaign: Campaign, facts: CampaignState) -> Iterator[Alert]:
    if facts.letters_held:
        told = f"{number(facts.letters_held)} thư xin lỗi đã duyệt, đã ký bị giữ vì hồ sơ thay đổi, chờ người quyết"
        yield Alert("letters_held", f"{told}: xem `dondoc letters held {campaign.code}`.")


def _set_aside(campaign: Campaign, facts: CampaignState) -> Iterator[Alert]:
    if facts.set_aside:
        told = f"{number(facts.set_aside)} thư, tệp gửi tới không nhận được, để riêng"
        yield Alert("set_aside", f"{told}: xem `dondoc answers list {campaign.code}`.")


def _moved(facts: CampaignState) -> Iterator[Alert]:
    if facts.unexplained:
        yield Alert("deadline_moved", f"{facts.unexplained}: ghi mục deadline_moved của đợt.")


def _silence(campaign: Campaign, calendar: WorkCalendar, facts: CampaignState, now: datetime) -> Iterator[Alert]:
    """Look for working days that all passed without a mail; a campaign in preview is silent by choice."""
    known = [row.units_behind for row in facts.rows.values() if row.units_behind is not None]
    yesterday = now.date() - timedelta(days=1)
    if campaign.mail.mode == "preview" or not known or not known[-1] or yesterday < campaign.starts_on:
        return
    if now.date() > campaign.deadline:
        return
    since = facts.last_mail_on
    past = [day for day in calendar.working_days(campaign.starts_on, yesterday) if day not in facts.idle]
    quiet = [day for day in past if since is None or day > since]
    if len(quiet) >= campaign.watch.silent_days and since != now.date():
        behind = f"{number(known[-1])} đơn vị còn tồn tại"
        yield Alert("silence", f"{number(len(quiet))} ngày làm việc liền không có thư nào đi, mà {behind}.")
