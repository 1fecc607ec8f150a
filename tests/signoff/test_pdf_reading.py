"""PDFs that come back: their signatures and their words, whatever else is in them."""

import zlib
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from dondoc.errors import UntrustedError
from dondoc.signoff.pdf_content import operators
from dondoc.signoff.pdf_reading import DigitalSignature, read_pdf
from dondoc.untrusted.confined import confined

from .signers import Authority, letter_pdf, pem, sign

AT = datetime(2023, 11, 16, 2, tzinfo=UTC)


def one_page(content, *, packed=True, resources=b""):
    """Return a PDF of one page with this content stream."""
    data = zlib.compress(content) if packed else content
    filtered = b"/Filter /FlateDecode " if packed else b""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << " + resources + b" >> /Contents 4 0 R >>",
        b"<< " + filtered + b"/Length %d >>\nstream\n%b\nendstream" % (len(data), data),
    ]
    out, places = b"%PDF-1.7\n", []
    for i, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (i, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 5\n0000000000 65535 f \n" + table + trailer


def test_a_signed_letter_is_read_in_a_process_of_its_own(tmp_path):
    authority = Authority("Gốc")
    (tmp_path / "goc.pem").write_bytes(pem(authority.certificate()))
    content = sign(letter_pdf("Số: 12"), "Lan", authority.issue("Lan"), at=AT)
    found = confined(read_pdf, "HS-1.pdf", content, trust=tmp_path, at=AT)
    assert (found.pages, [one.name for one in found.signatures]) == (("Số: 12",), ["Lan"])
    assert found == read_pdf(content, trust=tmp_path, at=AT)
    assert isinstance(found.signatures[0], DigitalSignature)


@pytest.mark.fault(91)
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(one_page(b"BT (x) Tj " * 3_000_000), id="a bomb"),
        pytest.param(one_page(b"[" * 2_000_000), id="lists in lists"),
        pytest.param(one_page(b"q /F1 Do Q", resources=b"/XObject << /F1 4 0 R >>"), id="a page within itself"),
        pytest.param(b"%PDF-1.7\n" + b"<<" * 200_000, id="dictionaries in dictionaries"),
        pytest.param(b"%PDF-1.7\nstartxref\n9\n%%EOF", id="a table of itself"),
        pytest.param(b"%PDF-1.7 \0\xff" * 9, id="noise"),
    ],
)
def test_a_hostile_pdf_is_an_unreadable_or_wordless_one(content, tmp_path):
    with suppress(UntrustedError):
        found = confined(read_pdf, "HS-1.pdf", content, trust=tmp_path, at=AT)
        assert (found.pages, found.signatures) == ((), ())


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"(a\\(b\\)\\101\\\nc) Tj", [("Tj", [b"a(b)Ac"])]),
        (b"[<4 1> -5 (x)]TJ/F1 12 Tf", [("TJ", [[b"A", -5.0, b"x"]]), ("Tf", ["/F1", 12.0])]),
        (b"% note\n.5 0 Td f (a(b)c)'", [("Td", [0.5, 0.0]), ("f", []), ("'", [b"a(b)c"])]),
    ],
)
def test_operators_come_with_their_operands(content, found):
    assert list(operators(content)) == found


@pytest.mark.parametrize(
    "content",
    [b"BT 3 Tr (x) Tj ET", b"BI /W 1 ID x EI", b"BT (x) Tj ET"],
    ids=["the words behind a scan", "a picture among operators", "a font that is not there"],
)
def test_words_nobody_can_tell_are_no_words(content, tmp_path):
    assert read_pdf(one_page(content), trust=tmp_path, at=AT).pages == ()
