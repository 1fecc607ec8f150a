"""A sender's sign of life: a thread that renews its leases, and says when the mail server keeps it waiting."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wait:
    """What a server is asked, since when, and what the sender does if no answer comes."""

    since: float
    asked: str
    then: str


class Heartbeat:
    """Beats while its sender is at work; it dies with the process, and stands still with it.

    `held_until` is when the lease of the mail being offered ends, as far as this process knows.

    Args:
        renew: prolongs the sender's leases and returns until when, None when none was its own any more; a ledger that
            is away is asked again at the next beat.
        every_seconds: between two beats.
        patience_seconds: how long a server may be silent before the log says so, and how often it says so again.
        server: the mail server, named to a person.
    """

    def __init__(
        self, renew: Callable[[], datetime | None], *, every_seconds: float, patience_seconds: float, server: str
    ) -> None:
        """Prepare the thread; it starts on entering."""
        self._renew = renew
        self._every = every_seconds
        self._patience = patience_seconds
        self._server = server
        self._told = 0
        self._wait: Wait | None = None
        self.held_until: datetime | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="nhip-gui-thu", daemon=True)

    def __enter__(self) -> Self:
        """Start beating."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop beating; a beat that waits for a ledger that is away is not waited for."""
        self._done.set()
        self._thread.join(self._every)

    def holds(self, until: datetime) -> None:
        """Note that a mail's lease was taken until then."""
        self.held_until = until

    def asks(self, asked: str, *, then: str) -> None:
        """Note that the server is asked something from now on, and what follows if it does not answer."""
        self._told = 0
        self._wait = Wait(time.monotonic(), asked, then)

    def hears(self) -> None:
        """Note that the server has answered."""
        self._wait = None

    def _beat(self) -> None:
        while not self._done.wait(self._every):
            try:
                if until := self._renew():
                    self.held_until = until
            except SQLAlchemyError as error:
                log.warning("chưa gia hạn được quyền gửi thư (%s): thử lại ngay", type(error).__name__)
            self._tell()

    def _tell(self) -> None:
        wait = self._wait
        if wait is None:
            return
        silent = time.monotonic() - wait.since
        if silent >= self._patience * (self._told + 1):
            self._told += 1
            told = "Máy chủ thư %s chưa trả lời đã %d giây (%s). Tiếp theo: %s."
            log.warning(told, self._server, silent, wait.asked, wait.then)
