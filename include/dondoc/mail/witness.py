"""When a relay's log proves that a mail never reached the relay: only as the witness of the very conversation.

A log may be another program's, another relay's, or one with a gap; silence in it then proves nothing. It is believed
only when it shows what we know: the mails of ours that the relay confirmed near by, brought by the client that we are,
and the whole of the conversation in which the doubtful mail was offered.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median

from dondoc.ledger.verdicts import Doubt
from dondoc.mail.relay_log import Passage, RelayLog, Session

# A traditional time stamp names a second, not an instant.
STAMP_WIDTH = timedelta(seconds=1)
# A mail confirmed this close to where the log begins or ends may stand outside it: two clocks differ.
EDGE = timedelta(minutes=1)


def why_unproven(doubt: Doubt, said: RelayLog, *, confirmed: Mapping[str, datetime], grace: timedelta) -> str | None:
    """Return why the log does not prove that the mail is absent, None when it does.

    Args:
        doubt: a mail the log does not show as taken.
        said: what the log says from before the mail was offered.
        confirmed: when the server told us that it took a mail, of mails near by, by Message-ID.
        grace: how long after the sender was given up the relay's silence means that it has nothing.
    """
    if said.troubles:
        return "nhật ký không đọc được trọn vẹn"
    if not said.covers(doubt.offered_at, doubt.changed_at + grace):
        return "nhật ký chưa ghi hết khoảng thời gian đưa thư"
    near = {key: at for key, at in confirmed.items() if said.covers(at - EDGE, at + EDGE)}
    known = {key: passage for key in near if (passage := _first(said, key))}
    if not known or len(known) < len(near):
        return "nhật ký thiếu thư mà máy chủ thư đã báo nhận: không phải nhật ký của máy chủ ấy, hoặc không đủ"
    conversations = _conversations(doubt, said, known, near)
    if not conversations:
        return "nhật ký không ghi phiên đưa thư này"
    if not all(session.is_whole for session in conversations):
        return "nhật ký không ghi trọn phiên đưa thư"
    return None


def _first(said: RelayLog, message_id: str) -> Passage | None:
    return next(iter(said.taken.get(message_id, {}).values()), None)


def _conversations(
    doubt: Doubt, said: RelayLog, known: Mapping[str, Passage], near: Mapping[str, datetime]
) -> Sequence[Session]:
    """Return our own conversations that were going on when the mail was offered, by the relay's clock."""
    ours = {passage.client for passage in known.values()}
    ahead = median((passage.taken_at - near[key]).total_seconds() for key, passage in known.items() if passage.taken_at)
    offered_at = doubt.offered_at + timedelta(seconds=ahead)
    return [
        session
        for session in said.sessions
        if session.client in ours
        and session.began_at <= offered_at + STAMP_WIDTH
        and (session.ended_at is None or offered_at - STAMP_WIDTH <= session.ended_at)
    ]
