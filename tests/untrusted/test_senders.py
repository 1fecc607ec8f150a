"""Who really sent a mail: signatures made with keys of the tests' own, and headers of a server."""

import base64
from email import message_from_bytes

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.hostile.mails import ADDRESS, DOMAIN, SERVER, mail

from dondoc.errors import UnreachableError
from dondoc.untrusted import senders
from dondoc.untrusted.senders import Mark, parse_results, why_unproved

RECORD = f"k._domainkey.{DOMAIN}."


@pytest.fixture(scope="module")
def key():
    """Return a private key as dkimpy takes it, and its record as a name server gives it."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    public = made.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return made.private_bytes(serialization.Encoding.PEM, *form), b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


@pytest.fixture
def signed(key):
    def sign(content=None, *, domain=DOMAIN, **more):
        content = content or mail(("a.xlsx", b"PK"))
        return dkim.sign(content, b"k", domain.encode(), key[0], **more) + content

    return sign


@pytest.fixture
def dns(key):
    asked = []

    def ask(name, timeout):
        asked.append((name.decode(), timeout))
        return key[1] if name.startswith(b"k._domainkey.") else None

    ask.asked = asked
    return ask


def why(content, dns, *, sender=ADDRESS, authserv_id=None):
    headers = list(message_from_bytes(content).raw_items())
    return why_unproved(content, headers, sender, authserv_id=authserv_id, dns=dns)


def test_a_signature_of_the_senders_domain_proves_it(signed, dns):
    assert why(signed(), dns) == ""
    assert dns.asked == [(RECORD, senders.DNS_SECONDS)]


@pytest.mark.parametrize("sender", [f"a@phong.{DOMAIN}", ADDRESS])
def test_a_domain_answers_for_those_below_it(signed, dns, sender):
    assert why(signed(mail(("a.xlsx", b"PK"), sender=sender)), dns, sender=sender) == ""


@pytest.mark.fault(90)
@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda signed: signed(domain="evil.example"), id="another domain"),
        pytest.param(lambda signed: signed(domain=f"evil-{DOMAIN}"), id="a domain that ends so"),
        pytest.param(lambda signed: signed(domain=f"x.{DOMAIN}"), id="a domain below"),
        pytest.param(lambda signed: signed(domain="vn"), id="a top-level domain"),
        pytest.param(lambda signed: signed().replace(b"Subject", b"Object"), id="a header changed"),
        pytest.param(lambda signed: signed() + b"--\r\nmore", id="a body that goes on"),
        pytest.param(lambda signed: signed(length=True) + b"more", id="a signature of a part of the body"),
        pytest.param(lambda signed: signed(signature_algorithm=b"rsa-sha1"), id="an algorithm no longer safe"),
        pytest.param(lambda signed: mail(("a.xlsx", b"PK")), id="none"),
        pytest.param(lambda signed: signed().replace(b"s=k;", b"s=other;"), id="a key that is not there"),
    ],
)
def test_any_other_signature_proves_nothing(signed, dns, forge):
    assert "không chứng minh được" in why(forge(signed), dns)


def test_a_name_server_is_asked_of_few_signatures_and_only_of_the_senders_domain(signed, dns):
    raw = b"".join(
        b"DKIM-Signature: v=1; a=rsa-sha256; d=evil%d.example; s=k; h=from; bh=AA==; b=AA==\r\n" % n for n in range(9)
    )
    own = b"DKIM-Signature: v=1; a=rsa-sha256; d=%s; s=k; h=from; bh=AAAA; b=AAAA\r\n" % DOMAIN.encode()
    assert why(raw + own * 9 + mail(("a.xlsx", b"PK")), dns)
    assert len(dns.asked) <= senders.MOST_SIGNATURES
    assert {name for name, _ in dns.asked} <= {RECORD}


def test_without_a_name_server_nothing_is_known_yet(signed):
    def away(name, timeout):
        raise UnreachableError("x", where="x", remedy="x")

    with pytest.raises(UnreachableError):
        why(signed(), away)


ODD = 'mx.x (a (b) \\) c) 1 ; dkim=pass (2048-bit key) header.d=A.vn header.b="a;b"; spf=fail reason="; dmarc=pass"'


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("mx.x; none", ("mx.x", [])),
        ("mx.x;\r\n dmarc=pass (p=none) header.from=a.vn", ("mx.x", [Mark("dmarc", "pass", {"header.from": "a.vn"})])),
        (
            ODD,
            (
                "mx.x",
                [
                    Mark("dkim", "pass", {"header.d": "a.vn", "header.b": "a;b"}),
                    Mark("spf", "fail", {"reason": "; dmarc=pass"}),
                ],
            ),
        ),
        ("mx.x 2; dmarc=pass", None),
        ("mx.x; dmarc=pass header.from", None),
        ("mx.x; (dmarc=pass", None),
        ("", None),
    ],
)
def test_results_are_read_as_the_standard_writes_them(value, found):
    assert parse_results(value) == found


@pytest.mark.parametrize(
    ("said", "proved"),
    [
        (f"dmarc=pass header.from={DOMAIN}", True),
        (f"dkim=pass header.d={DOMAIN}", True),
        (f"dkim=pass header.i=@{DOMAIN}", True),
        (f"auth=pass smtp.auth={ADDRESS}", True),
        ("auth=pass smtp.auth=another@bql-haiphong.example.vn", False),
        (f"spf=pass smtp.mailfrom={DOMAIN}", False),
        (f"dkim=pass header.d={DOMAIN}; dmarc=fail header.from={DOMAIN}", False),
        (f"dkim=fail header.d={DOMAIN}", False),
    ],
)
def test_the_offices_own_server_may_prove_it(dns, said, proved):
    raw = f"Authentication-Results: {SERVER}; {said}\r\n".encode() + mail(("a.xlsx", b"PK"))
    assert (why(raw, dns, authserv_id=SERVER) == "") is proved
    assert why(raw, dns) != "", "no server is believed that the settings do not name"


@pytest.mark.fault(90)
def test_only_the_topmost_of_its_headers_counts(dns):
    mine, forged = (
        f"Authentication-Results: {SERVER}; {said} header.from={DOMAIN}\r\n" for said in ("dkim=none", "dmarc=pass")
    )
    assert why((mine + forged).encode() + mail(("a.xlsx", b"PK")), dns, authserv_id=SERVER) != ""
