"""A mail relay's own log (Postfix): which conversations it held, and which of our messages it took in them.

Postfix logs a Message-ID while the message is still coming in; that it *took* it shows when the queue manager has it
(`queue active`) or a delivery is logged (`status=…`). A conversation begins with `connect from`, ends with `disconnect
from`, and there Postfix says how many messages it took (`data=2/3`: two of three). Formats: postfix-3 syslog lines with
the traditional or an RFC 3339 time stamp (https://www.postfix.org/postlogd.8.html).
"""

import gzip
import re
import zlib
from collections import OrderedDict
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BufferedReader
from pathlib import Path
from zoneinfo import ZoneInfo

STAMP = re.compile(r"(?P<iso>\d{4}-\d\d-\d\dT\S+)|(?P<bsd>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)")
LINE = re.compile(
    r"(?P<stamp>\d{4}-\d\d-\d\dT\S+|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) "
    r"(?P<process>\S+ postfix[^\[ ]*/[\w-]+\[\d+\]): (?P<said>.*)"
)
CONNECT = re.compile(r"connect from \S*?\[(?P<client>[^\]]+)\]")
DISCONNECT = re.compile(r"disconnect from \S+")
DATA = re.compile(r" data=(\d+)")
QUEUED = re.compile(r"(?P<queue>[0-9A-Za-z]{5,20}): (?P<event>.*)")
CLIENT = re.compile(r"client=\S*?\[(?P<client>[^\]]+)\]")
IDENTITY = re.compile(r"message-id=(<[^>]+>)")
STATUS = re.compile(r"\bstatus=(?:sent|bounced|deferred|expired)\b")
# The logging service says so when it threw lines away.
THROWN_AWAY = re.compile(r"rate-limiting|Suppressed \d+ messages|messages? lost")

# A log may be of any size: what is read of it, what of a line, and how many messages are followed at once.
MOST_BYTES = 2**30
LONGEST_LINE = 2**16
MOST_FOLLOWED = 50_000
CLOSE_ENOUGH = 2**16
A_DAY = timedelta(days=1)
YEARS_BACK = 9


@dataclass
class Session:
    """One conversation of a client with the relay.

    Attributes:
        client: its network address.
        began_at: the instant it connected.
        ended_at: the instant it left; None where the log does not say.
        said_taken: how many messages the relay says it took in it; None where it does not say.
        shown_taken: how many the log shows it took.
    """

    client: str
    began_at: datetime
    ended_at: datetime | None = None
    said_taken: int | None = None
    shown_taken: int = 0

    @property
    def is_whole(self) -> bool:
        """Return whether the log shows its end and all it says was taken."""
        return self.ended_at is not None and self.said_taken in {None, self.shown_taken}


@dataclass
class Passage:
    """One message the relay saw under one queue id: who brought it in which conversation, and when it was taken."""

    client: str | None = None
    session: Session | None = None
    message_id: str | None = None
    taken_at: datetime | None = None


@dataclass
class RelayLog:
    """What a relay's log says of a span of time.

    Attributes:
        first_at: the instant of the first line of the relay's own; None when there is none.
        last_at: of the last.
        taken: the messages asked about that the relay took, by Message-ID and queue id.
        sessions: the conversations that touch the span.
        troubles: what could not be read, or was not written, in words; whatever is absent may stand there.
    """

    first_at: datetime | None = None
    last_at: datetime | None = None
    taken: dict[str, dict[str, Passage]] = field(default_factory=dict)
    sessions: list[Session] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def covers(self, since: datetime, until: datetime) -> bool:
        """Return whether lines of the relay's own stand before and after that span."""
        return (
            self.first_at is not None and self.last_at is not None and self.first_at <= since and until <= self.last_at
        )


@dataclass(frozen=True)
class Inquiry:
    """What a log is asked.

    Attributes:
        message_ids: the messages it is asked about.
        since: the first instant of the span it is asked about.
        now: the instant of asking; a time stamp without a year is not later.
        zone: of time stamps without one.
    """

    message_ids: Collection[str]
    since: datetime
    now: datetime
    zone: ZoneInfo

    def instant(self, stamp: str) -> datetime:
        """Return the instant a time stamp names."""
        if stamp[4] == "-":
            return datetime.fromisoformat(stamp)
        this_year = self.now.astimezone(self.zone).year
        for year in range(this_year, this_year - YEARS_BACK, -1):
            # Of a year that has no 29 February the stamp cannot be.
            with suppress(ValueError):
                found = datetime.strptime(f"{year} {stamp}", "%Y %b %d %H:%M:%S").replace(tzinfo=self.zone)
                if found <= self.now + A_DAY:
                    return found
        return self.since


def read_relay_log(paths: Iterable[Path], inquiry: Inquiry) -> RelayLog:
    """Return what the log files, plain or gzip, say together; a file that cannot be read is named, never raised."""
    reader = _LogReader(inquiry)
    left = MOST_BYTES
    for path in paths:
        try:
            left -= reader.read(path, left)
        except (OSError, EOFError, zlib.error) as error:
            reader.log.troubles.append(f"nhật ký máy chủ thư {path}: {_why(error)}")
    return reader.finish()


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "không có tệp này"
    if isinstance(error, IsADirectoryError):
        return "là thư mục, không phải tệp"
    if isinstance(error, PermissionError):
        return "không có quyền đọc"
    if isinstance(error, gzip.BadGzipFile | EOFError | zlib.error):
        return "tệp nén hỏng hoặc chưa ghi xong"
    return f"không đọc được ({getattr(error, 'strerror', None) or type(error).__name__})"


class _LogReader:
    """Follows conversations and messages from line to line; holds no more than it was asked about."""

    def __init__(self, inquiry: Inquiry) -> None:
        self.log = RelayLog()
        self._asked = inquiry
        self._open: dict[str, Session] = {}
        self._passages: OrderedDict[str, Passage] = OrderedDict()
        self._stamp = ""
        self._at = inquiry.now

    def read(self, path: Path, most: int) -> int:
        """Read one file from the span's beginning; return how many bytes that were."""
        own = 0
        size = 0
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            if isinstance(file, BufferedReader):
                self._seek(file, path.stat().st_size)
            while line := file.readline(LONGEST_LINE):
                size += len(line)
                if size > most:
                    self.log.troubles.append(f"nhật ký máy chủ thư {path}: quá lớn, chỉ đọc phần đầu")
                    break
                own += self._take(line.decode("utf-8", "replace"))
        if not own:
            self.log.troubles.append(f"nhật ký máy chủ thư {path}: không có dòng nào của Postfix từ lúc đưa thư")
        return size

    def finish(self) -> RelayLog:
        """Return what was read, conversations whose end is not written among it."""
        self.log.sessions += self._open.values()
        return self.log

    def _seek(self, file: BufferedReader, size: int) -> None:
        """Go to a line before the span, by halves: lines stand in order of time."""
        low = 0
        high = size
        while high - low > CLOSE_ENOUGH:
            middle = (low + high) // 2
            file.seek(middle)
            file.readline(LONGEST_LINE)
            stamp = STAMP.match(file.readline(LONGEST_LINE).decode("utf-8", "replace"))
            early = stamp is not None and self._asked.instant(stamp[0]) < self._asked.since
            low, high = (middle, high) if early else (low, middle)
        file.seek(low)
        if low:
            file.readline(LONGEST_LINE)

    def _take(self, line: str) -> bool:
        """Note what one line says; return whether it is the relay's own."""
        found = LINE.match(line) if "postfix" in line else None
        if found is None:
            if THROWN_AWAY.search(line):
                self.log.troubles.append("nhật ký máy chủ thư: dịch vụ ghi nhật ký đã bỏ bớt dòng")
            return False
        if found["stamp"] != self._stamp:
            self._stamp = found["stamp"]
            self._at = self._asked.instant(found["stamp"])
        self.log.first_at = min(self.log.first_at or self._at, self._at)
        self.log.last_at = max(self.log.last_at or self._at, self._at)
        if queued := QUEUED.match(found["said"]):
            self._message(found["process"], queued["queue"], queued["event"])
        else:
            self._conversation(found["process"], found["said"])
        return True

    def _conversation(self, process: str, said: str) -> None:
        if begins := CONNECT.match(said):
            self._open[process] = Session(begins["client"], self._at)
        elif DISCONNECT.match(said) and (session := self._open.pop(process, None)):
            session.ended_at = self._at
            session.said_taken = sum(map(int, DATA.findall(said))) if " commands=" in said else None
            if session.ended_at >= self._asked.since:
                self.log.sessions.append(session)

    def _message(self, process: str, queue: str, event: str) -> None:
        if brought := CLIENT.match(event):
            self._passages[queue] = Passage(brought["client"], self._open.get(process))
        elif identity := IDENTITY.search(event):
            self._passages.setdefault(queue, Passage()).message_id = identity[1]
        elif STATUS.search(event) or "(queue active)" in event:
            self._taken(queue)
        if len(self._passages) > MOST_FOLLOWED:
            self._passages.popitem(last=False)

    def _taken(self, queue: str) -> None:
        passage = self._passages.get(queue)
        if passage is None or passage.taken_at:
            return
        passage.taken_at = self._at
        if passage.session:
            passage.session.shown_taken += 1
        if passage.message_id in self._asked.message_ids:
            self.log.taken.setdefault(str(passage.message_id), {})[queue] = passage
