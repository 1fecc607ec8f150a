"""The basis of a report, by name: with it, any past report can be made again, byte for byte.

Snapshots already lie under names that hold their hash. What may change in place (the campaign's configuration, the
calendar, the Word template) is kept in the report store under its hash, and so is the basis itself.
"""

import json
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from dondoc.errors import LedgerError
from dondoc.files import sha256_of, write_whole

FOLDER = "report-store"
SHORT = 12


class Basis(TypedDict):
    """Names and small facts; paths are relative to the output folder."""

    campaign: str
    business_date: str
    final: bool
    replaces: NotRequired[str]  # the day of the final report that this one takes the place of
    missing: list[str]
    missed: list[str]
    snapshots: list[dict[str, Any]]
    findings: str
    figures: str
    first_dates: str | None
    apologies: NotRequired[str | None]  # what was known of apologies beside the sources; an older basis has none
    earlier: list[tuple[str, str]]  # day and figures, oldest first
    letters: list[dict[str, Any]]
    claimed: list[dict[str, Any]] | None
    reasons: dict[str, str]
    ledger: NotRequired[str]  # where the ledger's chains ended when it was made; an older basis has none
    settings: str
    calendar: str
    template: str


def keep(out: Path, campaign: str, content: bytes) -> str:
    """Put `content` into the campaign's report store and return its SHA-256, which is its name there."""
    sha256 = sha256_of(content)
    write_whole(out / campaign / FOLDER / sha256, content)
    return sha256


def keep_basis(out: Path, basis: Basis) -> str:
    """Put `basis` into the report store and return its SHA-256."""
    return keep(out, basis["campaign"], content_of(basis))


def content_of(basis: Basis) -> bytes:
    """Return `basis` as it is kept."""
    return json.dumps(basis, ensure_ascii=False, sort_keys=True, indent=1).encode()


def read_basis(out: Path, campaign: str, sha256: str) -> Basis:
    """Return the basis of that hash."""
    return json.loads(kept(out, campaign, sha256).read_bytes())


def kept(out: Path, campaign: str, sha256: str) -> Path:
    """Return the path of what was kept under that hash, held against it.

    Raises:
        LedgerError: it is gone, or is no longer what it was.
    """
    path = out / campaign / FOLDER / sha256
    if not path.is_file() or sha256_of(path.read_bytes()) != sha256:
        raise LedgerError(
            "Căn cứ của báo cáo bị mất hoặc bị sửa.",
            where=path,
            remedy=f"khôi phục thư mục {FOLDER} của đợt từ bản sao lưu.",
        )
    return path


def fingerprint(basis: Basis) -> dict[str, str]:
    """Return what a report prints: shortened hashes of its data, rules, calendar and template; the ledger's mark."""
    data = [*(snapshot["path"] for snapshot in basis["snapshots"]), basis["figures"], basis["findings"]]
    named = {"data": sha256_of("\n".join(data).encode()), "rules": basis["settings"]}
    named |= {"calendar": basis["calendar"], "template": basis["template"]}
    short = {name: sha256[:SHORT] for name, sha256 in named.items()}
    return short | ({"ledger": basis["ledger"]} if "ledger" in basis else {})
