"""The digital signatures of a PDF, verified offline: what each covers, who made it, whether its chain can be trusted.

Runs in the confined process of `pdf_reading` alone. What is wrong with a signature is a code; `signed_file` has the
words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import crl, pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    XrefStreamRule,
)
from pyhanko.sign.general import CMSExtractionError, CMSStructuralError
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    EmbeddedPdfSignature,
    KeyUsageConstraints,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    validate_pdf_signature,
)
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation
from pyhanko_certvalidator import ValidationContext

from dondoc.signoff.pdf_reading import DigitalSignature

BROKEN = "broken"
PARTIAL = "partial"
CHANGED = "changed"
UNTRUSTED = "untrusted"
EXPIRED = "expired"
NOT_YET = "not_yet"
REVOKED = "revoked"
USAGE = "usage"
WEAK = "weak"
TIME = "time"
PROBLEMS = {
    AdESIndeterminate.EXPIRED: EXPIRED,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: EXPIRED,
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: EXPIRED,
    AdESIndeterminate.REVOKED_NO_POE: REVOKED,
    AdESIndeterminate.REVOKED_CA_NO_POE: REVOKED,
    AdESFailure.REVOKED: REVOKED,
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: USAGE,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: WEAK,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: WEAK,
}
USAGES = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})
# After a signature only further signatures and what proves them may be added: no field is filled, no page touched.
ONLY_SIGNATURES = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(),
        *(
            rule.as_qualified(ModificationLevel.LTA_UPDATES)
            for rule in (DocInfoRule(), XrefStreamRule(), ObjectStreamRule(), DSSCompareRule(), MetadataUpdateRule())
        ),
    ],
    form_rule=FormUpdatingRule(field_rules=[SigFieldCreationRule(), SigFieldModificationRule()]),
)
# A signer's clock may be a little ahead of ours.
CLOCKS_APART = timedelta(hours=1)


class TrustError(Exception):
    """A file among the roots that cannot be read, by its name."""


@dataclass(frozen=True)
class Trust:
    """What signatures are held against: roots, the certificates between them and signers, lists of revoked ones."""

    roots: Sequence[x509.Certificate] = ()
    between: Sequence[x509.Certificate] = ()
    revoked: Sequence[crl.CertificateList] = ()


def read_trust(folder: Path) -> Trust:
    """Return what lies in `folder`: certificates and lists of revoked ones, DER or PEM; nothing when it is not there.

    A certificate that signed itself is a root.

    Raises:
        TrustError: a file is neither.
    """
    roots = list[x509.Certificate]()
    between = list[x509.Certificate]()
    revoked = list[crl.CertificateList]()
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if path.suffix.lower() not in (".crt", ".cer", ".pem", ".der", ".crl") or not path.is_file():
            continue
        try:
            for content in _der(path.read_bytes()):
                if path.suffix.lower() == ".crl":
                    revoked.append(crl.CertificateList.load(content, strict=True))
                    continue
                found = x509.Certificate.load(content, strict=True)
                (roots if found.self_signed in ("yes", "maybe") else between).append(found)
        except (OSError, ValueError) as error:
            raise TrustError(path.name) from error
    return Trust(roots, between, revoked)


def verify_signatures(reader: PdfFileReader, trust: Trust, *, at: datetime) -> list[DigitalSignature]:
    """Return the signatures of the PDF as they stand at the instant `at`, in the order they were made."""
    return [_verified(signature, trust, at) for signature in reader.embedded_regular_signatures]


def _der(content: bytes) -> Iterator[bytes]:
    if pem.detect(content):
        yield from (der for _, _, der in pem.unarmor(content, multiple=True))
    else:
        yield content


def _verified(signature: EmbeddedPdfSignature, trust: Trust, at: datetime) -> DigitalSignature:
    try:
        certificate = signature.signer_cert
        # First ask for proof that nothing is revoked; where data at hand give none, go without.
        strict = _validate(signature, trust, at, revocation="require")
        decided = strict.trusted or strict.revoked
        status = strict if decided else _validate(signature, trust, at, revocation="soft-fail")
    except (SignatureValidationError, CMSExtractionError, CMSStructuralError):
        return DigitalSignature(faults=(BROKEN,))
    stamp = status.timestamp_validity
    stamped = bool(stamp and stamp.valid and stamp.intact and stamp.trusted)
    signed_at = stamp.timestamp if stamp and stamped else status.signer_reported_dt
    subject = certificate.subject.native
    return DigitalSignature(
        name=_one(subject.get("common_name")),
        organization=_one(subject.get("organization_name")),
        issuer=_one(certificate.issuer.native.get("common_name")) or certificate.issuer.human_friendly,
        serial=f"{certificate.serial_number:X}",
        sha256=certificate.sha256.hex(),
        signed_at=_utc(signed_at).isoformat() if signed_at else "",
        stamped=stamped,
        whole=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        revocation_known=strict.trusted,
        faults=(
            *_faults(status, at),
            *_left_over(signature, status),
            *_listed(status, trust),
            *_time_faults(signed_at, certificate, at),
        ),
    )


def _validate(signature: EmbeddedPdfSignature, trust: Trust, at: datetime, *, revocation: str) -> PdfSignatureStatus:
    ours: dict[str, Any] = {
        "trust_roots": list(trust.roots),
        "other_certs": [*trust.between, *extract_certs_for_validation(signature.signed_data).other_certs],
        "crls": _of_issuers(trust.revoked, [signature.signer_cert, *signature.other_embedded_certs, *trust.between]),
        "moment": at,
        "revocation_mode": revocation,
        "allow_fetching": False,
    }
    try:
        # What the file itself carries to prove its signatures; whoever issued it has signed it.
        context = DocumentSecurityStore.read_dss(signature.reader).as_validation_context(ours)
    except NoDSSFoundError:
        context = ValidationContext(**ours)
    return validate_pdf_signature(signature, context, diff_policy=ONLY_SIGNATURES, key_usage_settings=USAGES)


def _of_issuers(lists: Sequence[crl.CertificateList], certificates: Sequence[x509.Certificate]) -> list[Any]:
    issuers = {certificate.issuer.hashable for certificate in certificates}
    return [found for found in lists if found.issuer.hashable in issuers]


def _listed(status: PdfSignatureStatus, trust: Trust) -> Iterator[str]:
    """Yield the fault of a certificate that a list of ours names, old as the list may be."""
    if status.revoked or status.validation_path is None:
        return
    chain = list(status.validation_path)
    for found in _of_issuers(trust.revoked, chain):
        # Lists are long: a number that does not stand in the bytes is not among the entries.
        named = {one.serial_number for one in chain if one["tbs_certificate"]["serial_number"].dump() in found.dump()}
        entries = found["tbs_cert_list"]["revoked_certificates"] if named else ()
        if any(entry["user_certificate"].native in named for entry in entries):
            yield REVOKED
            return


def _faults(status: PdfSignatureStatus, at: datetime) -> Iterator[str]:
    if not (status.intact and status.valid):
        yield BROKEN
        return
    if status.coverage is None or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        yield PARTIAL
    elif not status.docmdp_ok:
        yield CHANGED
    if not status.trusted:
        problem = status.trust_problem_indic
        begins = status.signing_cert.not_valid_before
        yield NOT_YET if begins > at else PROBLEMS.get(problem, UNTRUSTED) if problem else UNTRUSTED


def _left_over(signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> Iterator[str]:
    """Yield the fault of bytes behind the signed ones that no later revision accounts for."""
    reader = signature.reader
    last = signature.signed_revision == reader.xrefs.total_revisions - 1
    if status.coverage == SignatureCoverageLevel.ENTIRE_REVISION and last:
        reader.stream.seek(signature.byte_range[2] + signature.byte_range[3])
        if reader.stream.read().strip():
            yield PARTIAL


def _time_faults(signed_at: datetime | None, certificate: x509.Certificate, at: datetime) -> Iterator[str]:
    if signed_at is None:
        yield TIME
        return
    valid_until = min(certificate.not_valid_after, at + CLOCKS_APART)
    if not certificate.not_valid_before - CLOCKS_APART <= _utc(signed_at) <= valid_until:
        yield TIME


def _utc(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _one(value: Any) -> str:
    return " ".join(str(value[0] if isinstance(value, list) else value or "").split())
