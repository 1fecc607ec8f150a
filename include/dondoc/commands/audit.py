"""The operator's `audit`: whether the ledger is what its acts left, and what a report that left says of it."""

import argparse
import re
import zipfile
from pathlib import Path
from typing import Any

from dondoc.errors import LedgerError
from dondoc.installation import Installation
from dondoc.ledger.store import open_ledger
from dondoc.ledger.verification import MARK, VerificationResult, stands_for, verify_ledger

# A part of a report is smaller by far; of another file no more is read.
MOST_READ = 64 * 2**20


def add_audit_commands(commands: Any) -> None:
    """Add `audit` to the command line."""
    auditing = commands.add_parser("audit", help="kiểm tra sổ cái: sổ kiểm toán nguyên vẹn, không dòng nào bị sửa")
    auditing.add_argument("action", choices=["verify"])
    auditing.add_argument(
        "--against", type=Path, metavar="tệp", help="báo cáo đã gửi (.docx, .xlsx): sổ cái còn đúng như lúc lập không"
    )


def run_audit_command(installation: Installation, chosen: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Carry out an `audit` command; return what to tell the person, and what is wrong."""
    ledger = open_ledger(installation.ledger_url)
    found = verify_ledger(ledger)
    said = [
        f"Sổ kiểm toán nguyên vẹn: {found.audit.count} dòng, mã cuối {found.audit.head}",
        f"Sổ dấu vết nguyên vẹn: {found.digests.count} dòng; mọi dòng của sổ cái đúng như việc cuối cùng để lại",
    ]
    wrong = _wrong(found)
    if chosen.against:
        mark = mark_in(chosen.against)
        if stands_for(ledger, mark):
            said.append(f"{chosen.against.name}: sổ cái chứa đúng phần đã có khi lập báo cáo (mã {mark})")
        else:
            wrong.append(f"sổ cái không còn là sổ cái đã lập ra {chosen.against.name} (mã {mark}): bị thay, cắt bớt")
    return ([] if wrong else said), wrong


def _wrong(found: VerificationResult) -> list[str]:
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
