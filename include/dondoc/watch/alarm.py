"""One round of the watchdog: facts from the ledger, problems, and a mail to the operator by a channel of its own."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from markupsafe import escape
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from dondoc.calendar import WorkCalendar
from dondoc.campaign import Campaign, campaign_folders, load_calendar
from dondoc.campaign.day import Day
from dondoc.daily import register
from dondoc.daily.extensions import idle_days
from dondoc.daily.office_clock import believe
from dondoc.errors import (
    CalendarGapError,
    CampaignError,
    ClockError,
    DondocError,
    LedgerError,
    MailError,
    told,
)
from dondoc.installation import ZONE, Installation
from dondoc.ledger import alarms, clock, deadlines, endings, waiting
from dondoc.ledger.claims import SENT, UNKNOWN, ClockReading
from dondoc.ledger.control import read_switch
from dondoc.ledger.days import day_rows
from dondoc.ledger.letters import held_letters
from dondoc.ledger.set_aside import list_set_aside
from dondoc.ledger.store import open_ledger
from dondoc.ledger.troubles import in_words
from dondoc.mail.account import SmtpAccount
from dondoc.mail.compose import Envelope, build_message
from dondoc.mail.correspondents import readers, writer
from dondoc.mail.session import open_session
from dondoc.mail.transport import AccountRefusedError, OutgoingMessage, dated, offer
from dondoc.watch.memory import Memory
from dondoc.watch.rules import Alert, CampaignState, find_problems, is_watched

log = logging.getLogger(__name__)
# Three rounds of what was put off.
FORGOTTEN = timedelta(minutes=30)
ONCE = "Mỗi việc chỉ báo một thư một ngày, việc về lịch một thư một tuần."


@dataclass(frozen=True)
class AlarmResult:
    """What a round found of one campaign, how many of it were mailed now, and why the mail failed if it did.

    `blind` says that the ledger could not be asked, so that there may be more.
    """

    code: str
    problems: Sequence[Alert]
    mailed: int = 0
    trouble: str = ""
    blind: bool = False


@dataclass(frozen=True)
class Notebook:
    """Where it stands what was told of a campaign: `claim` says whether a problem is to be told now."""

    claim: Callable[[Alert], bool]
    release: Callable[[Alert], None]


def watch(installation: Installation, codes: Sequence[str] = ()) -> list[AlarmResult]:
    """Return what is wrong with the campaigns named, or all, once the operator was told of it.

    A ledger that is away, locked or full is a problem too, of every campaign, and told like any other.
    """
    Memory.of(installation).look(installation.now(ZONE))
    known = codes or [folder.name for folder in campaign_folders(installation.campaigns)]
    try:
        ledger = open_ledger(installation.ledger_url)
        alarms.prove_writable(ledger)
        return [_watch_one(installation, ledger, code) for code in known]
    except (LedgerError, SQLAlchemyError) as error:
        down = told(in_words(error, installation.ledger_url), doing="lệnh watch")
        return [_watch_blind(installation, code, str(down)) for code in known]


def tell_by_deadline(campaign: str, context: Mapping[str, Any] | None = None) -> None:
    """Look at the campaign now: what Airflow calls when the hour of the final report comes and its run has not ended.

    Args:
        campaign: the campaign's code.
        context: Airflow's word about its run; the ledger alone is believed.
    """
    for one in watch(Installation.from_environment(), [campaign]):
        for problem in one.problems:
            log.error("%s: %s", campaign, problem.words)
        if one.trouble:
            log.error("%s", one.trouble)


def facts_of(ledger: Engine, campaign: Campaign, calendar: WorkCalendar, *, now: datetime) -> CampaignState:
    """Return what the ledger says of the campaign; mails that went wrong before the last working day are history."""
    past = calendar.working_days(campaign.starts_on, max(campaign.starts_on, now.date() - timedelta(days=1)))
    since = past[-1] if past else campaign.starts_on
    latest = endings.latest_final(ledger, campaign=campaign.code, end=campaign.report_wanted_at.date())
    moment = ClockReading(now.date(), now.astimezone(UTC), clock.ledger_now(ledger))
    known = deadlines.versions(ledger, campaign=campaign.code)
    # Those of no campaign would be told once for each.
    aside = list_set_aside(ledger, campaign=campaign.code, since=since)
    return CampaignState(
        rows=day_rows(ledger, campaign=campaign.code),
        uneasy=alarms.uneasy_mails(ledger, campaign=campaign.code, since=since),
        final_state=latest.state if latest else None,
        switch=read_switch(ledger),
        last_mail_on=alarms.last_mail_on(ledger, campaign=campaign.code),
        letters_held=len(held_letters(ledger, campaign=campaign.code, as_of=now.date())),
        forgotten=waiting.count_forgotten(ledger, moment, campaign=campaign.code, waited=FORGOTTEN),
        left=waiting.count_left(ledger, moment, campaign=campaign.code, since=since, waited=FORGOTTEN),
        set_aside=sum(one.campaign == campaign.code for one in aside),
        idle=idle_days(campaign, calendar, known),
        unexplained=deadlines.unexplained(known, deadlines.version_of(campaign)),
    )


def _watch_one(installation: Installation, ledger: Engine, code: str) -> AlarmResult:
    try:
        campaign = installation.campaign(code)
        calendar = load_calendar(installation.calendar_file(campaign.calendar))
        problems = _problems(installation, ledger, campaign, calendar)
    except (CampaignError, CalendarGapError) as error:
        # One campaign's mistake does not stop the watch over the others.
        return AlarmResult(code, [Alert("configuration", str(error))])
    except ClockError as error:
        # By a clock that is years off every other finding would be wrong.
        problems = [Alert("clock", str(error))]
    return _tell(installation, campaign, problems, _in_ledger(installation, ledger, campaign))


def _watch_blind(installation: Installation, code: str, down: str) -> AlarmResult:
    try:
        campaign = installation.campaign(code)
        calendar = load_calendar(installation.calendar_file(campaign.calendar))
        if not is_watched(campaign, calendar, installation.now(campaign.zone).date()):
            return AlarmResult(code, [])
    except (CampaignError, CalendarGapError) as error:
        return AlarmResult(code, [Alert("configuration", str(error))], blind=True)
    problem = Alert("ledger", f"Không canh được đợt này. {down}")
    return replace(_tell(installation, campaign, [problem], _in_memory(installation, campaign)), blind=True)


def _in_ledger(installation: Installation, ledger: Engine, campaign: Campaign) -> Notebook:
    today = installation.now(campaign.zone).date()

    def claim(problem: Alert) -> bool:
        on = problem.told_on(today)
        name = problem.name
        return alarms.claim_alarm(ledger, campaign=campaign.code, told_on=on, problem=name, words=problem.words)

    def release(problem: Alert) -> None:
        told_on = problem.told_on(today)
        alarms.release_alarms(ledger, campaign=campaign.code, told_on=told_on, problems=[problem.name])

    return Notebook(claim, release)


def _in_memory(installation: Installation, campaign: Campaign) -> Notebook:
    memory = Memory.of(installation)
    today = installation.now(campaign.zone).date()
    return Notebook(
        lambda problem: memory.claim(f"{campaign.code}|{problem.name}", problem.told_on(today).isoformat()),
        lambda problem: memory.release(f"{campaign.code}|{problem.name}"),
    )


def _problems(installation: Installation, ledger: Engine, campaign: Campaign, calendar: WorkCalendar) -> list[Alert]:
    now = installation.now(campaign.zone)
    if is_watched(campaign, calendar, now.date()):
        if installation.rehearsal_on is None:
            believe(ledger, calendar, office_now=now)
        # Airflow may stay down: the days it missed are entered as missed all the same.
        register.keep(ledger, Day(campaign, calendar, now.date()), now=now)
    return find_problems(campaign, calendar, facts_of(ledger, campaign, calendar, now=now), now=now)


def _tell(installation: Installation, campaign: Campaign, problems: Sequence[Alert], notebook: Notebook) -> AlarmResult:
    now = installation.now(campaign.zone)
    if not campaign.watch.operator_email:
        return AlarmResult(campaign.code, problems)
    new = [problem for problem in problems if notebook.claim(problem)]
    try:
        if new:
            _mail(installation, campaign, new, now)
    except DondocError as error:
        for problem in new:
            notebook.release(problem)
        return AlarmResult(campaign.code, problems, trouble=str(error))
    return AlarmResult(campaign.code, problems, mailed=len(new))


def _mail(installation: Installation, campaign: Campaign, problems: Sequence[Alert], now: datetime) -> None:
    """Send one mail about the problems; an answer that never came counts as sent, for nobody is told twice.

    Raises:
        MailError: it was refused, or the account is missing.
        UnreachableError: the server does not answer.
    """
    account = _account(installation)
    sender = account.login if account.login and "@" in account.login else campaign.mail.sender
    recipient = campaign.watch.operator_email or ""
    content = alarm_message(campaign, problems, now, sender=sender, rehearsal=installation.rehearsal_on is not None)
    session = open_session(account)
    try:
        result = offer(session, OutgoingMessage(dated(content, now), sender, recipient), watch=lambda _stage: None)
    except AccountRefusedError as error:
        raise _refused(account, str(error)) from error
    finally:
        session.close()
    if result.state not in {SENT, UNKNOWN}:
        raise _refused(account, result.answer)


def alarm_message(
    campaign: Campaign, problems: Sequence[Alert], now: datetime, *, sender: str, rehearsal: bool
) -> bytes:
    """Return the mail: what is wrong, what to do. No template, so that no broken one silences it."""
    mark = "[DIỄN TẬP] " if rehearsal else ""
    lines = [f"Đợt “{campaign.title}” ({campaign.code}), lúc {now:%H:%M ngày %d/%m/%Y}:", ""]
    lines += [f"- {problem.words}" for problem in problems]
    lines += ["", "Cách xử lý: docs/huong-dan/quan-tri.md, mục “Canh chừng”.", ONCE, "Đôn Đốc"]
    key = f"alarm|{campaign.code}|{now.date()}|{'+'.join(problem.name for problem in problems)}"
    subject = f"{mark}[CẢNH BÁO] {problems[0].words.splitlines()[0]} – {campaign.code}"
    named = writer(campaign)._replace(address=sender)
    envelope = Envelope(named, campaign.watch.operator_email or "", subject, key, readers(campaign, workbooks=False))
    html = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return build_message(envelope, plain="\n".join(lines) + "\n", html=html, attachments={})


def _account(installation: Installation) -> SmtpAccount:
    if installation.alarm_smtp:
        return SmtpAccount.of_json(installation.alarm_smtp, variable="DONDOC_ALARM_SMTP")
    return SmtpAccount.of_json(installation.smtp_connection)


def _refused(account: SmtpAccount, answer: str) -> MailError:
    return MailError(
        f"Không gửi được thư cảnh báo ({answer}).",
        where=f"máy chủ thư {account.host}:{account.port}",
        remedy="kiểm tra biến DONDOC_ALARM_SMTP và mục watch.operator_email của đợt.",
    )
