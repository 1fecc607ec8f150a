"""A mail relay's own log (Postfix): which Message-IDs it took, under which queue id, and what became of them.

Postfix logs a Message-ID while the message is still coming in; that it *took* it shows when the queue manager has it
(`queue active`) or a delivery is logged (`status=…`). Formats: postfix-3 syslog lines with the traditional or an
RFC 3339 time stamp (https://www.postfix.org/postlogd.8.html).
"""

import gzip
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

STAMP = re.compile(r"(?P<iso>\d{4}-\d\d-\d\dT\S+)|(?P<bsd>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)")
EVENT = re.compile(r"postfix[^\[ ]*/(?P<daemon>[\w-]+)\[\d+\]: (?P<queue>[0-9A-Za-z]{5,20}): (?P<rest>.*)")
IDENTITY = re.compile(r"message-id=(<[^>]+>)")
STATUS = re.compile(r"\bstatus=(sent|bounced|deferred|expired)\b")


@dataclass
class Passage:
    """One message the relay saw under one queue id."""

    message_id: str
    taken: bool = False
    statuses: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class RelayLog:
    """What a relay's log says, and the span of time it covers without a gap we can see.

    Attributes:
        first_at: the first line's instant; None when the log is empty.
        last_at: the last line's.
        taken: the messages the relay took, by Message-ID and queue id.
    """

    first_at: datetime | None
    last_at: datetime | None
    taken: dict[str, dict[str, Passage]]

    def covers(self, since: datetime, until: datetime) -> bool:
        """Return whether the log covers all of that span."""
        return (
            self.first_at is not None and self.last_at is not None and self.first_at <= since and until <= self.last_at
        )


def read_relay_log(paths: Iterable[Path], *, zone: ZoneInfo, year: int) -> RelayLog:
    """Return what the log files, in order of time, say together.

    Args:
        paths: plain or gzip files.
        zone: of traditional time stamps, which carry none.
        year: of the last line, for the same reason.
    """
    lines = [line for path in paths for line in _lines(path)]
    passages: dict[str, Passage] = {}
    for line in lines:
        if event := EVENT.search(line):
            _note(passages, event["queue"], event["rest"])
    taken: dict[str, dict[str, Passage]] = {}
    for queue, passage in passages.items():
        if passage.taken:
            taken.setdefault(passage.message_id, {})[queue] = passage
    first, last = _ends(lines, zone, year)
    return RelayLog(first, last, taken)


def _note(passages: dict[str, Passage], queue: str, rest: str) -> None:
    if identity := IDENTITY.search(rest):
        passages[queue] = Passage(identity[1])
    elif queue in passages:
        status = STATUS.search(rest)
        if status:
            passages[queue].statuses.append(status[1])
        passages[queue].taken |= bool(status) or "(queue active)" in rest


def _ends(lines: Sequence[str], zone: ZoneInfo, year: int) -> tuple[datetime | None, datetime | None]:
    stamps = [stamp for line in (*lines[:1], *lines[-1:]) if (stamp := STAMP.match(line))]
    if len(stamps) < 2:
        return None, None
    first, last = (_instant(stamp, zone, year) for stamp in stamps)
    # A traditional log that runs over New Year begins in the year before.
    return (first.replace(year=year - 1) if stamps[0]["bsd"] and first > last else first), last


def _instant(stamp: re.Match[str], zone: ZoneInfo, year: int) -> datetime:
    if stamp["iso"]:
        return datetime.fromisoformat(stamp["iso"])
    return datetime.strptime(f"{year} {stamp['bsd']}", "%Y %b %d %H:%M:%S").replace(tzinfo=zone)


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            if line.strip():
                yield line.decode("utf-8", "replace")
