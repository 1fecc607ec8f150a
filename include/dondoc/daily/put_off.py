"""Mails that a server put off, offered again outside the day's run until they leave or their window is over."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from dondoc.daily import publication
from dondoc.daily.dispatch import send_planned
from dondoc.daily.office_clock import require_clock, ticking
from dondoc.daily.preview import write_preview
from dondoc.daily.step import guarded
from dondoc.errors import MailError
from dondoc.installation import Installation
from dondoc.installation.workplace import DayRef, Workplace
from dondoc.ledger import claims, waiting
from dondoc.ledger.claims import DEFERRED, SENT
from dondoc.mail.account import SmtpAccount

log = logging.getLogger(__name__)

# Longer than the time between two rounds: what another sender set to expired meanwhile is told too.
LOOK_BACK = timedelta(minutes=15)


@dataclass(frozen=True)
class Round:
    """What a round came to: mails that left, and mails that still wait."""

    sent: int
    waiting: int

    @property
    def words(self) -> str:
        """Return both in words."""
        return f"đã gửi {self.sent}, còn chờ {self.waiting}"


@guarded
def offer_again(code: str, account: Callable[[], SmtpAccount]) -> Round | None:
    """Offer again what waits of the campaign `code`, within its window; None when nothing waits.

    Claims see to it that no mail leaves twice, whatever else sends meanwhile.

    Raises:
        ClockError: this machine's clock is not to be believed.
        MailError: mails missed their window since the last round, or the server refuses the account.
    """
    today = _place(code)
    require_clock(today)
    moment = ticking(today)()
    claims.tidy(today.ledger, moment)
    ended: Counter[str] = Counter()
    found = waiting.put_off_mails(today.ledger, campaign=code, today=moment.today)
    for business_date, kind in found:
        place = _place(code, business_date.isoformat())
        ended.update(send_planned(place, kind, account))
    expired = waiting.count_expired(today.ledger, campaign=code, since=moment.at - LOOK_BACK)
    for business_date in sorted({one for one, _ in found} | ({moment.today} if expired else set())):
        _show(_place(code, business_date.isoformat()))
    if expired:
        raise MailError(
            f"{expired} thư hết giờ gửi mà chưa gửi được.",
            where=f"đợt {code}",
            remedy="xem `dondoc mail list`, báo người nhận bằng cách khác; kiểm tra máy chủ thư.",
        )
    return Round(ended[SENT], ended[DEFERRED]) if found else None


def _show(place: Workplace) -> None:
    """Bring the pages and the summary of a closed day up to what has become of its mails."""
    if publication.renew_mails(place):
        write_preview(place)


def _place(code: str, business_date: str | None = None) -> Workplace:
    installation = Installation.from_environment()
    today = installation.today(installation.campaign(code).zone)
    ref: DayRef = {"campaign": code, "business_date": business_date or today.isoformat(), "kind": "daily"}
    return Workplace.of(ref)
