"""What a person does about mail: stop it, let it go on, look at what is in doubt, decide, send by hand."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Row

from dondoc.actor import Actor
from dondoc.campaign import Campaign, load_calendar
from dondoc.daily.dispatch import send_planned
from dondoc.daily.office_clock import require_installations_clock
from dondoc.errors import MailError, UntrustedError
from dondoc.installation import ZONE, Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger import audit, clock, outbox, verdicts
from dondoc.ledger.claims import ClockReading, tidy
from dondoc.ledger.control import read_switch, set_switch
from dondoc.ledger.mail_kinds import MAIL_KINDS
from dondoc.ledger.runs import find_run
from dondoc.ledger.set_aside import BOUNCES, SetAside, are_set_aside, note_set_aside
from dondoc.ledger.store import now, open_ledger
from dondoc.ledger.verdicts import MailDecision
from dondoc.mail.account import SmtpAccount
from dondoc.mail.bounces import read_folder, take_bounces
from dondoc.mail.mailbox import Mailbox, fetch_unread, find_messages
from dondoc.mail.reconcile import reconcile
from dondoc.mail.words import BOUNCED, KINDS, STATES, in_words
from dondoc.vietnamese.wording import short_date

BOUNCES_SINCE = timedelta(days=14)
# What may be decided about one mail.
WORDS = {
    "sent": "thư đã tới, không gửi lại",
    "resend": "gửi lại (chỉ thư báo cáo, hoặc thư có nội dung khác)",
    "keep": "giữ nội dung đã gửi",
}


def stop(installation: Installation, *, by: Actor, reason: str) -> str:
    """Stop all mail; at most the one in flight still leaves. Return what to tell the person."""
    set_switch(_ledger(installation), stopped=True, by=by, why=reason)
    return "Đã dừng gửi thư: không thư nào đi cho tới khi gõ `dondoc mail resume`."


def resume(installation: Installation, *, by: Actor, reason: str) -> str:
    """Let mail leave again. Return what to tell the person."""
    set_switch(_ledger(installation), stopped=False, by=by, why=reason)
    return "Đã cho gửi thư lại: thư còn chờ của hôm nay đi trong mười phút nữa (dòng “Thư hẹn lại” trong Airflow)."


def show(installation: Installation) -> str:
    """Return the switch, and every mail a person should look at, with the key by which it is decided."""
    ledger = _ledger(installation)
    switch = read_switch(ledger)
    lines = [f"ĐANG DỪNG GỬI THƯ: {switch.who}: {switch.why}"] if switch and switch.stopped else []
    lines += [_line(row) for row in outbox.list_uneasy(ledger)]
    return "\n".join(lines) or "Không có thư nào cần xem."


def resolve(installation: Installation, *, key: str, word: str, by: Actor, reason: str) -> str:
    """Do what a person decided about one mail: it arrived, send it again, or keep what was sent."""
    campaign = installation.campaign(_campaign_of(key))
    office = installation.now(campaign.zone)
    moment = ClockReading(office.date(), office.astimezone(UTC), clock.ledger_now(_ledger(installation)))
    if word == "resend":
        _refuse_on_a_day_off(installation, campaign, office.date())
    closes = time.max if installation.rehearsal_on else campaign.mail.window.closes
    until = datetime.combine(office.date(), closes, campaign.zone).astimezone(UTC)
    decision = MailDecision(key, word, by, reason)
    new = verdicts.decide(_ledger(installation), decision, moment, until=until)
    if word != "resend":
        return f"Đã ghi: {WORDS[word]}."
    return f"Sẽ gửi lại ({new}) trong mười phút nữa (dòng “Thư hẹn lại”), hoặc gõ `dondoc mail send`."


def settle(installation: Installation, *, logs: Sequence[Path]) -> str:
    """Settle what the relay's log and the archive mailbox can; return what to tell the person.

    Raises:
        ClockError: this machine's clock is not to be believed; nothing was settled.
        MailError: a log could not be read or is no witness, after all else was settled.
    """
    ledger = _ledger(installation)
    archive = None
    if installation.archive_mailbox:
        archive = partial(find_messages, Mailbox.of_url(installation.archive_mailbox))
    zone = ZONE
    office = installation.now(zone)
    require_installations_clock(installation, ledger)
    moment = ClockReading(office.date(), office.astimezone(UTC), clock.ledger_now(ledger))
    tidy(ledger, moment)
    found = reconcile(ledger, logs or installation.relay_logs, moment=moment, zone=zone, archive=archive)
    told = f"Đã tới {found.sent}, chắc chắn chưa tới {found.absent} (sẽ gửi), chờ người quyết {found.open}."
    if found.troubles:
        raise MailError(
            f"{told} Không đối chiếu được hết: {'; '.join(found.troubles)}.",
            where="biến DONDOC_RELAY_LOG hoặc --log",
            remedy="khai đủ tệp nhật ký Postfix của máy chủ nhận thư của ta, theo thứ tự thời gian; thư còn lại: hỏi "
            "người nhận rồi gõ `dondoc mail resolve`.",
        )
    return told


def bounces(installation: Installation, *, folder: Path | None) -> str:
    """Read what came back from a folder of `.eml` files or the bounce mailbox; return what to tell the person."""
    ledger = _ledger(installation)
    today = installation.now(ZONE).date()
    unreadable = list[str]()

    def set_aside(mark: str, error: UntrustedError) -> None:
        unreadable.append(mark)
        note_set_aside(ledger, SetAside("", BOUNCES, mark, error.brief, today, now()))

    if folder is not None:
        messages = read_folder(folder, set_aside)
    elif installation.bounce_mailbox:
        box = Mailbox.of_url(installation.bounce_mailbox)
        messages = fetch_unread(box, today - BOUNCES_SINCE, partial(_not_set_aside, ledger))
    else:
        raise MailError(
            "Chưa có hộp thư nhận thư trả lại.",
            where="biến DONDOC_BOUNCE_MAILBOX",
            remedy="đặt biến này, hoặc chỉ thư mục chứa tệp .eml bằng --folder.",
        )
    counts = take_bounces(ledger, messages, set_aside)
    told = f"{counts['bounced']} thư bị trả lại, {counts['unmatched']} thông báo không phải của thư ta gửi."
    return told + (f" Để riêng {len(unreadable)} thư không đọc được: {', '.join(unreadable)}." if unreadable else "")


def _not_set_aside(ledger: Engine, marks: Sequence[str]) -> list[str]:
    aside = are_set_aside(ledger, door=BOUNCES, origins=marks)
    return [mark for mark in marks if mark not in aside]


def send(campaign: str, day: date, kind: str, account: Callable[[], SmtpAccount]) -> str:
    """Send by hand what waits of one day and kind, under every guard; return what to tell the person.

    Raises:
        MailError: the day was never run.
    """
    place = Workplace.on(campaign, day)
    if find_run(place.ledger, **place.run_key) is None:
        raise MailError(
            f"Đợt {campaign} chưa chạy ngày {short_date(day)}: không có thư nào chờ gửi.",
            where="sổ cái",
            remedy=f"chọn ngày đã chạy; `dondoc days {campaign}` in từng ngày.",
        )
    audit.record(place.ledger, audit.Act(Actor.of_process(), "mail.sent_by_hand", f"{campaign} {day}", {"kind": kind}))
    ended = send_planned(place, kind, account)
    held = place.run.final_hold_reason if MAIL_KINDS[kind].own_gate else place.run.hold_reason
    told = in_words(ended) if ended else "không có thư nào được gửi"
    return told + (f" (ngày đang giữ thư: {held})" if held else "")


def _refuse_on_a_day_off(installation: Installation, campaign: Campaign, today: date) -> None:
    calendar = load_calendar(installation.calendar_file(campaign.calendar))
    if not calendar.is_working(today):
        raise MailError(
            "Hôm nay là ngày nghỉ: không thư nào được gửi.",
            where=f"đợt {campaign.code}",
            remedy="quyết gửi lại vào ngày làm việc.",
        )


def _ledger(installation: Installation) -> Engine:
    return open_ledger(installation.ledger_url)


def _campaign_of(key: str) -> str:
    parts = key.split("|")
    if len(parts) < 2:
        raise MailError("Khoá thư không đúng dạng.", where=key, remedy="chép nguyên khoá từ `dondoc mail list`.")
    return parts[1]


def _line(row: Row[Any]) -> str:
    notes = [row.bounce or row.reason or ""]
    if row.conflict_open:
        notes.append(f"nội dung khác với thư đã gửi: {row.conflict_path}")
    state = STATES[BOUNCED if row.bounced_at else row.state]
    named = f"{state}: thư {KINDS[row.kind]} ngày {short_date(row.business_date)}, {row.unit}, tới {row.recipient}"
    told = "; ".join(note for note in notes if note)
    return f"{named}{f': {told}' if told else ''}\n  khoá: {row.dedupe_key}"
