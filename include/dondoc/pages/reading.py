"""What the pages show, read from the ledger and the store; nothing is changed by looking."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from dondoc.campaign import Campaign, campaign_folders, load_campaign
from dondoc.errors import DondocError
from dondoc.installation import Installation
from dondoc.ledger.batches import APPROVED, WAITING, SignoffBatch, find_batch, latest_batches
from dondoc.ledger.batches import STATE_NAMES as BATCH_STATES
from dondoc.ledger.letters import DRAFTED, Letter, latest_letters, letters_by_id
from dondoc.ledger.prints import Print, find_print, unoffered_letters
from dondoc.ledger.signed_files import FileVerdict, verdicts_of
from dondoc.ledger.transitions import STATE_NAMES
from dondoc.letters.lacking import missing_words
from dondoc.letters.public_list import days_late_of
from dondoc.letters.store import read_stored, stored


@dataclass(frozen=True)
class BatchView:
    """A batch with what a page says of it."""

    batch: SignoffBatch
    campaign: Campaign

    @property
    def unit(self) -> str:
        """Return the unit's name; its successor's where the campaign no longer has it."""
        return self.campaign.heir(self.batch.unit).name

    @property
    def state(self) -> str:
        """Return the state in words."""
        return BATCH_STATES[self.batch.state]

    @property
    def waits(self) -> bool:
        """Return whether it waits for an answer."""
        return self.batch.state == WAITING

    @property
    def approved(self) -> bool:
        """Return whether it is approved."""
        return self.batch.state == APPROVED

    @property
    def put_up(self) -> str:
        """Return when it was put up, in the office's time."""
        return f"{self.batch.put_up_at.astimezone(self.campaign.zone):%d/%m/%Y %H:%M}"

    @property
    def decided(self) -> str:
        """Return when it was decided, in the office's time; empty while it waits."""
        at = self.batch.decided_at
        return f"{at.astimezone(self.campaign.zone):%d/%m/%Y %H:%M}" if at else ""


@dataclass(frozen=True)
class LetterView:
    """A letter with what a page says of it; `changed` when it is no longer what was put up."""

    letter: Letter
    changed: bool = False

    @property
    def state(self) -> str:
        """Return the state in words."""
        return STATE_NAMES[self.letter.state]

    @property
    def days_late(self) -> str:
        """Return how late its case was when it was drafted, in words."""
        return days_late_of(self.letter.facts)

    @property
    def missing(self) -> str:
        """Return what it lacks, in words."""
        return missing_words(self.letter)


@dataclass(frozen=True)
class Around:
    """Where a letter stands in its batch: its number, of how many, and the ids before and after it."""

    number: int
    count: int
    before: int | None
    after: int | None


def campaigns(installation: Installation) -> list[Campaign]:
    """Return the campaigns that can be read; a broken one is shown by its daily DAG."""
    found = []
    for folder in campaign_folders(installation.campaigns):
        try:
            found.append(load_campaign(folder))
        except DondocError:
            continue
    return found


def batch_list(ledger: Engine, campaign: Campaign) -> list[BatchView]:
    """Return the latest batches of a campaign, those that wait first, oldest first."""
    views = [BatchView(batch, campaign) for batch in latest_batches(ledger, campaign=campaign.code)]
    return sorted((view for view in views if view.waits), key=lambda view: view.batch.id) + [
        view for view in views if not view.waits
    ]


def batch_of(ledger: Engine, key: int) -> SignoffBatch | None:
    """Return the batch with this id, None when there is none."""
    # A larger number is no id of a database, and some drivers stop at it.
    return find_batch(ledger, key) if key < 2**31 else None


def letters_of(ledger: Engine, batch: SignoffBatch) -> list[LetterView]:
    """Return the letters of a batch, by case number."""
    return [_view(letter, batch) for letter in letters_by_id(ledger, list(batch.shown))]


def letter_of(ledger: Engine, batch: SignoffBatch, key: int) -> LetterView | None:
    """Return one letter of a batch, None when it is not in it."""
    return next((_view(letter, batch) for letter in letters_by_id(ledger, [key] if key in batch.shown else [])), None)


def not_ready(ledger: Engine, batch: SignoffBatch) -> Sequence[LetterView]:
    """Return the letters of the batch's unit that lack something and could not be put up, by case number."""
    letters = latest_letters(ledger, campaign=batch.campaign, units=[batch.unit]).values()
    drafted = (letter for letter in letters if letter.state == DRAFTED)
    return [LetterView(letter) for letter in sorted(drafted, key=lambda letter: letter.case_number)]


def around(ledger: Engine, batch: SignoffBatch, key: int) -> Around:
    """Return where a letter stands in its batch."""
    keys = [letter.id for letter in letters_by_id(ledger, list(batch.shown))]
    at = keys.index(key)
    return Around(at + 1, len(keys), keys[at - 1] if at else None, keys[at + 1] if at + 1 < len(keys) else None)


def returned_files(ledger: Engine, campaign: Campaign, key: int) -> list[tuple[str, FileVerdict]]:
    """Return what was decided of each file that came back as this letter signed, and when, in the office's time."""
    found = verdicts_of(ledger, key)
    return [(f"{at.astimezone(campaign.zone):%H:%M %d/%m/%Y}", verdict) for at, verdict in found]


def document_of(installation: Installation, batch: SignoffBatch, key: int) -> bytes:
    """Return the bytes of a letter exactly as they were put up.

    Raises:
        LetterError: they are gone from the store, or are not the same any more.
    """
    return read_stored(installation.out, batch.campaign, batch.shown[key])


def print_of(installation: Installation, ledger: Engine, batch: SignoffBatch, key: int) -> tuple[Print, bytes] | None:
    """Return the print of a letter as it was put up, and its PDF; None where it was not printed.

    Raises:
        LetterError: the PDF is not the same any more.
    """
    found = find_print(ledger, batch.shown[key])
    if found is None or stored(installation.out, batch.campaign, found.pdf_sha256) is None:
        return None
    return found, read_stored(installation.out, batch.campaign, found.pdf_sha256)


@dataclass(frozen=True)
class Unoffered:
    """A letter that is not put up, and what it may print that no page shows."""

    letter: Letter
    unit: str
    unshown: str


def unoffered(ledger: Engine, campaign: Campaign) -> list[Unoffered]:
    """Return the letters of a campaign that may print other words than are read, by case number."""
    found = unoffered_letters(ledger, campaign=campaign.code)
    return [Unoffered(letter, campaign.heir(letter.unit).name, words) for letter, words in found]


def _view(letter: Letter, batch: SignoffBatch) -> LetterView:
    return LetterView(letter, changed=letter.sha256 != batch.shown[letter.id])
