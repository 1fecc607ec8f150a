"""The day's mails, sent: guards first, then evidence for what is in doubt, then what waits."""

import logging
import os
import socket
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from dondoc.daily.office_clock import require_clock, ticking
from dondoc.errors import InOtherHandsError, UnreachableError
from dondoc.installation.workplace import Workplace
from dondoc.ledger import claims
from dondoc.ledger.caps import hold_excess
from dondoc.ledger.claims import DEFERRED, SendJob
from dondoc.mail.account import SmtpAccount
from dondoc.mail.reconcile import reconcile
from dondoc.mail.sending import MailSender
from dondoc.mail.words import KINDS, in_words
from dondoc.vietnamese.wording import short_date

log = logging.getLogger(__name__)

# A server that does not answer is asked again by the next round of what was put off.
BACK_OFF = timedelta(minutes=2)
SLOW = "máy chủ thư chậm: chưa tới lượt gửi"


def send_planned(place: Workplace, kind: str, account: Callable[[], SmtpAccount]) -> dict[str, int]:
    """Send the mails of one kind that wait; return how many ended in which state.

    What the server puts off, cannot be asked about or is too slow for is `deferred` and waits: it is offered again
    outside the day's run (`daily/put_off.py`), which so ends whatever the server does. On a day off nothing is claimed,
    whoever asks.

    Args:
        place: the day.
        kind: `reminder` or `report`.
        account: gives the mail account; asked only when something waits.

    Raises:
        ClockError: this machine's clock is not to be believed.
        MailError: the server refuses the account.
    """
    campaign = place.day.campaign
    day = place.day.business_date
    require_clock(place)
    moment = ticking(place)()
    claims.tidy(place.ledger, moment)
    reconcile(place.ledger, place.installation.relay_logs, moment=moment, zone=campaign.zone)
    caps = campaign.mail.caps
    for reason in hold_excess(
        place.ledger, campaign=campaign.code, business_date=day, day_cap=caps.day, unit_cap=caps.unit
    ):
        log.error("giữ thư: %s", reason)
    job = _job(place, kind)
    if not claims.count_waiting(place.ledger, job):
        return {}
    if not place.day.calendar.is_working(moment.today):
        log.warning("hôm nay là ngày nghỉ: không gửi thư %s nào", KINDS[kind])
        return {}
    ended = _carry(place, job, account)
    log.info("thư %s: %s", KINDS[kind], in_words(ended))
    if ended.get(DEFERRED):
        log.warning(
            "%d thư %s máy chủ hẹn lại, dòng “Thư hẹn lại” gửi tiếp trong giờ gửi", ended[DEFERRED], KINDS[kind]
        )
    return ended


def require_settled(place: Workplace, *kinds: str) -> None:
    """Refuse to call a sending done while a mail of those kinds is in another sender's hands, or could leave now.

    One that died lets go of them when its lease is over; one at work settles them.

    Raises:
        InOtherHandsError: so it is; the step is to be tried again.
    """
    moment = ticking(place)()
    if not place.day.calendar.is_working(moment.today):
        return
    left = sum(claims.count_unsettled(place.ledger, _job(place, kind), moment) for kind in kinds)
    if left:
        raise InOtherHandsError(
            f"{left} thư đang do tiến trình gửi khác giữ, hoặc chưa được gửi.",
            where=f"đợt {place.day.campaign.code}, ngày {short_date(place.day.business_date)}",
            remedy="Airflow tự chạy lại ô này sau ít phút, không thư nào đi hai lần; còn lặp lại thì gõ "
            "`dondoc mail list`.",
        )


def _job(place: Workplace, kind: str) -> SendJob:
    owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"[-80:]
    return SendJob(place.day.campaign.code, place.day.business_date, kind, owner)


def _carry(place: Workplace, job: SendJob, account: Callable[[], SmtpAccount]) -> dict[str, int]:
    """Offer what waits once, put off what could not be offered, and return how many ended in which state."""
    ended = Counter[str]()
    reason = ""
    sender = sender_of(place)
    out_of_time = sender.moment().at + sender.pace.longest_round
    try:
        ended = sender.carry(job, account())
    except UnreachableError as error:
        reason = error.problems[0].what
        told = "Máy chủ thư không nhận thư (%s): %s Tiếp theo: thư chờ được gửi lại sau %d phút (dòng “Thư hẹn lại”)."
        log.warning(told, error.problems[0].where, reason, BACK_OFF.total_seconds() // 60)
    moment = sender.moment()
    if reason or moment.at >= out_of_time:
        claims.put_off(place.ledger, job, moment, reason=reason or SLOW, back_off=BACK_OFF)
    waiting = claims.count_waiting(place.ledger, job)[DEFERRED]
    return dict(ended - Counter({DEFERRED: ended[DEFERRED]})) | ({DEFERRED: waiting} if waiting else {})


def sender_of(place: Workplace) -> MailSender:
    """Return a sender for the day."""
    mail = place.day.campaign.mail
    return MailSender(place.ledger, place.out, mail.sender, domains=mail.allowed_domains, moment=ticking(place))
