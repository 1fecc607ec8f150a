"""A test authority that issues certificates, and PDFs signed with them; no key is made twice."""

import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1, translate_pyca_cryptography_key_to_asn1
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

BEGAN, ENDS = datetime(2023, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
# Which letters the codes are: each its own number in Unicode.
IDENTITY = b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange"


# The library's test stamper signs with RSA alone.
STAMPER = "Dấu thời gian"


@cache
def key_of(name: str) -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
    """Return the key of `name`, the same in every run but for the stamper's."""
    if name == STAMPER:
        return rsa.generate_private_key(65537, 2048)
    return ec.derive_private_key(number_of(name), ec.SECP256R1())


def _name(common_name: str, organization: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    parts += [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)] if organization else []
    return x509.Name(parts)


@dataclass(frozen=True)
class Authority:
    """A root that issues certificates and lists of revoked ones."""

    name: str

    def certificate(self) -> x509.Certificate:
        return self._issue(self.name, ca=True, begins=BEGAN, ends=ENDS)

    def issue(self, who: str, *, begins=BEGAN, ends=ENDS, usage=True, stamps=False) -> x509.Certificate:
        return self._issue(who, ca=False, begins=begins, ends=ends, usage=usage, stamps=stamps)

    def revoke(self, *revoked: x509.Certificate, on: datetime, good_for=timedelta(days=365)) -> bytes:
        """Return the list of `revoked` certificates as it was published `on`."""
        built = x509.CertificateRevocationListBuilder().issuer_name(_name(self.name))
        built = built.last_update(on).next_update(on + good_for)
        for one in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(one.serial_number).revocation_date(on)
            built = built.add_revoked_certificate(entry.build())
        built = built.add_extension(x509.CRLNumber(1), critical=False).add_extension(self._identifier(), critical=False)
        return built.sign(key_of(self.name), hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def _identifier(self) -> x509.AuthorityKeyIdentifier:
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(key_of(self.name).public_key())

    def _issue(self, who, *, ca, begins, ends, usage=True, stamps=False) -> x509.Certificate:
        built = x509.CertificateBuilder().subject_name(_name(who)).issuer_name(_name(self.name))
        built = built.public_key(key_of(who).public_key()).serial_number(number_of(who, begins, ends))
        built = built.not_valid_before(begins).not_valid_after(ends)
        built = built.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        used = {"digital_signature": usage and not ca, "content_commitment": usage and not ca}
        used |= {"key_cert_sign": ca, "crl_sign": ca, "key_encipherment": not usage}
        rest = dict.fromkeys(("data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False)
        built = built.add_extension(x509.KeyUsage(**used, **rest), critical=True)
        if stamps:
            built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        identifier = x509.SubjectKeyIdentifier.from_public_key(key_of(who).public_key())
        built = built.add_extension(identifier, critical=False).add_extension(self._identifier(), critical=False)
        return built.sign(key_of(self.name), hashes.SHA256())


def number_of(*parts) -> int:
    return int(hashlib.sha256("".join(map(str, parts)).encode()).hexdigest()[:16], 16)


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def letter_pdf(*lines: str, picture: bool = False) -> bytes:
    """Return a PDF of one page that prints `lines`; a `picture` prints none of them, as a scan does."""
    writer = PdfFileWriter()
    to_unicode = writer.add_object(generic.StreamObject(stream_data=IDENTITY))
    inner = generic.DictionaryObject(
        {pdf_name("/Type"): pdf_name("/Font"), pdf_name("/Subtype"): pdf_name("/CIDFontType2")}
    )
    font = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Font"),
            pdf_name("/Subtype"): pdf_name("/Type0"),
            pdf_name("/Encoding"): pdf_name("/Identity-H"),
            pdf_name("/DescendantFonts"): generic.ArrayObject([writer.add_object(inner)]),
            pdf_name("/ToUnicode"): to_unicode,
        }
    )
    shown = [] if picture else [f"<{line.encode('utf-16-be').hex()}> Tj T*" for line in lines]
    drawn = "\n".join(["BT /F1 12 Tf 14 TL 72 720 Td", *shown, "ET"]).encode()
    content = writer.add_object(generic.StreamObject(stream_data=drawn))
    page = PageObject(content, generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842))))
    fonts = generic.DictionaryObject({pdf_name("/F1"): writer.add_object(font)})
    page[pdf_name("/Resources")] = generic.DictionaryObject({pdf_name("/Font"): fonts})
    writer.insert_page(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


class _TimedSigner(signers.PdfSigner):
    """A signer whose clock tells a given time."""

    at = BEGAN

    def init_signing_session(self, *given, **named):
        session = super().init_signing_session(*given, **named)
        session.system_time = self.at
        return session


def sign(pdf: bytes, who: str, certificate: x509.Certificate, *, at: datetime, field: str = "ChuKy", **stamp) -> bytes:
    """Return `pdf` signed with the key of `who`, as PAdES prescribes; `at` is the time the signer's clock tells.

    `stamped_by` and `stamped_at` are who stamps the time, and which.
    """
    signer = signers.SimpleSigner(
        signing_cert=translate_pyca_cryptography_cert_to_asn1(certificate),
        signing_key=translate_pyca_cryptography_key_to_asn1(key_of(who)),
        cert_registry=SimpleCertificateStore(),
    )
    metadata = signers.PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES)
    stamper = _stamper(**stamp) if stamp else None
    signing = _TimedSigner(metadata, signer=signer, timestamper=stamper, new_field_spec=SigFieldSpec(field))
    signing.at = at
    out = io.BytesIO()
    signing.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out)
    return out.getvalue()


def _stamper(*, stamped_by: x509.Certificate, stamped_at: datetime) -> DummyTimeStamper:
    name = stamped_by.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    return DummyTimeStamper(
        tsa_cert=translate_pyca_cryptography_cert_to_asn1(stamped_by),
        tsa_key=translate_pyca_cryptography_key_to_asn1(key_of(name)),
        fixed_dt=stamped_at,
    )
