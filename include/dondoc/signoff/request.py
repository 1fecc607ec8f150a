"""What a leader is asked: a batch a unit, put up once, in words that name no citizen."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypedDict

from dondoc.actor import MACHINE, Actor
from dondoc.files import write_whole
from dondoc.installation.workplace import Workplace
from dondoc.ledger import audit
from dondoc.ledger.batches import (
    CLOSED,
    BatchDecision,
    SignoffBatch,
    close_batches,
    close_stale,
    mark_asked,
    open_batch,
    take_over_unasked,
    waiting_batches,
)
from dondoc.ledger.letters import Letter, latest_letters, letters_by_id
from dondoc.letters.submission import Submission, put_up
from dondoc.signoff.printing import print_letters, shows_prints
from dondoc.signoff.sheet import sign_off_sheet
from dondoc.vietnamese.wording import number, short_date

log = logging.getLogger(__name__)

FOLDER = "signoff"
APPROVE = "Duyệt"
RETURN = "Trả lại"
MORE = "có thư có thể in ra lời khác với lời đọc được; thư còn lại được trình trong tập mới"
# The list of case codes in a request stays one screen long; the page has them all.
LISTED = 30


class Request(TypedDict):
    """One question to the leader: the batches it is about, and what Airflow shows of it."""

    batches: list[int]
    subject: str
    body: str


def put_up_batches(
    place: Workplace,
    *,
    asked_in: str,
    pages: str,
    at: datetime,
    most: int,
    again: bool = False,
    by: Actor = MACHINE,
) -> list[Request]:
    """Put up the complete letters that nobody is asked about yet, a batch a unit, and return what this run asks.

    Args:
        place: the campaign and the day of the folder for paper.
        asked_in: the run; its retry asks for the batches it opened before.
        pages: address of our pages.
        at: the instant.
        most: how many questions may be asked at once; more batches than that go several to a question.
        again: whether to close all that waits and ask anew, for requests that were lost with their run.
        by: who wants it anew.
    """
    ledger = place.ledger
    campaign = place.day.campaign
    if again:
        lost = [batch for batch in waiting_batches(ledger, campaign=campaign.code) if batch.asked_in != asked_in]
        close_batches(
            ledger, lost, BatchDecision(CLOSED, by.words, at, "trình lại từ đầu theo yêu cầu của người vận hành")
        )
        if lost:
            closed = {"batches": [one.id for one in lost]}
            audit.record(ledger, audit.Act(by, "letters.asked_again", campaign.code, closed))
    # A run that was cut off before it asked leaves batches nobody has seen.
    take_over_unasked(ledger, campaign=campaign.code, asked_in=asked_in)
    left_out = _open_batches(place, asked_in=asked_in, at=at)
    waiting = waiting_batches(ledger, campaign=campaign.code)
    asked = [batch for batch in waiting if batch.asked_in == asked_in]
    # Those too that other runs ask about: what could not be printed then may be now.
    print_letters(place, waiting, at=at)
    mine = in_groups(asked, most=most)
    requests = [_request(place, batches, pages=pages, left_out=left_out) for batches in mine]
    mark_asked(ledger, [batch.id for batches in mine for batch in batches], at=at)
    return requests


def in_groups(batches: Sequence[SignoffBatch], *, most: int) -> list[list[SignoffBatch]]:
    """Return `batches` in their order, in at most `most` groups as even as can be: one each while there are so few."""
    size = max(1, -(-len(batches) // most))
    return [list(batches[i : i + size]) for i in range(0, len(batches), size)]


@dataclass
class LeftOut:
    """What of a unit's letters could not be put up: files nobody can read, and what others may print, by case."""

    unreadable: int = 0
    unshown: dict[str, Sequence[str]] = field(default_factory=dict)


def _open_batches(place: Workplace, *, asked_in: str, at: datetime) -> Mapping[str, LeftOut]:
    """Open a batch for each unit that has new letters; return what could not be put up, by unit."""
    ledger = place.ledger
    campaign = place.day.campaign
    units = {letter.unit for letter in latest_letters(ledger, campaign=campaign.code).values()}
    found: dict[str, list[Letter]] = {}
    left_out: dict[str, LeftOut] = {}
    refused: set[int] = set()
    for unit in sorted(units):
        submission = put_up(
            ledger, place.out, campaign=campaign.code, unit=unit, by=MACHINE.words, at=at, prints=shows_prints()
        )
        heir = campaign.heir(unit).code
        _note(left_out.setdefault(heir, LeftOut()), submission, place, unit)
        refused |= set(submission.unshown)
        found.setdefault(heir, []).extend(submission.letters)
    close_stale(ledger, campaign=campaign.code, by=MACHINE.words, at=at)
    waiting = waiting_batches(ledger, campaign=campaign.code)
    close_batches(
        ledger,
        [batch for batch in waiting if refused & set(batch.shown)],
        BatchDecision(CLOSED, MACHINE.words, at, MORE),
    )
    asked = {key for batch in waiting_batches(ledger, campaign=campaign.code) for key in batch.shown}
    for unit in sorted(found):
        if new := [letter for letter in found[unit] if letter.id not in asked]:
            key = open_batch(ledger, new, unit=unit, asked_in=asked_in, at=at)
            log.info("đơn vị %s: trình tập %d, %d thư", unit, key, len(new))
    return left_out


def _note(left_out: LeftOut, submission: Submission, place: Workplace, unit: str) -> None:
    left_out.unreadable += len(submission.unreadable)
    for letter in letters_by_id(place.ledger, list(submission.unshown)):
        left_out.unshown[letter.case_number] = submission.unshown[letter.id]
    if submission.unreadable:
        log.warning("đơn vị %s: không đọc được %s", unit, ", ".join(submission.unreadable))
    if submission.unshown:
        log.warning("đơn vị %s: %d thư chưa trình được vì có thể in ra lời khác", unit, len(submission.unshown))


def sheet_path(place: Workplace, batch: SignoffBatch) -> str:
    """Return where the sheet to sign a batch on paper lies, relative to the output folder."""
    return (place.folder / FOLDER / f"{batch.unit}-{batch.id}.xlsx").relative_to(place.out).as_posix()


def _request(
    place: Workplace, batches: Sequence[SignoffBatch], *, pages: str, left_out: Mapping[str, LeftOut]
) -> Request:
    shown = [_shown(place, batch, pages=pages, left_out=left_out.get(batch.unit, LeftOut())) for batch in batches]
    subject = shown[0].subject
    if batches[1:]:
        letters = sum(len(batch.shown) for batch in batches)
        subject += f"; cùng {number(len(batches) - 1)} tập khác, tất cả {number(letters)} thư"
    return {
        "batches": [batch.id for batch in batches],
        "subject": subject,
        "body": "\n\n".join(one.body for one in shown),
    }


class _Shown(NamedTuple):
    subject: str
    body: str


def _shown(place: Workplace, batch: SignoffBatch, *, pages: str, left_out: LeftOut) -> _Shown:
    letters = letters_by_id(place.ledger, list(batch.shown))
    path = sheet_path(place, batch)
    write_whole(place.out / path, sign_off_sheet(place.day.campaign, batch, letters))
    unit = place.day.campaign.heir(batch.unit)
    lines = [
        f"**{unit.name}** trình **{number(len(letters))} thư xin lỗi** của đợt “{place.day.campaign.title}”.",
        _how_many(letters),
        f"**[Mở tập thư để đọc từng thư]({pages}/batches/{batch.id})**",
        f"Duyệt là duyệt cả tập, đúng từng chữ như ở trang trên. Chọn “{RETURN}” thì phải ghi lý do.",
        "Yêu cầu hiện lại là câu trả lời trước chưa được nhận: lý do ghi ở nhãn *Map Index* và ở đầu trang trên.",
        f"Mã hồ sơ: {_codes(letters)}.",
        f"Duyệt xong, ký trên giấy hoặc ký số ngoài hệ thống: điền bảng `{path}`.",
        f"Tập số {batch.id}, mã băm `{batch.sha256}`.",
    ]
    if left_out.unshown:
        lines.insert(2, _unshown(left_out.unshown))
    if left_out.unreadable:
        lines.insert(2, f"⚠ {left_out.unreadable} tệp thư không đọc được nên chưa trình: xem nhật ký ô “Trình ký”.")
    return _Shown(f"{unit.name}: {number(len(letters))} thư xin lỗi chờ ký", "\n\n".join(lines))


def _unshown(unshown: Mapping[str, Sequence[str]]) -> str:
    """Return which letters are not put up since they may print other words than the page, and what those are in."""
    told = [f"- `{case.replace('`', '')}`: {', '.join(words)}" for case, words in sorted(unshown.items())[:LISTED]]
    rest = len(unshown) - LISTED
    told += [f"- và {number(rest)} thư khác"] if rest > 0 else []
    return "\n".join([f"⚠ {number(len(unshown))} thư chưa trình vì bản in có thể khác lời đọc được:", *told])


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
