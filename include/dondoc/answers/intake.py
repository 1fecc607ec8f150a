"""One file that came back: kept, read, judged, and entered in the ledger, once."""

import hmac
import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path, PurePath
from typing import Any

from sqlalchemy import Row

from dondoc.answers.form import Said
from dondoc.answers.judging import EarlierAnswers, judge
from dondoc.answers.reading import read_returned
from dondoc.campaign import Campaign
from dondoc.errors import DondocError, LedgerError, LostFileError
from dondoc.files import sha256_of, write_whole
from dondoc.installation.workplace import Workplace
from dondoc.ledger import answers, runs
from dondoc.ledger.answers import Outcome, ReceivedFile
from dondoc.ledger.letters import promises
from dondoc.ledger.workbooks import find_workbook, token_key, token_of
from dondoc.records import FIRST_DATES
from dondoc.sources.snapshot import read_snapshot
from dondoc.untrusted.confined import confined, private_copy
from dondoc.untrusted.plain_names import plain_name

log = logging.getLogger(__name__)

STORE = "answers-store"
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
MAX_NAME = 120
TRIES = 5
FIRST_DATES_NAME = "first-dates"
OTHER_CAMPAIGN = "tệp thuộc đợt khác: đặt vào thư mục của đợt ấy"
ANOTHER_CODE = (
    "mã nhận dạng không phải mã của tệp đã gửi: điền vào chính tệp đính kèm thư nhắc mới nhất, rồi gửi lại tệp ấy"
)
UNKNOWN = "không có tệp nào mang mã nhận dạng này được gửi cho đơn vị: điền vào tệp đã nhận"
NO_ROWS = "không có ô nào được điền hoặc thay đổi"


@dataclass(frozen=True)
class Sent:
    """How a file came: its name, the address and the message it was mailed with; neither from the drop folder."""

    name: str
    sender: str = ""
    origin: str = ""


@dataclass(frozen=True)
class RecordedFile:
    """A file in the ledger, and whether it had been there before."""

    file: Row[Any]
    known: bool


def take_in(place: Workplace, content: bytes, sent: Sent, *, at: datetime) -> RecordedFile | None:
    """Enter a file in the ledger and return its row; one that is known changes nothing.

    It is read apart, and only the bytes of what has cells to judge are kept, in the store, before the ledger knows of
    it. One that was mailed for another campaign is left to that campaign: None.

    Args:
        place: the office on the day the file is taken in.
        content: its bytes.
        sent: how it came.
        at: the instant entered in the ledger.
    """
    today = place.day.business_date
    campaign = place.day.campaign
    sha256 = sha256_of(content)
    shown = plain_name(sent.name)
    name = shown[:MAX_NAME]
    suffix = PurePath(shown).suffix
    arrival = ReceivedFile(
        campaign.code, sha256, sent.sender, sent.origin, name, today, late=today > campaign.deadline, at=at
    )
    for _ in range(TRIES):
        if file := answers.find_file(place.ledger, campaign=campaign.code, sha256=sha256, sender=sent.sender):
            return RecordedFile(file, known=True)
        outcome = _outcome(place, content, sent)
        if outcome is None:
            return None
        if outcome.cells:
            write_whole(store_path(place, sha256, suffix), content)
        if answers.record_file(place.ledger, arrival, outcome):
            file = answers.find_file(place.ledger, campaign=campaign.code, sha256=sha256, sender=sent.sender)
            if file is not None:
                log.info("tệp trả lời %s của %s: %s", sha256[:16], file.unit, file.state)
                return RecordedFile(file, known=False)
    raise LedgerError(
        "Không ghi được tệp trả lời vào sổ cái.", where=name, remedy="chạy lại bước này; tệp vẫn nằm nguyên chỗ cũ."
    )


def store_path(place: Workplace, sha256: str, suffix: str) -> Path:
    """Return where the bytes with this hash are kept."""
    return place.out / place.day.campaign.code / STORE / f"{sha256}{_plain_suffix(suffix)}"


def _plain_suffix(suffix: str) -> str:
    return suffix.lower() if suffix.lower() in SUFFIXES else ".bin"


def _outcome(place: Workplace, content: bytes, sent: Sent) -> Outcome | None:
    campaign = place.day.campaign
    writers = [unit.code for unit in campaign.units if _is_of(sent.sender, campaign, unit.code)]
    unit = writers[0] if writers else None
    try:
        with private_copy(content, _plain_suffix(PurePath(sent.name).suffix)) as path:
            returned = confined(read_returned, plain_name(sent.name), path)
    except DondocError as error:
        return Outcome(unit=unit, reason=error.brief)
    issued = find_workbook(place.ledger, returned.identity)
    if issued is None:
        return Outcome(unit=unit, reason=UNKNOWN)
    if not hmac.compare_digest(returned.token, token_of(token_key(place.ledger), issued)):
        return Outcome(unit=unit, reason=ANOTHER_CODE)
    if issued.campaign != campaign.code:
        return None if sent.sender else Outcome(reason=OTHER_CAMPAIGN)
    # A workbook of a unit that is no more is filled in by its successor.
    owner = campaign.heir(issued.unit).code
    if sent.sender and owner not in writers:
        return Outcome(returned.identity, owner, reason=_stranger(sent.sender))
    cells = judge(returned, issued, known=known_before(place), day=place.day)
    return Outcome(returned.identity, owner, None if cells else NO_ROWS, cells)


def known_before(place: Workplace) -> EarlierAnswers:
    """Return what units said before, and the new dates already given by letter or by the source."""
    said = said_before(place)
    return EarlierAnswers(said.values, {**said.promised, **promises(place.ledger)})


def said_before(place: Workplace) -> Said:
    """Return what is filled in beforehand in the workbooks of the day."""
    values: dict[tuple[str, str], dict[str, str]] = {}
    for row in answers.accepted(place.ledger, campaign=place.day.campaign.code, as_of=place.day.business_date):
        values.setdefault((row.kind, row.number), {})[row.field] = row.value
    return Said(values, _promised_by_source(place))


def _promised_by_source(place: Workplace) -> dict[str, date]:
    after = place.day.business_date + timedelta(days=1)
    latest = runs.previous_snapshot(
        place.ledger, campaign=place.day.campaign.code, source=FIRST_DATES_NAME, before=after
    )
    if latest is None:
        return {}
    try:
        register = read_snapshot(place.out / latest["path"], FIRST_DATES)
    except LostFileError as error:
        log.warning("bảng trả lời không điền sẵn được ngày hẹn lại của hệ thống nguồn: %s", error)
        return {}
    given = register[register["new_due_at"].notna()]
    return dict(zip(given["case_number"], given["new_due_at"].dt.date, strict=True))


def _is_of(sender: str, campaign: Campaign, code: str) -> bool:
    return sender.casefold() in {address.casefold() for address in campaign.unit_by_code[code].emails}


def _stranger(sender: str) -> str:
    return f"gửi từ địa chỉ {sender}, không phải địa chỉ của đơn vị trong đợt"
