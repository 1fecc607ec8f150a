"""The mailbox units answer to: workbooks attached to their messages are taken in; the mailbox stays as it is."""

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from functools import partial
from pathlib import Path, PurePath

from dondoc.answers.intake import SUFFIXES, Sent, store_path, take_in
from dondoc.files import sha256_of, write_whole
from dondoc.ledger import answers
from dondoc.ledger.answers import REFUSED
from dondoc.mail.compose import one_line
from dondoc.mail.mailbox import Mailbox, fetch_unread
from dondoc.workplace import Workplace

log = logging.getLogger(__name__)

READ_BACK = timedelta(days=30)
MAX_ATTACHMENTS = 20
NOBODY = "(không rõ người gửi)"


def take_in_mail(place: Workplace, box: Mailbox, *, at: datetime) -> dict[str, int]:
    """Take in the workbooks that came by mail and return how many messages, files and cells ended how.

    A message is marked as read, in the ledger alone, after the ledger has all of it: a run cut off anywhere reads it
    again and records nothing twice.

    Raises:
        MailError: the mailbox refuses us.
        UnreachableError: it does not answer.
    """
    ended: Counter[str] = Counter()
    of_box = {"campaign": place.day.campaign.code, "mailbox": box.name}
    unread = partial(_unread, place, of_box)
    for uid, content in fetch_unread(box, place.day.business_date - READ_BACK, unread):
        ended.update(_take(place, content, uid, at))
        answers.mark_read(place.ledger, **of_box, uid=uid, at=at)
    log.info("thư trả lời: %s", dict(ended))
    return dict(ended)


def _unread(place: Workplace, of_box: dict[str, str], uids: list[str]) -> list[str]:
    return answers.unread(place.ledger, uids=uids, **of_box)


def _take(place: Workplace, content: bytes, uid: str, at: datetime) -> Counter[str]:
    if not content:
        log.warning("thư %s quá lớn, không đọc: báo đơn vị gửi tệp bảng tính gọn hơn", uid)
        return Counter(too_large=1)
    message = message_from_bytes(content)
    ended = Counter(messages=1)
    # An automatic answer, or our own mail come back, is never answered: two machines would write to each other.
    if str(message.get("Auto-Submitted", "no")).strip().lower() != "no":
        return ended
    sender = sender_of(message)
    for name, data in attachments_of(message):
        path = store_path(place, sha256_of(data), PurePath(name).suffix)
        write_whole(path, data)
        ended += _take_file(place, path, Sent(name, sender, uid), at)
    return ended


def _take_file(place: Workplace, path: Path, sent: Sent, at: datetime) -> Counter[str]:
    taken = take_in(place, path, sent, at=at)
    if taken is None:
        return Counter(other_campaign=1)
    if taken.known and taken.file.origin != sent.origin:
        answers.owe_notice(place.ledger, taken.file.id, on=place.day.business_date)
        return Counter(files=1, again=1)
    cells = answers.cells_of(place.ledger, taken.file.id)
    states = Counter(cell.state for cell in cells)
    return states + Counter(files=1, files_refused=int(taken.file.state == REFUSED))


def sender_of(message: Message) -> str:
    """Return the one address a message is from, in lower case; `NOBODY` where it names none, or several."""
    found = [address for _, address in getaddresses([str(value) for value in message.get_all("From", [])])]
    return (one_line(found[0]).lower() if len(found) == 1 else "")[:254] or NOBODY


def attachments_of(message: Message) -> Iterator[tuple[str, bytes]]:
    """Yield the names and contents of the workbooks attached to a message."""
    found = 0
    for part in message.walk():
        name = _decoded(part.get_filename() or "")
        if part.is_multipart() or PurePath(name).suffix.lower() not in SUFFIXES:
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data and found < MAX_ATTACHMENTS:
            found += 1
            yield PurePath(name.replace("\\", "/")).name, data


def _decoded(name: str) -> str:
    # Mail programs also write names as encoded words, which RFC 2231 does not know.
    try:
        return str(make_header(decode_header(name)))
    except (ValueError, LookupError, MessageError):
        return name
