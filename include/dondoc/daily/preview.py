"""Every mail of a day as a page to look at, and one page that lists them. Nothing here knows a mail server."""

import email
import logging
import re
from collections import Counter
from collections.abc import Sequence
from email.header import decode_header, make_header
from email.message import Message
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Row

from dondoc.campaign.day import Day
from dondoc.campaign.reminders import LEADERSHIP, LEVEL_NAMES
from dondoc.daily.past_figures import FIGURES_NAME
from dondoc.errors import CampaignError, LostFileError
from dondoc.figures import (
    FIGURES,
    UNIT,
    beside_sentence,
    completed,
    is_behind,
    needed_a_day,
    only,
    remaining,
    total_figures,
)
from dondoc.files import write_together
from dondoc.frames import rows_of
from dondoc.installation.workplace import Workplace
from dondoc.ledger import outbox, runs
from dondoc.ledger.rungs import rungs_of_mails
from dondoc.mail.countdown import countdown, days_to_deadline
from dondoc.mail.ladder import PRAISE, rung_words, without_address
from dondoc.mail.words import KINDS, STATES
from dondoc.sources.snapshot import read_snapshot
from dondoc.vietnamese.wording import number, percent, short_date

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent / "templates"
INDEX = "index.html"
# The head of an attachment as we write it, and its base64.
ATTACHED = re.compile(rb"(\r\nContent-Disposition: attachment(?:[^\r]|\r\n(?!\r\n))*\r\n\r\n)([A-Za-z0-9+/=\r\n]+)")
# Where the day keeps what it attaches, from the folder of the mails.
SHELVES = ("", "../report/", "../quarantine/")


def write_preview(place: Workplace) -> Path:
    """Write a page a mail and the page that lists them, beside the day's mails; return the path of the list.

    Pages of mails that are no more are removed; the same mails in the same states give the same bytes.

    Raises:
        CampaignError: the day was never run.
    """
    day = place.day
    folder = place.folder / "mail"
    found = runs.find_run(place.ledger, campaign=day.campaign.code, business_date=day.business_date, kind=place.kind)
    if found is None:
        raise CampaignError(
            f"Đợt {day.campaign.code} chưa chạy ngày {short_date(day.business_date)}: chưa có thư để xem.",
            where=place.folder,
            remedy=f"chạy ngày đó ở chế độ xem trước: make run CAMPAIGN={day.campaign.code} DATE={day.business_date}.",
        )
    mails = outbox.list_mails(place.ledger, campaign=day.campaign.code, business_date=day.business_date)
    rungs = rungs_of_mails(place.ledger, campaign=day.campaign.code, business_date=day.business_date)
    shown = [_shown(place, row, rungs.get(row.id, [])) for row in mails]
    pages = {mail["page"]: _render("mail.html.j2", mail=mail, title=_title(place)) for mail in shown if mail["page"]}
    pages[INDEX] = _render(
        "mails.html.j2",
        title=_title(place),
        mails=shown,
        kinds=sorted(Counter(mail["kind"] for mail in shown).items()),
        states=sorted(Counter(mail["state"] for mail in shown).items()),
        hold_reason=found.hold_reason,
        countdown=countdown(day),
        deadline_reading=day.campaign.deadline_reading,
        **_standing(place),
    )
    write_together({folder / name: page.encode() for name, page in pages.items()}, staging=place.folder / ".pages")
    for path in set(folder.glob("*.html")) - {folder / name for name in pages}:
        # Hidden files and folders are others': a Mac's `._….html`, a share's snapshots.
        if path.is_file() and not path.name.startswith("."):
            path.unlink()
    return folder / INDEX


def _shown(place: Workplace, row: Row[Any], rungs: Sequence[str]) -> dict[str, Any]:
    """Return a mail as the pages tell of it; without a page when its file is gone or no longer what was planned."""
    path = place.out / row.path
    unit = place.day.campaign.unit_by_code.get(row.unit)
    told: dict[str, Any] = {
        "page": "",
        "subject": "(tệp thư đã mất: chạy lại ngày này)",
        "recipient": row.recipient,
        "unit": unit.name if unit else row.unit,
        "kind": _kind(row.kind, rungs),
        "rungs": [rung_words(name) for name in rungs],
        "state": STATES.get(row.state, row.state),
        "reason": row.bounce or row.reason or "",
        "other": Path(row.conflict_path).name if row.conflict_open else "",
        "key": row.dedupe_key,
        "attachments": [],
    }
    return told | _content(place, path) if path.is_file() else told


def _content(place: Workplace, path: Path) -> dict[str, Any]:
    content, sizes = _without_attachments(path.read_bytes())
    # The older interface: the newer one takes ten times as long, most of it on headers no page shows.
    message = email.message_from_bytes(content)
    parts = [part for part in message.walk() if not part.is_multipart()]
    names = [part.get_filename() or "" for part in parts if part.get_content_disposition()]
    bodies = {part.get_content_subtype(): part for part in parts if not part.get_content_disposition()}
    subject, sender, reader = (_header(message, name) for name in ("Subject", "From", "Reply-To"))
    return {
        "page": f"{path.stem}.html",
        "file": path.name,
        "subject": subject,
        "sender": sender,
        "reader": reader,
        "attachments": [_attachment(place, name, size) for name, size in zip(names, sizes, strict=True)],
        **{form: _text_of(bodies[form]) for form in ("plain", "html")},
    }


def _header(message: Message, name: str) -> str:
    return " ".join(str(make_header(decode_header(message.get(name, "")))).split())


def _text_of(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode() if isinstance(content, bytes) else ""


def _without_attachments(message: bytes) -> tuple[bytes, list[int]]:
    """Return one of our messages with its attachments left empty, and their sizes: a parser reads them line by line."""
    sizes = [len(found[2].replace(b"\r\n", b"").rstrip(b"=")) * 3 // 4 for found in ATTACHED.finditer(message)]
    return ATTACHED.sub(rb"\1", message), sizes


def _attachment(place: Workplace, name: str, size: int) -> dict[str, Any]:
    shelves = (f"{shelf}{name}" for shelf in SHELVES)
    link = next((path for path in shelves if name and (place.folder / "mail" / path).is_file()), "")
    return {"name": name, "kilobytes": number(-(-size // 1024)), "link": link}


def _kind(kind: str, rungs: Sequence[str]) -> str:
    if PRAISE in rungs:
        return "cảm ơn"
    if any(name.startswith(LEADERSHIP) for name in rungs):
        return "tổng hợp cho lãnh đạo"
    return KINDS.get(kind, kind)


def _standing(place: Workplace) -> dict[str, Any]:
    """Return how the day stands, as its figures say it; nothing but None where they are gone."""
    figures = _figures(place)
    day = place.day
    if figures is None:
        return {"left": None, "beside": "", "pace": None, "rate": None, "unaddressed": []}
    total = total_figures(figures)
    left = remaining(total)
    pace = needed_a_day(left, day.working_days_left)
    return {
        "left": number(left),
        "beside": beside_sentence(total),
        "pace": number(pace) if pace else "",
        "rate": percent(total["rate"]),
        "unaddressed": _unaddressed(day, {row["code"] for row in rows_of(figures) if is_behind(row)}),
    }


def _unaddressed(day: Day, behind: set[str]) -> list[str]:
    """Return which units that are behind cannot be reached, on which level of the ladder: nobody is forgotten."""
    return [
        f"{unit.name}: {LEVEL_NAMES[level]}"
        for unit in day.campaign.units
        if unit.code in behind
        for level in without_address(unit, day.campaign.reminders.ladder, days_left=days_to_deadline(day))
    ]


def _figures(place: Workplace) -> pd.DataFrame | None:
    day = place.day
    kept = runs.snapshots_of_day(place.ledger, campaign=day.campaign.code, business_date=day.business_date)
    paths = [place.out / one["path"] for one in kept if one["source"] == FIGURES_NAME]
    try:
        return only(completed(read_snapshot(paths[-1], FIGURES)), UNIT) if paths else None
    except LostFileError as error:
        log.warning("trang xem thư không có số liệu của ngày: %s", error)
        return None


def _title(place: Workplace) -> str:
    return f"Thư ngày {short_date(place.day.business_date)} – {place.day.campaign.title}"


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def _render(name: str, **values: Any) -> str:
    return _environment().get_template(name).render(values)
