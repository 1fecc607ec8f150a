"""The day's report written; once it has left it is never changed, only corrected beside it."""

import email
import email.policy
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from dondoc.daily.report_making import ADDENDUM_TEMPLATE, build, facts_of_basis
from dondoc.errors import LedgerError, LostFileError
from dondoc.files import file_sha256, sha256_of, write_whole
from dondoc.installation.workplace import Workplace
from dondoc.ledger import reports
from dondoc.ledger.mail_kinds import FINAL
from dondoc.ledger.reports import ReportVersion
from dondoc.ledger.verification import mark_of
from dondoc.office_files.word import word_template
from dondoc.report.addendum import addendum_values
from dondoc.report.basis import Basis, content_of, keep_basis, read_basis
from dondoc.report.changes import changes_between

log = logging.getLogger(__name__)


def write_report(place: Workplace, basis: Basis, *, left: Mapping[str, bytes]) -> list[Path]:
    """Write the day's report in Word and Excel and return their paths; one that has left is corrected beside it.

    Args:
        place: the day.
        basis: what the report is made of.
        left: the files by which it has left, as `sent_files` returns them.
    """
    if left:
        return _correct(place, basis, left)
    kind = kind_of(basis)
    basis = _marked(place, basis)
    built = build(place.out, basis)
    sha256 = keep_basis(place.out, basis)
    stem = place.folder / "report" / name_of(basis)
    files = {stem.with_suffix(".docx"): built.document, stem.with_suffix(".xlsx"): built.workbook}
    _record(place, kind, sha256, document=built.document, workbook=built.workbook)
    for path, content in (files | {stem.with_name(name): picture for name, picture in built.pictures.items()}).items():
        write_whole(path, content)
    return list(files)


def _marked(place: Workplace, basis: Basis) -> Basis:
    """Return `basis` with the ledger's mark: the one of the day's latest version, where nothing else changed."""
    for version in _versions(place, kind_of(basis))[:1]:
        try:
            latest = read_basis(place.out, basis["campaign"], version.basis_sha256)
        except LedgerError:
            break
        if "ledger" in latest and content_of(latest | {"ledger": ""}) == content_of(basis | {"ledger": ""}):
            return latest
    return {**basis, "ledger": mark_of(place.ledger)}


def kind_of(basis: Basis) -> str:
    """Return whether it is the day's report or the campaign's final one, as mails and versions say it."""
    return FINAL if basis["final"] else reports.REPORT


def name_of(basis: Basis) -> str:
    """Return the name of the report's files, without their endings."""
    return _name(kind_of(basis), basis["business_date"])


def _name(kind: str, on: str) -> str:
    return f"bao-cao-{'cuoi-cung-' if kind == FINAL else ''}{on}"


def sent_files(place: Workplace, kind: str) -> dict[str, bytes]:
    """Return the files by which the day's report of `kind` left, as they were attached; none while it has not.

    Raises:
        LedgerError: the mail is no longer what was sent.
    """
    day = place.day
    sent = reports.sent_report(place.ledger, campaign=day.campaign.code, business_date=day.business_date, kind=kind)
    if sent is None:
        return {}
    path = place.out / sent.path
    content = path.read_bytes() if path.is_file() else b""
    if sha256_of(content) != sent.payload_sha256:
        raise LedgerError(
            "Thư báo cáo đã gửi bị mất hoặc bị sửa.",
            where=path,
            remedy="khôi phục tệp này từ bản sao lưu rồi chạy lại.",
        )
    message = email.message_from_bytes(content, policy=email.policy.default)
    return {str(part.get_filename()): part.get_content() for part in message.iter_attachments()}


def _correct(place: Workplace, basis: Basis, left: Mapping[str, bytes]) -> list[Path]:
    """Write what changed since the report left, beside it; return the paths of the report and of all its addenda."""
    folder = place.folder / "report"
    paths = [folder / name for name in left]
    for path in paths:
        if not path.exists():
            write_whole(path, left[path.name])
    document = next(content for name, content in left.items() if name.endswith(".docx"))
    sent = version_that_left(place, kind_of(basis), left)
    workbook = folder / f"{name_of(basis)}.xlsx"
    if sent is None:
        log.warning("báo cáo đã gửi không do phiên bản phần mềm này lập: không so được thay đổi")
        return paths
    if workbook not in paths:
        _hold(place, sent, workbook)
        paths.append(workbook)
    try:
        _write_correction(place, basis, sent, sent_file=paths[0], document=document)
    except LostFileError as error:
        log.warning("không so được báo cáo đã gửi với số liệu nay: %s", error)
    return paths + sorted(folder.glob(f"{_addendum(basis)}-*.docx"))


def _write_correction(place: Workplace, basis: Basis, sent: ReportVersion, *, sent_file: Path, document: bytes) -> None:
    """Write an addendum of all that changed since the report left, where anything did since the last addendum."""
    basis = _marked(place, basis)
    kind = kind_of(basis)
    code = basis["campaign"]
    known = list(reversed(_versions(place, reports.ADDENDA[kind])))
    latest = read_basis(place.out, code, known[-1].basis_sha256 if known else sent.basis_sha256)
    now = facts_of_basis(place.out, basis)
    if not changes_between(facts_of_basis(place.out, latest), now):
        return
    before = facts_of_basis(place.out, read_basis(place.out, code, sent.basis_sha256))
    template = word_template(place.template("report", ADDENDUM_TEMPLATE))
    sha256 = keep_basis(place.out, basis)
    changes = changes_between(before, now)
    content = template.render(addendum_values(now, changes, sent_file=sent_file.name, sent=document))
    n = len(known) + 1
    write_whole(sent_file.parent / f"{_addendum(basis)}-{n}.docx", content)
    _record(place, reports.ADDENDA[kind], sha256, document=content)
    log.warning("số liệu đổi sau khi báo cáo đã gửi: lập phụ lục đính chính số %d", n)


def version_that_left(place: Workplace, kind: str, left: Mapping[str, bytes]) -> ReportVersion | None:
    """Return the version whose files left: those of its mail, and the day's workbook where none was attached.

    None where another version of this software wrote what left.
    """
    day = place.day
    hashes = {sha256_of(content) for content in left.values()}
    workbook = place.folder / "report" / f"{_name(kind, day.business_date.isoformat())}.xlsx"
    if workbook.name not in left and workbook.is_file():
        hashes.add(file_sha256(workbook))
    same = [one for one in _versions(place, kind) if one.document_sha256 in hashes]
    # An attempt cut before it wrote its files leaves a newer version, which may differ in the workbook alone.
    return next((one for one in same if one.workbook_sha256 in hashes), same[0] if same else None)


def _versions(place: Workplace, kind: str) -> Sequence[ReportVersion]:
    day = place.day
    return reports.versions_of(place.ledger, campaign=day.campaign.code, business_date=day.business_date, kind=kind)


def _hold(place: Workplace, sent: ReportVersion, workbook: Path) -> None:
    """Make again, byte for byte, the workbook of a report that left without it, where it is gone or was changed."""
    if workbook.is_file() and file_sha256(workbook) == sent.workbook_sha256:
        return
    made_again = build(place.out, read_basis(place.out, sent.campaign, sent.basis_sha256)).workbook
    if sha256_of(made_again) != sent.workbook_sha256:
        raise LedgerError(
            "Bảng tính của báo cáo đã gửi bị mất hoặc bị sửa, phiên bản phần mềm này không lập lại được.",
            where=workbook,
            remedy="khôi phục tệp này từ bản sao lưu rồi chạy lại.",
        )
    write_whole(workbook, made_again)
    log.warning("bảng tính của báo cáo đã gửi bị mất hoặc bị sửa: đã lập lại đúng bản đã gửi")


def _addendum(basis: Basis) -> str:
    return name_of(basis).replace("bao-cao", "dinh-chinh")


def _record(place: Workplace, kind: str, basis: str, *, document: bytes, workbook: bytes | None = None) -> None:
    hashes = (sha256_of(document), None if workbook is None else sha256_of(workbook))
    reports.record_version(
        place.ledger, ReportVersion(place.day.campaign.code, place.day.business_date, kind, basis, *hashes)
    )
