"""A signed letter that comes as a file alone: what its own text says of number, day and signer."""

import io
import re
import zipfile
from datetime import date

import docx
from docx.opc.exceptions import PackageNotFoundError

from dondoc.ledger.letters import Letter
from dondoc.names import fold
from dondoc.signoff.sheet_rows import SheetRow

NUMBER = re.compile(r"Số:\s*(\d+\s*/\s*[\w.Đ&-]+)")
DAY = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})")


def row_of_document(content: bytes, letter: Letter, *, signer: str, place: str) -> SheetRow | None:
    """Return what a signed Word letter says, as a row of the sheet; None when it does not say all of it.

    Only the office's own lines count: the number after “Số:”, the day after the place name of the letterhead, and the
    signatory's name as a line of its own.

    Args:
        content: the signed document.
        letter: the letter as put up.
        signer: the campaign's signatory.
        place: the place name before the date.
    """
    lines = [re.sub(r"\s+", " ", line).strip() for line in _lines(content)]
    number = next((found[1] for line in lines if (found := NUMBER.search(line))), "")
    dated = next((found for line in lines if line.startswith(f"{place},") and (found := DAY.search(line))), None)
    if not (number and dated and any(fold(line) == fold(signer) for line in lines)):
        return None
    try:
        day = date(int(dated[3]), int(dated[2]), int(dated[1]))
    except ValueError:
        return None
    text = f"{day:%d/%m/%Y}"
    return SheetRow(letter.case_number, letter.sha256, re.sub(r"\s", "", number), text, day, signer, "")


def _lines(content: bytes) -> list[str]:
    try:
        document = docx.Document(io.BytesIO(content))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError):
        return []
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    paragraphs = [*document.paragraphs, *(paragraph for cell in cells for paragraph in cell.paragraphs)]
    return [line for paragraph in paragraphs for line in paragraph.text.splitlines()]
