"""Any past day's report made again from what it was made of, and what moved between two days."""

import sys
from datetime import date

from dondoc.daily.report_making import PICTURE_FILES, build, facts_of_basis
from dondoc.daily.reporting import name_of, sent_files, version_that_left
from dondoc.errors import LedgerError
from dondoc.files import sha256_of, write_whole
from dondoc.installation import Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger import reports
from dondoc.ledger.mail_kinds import FINAL
from dondoc.ledger.reports import ReportVersion
from dondoc.ledger.store import open_ledger
from dondoc.report.addendum import move_words
from dondoc.report.basis import read_basis
from dondoc.report.changes import changes_between
from dondoc.vietnamese.wording import number, short_date

FOLDER = "report-rebuilt"
# A day that has a final report is known by it.
KINDS = (FINAL, reports.REPORT)
SHOWN = 200


def rebuild_report(installation: Installation, campaign: str, on: date) -> int:
    """Make the report of a past day again, beside the day's own; return 0 when it is the same, byte for byte.

    It is the version that left, or the latest where none has.

    Raises:
        LedgerError: the day has no report, or what it was made of is gone.
    """
    version = _version_of(installation, campaign, on)
    basis = read_basis(installation.out, campaign, version.basis_sha256)
    built = build(installation.out, basis)
    folder = installation.out / campaign / on.isoformat() / FOLDER
    stem = name_of(basis)
    files = {f"{stem}.docx": built.document, f"{stem}.xlsx": built.workbook}
    for name, content in (files | dict(built.pictures)).items():
        write_whole(folder / name, content)
    same = [sha256_of(built.document), sha256_of(built.workbook)] == [version.document_sha256, version.workbook_sha256]
    if not same:
        print(
            f"LỖI: báo cáo ngày {short_date(on)} dựng lại KHÔNG trùng bản đã lập (phần mềm đã đổi phiên bản?).\n"
            f"Bản dựng lại ở: {folder}",
            file=sys.stderr,
        )
        return 1
    print(f"Báo cáo ngày {short_date(on)}: dựng lại trùng từng byte với bản đã lập.\nKết quả ở: {folder}")
    for name in sorted({*files, *(set(built.pictures) & set(PICTURE_FILES.values()))}):
        print(f"  {name}")
    return 0


def print_diff(installation: Installation, campaign: str, first: date, second: date) -> int:
    """Print what moved from the first day to the second: figures by unit, numbers that came and went; return 0.

    Raises:
        LedgerError: one of the days has no report.
    """
    before, after = (
        facts_of_basis(
            installation.out,
            read_basis(installation.out, campaign, _version_of(installation, campaign, on).basis_sha256),
        )
        for on in (first, second)
    )
    changes = changes_between(before, after)
    print(f"{campaign}: từ ngày {short_date(first)} đến ngày {short_date(second)}")
    for change in changes.figures:
        gained = change.after - change.before
        print(
            f"  {change.name}, {change.figure}: {number(change.before)} → {number(change.after)} "
            f"({'+' if gained > 0 else '−'}{number(abs(gained))})"
        )
    for move in changes.moves:
        print(f"- {move_words(move, SHOWN)}")
    if not changes:
        print("Không có gì thay đổi.")
    return 0


def _version_of(installation: Installation, campaign: str, on: date) -> ReportVersion:
    installation.campaign(campaign)
    ledger = open_ledger(installation.ledger_url)
    of_day = {kind: reports.versions_of(ledger, campaign=campaign, business_date=on, kind=kind) for kind in KINDS}
    kind = next((kind for kind in KINDS if of_day[kind]), None)
    if kind is None:
        raise LedgerError(
            f"Đợt {campaign} không có báo cáo nào của ngày {short_date(on)}.",
            where="sổ cái",
            remedy="chọn một ngày đã chạy xong, hoặc chạy ngày đó.",
        )
    place = Workplace.on(campaign, on)
    return version_that_left(place, kind, sent_files(place, kind)) or of_day[kind][0]
