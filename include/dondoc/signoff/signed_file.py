"""A file that came back as a signed letter: held against the approved bytes, then accepted or refused, in words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any

from dondoc.campaign import Campaign
from dondoc.errors import UntrustedError
from dondoc.ledger.letters import Letter
from dondoc.ledger.signed_files import FileVerdict
from dondoc.signoff.comparison import TextDifferences, compare_pages, compare_word
from dondoc.signoff.pdf_reading import DigitalSignature, read_pdf
from dondoc.signoff.sheet_rows import SheetRow
from dondoc.untrusted.confined import confined
from dondoc.untrusted.forms import is_pdf, require_document
from dondoc.vietnamese.wording import short_date

WORD = ".docx"
FAULTS = {
    "broken": "nội dung đã ký bị sửa hoặc chữ ký hỏng",
    "partial": "chữ ký không phủ toàn bộ tệp",
    "changed": "tệp bị sửa sau khi ký",
    "untrusted": "chứng thư số không do tổ chức được cơ quan tin cậy cấp",
    "expired": "chứng thư số hết hạn",
    "not_yet": "chứng thư số chưa có hiệu lực",
    "revoked": "chứng thư số đã bị thu hồi",
    "usage": "chứng thư số không dùng để ký văn bản",
    "weak": "thuật toán ký không còn an toàn",
    "time": "giờ ký không nằm trong thời hạn của chứng thư số, hoặc ở tương lai",
}
FILL_IN = "điền dòng của hồ sơ này trong bảng trình ký rồi đặt lại cùng tệp"
SEND_SCAN = "gửi bản quét hoặc PDF ký số"


@dataclass(frozen=True)
class ReturnedFile:
    """A file as it lies in the drop folder: its name, the hash of its bytes, and what reads them."""

    name: str
    sha256: str
    read: Callable[[], bytes]

    @property
    def suffix(self) -> str:
        """Return the ending of its name, in lower case."""
        return PurePath(self.name).suffix.lower()


@dataclass(frozen=True)
class Standard:
    """What a returned file is held against.

    Attributes:
        campaign: whose signatories may sign.
        letter: the letter, approved.
        approved: its approved bytes.
        trust_roots: folder of the roots of digital signatures.
        at: the instant.
    """

    campaign: Campaign
    letter: Letter
    approved: bytes
    trust_roots: Path
    at: datetime

    def is_signatory(self, signature: DigitalSignature) -> bool:
        """Return whether a person entitled to sign made `signature`."""
        named = self.campaign.signatory_named(signature.name)
        return named is not None and (not named.certificates or signature.sha256 in named.certificates)

    def is_known(self, signature: DigitalSignature) -> bool:
        """Return whether a signatory made it, or the office itself, as its registry does after them."""
        office = self.campaign.office.name.casefold()
        return self.is_signatory(signature) or " ".join(signature.name.casefold().split()) == office


@dataclass(frozen=True)
class Judgement:
    """What became of a file: the row to record, None when it is refused; the verdict in words; the bytes accepted."""

    row: SheetRow | None
    verdict: FileVerdict
    content: bytes = b""


class _RefusedError(Exception):
    """Why a file is refused, in words."""


def judge(file: ReturnedFile, row: SheetRow | None, standard: Standard) -> Judgement:
    """Return what is decided of `file`, which came with the sheet's `row` or alone.

    Accepted is what a row of a person entitled speaks for, or a valid digital signature of such a person. Either way
    what can be read of it must be what was approved, but for number, day and signature.
    """
    signatures: Sequence[DigitalSignature] = ()
    place = standard.campaign.office.place
    try:
        content = file.read()
        if file.suffix == WORD:
            require_document(content, file.name)
            said: TextDifferences | None = confined(compare_word, file.name, standard.approved, content, place=place)
        elif not is_pdf(content):
            raise _RefusedError("tệp không phải docx hoặc pdf như tên của nó")
        else:
            reading = confined(read_pdf, file.name, content, trust=standard.trust_roots, at=standard.at)
            signatures = reading.signatures
            _check_signatures(signatures, standard)
            # Pages that are pictures say nothing that could be compared.
            pages = reading.pages
            said = confined(compare_pages, file.name, standard.approved, pages, place=place) if pages else None
        if said and said.differences:
            raise _RefusedError(f"nội dung khác bản đã duyệt: {'; '.join(said.differences)}")
        signed = row or _row_of_signed(file, signatures, said, standard)
        _check_row(signed, signatures, said, standard)
    except _RefusedError as error:
        return Judgement(None, _verdict(file, str(error), signatures, accepted=False))
    except UntrustedError as error:
        return Judgement(None, _verdict(file, error.brief, signatures, accepted=False))
    words = "; ".join(_reasons(row, signatures, said, standard))
    return Judgement(signed, _verdict(file, words, signatures, accepted=True), content)


def _verdict(file: ReturnedFile, words: str, signatures: Sequence[DigitalSignature], *, accepted: bool) -> FileVerdict:
    kept: list[dict[str, Any]] = [asdict(one) for one in signatures]
    return FileVerdict(file.sha256, accepted, words, kept)


def _check_signatures(signatures: Sequence[DigitalSignature], standard: Standard) -> None:
    for one in signatures:
        who = f"chữ ký số của “{one.name}”" if one.name else "chữ ký số"
        if one.faults:
            raise _RefusedError(f"{who} không hợp lệ: {', '.join(FAULTS[fault] for fault in one.faults)}")
        if not standard.is_known(one):
            raise _RefusedError(f"{who}: không phải của người ký có trong danh sách của đợt")


def _row_of_signed(
    file: ReturnedFile, signatures: Sequence[DigitalSignature], said: TextDifferences | None, standard: Standard
) -> SheetRow:
    """Return what a digitally signed letter itself says, as a row of the sheet."""
    signers = [one for one in signatures if standard.is_signatory(one)]
    if file.suffix == WORD:
        raise _RefusedError(f"tệp Word không chứng minh được ai đã ký: {SEND_SCAN}; hoặc {FILL_IN}")
    if not signers:
        raise _RefusedError(f"tệp không có chữ ký số của người ký thư: {FILL_IN}")
    if said is None or not (said.number and said.day):
        raise _RefusedError(f"không đọc được số, ngày trong tệp đã ký số: {FILL_IN}")
    letter = standard.letter
    day = said.day
    signer = standard.campaign.signatory_named(signers[-1].name)
    name = signer.name if signer else ""
    return SheetRow(letter.case_number, letter.sha256, said.number, f"{day:%d/%m/%Y}", day, name, "")


def _check_row(
    row: SheetRow, signatures: Sequence[DigitalSignature], said: TextDifferences | None, standard: Standard
) -> None:
    signers = [one for one in signatures if standard.is_signatory(one)]
    named = [standard.campaign.signatory_named(one.name) for one in signers]
    if signers and row.signer not in [signer.name for signer in named if signer]:
        raise _RefusedError(f"bảng ghi người ký là {row.signer}, chữ ký số là của {signers[-1].name}")
    if said and said.number and _number(said.number) != _number(row.number):
        raise _RefusedError(f"bảng ghi số {row.number}, trong tệp là số {said.number}")
    if said and said.day and said.day != row.signed_on:
        raise _RefusedError(f"bảng ghi ngày {row.date_text}, trong tệp là ngày {short_date(said.day)}")
    for one in signers:
        day = _signed_at(one, standard).date()
        if row.signed_on and day > row.signed_on:
            raise _RefusedError(f"ngày ghi trên thư là {short_date(row.signed_on)}, trước ngày ký số {short_date(day)}")
        if day < standard.letter.drafted_on:
            raise _RefusedError(f"chữ ký số có ngày {short_date(day)}, trước ngày soạn thư")


def _reasons(
    row: SheetRow | None,
    signatures: Sequence[DigitalSignature],
    said: TextDifferences | None,
    standard: Standard,
) -> Iterator[str]:
    for one in signatures:
        instant = f"{_signed_at(one, standard):%H:%M ngày %d/%m/%Y}"
        clock = "theo dấu thời gian" if one.stamped else "theo đồng hồ của người ký"
        revocation = "đã kiểm là không bị thu hồi" if one.revocation_known else "chưa có dữ liệu thu hồi để kiểm"
        yield (
            f"chữ ký số hợp lệ của {one.name}, chứng thư số {one.serial} do {one.issuer} cấp, {revocation}, "
            f"ký lúc {instant} {clock}" + ("" if one.whole else ", sau đó chỉ thêm chữ ký")
        )
    if row is not None:
        yield f"{row.signer} ký, theo dòng trong bảng trình ký"
    if said is not None:
        yield "nội dung đúng bản đã duyệt"
    else:
        yield "tệp là bản quét nên không đối chiếu được từng chữ"


def _signed_at(signature: DigitalSignature, standard: Standard) -> datetime:
    return datetime.fromisoformat(signature.signed_at).astimezone(standard.campaign.zone)


def _number(text: str) -> str:
    return "".join(text.split()).casefold().lstrip("0")
