"""The day's mails, sent: guards first, then evidence for what is in doubt, then what waits."""

import logging
import os
import socket
from collections.abc import Callable
from uuid import uuid4

from dondoc.daily.office_clock import require_clock, ticking
from dondoc.errors import UnreachableError
from dondoc.ledger import claims, outbox
from dondoc.ledger.claims import Errand
from dondoc.mail.account import SmtpAccount
from dondoc.mail.courier import Courier
from dondoc.mail.reconcile import reconcile
from dondoc.workplace import Workplace

log = logging.getLogger(__name__)


def send_planned(place: Workplace, kind: str, account: Callable[[], SmtpAccount]) -> dict[str, int]:
    """Send the mails of one kind that wait; return how many ended in which state.

    On a day off nothing is claimed, whoever asks.

    Args:
        place: the day.
        kind: `reminder` or `report`.
        account: gives the mail account; asked only when something waits.

    Raises:
        ClockError: this machine's clock is not to be believed.
        MailError: the server refuses the account.
        UnreachableError: it does not answer, or put off some mails; the step is to be tried again.
    """
    campaign, day = place.day.campaign, place.day.business_date
    require_clock(place)
    moment = ticking(place)()
    claims.tidy(place.ledger, moment)
    reconcile(place.ledger, place.installation.relay_logs, moment=moment, zone=campaign.zone)
    caps = campaign.mail.caps
    for reason in outbox.hold_excess(
        place.ledger, campaign=campaign.code, business_date=day, day_cap=caps.day, unit_cap=caps.unit
    ):
        log.error("giữ thư: %s", reason)
    errand = Errand(campaign.code, day, kind, owner=f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"[-80:])
    if not claims.count_waiting(place.ledger, errand):
        return {}
    if not place.day.calendar.is_working(moment.today):
        log.warning("hôm nay là ngày nghỉ: không gửi thư %s nào", kind)
        return {}
    ended = dict(courier_of(place).carry(errand, account()))
    log.info("%s: %s", kind, ended)
    _tell_of_deferred(place, errand)
    return ended


def courier_of(place: Workplace) -> Courier:
    """Return a sender for the day."""
    mail = place.day.campaign.mail
    return Courier(place.ledger, place.out, mail.sender, domains=mail.allowed_domains, moment=ticking(place))


def _tell_of_deferred(place: Workplace, errand: Errand) -> None:
    """Ask for another try while some mail, put off by the server, is still within its window."""
    if waiting := claims.count_waiting(place.ledger, errand)[claims.DEFERRED]:
        raise UnreachableError(
            f"Máy chủ thư hoãn {waiting} thư; sẽ thử lại trong giờ gửi thư.",
            where=f"đợt {errand.campaign}, thư {errand.kind}",
            remedy="không phải làm gì nếu bước này tự thử lại; hết giờ gửi thì thư chuyển thành “expired”.",
        )
