"""Whether an office is ready for its mails to leave: a list that the machine ticks by itself, as far as it can know."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dns.exception
import dns.resolver
from sqlalchemy import Engine

from dondoc.campaign import Campaign
from dondoc.campaign.horizon import calendar_warnings, safe_until
from dondoc.campaign.permissions import RIGHT_WORDS, Right
from dondoc.daily.office_clock import doubt_of
from dondoc.daily.preflight import Stops, examine
from dondoc.daily.trial_mail import TAKEN
from dondoc.installation import Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger import audit
from dondoc.ledger.days import completed_previews
from dondoc.ledger.store import open_ledger
from dondoc.vietnamese.wording import number, short_date
from dondoc.watch.memory import Memory

PREVIEWS = 3
TRIED_WITHIN = timedelta(days=30)
SAVED_WITHIN = timedelta(days=2)
# The timer of the guide wakes every fifteen minutes by day and rests at night.
WATCHED_WITHIN = timedelta(hours=13)
ROUND = timedelta(minutes=70)
ANSWER_SECONDS = 5.0
SPF = re.compile(r"^v=spf1\b", re.IGNORECASE)
DMARC = re.compile(r"^v=dmarc1\b", re.IGNORECASE)


@dataclass(frozen=True)
class Point:
    """One line of the list: what is looked at, whether it is so, what was found, and what to do where it is not."""

    name: str
    done: bool
    found: str
    remedy: str = ""


def readiness(installation: Installation, code: str) -> list[Point]:
    """Return the list of a campaign.

    Raises:
        DondocError: its settings cannot be read, or the ledger is away.
    """
    campaign = installation.campaign(code)
    now = installation.now(campaign.zone)
    place = Workplace.on(code, now.date())
    ledger = open_ledger(installation.ledger_url)
    return [
        _settings(place),
        _calendar(place),
        _clock(place, ledger, now),
        *_permissions(campaign),
        _trial_mail(ledger, campaign, now),
        _domain(campaign),
        _previews(ledger, campaign),
        _operator(campaign),
        _watched(installation, now),
        _backup(installation, now),
    ]


def _settings(place: Workplace) -> Point:
    problems = examine(place).problems
    errors = len(problems[Stops.DAY]) + len(problems[Stops.PULL])
    warnings = len(problems[Stops.NOTHING])
    found = f"{number(errors)} lỗi, {number(warnings)} cảnh báo"
    return Point(
        "Cấu hình, mẫu, nguồn", not errors, found, f"gõ `dondoc check {place.day.campaign.code}`, sửa từng lỗi"
    )


def _calendar(place: Workplace) -> Point:
    day = place.day
    sure = not list(calendar_warnings(day))
    remedy = "cập nhật tệp lịch khi có quyết định nghỉ lễ; trước đó số liệu mang chữ “lịch dự kiến”"
    return Point("Lịch làm việc", sure, safe_until(day.campaign, day.calendar), remedy)


def _clock(place: Workplace, ledger: Engine, now: datetime) -> Point:
    why = "" if place.installation.rehearsal_on else doubt_of(ledger, place.day.calendar, office_now=now)
    zone = now.tzinfo.key if isinstance(now.tzinfo, ZoneInfo) else str(now.tzinfo)
    found = why or f"{now:%H:%M} ngày {short_date(now.date())}, múi giờ {zone}"
    return Point("Đồng hồ, múi giờ", not why, found, "sửa giờ của máy (NTP), hoặc `dondoc clock confirm`")


def _permissions(campaign: Campaign) -> Iterator[Point]:
    for right in (Right.ARM, Right.SIGN):
        named = campaign.permissions.named(right) or ()
        name = f"Người được {RIGHT_WORDS[right]}"
        found = ", ".join(named) or "chưa ghi ai: mọi tài khoản Airflow cho phép đều làm được"
        yield Point(name, bool(named), found, f"ghi tài khoản vào permissions.{right.value} của campaign.yaml")


def _trial_mail(ledger: Engine, campaign: Campaign, now: datetime) -> Point:
    name = "Tài khoản gửi thư"
    remedy = f'gõ `dondoc mail try {campaign.code} <hộp thư của mình> --by "<họ tên>"`, rồi mở thư ấy xem'
    at = audit.latest(ledger, TAKEN, subject=f"{campaign.code} ")
    if at is None:
        return Point(name, False, "chưa gửi thử thư nào", remedy)
    found = f"máy chủ nhận thư thử gần nhất ngày {short_date(at.astimezone(campaign.zone).date())}"
    return Point(name, now - at <= TRIED_WITHIN, found, remedy)


def _domain(campaign: Campaign) -> Point:
    name = "SPF, DMARC của tên miền gửi"
    domain = campaign.mail.sender.rpartition("@")[2]
    remedy = f"người quản trị tên miền {domain} khai báo bản ghi TXT; DKIM thì xem ở phần đầu của thư thử nhận được"
    try:
        lacking = [
            word
            for word, at, form in (("SPF", domain, SPF), ("DMARC", f"_dmarc.{domain}", DMARC))
            if not any(map(form.match, _texts(at)))
        ]
    except (dns.exception.DNSException, OSError):
        return Point(name, False, f"không hỏi được DNS về {domain}", "hỏi lại khi máy có mạng")
    told = f"thiếu {', '.join(lacking)}" if lacking else "có đủ"
    return Point(name, not lacking, f"{domain}: {told}", remedy)


def _texts(name: str) -> list[str]:
    """Return the texts of a name in the DNS, none where there is no such name or no text."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=ANSWER_SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def _previews(ledger: Engine, campaign: Campaign) -> Point:
    days = completed_previews(ledger, campaign=campaign.code)
    found = f"{number(len(days))} ngày: {_listed(days)}" if days else "chưa ngày nào"
    remedy = "chạy ở chế độ xem trước, rồi đọc thư và báo cáo của từng ngày cùng các đơn vị"
    return Point(f"Đã chạy xong ít nhất {PREVIEWS} ngày xem trước", len(days) >= PREVIEWS, found, remedy)


def _listed(days: Sequence[date]) -> str:
    return ", ".join(short_date(day) for day in days[-PREVIEWS:])


def _operator(campaign: Campaign) -> Point:
    found = campaign.watch.operator_email or "chưa có địa chỉ"
    return Point("Người nhận cảnh báo", bool(campaign.watch.operator_email), found, "ghi watch.operator_email")


def _watched(installation: Installation, now: datetime) -> Point:
    name = "Canh chừng chạy đều"
    remedy = "đặt lịch chạy `dondoc watch` ngoài Airflow (mục Canh chừng của hướng dẫn quản trị)"
    looks = Memory.of(installation).looks()
    if not looks:
        return Point(name, False, "chưa canh lần nào", remedy)
    last = looks[-1].astimezone(now.tzinfo)
    regular = len(looks) > 1 and looks[-1] - looks[-2] <= ROUND
    found = f"lần gần nhất {last:%H:%M} ngày {short_date(last.date())}"
    return Point(name, regular and now - last <= WATCHED_WITHIN, found, remedy)


def _backup(installation: Installation, now: datetime) -> Point:
    name = "Sao lưu"
    if installation.backup is None:
        remedy = "đặt sao lưu sổ cái và out/, rồi ghi nơi bản sao vào biến DONDOC_BACKUP"
        return Point(name, False, "chưa khai báo nơi để bản sao", remedy)
    remedy = "xem lịch sao lưu của máy"
    try:
        newest = max((path.stat().st_mtime for path in _files(installation.backup)), default=None)
    except OSError:
        return Point(name, False, f"không đọc được {installation.backup}", remedy)
    if newest is None:
        return Point(name, False, f"không có tệp nào ở {installation.backup}", remedy)
    at = datetime.fromtimestamp(newest, now.tzinfo)
    return Point(name, now - at <= SAVED_WITHIN, f"bản gần nhất {at:%H:%M} ngày {short_date(at.date())}", remedy)


def _files(backup: Path) -> Iterator[Path]:
    yield from (path for path in backup.iterdir() if path.is_file()) if backup.is_dir() else [backup]
