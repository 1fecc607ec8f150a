"""What a leader is asked: a batch a unit, put up once, in words that name no citizen."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypedDict

from dondoc.files import write_whole
from dondoc.ledger.audit import MACHINE
from dondoc.ledger.batches import (
    CLOSED,
    Batch,
    Decision,
    close_batches,
    close_stale,
    open_batch,
    waiting_batches,
)
from dondoc.ledger.letters import Letter, latest_letters, letters_by_id
from dondoc.letters.submission import put_up
from dondoc.signoff.sheet import sign_off_sheet
from dondoc.wording import number, short_date
from dondoc.workplace import Workplace

log = logging.getLogger(__name__)

FOLDER = "signoff"
APPROVE, RETURN = "Duyệt", "Trả lại"
# The list of case codes in a request stays one screen long; the page has them all.
LISTED = 30


class Request(TypedDict):
    """One question to the leader: the batch, and what Airflow shows of it."""

    batch: int
    subject: str
    body: str


def put_up_batches(place: Workplace, *, asked_in: str, pages: str, at: datetime, again: bool = False) -> list[Request]:
    """Put up the complete letters that nobody is asked about yet, a batch a unit, and return what this run asks.

    Args:
        place: the campaign and the day of the folder for paper.
        asked_in: the run; its retry asks for the batches it opened before.
        pages: address of our pages.
        at: the instant.
        again: whether to close all that waits and ask anew, for requests that were lost with their run.
    """
    ledger, code = place.ledger, place.day.campaign.code
    if again:
        lost = [batch for batch in waiting_batches(ledger, campaign=code) if batch.asked_in != asked_in]
        close_batches(ledger, lost, Decision(CLOSED, MACHINE, at, "trình lại từ đầu theo yêu cầu của người vận hành"))
    units = {letter.unit for letter in latest_letters(ledger, campaign=code).values()}
    found = {unit: put_up(ledger, place.out, campaign=code, unit=unit, by=MACHINE, at=at) for unit in sorted(units)}
    close_stale(ledger, campaign=code, by=MACHINE, at=at)
    asked = {key for batch in waiting_batches(ledger, campaign=code) for key in batch.shown}
    for unit, submission in found.items():
        if submission.unreadable:
            log.warning("đơn vị %s: không đọc được %s", unit, ", ".join(submission.unreadable))
        if new := [letter for letter in submission.letters if letter.id not in asked]:
            key = open_batch(ledger, new, asked_in=asked_in, at=at)
            log.info("đơn vị %s: trình tập %d, %d thư", unit, key, len(new))
    unreadable = {unit: len(submission.unreadable) for unit, submission in found.items()}
    mine = [batch for batch in waiting_batches(ledger, campaign=code) if batch.asked_in == asked_in]
    return [_request(place, batch, pages=pages, unreadable=unreadable) for batch in mine]


def sheet_path(place: Workplace, batch: Batch) -> str:
    """Return where the sheet to sign a batch on paper lies, relative to the output folder."""
    return (place.folder / FOLDER / f"{batch.unit}-{batch.id}.xlsx").relative_to(place.out).as_posix()


def _request(place: Workplace, batch: Batch, *, pages: str, unreadable: Mapping[str, int]) -> Request:
    letters = letters_by_id(place.ledger, list(batch.shown))
    path = sheet_path(place, batch)
    write_whole(place.out / path, sign_off_sheet(place.day.campaign, batch, letters))
    unit = place.day.campaign.unit_by_code[batch.unit]
    lines = [
        f"**{unit.name}** trình **{number(len(letters))} thư xin lỗi** của đợt “{place.day.campaign.title}”.",
        _how_many(letters),
        f"**[Mở tập thư để đọc từng thư]({pages}/batches/{batch.id})**",
        f"Duyệt là duyệt cả tập, đúng từng chữ như ở trang trên. Chọn “{RETURN}” thì phải ghi lý do.",
        f"Mã hồ sơ: {_codes(letters)}.",
        f"Ký trên giấy hoặc ký số ngoài hệ thống: điền bảng `{path}`.",
        f"Tập số {batch.id}, mã băm `{batch.sha256}`.",
    ]
    if unreadable[batch.unit]:
        lines.insert(2, f"⚠ {unreadable[batch.unit]} tệp thư không đọc được nên chưa trình: xem nhật ký ô “Trình ký”.")
    subject = f"{unit.name}: {number(len(letters))} thư xin lỗi chờ ký"
    return {"batch": batch.id, "subject": subject, "body": "\n\n".join(lines)}


def _how_many(letters: Sequence[Letter]) -> str:
    returned = sum(bool(letter.facts.get("returned")) for letter in letters)
    promised = [letter.promised_on for letter in letters if letter.promised_on]
    lines = [f"- {number(returned)} hồ sơ đã trả kết quả, trễ hạn"]
    if promised:
        days = " đến ".join(short_date(day) for day in sorted({min(promised), max(promised)}))
        lines.append(f"- {number(len(promised))} hồ sơ chưa trả, hẹn lại ngày {days}")
    return "\n".join(lines)


def _codes(letters: Sequence[Letter]) -> str:
    # A code comes from a source: between back quotes nothing in it is read as Markdown.
    shown = ", ".join(f"`{letter.case_number.replace('`', '')}`" for letter in letters[:LISTED])
    rest = len(letters) - LISTED
    return f"{shown} và {number(rest)} hồ sơ khác" if rest > 0 else shown
