"""Publish approved letters: packed for each unit, with an index, and the signed ones on the public list."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from dondoc.actor import Actor
from dondoc.files import safe_name, sha256_of, write_whole
from dondoc.installation.workplace import Workplace
from dondoc.ledger import audit, transitions
from dondoc.ledger.letters import APPROVED, PUBLISHED, SIGNED, Letter
from dondoc.ledger.signed_files import accepted_verdicts
from dondoc.ledger.transitions import STATE_NAMES
from dondoc.letters.public_list import render_list
from dondoc.letters.store import read_stored, stored
from dondoc.letters.succession import letters_of
from dondoc.office_files.workbook import Column, Workbook

FOLDER = "published"
INDEX = "danh-muc.xlsx"
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
COLUMNS = (
    Column("Mã hồ sơ", "case_number", width=28),
    Column("Tệp", "file", width=40),
    Column("Trạng thái", "state", width=16),
    Column("Số văn bản", "number", width=18),
    Column("Ngày ký", "signed_on", "date", 12),
    Column("Kiểm bản ký", "verdict", width=80),
    Column("SHA-256", "sha256", width=68, on_paper=False),
)
UNVERIFIED = "chưa công khai, bản ký chưa được kiểm; đặt lại bản ký cùng dòng của bảng trình ký vào thư mục inbox"
ON_PAPER = "ký theo bảng trình ký, không kèm bản ký"


@dataclass(frozen=True)
class Published:
    """The result of publishing: letters newly public, letters on the list in all, and the files written, by path.

    `unverified` are signed letters left out, by case number: their signed file came before such files were verified.
    """

    new: int
    listed: int
    files: Sequence[Path]
    unverified: Sequence[str]

    @property
    def warnings(self) -> list[str]:
        """Return what an operator has to be told, one line per letter."""
        return [f"⚠ {number}: {UNVERIFIED}" for number in self.unverified]


def publish_letters(place: Workplace, *, by: Actor, at: datetime) -> Published:
    """Pack the approved and signed letters of each unit, mark the signed ones published, and write the public list.

    A letter that is approved and not yet signed is packed for the signing, and is not published; one that is held is
    left out, and so is one whose signed file no verdict accepted. All bytes are checked against the register before
    anything is written. Run again, it packs only letters that are new since.

    Raises:
        LetterError: the file of a letter is missing or was tampered with; nothing leaves.
        TemplateError: a template of the public list is wrong; nothing leaves.
    """
    campaign = place.day.campaign.code
    folder = place.out / campaign / FOLDER
    letters = sorted(letters_of(place.ledger, place.day.campaign).values(), key=lambda letter: letter.case_number)
    free = [letter for letter in letters if letter.state in (APPROVED, SIGNED) and not letter.stale_reason]
    verdicts = accepted_verdicts(place.ledger, free)
    leaving = [letter for letter in free if letter.id in verdicts or not letter.signed_sha256]
    signed = [letter for letter in leaving if letter.state == SIGNED]
    listed = [letter for letter in letters if letter.state == PUBLISHED or letter in signed]
    files = {folder / name: content for name, content in render_list(place, listed).items()}
    for unit in place.day.campaign.units:
        mine = [letter for letter in leaving if letter.unit == unit.code]
        if mine:
            content = _pack(place, mine, verdicts, title=f"Thư xin lỗi của {unit.name}")
            files[folder / f"{place.day.business_date}-{unit.code}-{sha256_of(content)[:8]}.zip"] = content
    for path in sorted(files, key=lambda path: path.suffix != ".zip"):
        write_whole(path, files[path])
    with place.ledger.begin() as connection:
        transitions.publish(connection, [letter.id for letter in signed], by=by.words, at=at)
        packed = {"letters": [letter.id for letter in leaving], "published": [letter.id for letter in signed]}
        audit.record(connection, audit.Act(by, "letters.published", campaign, packed))
    return Published(len(signed), len(listed), list(files), [one.case_number for one in free if one not in leaving])


def _pack(place: Workplace, letters: Sequence[Letter], verdicts: Mapping[int, str], *, title: str) -> bytes:
    """Return a zip of `letters` and their index; the same letters give the same bytes.

    The index says of each signed letter by what its signature was accepted.
    """
    files = {}
    rows = []
    for letter in letters:
        for name, sha256 in _documents(place, letter):
            files[name] = read_stored(place.out, letter.campaign, sha256)
            rows.append(
                {
                    "case_number": letter.case_number,
                    "file": name,
                    "sha256": sha256,
                    "state": STATE_NAMES[letter.state],
                    "number": letter.number,
                    "signed_on": letter.signed_on,
                    "verdict": verdicts.get(letter.id, ON_PAPER if letter.state == SIGNED else ""),
                }
            )
    book = Workbook()
    book.add_table("Danh mục", pd.DataFrame(rows), COLUMNS, title=title)
    files[INDEX] = book.to_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(files):
            # Stored: a .docx is compressed already.
            archive.writestr(zipfile.ZipInfo(name, ZIP_EPOCH), files[name])
    return packed.getvalue()


def _documents(place: Workplace, letter: Letter) -> list[tuple[str, str]]:
    stem = safe_name(letter.case_number)
    documents = [(f"{stem}.docx", letter.sha256)]
    if letter.signed_sha256:
        path = stored(place.out, letter.campaign, letter.signed_sha256)
        documents.append((f"{stem}_da-ky{path.suffix if path else ''}", letter.signed_sha256))
    return documents
