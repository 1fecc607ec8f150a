"""The drop folder of a campaign: sheets and signed letters taken in, answered, and kept as they came."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import PurePath

import pandas as pd

from dondoc.errors import DondocError, UntrustedError
from dondoc.files import safe_name
from dondoc.installation.workplace import Workplace
from dondoc.ledger.letters import Letter, latest_letters
from dondoc.ledger.set_aside import SIGNED
from dondoc.office_files.workbook import Column, Workbook
from dondoc.signoff.sheet_rows import read_sheet
from dondoc.signoff.signed_file import ReturnedFile
from dondoc.signoff.signing import OPEN, REFUSED, SigningOutcome, SigningRegister
from dondoc.untrusted.confined import confined, private_copy
from dondoc.untrusted.drop_folder import DropFolder
from dondoc.untrusted.dropped_files import DroppedFile
from dondoc.untrusted.refusals import Refusals

log = logging.getLogger(__name__)

FOLDER = "inbox"
SHEETS = (".xlsx",)
DOCUMENTS = (".docx", ".pdf")
MAX_BYTES = 20_000_000
ANSWER_COLUMNS = (
    Column("Mã hồ sơ", "case_number", width=30),
    Column("Kết quả", "state", width=18),
    Column("Vì sao", "why", width=100),
)


def take_in_signed(place: Workplace, *, at: datetime) -> dict[str, int]:
    """Take in what lies in the drop folder and return how many rows ended how.

    Each file is moved, as it came, to `inbox/da-nhan/<hash>/` with an answer workbook beside it; what is no plain file,
    or too large to be looked into, to `inbox/khong-nhan/`. A file dropped twice, or a run cut off midway, records
    nothing twice.
    """
    ended: Counter[str] = Counter()
    with DropFolder(place.out / place.day.campaign.code / FOLDER) as drop:
        letters = latest_letters(place.ledger, campaign=place.day.campaign.code)
        documents = _Documents(drop, letters)
        refusals = Refusals(place, drop, SIGNED, at)
        for file in _files(refusals, DOCUMENTS, ended):
            documents.add(file)
        desk = SigningRegister(place, letters, at, documents.of_case)
        said: dict[str, SigningOutcome] = {}
        for file in _files(refusals, SHEETS, ended):
            verdicts = _take_sheet(desk, file)
            said |= {
                verdict.case_number: verdict for verdict in verdicts if verdict.case_number and verdict.state != OPEN
            }
            ended.update(_answer(refusals, file, verdicts))
        for file, case_number in documents.files:
            # A row of a sheet has spoken for the file that came with it.
            verdict = said.get(case_number) or desk.take_file(case_number)
            ended.update(_answer(refusals, file, [verdict]))
    log.info("bản ký ngoài hệ thống: %s", dict(ended))
    return dict(ended)


def _files(refusals: Refusals, suffixes: Sequence[str], ended: Counter[str]) -> Iterator[DroppedFile]:
    for name in refusals.drop.names(suffixes):
        try:
            file = refusals.drop.read(name, most=MAX_BYTES)
        except UntrustedError as error:
            refusals.set_aside(name, error)
            ended[REFUSED] += 1
            continue
        if file is not None:
            yield file


class _Documents:
    """The signed letters of a round; their bytes are read again when their turn comes."""

    def __init__(self, drop: DropFolder, letters: Mapping[str, Letter]) -> None:
        self._drop = drop
        self._cases = {safe_name(number).casefold(): number for number in letters}
        self.files: list[tuple[DroppedFile, str]] = []
        self.of_case: dict[str, list[ReturnedFile]] = {}

    def add(self, file: DroppedFile) -> None:
        case_number = self._cases.get(PurePath(file.name).stem.casefold(), "")
        light = file.without_content()
        if case_number:
            returned = ReturnedFile(file.plain_name, file.sha256, partial(self._content, light))
            self.of_case.setdefault(case_number, []).append(returned)
        self.files.append((light, case_number))

    def _content(self, file: DroppedFile) -> bytes:
        again = self._drop.read(file.name, most=MAX_BYTES)
        if again is None or again.sha256 != file.sha256:
            raise UntrustedError(
                "Tệp vừa bị thay hoặc bị lấy đi.", where=file.plain_name, remedy="đặt lại tệp, chờ lượt sau."
            )
        return again.content


def _take_sheet(desk: SigningRegister, file: DroppedFile) -> list[SigningOutcome]:
    try:
        with private_copy(file.content, file.suffix) as path:
            rows = confined(read_sheet, file.plain_name, path)
    except DondocError as error:
        return [SigningOutcome("", REFUSED, error.brief)]
    return [desk.take(row) for row in rows]


def _answer(refusals: Refusals, file: DroppedFile, verdicts: Sequence[SigningOutcome]) -> Counter[str]:
    """Write the answer, move the file beside it, and return the rows by what became of them.

    What is of no case at all, such as a sheet that cannot be read, is entered as not taken; of a case, its letter's
    own rows say what became of the file.
    """
    for verdict in verdicts:
        if verdict.state == REFUSED and not verdict.case_number:
            refusals.note(file, verdict.why)
    rows = pd.DataFrame([vars(verdict) for verdict in verdicts], columns=["case_number", "state", "why"])
    book = Workbook()
    book.add_table("Kết quả", rows, ANSWER_COLUMNS, title=f"Kết quả tiếp nhận tệp {file.plain_name}")
    refusals.drop.put_away(file, book.to_bytes())
    return Counter(verdict.state for verdict in verdicts)
