"""Takes the mails that may leave, one after the other, to the server, and settles each in the ledger."""

import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from dondoc.errors import MailError
from dondoc.files import sha256_of
from dondoc.ledger import claims, journal
from dondoc.ledger.claims import ClaimedMail, ClockReading, SendJob, SendResult
from dondoc.mail.account import SmtpAccount
from dondoc.mail.compose import as_resent
from dondoc.mail.guards import off_domain
from dondoc.mail.heartbeat import Heartbeat
from dondoc.mail.session import SmtpConnection
from dondoc.mail.transport import (
    FINAL_REPLY_SECONDS,
    AccountRefusedError,
    OutgoingMessage,
    SmtpStage,
    WithdrawnError,
    dated,
    offer,
)
from dondoc.mail.words import SKIPPED

log = logging.getLogger(__name__)
JITTER = random.SystemRandom()


@dataclass(frozen=True)
class Pace:
    """How many at a time, and how long for each thing.

    Leases are renewed at each `heartbeat` of the sender, so that a dead one's mails are free as soon as they are over:
    what it only claimed in seconds; what it was offering stays its own a little longer, for a ledger that is away for a
    moment must not put a mail in doubt. `longest_offer` is longer than the longest conversation: the commands and the
    final reply together. `longest_round` bounds a sender's work: what it has not offered by then waits, so that a slow
    server keeps no run of a day alive. `longest_absence` is how long an answer waits for a ledger that is away.
    """

    batch: int = 50
    heartbeat: timedelta = timedelta(seconds=2)
    claim_lease: timedelta = timedelta(seconds=8)
    offer_lease: timedelta = timedelta(seconds=45)
    longest_offer: timedelta = timedelta(minutes=20)
    final_reply_seconds: float = FINAL_REPLY_SECONDS
    first_back_off: timedelta = timedelta(minutes=1)
    longest_back_off: timedelta = timedelta(minutes=30)
    longest_round: timedelta = timedelta(minutes=15)
    longest_absence: timedelta = timedelta(minutes=5)
    longest_silence: timedelta = timedelta(seconds=20)


def _unwatched(_event: str) -> None:
    return None


@dataclass(frozen=True)
class MailSender:
    """One sender.

    Attributes:
        ledger: the outbox's database; no transaction is open while a server is spoken to.
        out: the folder the outbox's paths are relative to.
        sender: the envelope's sender.
        domains: the only ones it writes to.
        moment: tells the time whenever asked.
        pace: how fast, how patient.
        observe: told of every step just before it is taken.
        pause: waits so many seconds.
    """

    ledger: Engine
    out: Path
    sender: str
    domains: frozenset[str]
    moment: Callable[[], ClockReading]
    pace: Pace = Pace()
    observe: Callable[[str], None] = _unwatched
    pause: Callable[[float], None] = time.sleep

    def carry(self, job: SendJob, account: SmtpAccount) -> Counter[str]:
        """Send what waits, for `pace.longest_round` at most; return how many mails ended in which state.

        Raises:
            MailError: the server refuses the account; what was not offered stays planned.
            UnreachableError: it does not answer, or keeps dropping us; likewise.
            LedgerError: the ledger is not the one whose mails were offered from here, or is older.
        """
        ended: Counter[str] = Counter()
        journal.require_store(self.ledger, self.out)
        until = self.moment().at + self.pace.longest_round
        claims.tidy(self.ledger, self.moment())
        with self._heartbeat(job, account) as heartbeat:
            connection = SmtpConnection(account, heartbeat, pause=self.pause)
            try:
                while self.moment().at < until and (batch := self._claim(job)):
                    self.observe("claimed")
                    try:
                        for mail in takewhile(lambda _mail: self.moment().at < until, batch):
                            ended[self._carry_one(mail, connection)] += 1
                    finally:
                        claims.release(self.ledger, batch, job, self.moment())
                    self._write_down(batch)
            finally:
                connection.close()
        claims.tidy(self.ledger, self.moment())
        return ended

    def _heartbeat(self, job: SendJob, account: SmtpAccount) -> Heartbeat:
        leases = {"claim_lease": self.pace.claim_lease, "offer_lease": self.pace.offer_lease}

        def renew() -> datetime | None:
            moment = self.moment()
            held = claims.renew(self.ledger, job.owner, moment, **leases)
            return moment.at + self.pace.offer_lease if held else None

        return Heartbeat(
            renew,
            every_seconds=self.pace.heartbeat.total_seconds(),
            patience_seconds=self.pace.longest_silence.total_seconds(),
            server=f"{account.host}:{account.port}",
        )

    def _claim(self, job: SendJob) -> list[ClaimedMail]:
        lease = self.pace.claim_lease
        batch = claims.claim(self.ledger, job, self.moment(), limit=self.pace.batch, lease=lease)
        self._write_down(batch)
        return batch

    def _write_down(self, batch: Sequence[ClaimedMail]) -> None:
        if batch:
            journal.write_batch(self.ledger, self.out, [mail.id for mail in batch])

    def _carry_one(self, mail: ClaimedMail, connection: SmtpConnection) -> str:
        path = self.out / mail.path
        content = path.read_bytes() if path.is_file() else b""
        if trouble := self._trouble(mail, content):
            state, reason = trouble
            claims.put_aside(self.ledger, mail, self.moment(), state=state, reason=reason)
            return state
        session = connection.session()
        moment = self.moment()
        if not claims.begin(self.ledger, mail, moment, lease=self.pace.offer_lease):
            return SKIPPED
        connection.heartbeat.holds(moment.at + self.pace.offer_lease)
        deadline = moment.at + self.pace.longest_offer
        self.observe("intent")
        if mail.resends:
            content = as_resent(content, mail.message_id)
        message = OutgoingMessage(dated(content, self.moment().office_at), self.sender, mail.recipient)
        try:
            result = offer(
                session,
                message,
                watch=lambda stage: self._watch(mail, stage, deadline, connection.heartbeat),
                final_reply_seconds=self.pace.final_reply_seconds,
            )
        except AccountRefusedError as error:
            self._settle(mail, SendResult(claims.PLANNED, SmtpStage.MAIL, None, str(error)))
            raise MailError(
                f"Máy chủ thư từ chối tài khoản gửi ({error}).",
                where="kết nối dondoc_smtp",
                remedy="kiểm tra tài khoản, mật khẩu và quyền gửi; thư chưa gửi vẫn nằm trong hàng chờ.",
            ) from error
        finally:
            connection.heartbeat.hears()
        self.observe("answered")
        if result.state == claims.SENT:
            connection.served()
        return self._settle(mail, result)

    def _settle(self, mail: ClaimedMail, result: SendResult) -> str:
        if result.state == claims.DEFERRED:
            result = _later(result, self._next_try(mail))
        if self._settled(mail, result):
            self.observe("settled")
            return result.state
        log.warning("thư %d: kết quả tới khi người gửi không còn giữ thư", mail.id)
        return SKIPPED

    def _settled(self, mail: ClaimedMail, result: SendResult) -> bool:
        """Write down what the server said, however long the ledger is away: nobody else knows it."""
        # Not by the office's clock, which may stand still or be set back; a try alone may take half a minute.
        began = time.monotonic()
        longest = self.pace.longest_absence.total_seconds()
        tried = 0
        while True:
            try:
                return claims.settle(self.ledger, mail, result, self.moment())
            except OperationalError:
                tried += 1
                if max(tried, time.monotonic() - began) > longest:
                    raise
                log.warning("thư %d: chưa ghi được kết quả vào sổ cái, thử lại", mail.id)
                self.pause(1)

    def _watch(self, mail: ClaimedMail, stage: SmtpStage, deadline: datetime, heartbeat: Heartbeat) -> None:
        """Stop before the server can accept the mail, once it is no longer ours to send.

        The clock is asked before every stage up to the dot whether the lease, as it was last renewed, still runs; the
        ledger before MAIL FROM and before DATA. One that does not answer then cannot say that the mail is ours.
        """
        self.observe(stage)
        if stage is SmtpStage.REPLY:
            minutes = self.pace.final_reply_seconds / 60
            heartbeat.asks("nhận thư", then=f"chờ tới {minutes:.0f} phút, rồi ghi thư này là chưa rõ đã tới chưa")
            return
        heartbeat.asks("nhận lệnh", then="hẹn thư này gửi lại sau, mở lại phiên cho thư kế tiếp")
        if self.moment().at >= min(deadline, heartbeat.held_until or deadline):
            raise WithdrawnError
        if stage in {SmtpStage.MAIL, SmtpStage.DATA} and not self._still_held(mail):
            raise WithdrawnError

    def _still_held(self, mail: ClaimedMail) -> bool:
        try:
            return claims.still_held(self.ledger, mail, self.moment())
        except OperationalError:
            return False

    def _trouble(self, mail: ClaimedMail, content: bytes) -> tuple[str, str] | None:
        if sha256_of(content) != mail.payload_sha256:
            return claims.FAILED, "tệp thư đã mất hoặc bị sửa sau khi soạn: chạy lại ngày này để soạn lại thư"
        if reason := off_domain(mail.recipient, self.domains):
            return claims.HELD, reason
        return None

    def _next_try(self, mail: ClaimedMail) -> datetime:
        wait = min(self.pace.first_back_off * 2 ** min(mail.attempts, 20), self.pace.longest_back_off)
        return self.moment().at + wait * JITTER.uniform(0.75, 1.25)


def _later(result: SendResult, next_try_at: datetime) -> SendResult:
    return SendResult(result.state, result.stage, result.code, result.answer, result.queue_id, next_try_at)
