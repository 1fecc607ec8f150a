"""The mailbox units answer to: workbooks attached to their messages are taken in; the mailbox stays as it is."""

import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from dondoc.answers.intake import SUFFIXES, Sent, take_in
from dondoc.errors import UnreachableError, UntrustedError
from dondoc.installation.workplace import Workplace
from dondoc.ledger import answers
from dondoc.ledger.answers import REFUSED
from dondoc.ledger.set_aside import MAIL, SetAside, note_set_aside
from dondoc.mail.mailbox import MAX_MESSAGE_BYTES, Mailbox, fetch_unread
from dondoc.untrusted.confined import confined
from dondoc.untrusted.mails import NOBODY, ReceivedMail, read_mail
from dondoc.untrusted.senders import Lookup, look_up

log = logging.getLogger(__name__)

READ_BACK = timedelta(days=30)
# A unit sends one file, and mends it a few times; what sends more is a machine gone wrong, or no unit.
MOST_FILES_A_DAY = 40
TOO_LARGE = f"thư lớn quá {MAX_MESSAGE_BYTES >> 20} MB, không đọc: nhờ đơn vị gửi tệp bảng tính gọn hơn"
TOO_MANY = "địa chỉ này đã gửi {} tệp trong ngày: hỏi đơn vị rồi đặt tệp cần nhận vào thư mục trả lời"


def take_in_mail(place: Workplace, box: Mailbox, *, at: datetime, dns: Lookup = look_up) -> dict[str, int]:
    """Take in the workbooks that came by mail and return how many messages, files and cells ended how.

    A message is marked as read, in the ledger alone, after the ledger has all of it: a run cut off anywhere reads it
    again and records nothing twice. Of one that is not proved to be its sender's nothing is kept but that it came.

    Raises:
        MailError: the mailbox refuses us.
        UnreachableError: it, or the name server that knows who may sign, does not answer; all else is taken in.
    """
    desk = _Desk(place, box.name, at, dns)
    for uid, content in fetch_unread(box, place.day.business_date - READ_BACK, desk.unread):
        desk.take(uid, content)
    ended = dict(+desk.ended)
    log.info("thư trả lời: %s", ended)
    if desk.waiting is not None:
        raise desk.waiting
    return ended


@dataclass
class _Desk:
    """The messages of one round, each by itself; `waiting` is what keeps one from being judged now."""

    place: Workplace
    mailbox: str
    at: datetime
    dns: Lookup
    ended: Counter[str] = field(default_factory=Counter)
    waiting: UnreachableError | None = None

    def unread(self, uids: list[str]) -> list[str]:
        return answers.unread(self.place.ledger, uids=uids, **self._box)

    def take(self, uid: str, content: bytes) -> None:
        try:
            self._judge(uid, content)
        except UnreachableError as error:
            # Left unread: the next round sees it again.
            self.waiting = error
            self.ended["waiting"] += 1
            return
        answers.mark_read(self.place.ledger, uid=uid, at=self.at, **self._box)

    @property
    def _box(self) -> dict[str, str]:
        return {"campaign": self.place.day.campaign.code, "mailbox": self.mailbox}

    def _judge(self, uid: str, content: bytes) -> None:
        if not content:
            self._set_aside(uid, TOO_LARGE)
            return
        self.ended["messages"] += 1
        try:
            mail = self._read(content)
        except UntrustedError as error:
            self._set_aside(uid, error.brief)
            return
        # An automatic answer, or our own mail come back, is never answered: two machines would write to each other.
        if mail.automatic or not mail.carries:
            return
        if mail.unproved:
            self._set_aside(uid, mail.unproved, mail.sender)
            return
        for attached in mail.attachments:
            sent = self._sent_today(mail.sender)
            if sent >= MOST_FILES_A_DAY:
                self._set_aside(uid, TOO_MANY.format(sent), mail.sender)
                return
            self._take_file(attached.content, Sent(attached.name, mail.sender, uid))

    def _read(self, content: bytes) -> ReceivedMail:
        campaign = self.place.day.campaign
        known = frozenset(address.lower() for unit in campaign.units for address in unit.emails)
        reading = partial(read_mail, known=known, authserv_id=campaign.answers.authserv_id, dns=self.dns)
        return confined(reading, "thư trả lời", content, SUFFIXES)

    def _sent_today(self, sender: str) -> int:
        day = self.place.day
        return answers.count_files(
            self.place.ledger, campaign=day.campaign.code, sender=sender, business_date=day.business_date
        )

    def _take_file(self, content: bytes, sent: Sent) -> None:
        taken = take_in(self.place, content, sent, at=self.at)
        if taken is None:
            self.ended["other_campaign"] += 1
        elif taken.known and taken.file.origin != sent.origin:
            answers.owe_notice(self.place.ledger, taken.file.id, on=self.place.day.business_date)
            self.ended.update(files=1, again=1)
        else:
            cells = answers.cells_of(self.place.ledger, taken.file.id)
            self.ended.update(cell.state for cell in cells)
            self.ended.update(files=1, files_refused=int(taken.file.state == REFUSED))

    def _set_aside(self, uid: str, reason: str, sender: str = NOBODY) -> None:
        day = self.place.day
        owners = [unit.code for unit in day.campaign.units if sender in {one.lower() for one in unit.emails}]
        unit = owners[0] if owners else None
        origin = f"{self.mailbox}|{uid}"
        found = SetAside(day.campaign.code, MAIL, origin, reason, day.business_date, self.at, sender, unit)
        note_set_aside(self.place.ledger, found)
        log.warning("để riêng một thư trong hộp thư trả lời (xem `answers list`)")
        self.ended["set_aside"] += 1
