"""A final report due at any hour, whatever goes wrong in the morning: simulated days, their clock and server faked.

The office's last day as Airflow plays it: the morning's run at half past seven, the final run at its hour or once the
morning's has ended (one run at a time), and a round of what was put off every ten minutes. Composing takes five
minutes. A source that does not answer is asked again as `dags/daily.py` says, which tests/dags hold
to this, each time after the longest wait that Airflow may draw.
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from tests.mail import post
from tests.people import LE_VAN_A

from dondoc.campaign.day import Day
from dondoc.campaign.ending import ending_of
from dondoc.daily import dispatch, intake, put_off
from dondoc.errors import DondocError, UnreachableError
from dondoc.ledger import claims, outbox, runs
from dondoc.ledger.claims import ClockReading, SendResult
from dondoc.ledger.outbox import Entry
from dondoc.mail import sending, session
from dondoc.mail.guards import final_window, send_window
from dondoc.mail.transport import SmtpStage

LAST = date(2023, 11, 16)
COMPOSING, ROUND = timedelta(minutes=5), timedelta(minutes=10)
RETRIES, FIRST_WAIT = 3, timedelta(minutes=2)
# About the hour at which the last day begins to have two runs, and before and after it.
HOURS = ["08:00", "09:00", "10:00", "10:30", "12:00", "16:00"]


@dataclass
class Trouble:
    """What is wrong on the day.

    Attributes:
        refused: whom the server puts off until when.
        away_until: until when it does not answer at all.
        seconds: how long it takes for a mail.
        source: whether a source's server is away all day, as it may be: a quarter of an hour each time.
    """

    refused: dict[str, str] = field(default_factory=dict)
    away_until: str = "00:00"
    seconds: int = 1
    source: bool = False


TROUBLES = {
    "no trouble": Trouble(),
    "one unit put off all day": Trouble(refused={"VP": "23:59"}),
    "everybody put off for a quarter of an hour": Trouble(refused={"VP": "07:50", "QLDT": "07:50", "office": "07:50"}),
    "a server away until ten to eight": Trouble(away_until="07:50"),
    "a server that takes nine minutes a mail": Trouble(seconds=540),
    "a source that does not answer": Trouble(source=True),
}


class Office:
    """The last day of a campaign whose report is due at an hour, played minute by minute."""

    def __init__(self, place, hour, trouble, patch):
        self.trouble, self.left_at, self.sent = trouble, {}, []
        report_at = datetime.combine(LAST, time.fromisoformat(hour))
        self.campaign = place.day.campaign.model_copy(update={"final_report_at": report_at})
        self.place = replace(place, day=Day(self.campaign, place.day.calendar, LAST))
        self.zone, self.at = self.campaign.zone, datetime(2023, 11, 16, 7, 0, tzinfo=self.campaign.zone)
        self.ending = ending_of(self.campaign, place.day.calendar)
        self.next_round = self.at
        patch.setattr(type(place.installation), "now", lambda _self, zone: self.at.astimezone(zone))
        for module in (dispatch, put_off):
            patch.setattr(module, "require_clock", lambda _place: None)
            patch.setattr(module, "ticking", lambda _place: self.moment)
        patch.setattr(put_off, "_place", lambda _code, _day=None: self.place)
        patch.setattr(put_off, "_show", lambda _place: None)
        patch.setattr(session, "open_session", self.answer)
        patch.setattr(sending, "offer", self.take)
        patch.setattr(intake, "_take", self.pull)
        patch.setattr(outbox, "now", lambda: self.at.astimezone(UTC))

    def moment(self):
        return ClockReading(self.at.date(), self.at.astimezone(UTC), self.at.astimezone(UTC))

    def answer(self, *_):
        if f"{self.at:%H:%M}" < self.trouble.away_until:
            raise UnreachableError("Không mở được phiên gửi thư.", where="máy chủ", remedy="chờ.")
        return SimpleNamespace(sock=object(), quit=lambda: None)

    def take(self, _session, message, **_):
        """Take a mail, or put it off, as the server of the day does."""
        self.pass_time(timedelta(seconds=self.trouble.seconds))
        name = message.recipient.partition("@")[0]
        if f"{self.at:%H:%M}" < self.trouble.refused.get(name.rstrip("0123456789-"), ""):
            return SendResult(claims.DEFERRED, SmtpStage.RCPT, 451, "xin gửi lại sau")
        self.left_at[name] = self.at
        self.sent.append(name)
        return SendResult(claims.SENT, SmtpStage.REPLY, 250, "ok")

    def pull(self, *_):
        if self.trouble.source:
            self.pass_time(timedelta(minutes=15))
            raise UnreachableError("Máy chủ nguồn không trả lời được.", where="nguồn", remedy="chờ.")
        return {}

    def pass_time(self, span):
        """Let time pass; the rounds of what was put off are another task, that only the quiet of a run lets us play."""
        self.at += span

    def try_task(self, task):
        """Return what the task returned, tried again as Airflow would; None when it failed."""
        for n in range(RETRIES + 1):
            try:
                return task()
            except UnreachableError:
                self.pass_time(FIRST_WAIT * 2**n if n < RETRIES else timedelta())
            except DondocError:
                return None
        return None

    def enter(self, kind, names):
        window = final_window(self.place.day) if kind == "final" else send_window(self.place.day)
        values = {"campaign": self.campaign.code, "business_date": LAST, "kind": kind}
        values |= dict(zip(("not_before", "not_after"), window, strict=True))
        for name in names:
            recipient = f"{name}@{next(iter(self.campaign.mail.allowed_domains))}"
            mail = post.a_mail(self.place.out, f"{kind}-{name}", recipient=recipient, unit=name[:8], **values)
            outbox.plan_mails(self.place.ledger, [Entry(mail, None, "x")])

    def run(self, begins, *, final):
        """Play a run; its boxes that send stand side by side, the report's first where they do not."""
        self.rounds_until(begins)
        opened = {"campaign": self.campaign.code, "business_date": LAST, "kind": "daily", "mode": "armed"}
        one = runs.open_run(self.place.ledger, hold_reason=None, armed_by=LE_VAN_A, final_run=final, **opened)
        with suppress(DondocError):
            self.try_task(lambda: intake.pull.__wrapped__(self.place, "cases"))
        self.pass_time(COMPOSING)
        if final:
            self.enter("final", ["office"])
        else:
            self.enter("reminder", ["VP", "QLDT", *(f"unit-{n}" for n in range(12))])
        ended = [self.at]
        for kind in ["final", "reminder"] if final else ["reminder"]:
            began = self.at
            self.try_task(lambda kind=kind: dispatch.send_planned(self.place, kind, lambda: post.account(1)))
            ended.append(self.at)
            self.at = began
        self.at = max(ended)
        runs.close_run(self.place.ledger, one.id)

    def rounds_until(self, then):
        while self.next_round <= then:
            self.at = max(self.at, self.next_round)
            with suppress(DondocError):
                put_off.offer_again.__wrapped__(self.campaign.code, lambda: post.account(1))
            self.next_round = max(self.next_round + ROUND, self.at)
        self.at = max(self.at, then)


@pytest.fixture
def office(place, monkeypatch, tmp_path):
    place.out.mkdir(exist_ok=True)
    return lambda hour, trouble: Office(place, hour, TROUBLES[trouble], monkeypatch)


@pytest.mark.fault(122)
@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("hour", HOURS)
def test_the_final_report_leaves_in_time_whatever_the_hour_and_the_trouble(office, hour, trouble):
    played = office(hour, trouble)
    morning = datetime.combine(LAST, played.campaign.daily_at, played.zone)
    if played.ending.run_at > morning:
        played.run(morning, final=False)
        assert played.at <= morning + timedelta(hours=2), "a morning's run ends, whatever the server does"
    begins = max(played.ending.run_at, played.at)
    played.run(begins, final=True)
    played.rounds_until(played.ending.due_at)
    assert played.left_at["office"] <= played.ending.due_at
    assert len(played.sent) == len(set(played.sent))
