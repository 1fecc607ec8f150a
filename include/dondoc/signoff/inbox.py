"""The drop folder of a campaign: sheets and signed letters taken in, answered, and kept as they came."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePath

import pandas as pd

from dondoc.errors import DondocError, UntrustedError
from dondoc.files import safe_name
from dondoc.ledger.letters import Letter, latest_letters
from dondoc.letters.store import keep, read_stored
from dondoc.signoff.sheet_rows import SheetRow, read_sheet
from dondoc.signoff.signed_file import row_of_document
from dondoc.signoff.signing import KNOWN, OPEN, REFUSED, Desk, Verdict
from dondoc.untrusted.confined import confined
from dondoc.untrusted.drop_folder import DropFolder, DroppedFile
from dondoc.untrusted.forms import is_pdf, require_document
from dondoc.workbook import Column, Workbook
from dondoc.workplace import Workplace

log = logging.getLogger(__name__)

FOLDER = "inbox"
SHEETS, DOCUMENTS = (".xlsx",), (".docx", ".pdf")
MAX_BYTES = 20_000_000
ANSWER_COLUMNS = (
    Column("Mã hồ sơ", "case_number", width=30),
    Column("Kết quả", "state", width=18),
    Column("Lý do không nhận", "why", width=80),
)
ALONE = "tệp không ghi đủ số, ngày, người ký: điền dòng của hồ sơ này trong bảng trình ký rồi đặt lại cùng tệp"
NO_CASE = "tên tệp không phải mã hồ sơ của thư nào"
NO_PDF = "tệp không phải docx hoặc pdf"


def take_in_signed(place: Workplace, *, at: datetime) -> dict[str, int]:
    """Take in what lies in the drop folder and return how many rows ended how.

    Each file is moved, as it came, to `inbox/da-nhan/<hash>/` with an answer workbook beside it; what is no plain file,
    or too large to be looked into, to `inbox/khong-nhan/`. A file dropped twice, or a run cut off midway, records
    nothing twice.
    """
    ended: Counter[str] = Counter()
    with DropFolder(place.out / place.day.campaign.code / FOLDER) as drop:
        letters = latest_letters(place.ledger, campaign=place.day.campaign.code)
        documents = _Documents(place, letters)
        for file in _files(drop, DOCUMENTS, ended):
            documents.add(file)
        desk = Desk(place, letters, at, documents.kept)
        said: dict[str, Verdict] = {}
        for file in _files(drop, SHEETS, ended):
            verdicts = _take_sheet(desk, file)
            said |= {verdict.case_number: verdict for verdict in verdicts if verdict.state != OPEN}
            ended.update(_answer(drop, file, verdicts))
        for file, case_number, refusal in documents.files:
            # A row of a sheet has spoken for the file that came with it.
            verdict = said.get(case_number) or refusal or _take_document(desk, case_number)
            ended.update(_answer(drop, file, [verdict]))
    log.info("bản ký ngoài hệ thống: %s", dict(ended))
    return dict(ended)


def _files(drop: DropFolder, suffixes: Sequence[str], ended: Counter[str]) -> Iterator[DroppedFile]:
    for name in drop.names(suffixes):
        try:
            file = drop.read(name, most=MAX_BYTES)
        except UntrustedError as error:
            drop.set_aside(name, error)
            ended[REFUSED] += 1
            continue
        if file is not None:
            yield file


class _Documents:
    """The signed letters of a round, checked and in the store before any row speaks of them."""

    def __init__(self, place: Workplace, letters: Mapping[str, Letter]) -> None:
        self._place = place
        self._cases = {safe_name(number).casefold(): number for number in letters}
        self.files: list[tuple[DroppedFile, str, Verdict | None]] = []
        self.kept: dict[str, str] = {}

    def add(self, file: DroppedFile) -> None:
        case_number = self._cases.get(PurePath(file.name).stem.casefold(), "")
        refusal = self._refusal(file, case_number)
        if refusal is None:
            suffix = f".signed{file.suffix}"
            [self.kept[case_number]] = keep(
                self._place.out, self._place.day.campaign.code, [file.content], suffix=suffix
            )
        self.files.append((file.without_content(), case_number, refusal))

    def _refusal(self, file: DroppedFile, case_number: str) -> Verdict | None:
        if not case_number:
            return Verdict("", REFUSED, NO_CASE)
        if file.suffix == ".pdf":
            return None if is_pdf(file.content) else Verdict(case_number, REFUSED, NO_PDF)
        try:
            require_document(file.content, file.plain_name)
        except UntrustedError as error:
            return Verdict(case_number, REFUSED, error.brief)
        return None


def _take_sheet(desk: Desk, file: DroppedFile) -> list[Verdict]:
    try:
        with file.copied() as path:
            rows = confined(read_sheet, file.plain_name, path)
    except DondocError as error:
        return [Verdict("", REFUSED, error.brief)]
    return [desk.take(row) for row in rows]


def _take_document(desk: Desk, case_number: str) -> Verdict:
    """Return what became of a signed file that came without a row."""
    letter = desk.letters[case_number]
    if desk.files[case_number] == letter.signed_sha256:
        return Verdict(case_number, KNOWN)
    content = read_stored(desk.place.out, letter.campaign, desk.files[case_number])
    try:
        row = _described_by_itself(desk, content, letter)
    except UntrustedError as error:
        return Verdict(case_number, REFUSED, error.brief)
    return desk.take(row) if row else Verdict(case_number, REFUSED, ALONE)


def _described_by_itself(desk: Desk, content: bytes, letter: Letter) -> SheetRow | None:
    campaign = desk.place.day.campaign
    of_letter = {"signer": campaign.signatory.name, "place": campaign.office.place}
    return confined(row_of_document, letter.case_number, content, letter, **of_letter)


def _answer(drop: DropFolder, file: DroppedFile, verdicts: Sequence[Verdict]) -> Counter[str]:
    """Write the answer, move the file beside it, and return the rows by what became of them."""
    rows = pd.DataFrame([vars(verdict) for verdict in verdicts], columns=["case_number", "state", "why"])
    book = Workbook()
    book.add_table("Kết quả", rows, ANSWER_COLUMNS, title=f"Kết quả tiếp nhận tệp {file.plain_name}")
    drop.put_away(file, book.to_bytes())
    return Counter(verdict.state for verdict in verdicts)
