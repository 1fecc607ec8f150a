"""Letters put up for approval: the bytes as they lie, edited in Word or not, taken into the store.

A letter that may print other words than its page shows is not put up; the ledger keeps what it may print.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from dondoc.actor import Actor, KnownBy
from dondoc.errors import UntrustedError
from dondoc.files import sha256_of
from dondoc.ledger import transitions
from dondoc.ledger.letters import COMPLETE, RETURNED, Letter, NewLetter, latest_letters, letters_awaiting, record_drafts
from dondoc.ledger.prints import replace_unoffered
from dondoc.letters.print_check import find_unshown
from dondoc.letters.store import keep, read_stored
from dondoc.untrusted.drop_folder import read_beneath
from dondoc.untrusted.forms import require_document

log = logging.getLogger(__name__)

MAX_BYTES = 20_000_000


@dataclass(frozen=True)
class Submission:
    """The letters shown to a leader: the letters, the hash of the whole (`approve` asks for it), and what is left out.

    Attributes:
        unreadable: files that are missing or no Word documents.
        unshown: what letters may print that a page does not show, in words, by letter id.
    """

    letters: Sequence[Letter]
    batch: str
    unreadable: Sequence[str]
    unshown: Mapping[int, Sequence[str]]


def put_up(
    ledger: Engine, out: Path, *, campaign: str, unit: str, by: str, at: datetime, prints: bool = False
) -> Submission:
    """Take the complete letters of `unit` into the store and return what is shown for approval.

    A draft edited in Word is put up as edited, by whose file it is now; a returned letter comes back as a new version
    once it was edited. A file that is missing, is no longer a Word document, or may print other words than a page shows
    is left out and named; where letters are printed to be read (`prints`), a picture in the line is no such thing.
    """
    latest = latest_letters(ledger, campaign=campaign, units=[unit])
    contents, unreadable = _read(out, latest.values())
    unshown = {key: words for key, content in contents.items() if (words := find_unshown(content, printed=prints))}
    replace_unoffered(ledger, [letter.id for letter in latest.values()], unshown)
    offered = {
        letter.case_number: contents[letter.id]
        for letter in latest.values()
        if letter.id in contents and letter.id not in unshown
    }
    returned = [letter for letter in latest.values() if letter.state == RETURNED]
    record_drafts(ledger, list(_come_back(returned, offered)), by=by, at=at)
    latest = latest_letters(ledger, campaign=campaign, units=[unit])
    complete = {
        letter.id: offered[letter.case_number]
        for letter in latest.values()
        if letter.state == COMPLETE and letter.case_number in offered
    }
    hashes = keep(out, campaign, complete.values())
    found = dict(zip(complete, hashes, strict=True))
    editors = dict(_editors(out, latest.values(), found))
    transitions.put_up(ledger, found, by=by, at=at, editors=editors)
    shown = [letter for letter in letters_awaiting(ledger, campaign=campaign, unit=unit) if letter.id in complete]
    batch = transitions.batch_sha256({letter.id: letter.sha256 for letter in shown})
    return Submission(shown, batch, sorted(unreadable), unshown)


def unshown_in(out: Path, campaign: str, sha256: str, *, printed: bool) -> Sequence[str]:
    """Return what the stored letter with this hash may print that its page, or its print, does not show, in words.

    Raises:
        LetterError: it is gone from the store, or is not the same any more.
    """
    return find_unshown(read_stored(out, campaign, sha256), printed=printed)


def _read(out: Path, letters: Collection[Letter]) -> tuple[dict[int, bytes], list[str]]:
    """Return the files to be put up, by letter id, and the paths of those that are no Word documents."""
    contents = {}
    unreadable = []
    for letter in letters:
        if letter.state in (COMPLETE, RETURNED):
            content = _document(out, letter)
            unreadable += [] if content else [letter.path]
            # A returned letter nobody has edited does not come back.
            if content and not (letter.state == RETURNED and sha256_of(content) == letter.sha256):
                contents[letter.id] = content
    return contents, unreadable


def _editors(out: Path, letters: Iterable[Letter], found: Mapping[int, str]) -> Iterator[tuple[int, Actor]]:
    """Yield whose file each letter is that is not as we drafted it: Word saves a file anew, in the name of its user."""
    for letter in letters:
        if letter.id in found and found[letter.id] != letter.drafted_sha256:
            try:
                yield letter.id, Actor.of_uid((out / letter.path).lstat().st_uid)
            except OSError:
                # Taken away since it was read: it is put up as read, by nobody we know.
                yield letter.id, Actor(KnownBy.NOBODY)


def _come_back(returned: Sequence[Letter], contents: Mapping[str, bytes]) -> Iterator[NewLetter]:
    same = {field.name for field in fields(NewLetter)} & {field.name for field in fields(Letter)}
    for letter in returned:
        if content := contents.get(letter.case_number):
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
