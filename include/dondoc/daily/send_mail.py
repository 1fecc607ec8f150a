"""The boxes that send: the mails of one kind, planned before."""

from collections import Counter
from collections.abc import Callable

from dondoc.daily import dispatch
from dondoc.daily.step import step
from dondoc.installation.workplace import Workplace
from dondoc.ledger.mail_kinds import FINAL, REPORT
from dondoc.mail.account import SmtpAccount


@step
def send_mail(place: Workplace, kind: str, account: Callable[[], SmtpAccount]) -> dict[str, int]:
    """Send the planned mails of one kind; each row ends sent, refused, put off, or unknown, and never leaves twice.

    The final report goes with the reports, before them.

    Raises:
        InOtherHandsError: another sender has not settled some of them.
    """
    kinds = (FINAL, kind) if kind == REPORT else (kind,)
    ended = Counter[str]()
    for one in kinds:
        ended.update(dispatch.send_planned(place, one, account))
    dispatch.require_settled(place, *kinds)
    return dict(ended)
