"""Letters put up for approval: the bytes as they lie, edited in Word or not, taken into the store."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from dondoc.errors import UntrustedError
from dondoc.files import sha256_of
from dondoc.ledger import transitions
from dondoc.ledger.letters import COMPLETE, RETURNED, Letter, NewLetter, latest_letters, letters_awaiting, record_drafts
from dondoc.letters.store import keep
from dondoc.untrusted.drop_folder import read_beneath
from dondoc.untrusted.forms import require_document

log = logging.getLogger(__name__)

MAX_BYTES = 20_000_000


@dataclass(frozen=True)
class Submission:
    """What a leader is shown: the letters, the hash of the whole (`approve` asks for it), and files left out."""

    letters: Sequence[Letter]
    batch: str
    unreadable: Sequence[str]


def put_up(ledger: Engine, out: Path, *, campaign: str, unit: str, by: str, at: datetime) -> Submission:
    """Take the complete letters of `unit` into the store and return what is shown for approval.

    A draft edited in Word is put up as edited; a returned letter comes back as a new version once it was edited.
    A file that is missing or no longer a Word document is left out and named.
    """
    contents: dict[str, bytes] = {}
    unreadable = []
    latest = latest_letters(ledger, campaign=campaign, units=[unit])
    for letter in latest.values():
        if letter.state in (COMPLETE, RETURNED):
            contents[letter.case_number] = _document(out, letter)
            unreadable += [] if contents[letter.case_number] else [letter.path]
    returned = [letter for letter in latest.values() if letter.state == RETURNED]
    record_drafts(ledger, list(_come_back(returned, contents)), by=by, at=at)
    latest = latest_letters(ledger, campaign=campaign, units=[unit])
    complete = {
        letter.id: contents[letter.case_number]
        for letter in latest.values()
        if letter.state == COMPLETE and contents.get(letter.case_number)
    }
    hashes = keep(out, campaign, complete.values())
    transitions.put_up(ledger, dict(zip(complete, hashes, strict=True)), by=by, at=at)
    shown = [letter for letter in letters_awaiting(ledger, campaign=campaign, unit=unit) if letter.id in complete]
    batch = transitions.batch_sha256({letter.id: letter.sha256 for letter in shown})
    return Submission(shown, batch, sorted(unreadable))


def _come_back(returned: Sequence[Letter], contents: Mapping[str, bytes]) -> Iterator[NewLetter]:
    same = {field.name for field in fields(NewLetter)} & {field.name for field in fields(Letter)}
    for letter in returned:
        content = contents[letter.case_number]
        if content and sha256_of(content) != letter.sha256:
            values = {name: getattr(letter, name) for name in same}
            again = {"version": letter.version + 1, "sha256": sha256_of(content), "replaces": letter.id}
            yield NewLetter(**values | again)


def _document(out: Path, letter: Letter) -> bytes:
    """Return the bytes of a draft as they lie, none when they are no Word document any more.

    The folder is open to whoever edits letters: what lies there in a draft's place may be anything.
    """
    try:
        content = read_beneath(out, letter.path, most=MAX_BYTES, own=letter.sha256)
        # As it was drafted it is ours.
        if sha256_of(content) != letter.sha256:
            require_document(content, letter.path)
    except UntrustedError as error:
        log.warning("không trình %s: %s", letter.path, error.brief)
        return b""
    return content
