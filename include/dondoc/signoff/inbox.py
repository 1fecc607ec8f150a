"""The drop folder of a campaign: sheets and signed letters taken in, answered, and kept as they came."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd

from dondoc.errors import DondocError
from dondoc.files import safe_name, sha256_of, why_unreadable, write_whole
from dondoc.ledger.letters import Letter, latest_letters
from dondoc.letters.store import keep
from dondoc.signoff.sheet_rows import MAX_BYTES, SheetRow, read_sheet
from dondoc.signoff.signed_file import row_of_document
from dondoc.signoff.signing import KNOWN, OPEN, REFUSED, Desk, Verdict
from dondoc.workbook import Column, Workbook
from dondoc.workplace import Workplace

log = logging.getLogger(__name__)

FOLDER, DONE = "inbox", "da-nhan"
ANSWER = "ket-qua.xlsx"
SHEETS, DOCUMENTS = (".xlsx",), (".docx", ".pdf")
ANSWER_COLUMNS = (
    Column("Mã hồ sơ", "case_number", width=30),
    Column("Kết quả", "state", width=18),
    Column("Lý do không nhận", "why", width=80),
)
ALONE = "tệp không ghi đủ số, ngày, người ký: điền dòng của hồ sơ này trong bảng trình ký rồi đặt lại cùng tệp"


def take_in_signed(place: Workplace, *, at: datetime) -> dict[str, int]:
    """Take in what lies in the drop folder and return how many rows ended how.

    Each file is moved, as it came, to `inbox/da-nhan/<hash>/` with an answer workbook beside it. A file dropped twice,
    or a run cut off midway, records nothing twice.
    """
    folder = place.out / place.day.campaign.code / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    contents = dict(_contents(folder))
    sheets = {path: content for path, content in contents.items() if path.suffix.lower() in SHEETS}
    documents = {path: content for path, content in contents.items() if path.suffix.lower() in DOCUMENTS}
    letters = latest_letters(place.ledger, campaign=place.day.campaign.code)
    cases = {safe_name(number).casefold(): number for number in letters}
    of_case = {path: cases.get(path.stem.casefold(), "") for path in documents}
    ended: Counter[str] = Counter()
    read = {path: _read(path, content) for path, content in sheets.items()}
    files = _keep(place, {of_case[path]: (path, content) for path, content in documents.items() if of_case[path]})
    desk = Desk(place, letters, at, files)
    said: dict[str, Verdict] = {}
    for path, rows in read.items():
        verdicts = [desk.take(row) for row in rows] if isinstance(rows, list) else [Verdict("", REFUSED, rows)]
        said |= {verdict.case_number: verdict for verdict in verdicts if verdict.state != OPEN}
        ended.update(_answer(path, contents[path], verdicts))
    for path, content in documents.items():
        # A row of a sheet has spoken for the file that came with it.
        verdict = said.get(of_case[path]) or _take_document(desk, content, of_case[path])
        ended.update(_answer(path, content, [verdict]))
    log.info("bản ký ngoài hệ thống: %s", dict(ended))
    return dict(ended)


def _contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(folder.iterdir()):
        if not _is_ours(path):
            continue
        try:
            yield path, path.read_bytes()
        except OSError as error:
            # The others must not wait for a file nobody may read, or that was just taken away.
            why, remedy = why_unreadable(error)
            log.warning("không đọc được tệp %s trong thư mục bản ký: %s; cách xử lý: %s", path.suffix, why, remedy)


def _is_ours(path: Path) -> bool:
    # Hidden files and Word's or Excel's own lock files are no answers.
    named = not path.name.startswith((".", "~$")) and path.suffix.lower() in (*SHEETS, *DOCUMENTS)
    return named and path.is_file() and not path.is_symlink()


def _read(path: Path, content: bytes) -> list[SheetRow] | str:
    try:
        return read_sheet(content, name=path.name)
    except DondocError as error:
        return str(error)


def _keep(place: Workplace, documents: Mapping[str, tuple[Path, bytes]]) -> dict[str, str]:
    kept = {}
    for case_number, (path, content) in documents.items():
        if len(content) <= MAX_BYTES and _is_document(path, content):
            [kept[case_number]] = keep(
                place.out, place.day.campaign.code, [content], suffix=f".signed{path.suffix.lower()}"
            )
    return kept


def _is_document(path: Path, content: bytes) -> bool:
    return content.startswith(b"%PDF-" if path.suffix.lower() == ".pdf" else b"PK\x03\x04")


def _take_document(desk: Desk, content: bytes, case_number: str) -> Verdict:
    """Return what became of a signed file that came without a row."""
    letter = desk.letters.get(case_number)
    if letter is None:
        return Verdict(case_number, REFUSED, "tên tệp không phải mã hồ sơ của thư nào")
    if case_number not in desk.files:
        return Verdict(case_number, REFUSED, "tệp không phải docx hoặc pdf, hoặc quá lớn")
    if desk.files[case_number] == letter.signed_sha256:
        return Verdict(case_number, KNOWN)
    row = _described_by_itself(desk, content, letter)
    return desk.take(row) if row else Verdict(case_number, REFUSED, ALONE)


def _described_by_itself(desk: Desk, content: bytes, letter: Letter) -> SheetRow | None:
    campaign = desk.place.day.campaign
    return row_of_document(content, letter, signer=campaign.signatory.name, place=campaign.office.place)


def _answer(path: Path, content: bytes, verdicts: Sequence[Verdict]) -> Counter[str]:
    """Write the answer, move the file beside it, and return the rows by what became of them."""
    done = path.parent / DONE / sha256_of(content)[:16]
    rows = pd.DataFrame([vars(verdict) for verdict in verdicts], columns=["case_number", "state", "why"])
    book = Workbook()
    book.add_table("Kết quả", rows, ANSWER_COLUMNS, title=f"Kết quả tiếp nhận tệp {path.name}")
    write_whole(done / f"{path.stem}.{ANSWER}", book.to_bytes())
    path.replace(done / path.name)
    return Counter(verdict.state for verdict in verdicts)
