"""`audit`: whether the ledger is what its acts left, and what a report that left says of it."""

import re
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc.commands.terminal import command, group, this_installation
from dondoc.errors import LedgerError

if TYPE_CHECKING:
    from dondoc.ledger.verification import VerificationResult

# A part of a report is smaller by far; of another file no more is read.
MOST_READ = 64 * 2**20

audit = group("Sổ kiểm toán: sổ cái còn nguyên vẹn không.")


@command(audit, "verify", example="audit verify --against bao-cao.docx")
def verify(
    against: Annotated[
        Path | None,
        typer.Option(metavar="<tệp>", help="báo cáo đã gửi (.docx, .xlsx): sổ cái còn đúng như lúc lập không"),
    ] = None,
) -> int:
    """Kiểm tra sổ kiểm toán nguyên vẹn, không dòng nào của sổ cái bị sửa."""
    from dondoc.ledger.store import open_ledger
    from dondoc.ledger.verification import stands_for, verify_ledger

    ledger = open_ledger(this_installation().ledger_url)
    found = verify_ledger(ledger)
    said = [
        f"Sổ kiểm toán nguyên vẹn: {found.audit.count} dòng, mã cuối {found.audit.head}",
        f"Sổ dấu vết nguyên vẹn: {found.digests.count} dòng; mọi dòng của sổ cái đúng như việc cuối cùng để lại",
    ]
    wrong = _wrong(found)
    if against:
        mark = mark_in(against)
        if stands_for(ledger, mark):
            said.append(f"{against.name}: sổ cái chứa đúng phần đã có khi lập báo cáo (mã {mark})")
        else:
            wrong.append(f"sổ cái không còn là sổ cái đã lập ra {against.name} (mã {mark}): bị thay, cắt bớt")
    for line in wrong:
        print(f"LỖI: {line}.", file=sys.stderr)
    if not wrong:
        print(*said, sep="\n")
    return 1 if wrong else 0


def _wrong(found: "VerificationResult") -> list[str]:
    wrong = []
    if found.audit.broken_at is not None:
        wrong.append(f"sổ kiểm toán sai từ dòng {found.audit.broken_at}; {found.audit.count} dòng trước đó đúng")
    if found.digests.broken_at is not None:
        wrong.append(f"sổ dấu vết sai từ dòng {found.digests.broken_at}; {found.digests.count} dòng trước đó đúng")
    return [*wrong, *found.differences]


def mark_in(path: Path) -> str:
    """Return the ledger's mark that the report at `path` prints.

    Raises:
        LedgerError: it is no such file, or prints none.
    """
    from dondoc.ledger.verification import MARK

    try:
        with zipfile.ZipFile(path) as package:
            parts = [package.open(name).read(MOST_READ) for name in package.namelist() if name.endswith(".xml")]
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise LedgerError(
            "Không đọc được báo cáo.", where=path, remedy="chọn tệp .docx hoặc .xlsx đúng như đã gửi."
        ) from error
    for part in parts:
        words = re.sub(r"<[^>]*>", "", part.decode("utf-8", "replace"))
        if found := MARK.search(words):
            return found[0]
    raise LedgerError(
        "Báo cáo không in mã sổ cái: do phiên bản phần mềm cũ lập, hoặc mẫu riêng đã bỏ mã.",
        where=path,
        remedy="chọn báo cáo khác.",
    )
