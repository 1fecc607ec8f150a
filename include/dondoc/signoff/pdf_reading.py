"""A returned PDF: its signatures, verified, and its words."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dondoc.errors import UntrustedError

PRINT_AGAIN = "in lại thành tệp PDF mới, ký lại rồi đặt lại; hoặc đặt bản quét cùng dòng của bảng trình ký."
NAME = "tệp PDF trả về"
NO_PDF = "Tệp PDF hỏng, hoặc không phải PDF."


@dataclass(frozen=True)
class DigitalSignature:
    """A signature as it was verified; `faults` is empty when it is valid.

    Attributes:
        name: the signer's name in the certificate.
        organization: the organization in the certificate.
        issuer: who issued the certificate.
        serial: its number, in hexadecimal digits.
        sha256: its fingerprint.
        signed_at: when it was signed, ISO 8601; by the signer's own clock unless `stamped`.
        stamped: whether a trusted timestamp proves that instant.
        whole: whether nothing at all was added to the file after it.
        revocation_known: whether data at hand prove that no certificate of the chain was revoked.
        faults: what is wrong, as `pdf_signatures` names it.
    """

    name: str = ""
    organization: str = ""
    issuer: str = ""
    serial: str = ""
    sha256: str = ""
    signed_at: str = ""
    stamped: bool = False
    whole: bool = False
    revocation_known: bool = False
    faults: Sequence[str] = ()


@dataclass(frozen=True)
class PdfReading:
    """What a PDF says.

    Attributes:
        signatures: in the order they were made.
        pages: the printed text of each page; none where it is not to be told, as on scans.
    """

    signatures: tuple[DigitalSignature, ...]
    pages: tuple[str, ...]


def read_pdf(content: bytes, *, trust: Path, at: datetime) -> PdfReading:
    """Return what the PDF `content` says, its signatures held against the roots in the folder `trust` at `at`.

    Raises:
        UntrustedError: it is no PDF, is locked, or a file of the folder cannot be read.
    """
    # Only the process that reads what others wrote loads all this.
    from pyhanko.pdf_utils.misc import PdfReadError
    from pyhanko.pdf_utils.reader import PdfFileReader

    from dondoc.signoff.pdf_content import ContentError
    from dondoc.signoff.pdf_fonts import UnmappedError
    from dondoc.signoff.pdf_signatures import TrustError, read_trust, verify_signatures
    from dondoc.signoff.pdf_text import page_texts

    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        if reader.encrypted:
            raise UntrustedError("Tệp PDF có mật khẩu.", where=NAME, remedy=PRINT_AGAIN)
        signed = bool(reader.embedded_signatures)
        # Readers may differ over a file that is not as the standard says; such a file is not taken as signed.
        reader = PdfFileReader(io.BytesIO(content), strict=True) if signed else reader
        signatures = verify_signatures(reader, read_trust(trust), at=at) if signed else []
    except PdfReadError as error:
        raise UntrustedError(NO_PDF, where=NAME, remedy=PRINT_AGAIN) from error
    except TrustError as error:
        raise UntrustedError(
            f"Chưa kiểm được chữ ký số: tệp {error} trong thư mục chứng thư gốc hỏng.",
            where=trust,
            remedy="báo người vận hành thay tệp ấy, rồi đặt lại bản ký.",
        ) from error
    try:
        pages = page_texts(reader)
    except (UnmappedError, ContentError):
        pages = []
    return PdfReading(tuple(signatures), tuple(pages) if "".join(pages).strip() else ())
