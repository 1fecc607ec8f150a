"""Mails no reader should choke on, and mails that say they are a unit's and are not."""

import base64
from email import policy
from email.message import EmailMessage

ADDRESS, DOMAIN = "quan-ly-dau-tu@bql-haiphong.example.vn", "bql-haiphong.example.vn"
SERVER = "mx.bql-haiphong.example.vn"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def no_records(name, timeout):
    """Answer as a name server that knows no key."""


def proof(domain=DOMAIN, *, server=SERVER, method="dmarc=pass"):
    """Return the header in which the office's own server says what it proved."""
    return f"Authentication-Results: {server}; {method} header.from={domain}\r\n".encode()


def mail(*files, sender=f"Phòng QLĐT <{ADDRESS}>", text="Kính gửi Văn phòng", **headers):
    """Return a mail with `files` attached, `(name, content)` each."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["To"], message["Subject"] = sender, "tra-loi@bql-haiphong.example.vn", "Re: [Đôn đốc]"
    for header, value in headers.items():
        message[header.replace("_", "-")] = value
    message.set_content(text)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def forged(good, other):
    """Yield mails in a unit's name that are not proved to be its own; `good` is a workbook whose words would count."""
    plain, file = mail(("tra-loi.xlsx", good)), ("tra-loi.xlsx", good)
    yield "no proof", plain
    yield "proof by another server", proof(server="mx.evil.example") + plain
    yield "proof by a server of almost that name", proof(server=f"{SERVER}.evil.example") + plain
    yield (
        "the server's name in a comment",
        b"Authentication-Results: evil.example (" + proof()[24:-2] + b")\r\n" + plain,
    )
    yield "proof of another domain", proof("evil.example") + plain
    yield "proof of a domain that ends so", proof(f"evil-{DOMAIN}") + plain
    yield "dmarc=fail", proof(method="dmarc=fail") + plain
    yield "dmarc=fail above dmarc=pass", proof(method="dmarc=fail") + b"Received: x\r\n" + proof() + plain
    yield "dmarc=pass said in a comment", proof(method="dmarc=fail (dmarc=pass)") + plain
    yield "dmarc=pass said in a reason", proof(method='dmarc=fail reason="; dmarc=pass"') + plain
    yield "dmarc=none", proof(method="dmarc=none") + plain
    yield "spf alone", proof(method="spf=pass smtp.mailfrom=evil.example; dmarc=none") + plain
    yield "a DKIM of another domain", proof(method="dkim=pass header.d=evil.example; dmarc=none") + plain
    yield "proof without a version nobody knows", proof(server=f"{SERVER} 99") + plain
    yield "proof that is cut off", proof()[:40] + b"\r\n" + plain
    yield "proof below the mail's head", plain.replace(b"\r\n\r\n", b"\r\n\r\n" + proof(), 1)
    yield "two senders", proof() + mail(file, sender=f"a@evil.example, {ADDRESS}")
    yield "two From headers", proof() + b"From: a@evil.example\r\n" + plain
    yield "the unit's address as a name", proof("evil.example") + mail(file, sender=f'"{ADDRESS}" <a@evil.example>')
    yield "a group of senders", proof() + plain.replace(b"From:", b"From: x: a@evil.example,", 1)
    yield "no sender", proof() + plain.replace(b"From:", b"Form:", 1)
    yield "a stranger", proof("evil.example") + mail(file, sender="ai-do@evil.example")
    yield "another unit", proof() + mail(file, sender=f"van-phong@{DOMAIN}")
    yield (
        "a signature of nobody",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=" + DOMAIN.encode() + b"; s=x; h=from; bh=; b=\r\n" + plain,
    )
    yield "a signature of noise", b"DKIM-Signature: " + bytes(range(128, 256)) * 4 + b"\r\n" + plain
    yield "fifty signatures", b"".join(_signature(n) for n in range(50)) + plain
    yield "a machine's answer", proof() + mail(file, Auto_Submitted="auto-replied")
    yield "a mail within, as forwarded", proof() + _forwarding(plain)
    yield "a mail within, as a file", proof() + mail(("thu.eml", plain))
    yield "the code of another workbook", proof() + mail(("tra-loi.xlsx", other))
    yield "twenty files of junk", mail(*((f"{i}.xlsx", b"PK\x03\x04%d" % i) for i in range(20)))


def _signature(n):
    return b"DKIM-Signature: v=1; a=rsa-sha256; d=%s; s=s%d; h=from; bh=AAAA; b=AAAA\r\n" % (DOMAIN.encode(), n)


def _forwarding(inner):
    head = b"From: %s\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\n" % ADDRESS.encode()
    body = b"--b\r\nContent-Type: text/plain\r\n\r\nxem\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner
    return head + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body + b"\r\n--b--\r\n"


def broken(rng, healthy):
    """Yield mails that are no mails, or are without end."""
    yield "nothing", b"\r\n"
    yield "noise", rng.randbytes(4000)
    yield "a head alone", healthy[: healthy.find(b"\r\n\r\n")]
    for part in (0.2, 0.6, 0.95):
        yield f"cut at {part:.0%}", healthy[: int(len(healthy) * part)]
    for times in (3, 30, 300):
        raw = bytearray(healthy)
        for _ in range(times):
            raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
        yield f"{times} bits flipped", bytes(raw)
    yield "5,000 parts within parts", nested(5000)
    yield "900 parts within parts", nested(900)
    yield "5,000 mails within mails", b"Content-Type: message/rfc822\r\n\r\n" * 5000
    yield "50,000 parts side by side", _parts(50_000)
    yield "100,000 headers", b"".join(b"X-%d: x\r\n" % i for i in range(100_000)) + healthy
    yield "a header of 5 MB", b"X: " + b"x" * 5_000_000 + b"\r\n" + healthy
    yield "a header folded 100,000 times", b"X: x\r\n" + b" x\r\n" * 100_000 + healthy
    yield "an address of 1 MB", healthy.replace(b"From:", b"From: " + b"<" * 1_000_000, 1)
    yield "comments within comments", healthy.replace(b"From:", b"From: " + b"(" * 50_000, 1)
    yield "a boundary of nothing", healthy.replace(b'boundary="', b'boundary="";x="', 1)
    yield "a boundary of 1 MB", healthy.replace(b'boundary="', b'boundary="' + b"b" * 1_000_000, 1)
    yield "no boundary", healthy.replace(b"boundary", b"x", 1)
    yield "an encoding nobody knows", healthy.replace(b"base64", b"rot13")
    yield "uuencode", healthy.replace(b"base64", b"x-uuencode")
    yield "quoted-printable that is none", healthy.replace(b"base64", b"quoted-printable")
    yield "letters of no alphabet", healthy.replace(b"utf-8", b"no-such-set")
    yield "zero bytes", healthy.replace(b"Subject", b"Sub\x00ject").replace(b"\r\n\r\n", b"\r\n\x00\r\n\r\n")
    yield "a name in pieces without end", _named(b"".join(b"filename*%d=a; " % i for i in range(20_000)))
    yield "a name in an alphabet nobody knows", _named(b"filename*=no-such-set''%FF%FE.xlsx")
    yield "a name that climbs out", _named(b'filename="../../../../etc/x.xlsx"')
    yield "a name of 100,000 letters", _named(b'filename="' + b"n" * 100_000 + b'.xlsx"')
    yield (
        "a name with line breaks",
        _named(b'filename="=?utf-8?b?' + base64.b64encode(b"a\r\nBcc: x\x00.xlsx") + b'?="'),
    )
    yield "a part elsewhere", _typed(b"message/external-body; access-type=anon-ftp; name=x.xlsx")
    yield "a part of a part", _typed(b"message/partial; id=x; number=1; total=99")
    yield "an encrypted mail", _typed(b"application/pkcs7-mime; name=smime.p7m")
    yield "winmail.dat", _typed(b"application/ms-tnef; name=winmail.dat")


def nested(depth):
    head = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(depth))
    return b"From: " + ADDRESS.encode() + b"\r\n" + head + b"\r\nx\r\n"


def _parts(count):
    one = b"--b\r\nContent-Disposition: attachment; filename=x.xlsx\r\n\r\nPK\r\n"
    return (
        b"From: %s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" % ADDRESS.encode() + one * count + b"--b--\r\n"
    )


def _named(parameters):
    part = b"--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; " + parameters
    head = b"From: %s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" % ADDRESS.encode()
    return head + part + b"\r\n\r\nPK\x03\x04x\r\n--b--\r\n"


def _typed(kind):
    return b"From: %s\r\nContent-Type: %s\r\nContent-Disposition: attachment; filename=x.xlsx\r\n\r\nPK\x03\x04" % (
        ADDRESS.encode(),
        kind,
    )


def dsn(identity="<a@b>", recipient=ADDRESS, *, status=b"5.1.1", inner=None):
    """Return a notification that a mail could not be delivered."""
    inner = inner or b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: " + identity.encode() + b"\r\n"
    return b"".join(
        [
            b"From: MAILER-DAEMON@mx\r\n",
            b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n",
            b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n",
            b"Final-Recipient: rfc822; "
            + recipient.encode()
            + b"\r\nAction: failed\r\nStatus: "
            + status
            + b"\r\n\r\n",
            b"--b\r\n" + inner + b"\r\n--b--\r\n",
        ]
    )


def broken_notices(rng, whole):
    """Yield notifications of undelivered mail that are none, or lie."""
    yield from broken(rng, whole)
    yield "a status of 1 MB", dsn(status=b"5" * 1_000_000)
    yield "a status of control characters", dsn(status=bytes(range(1, 9)))
    yield "a mail of nobody", dsn("<nobody@evil.example>")
    yield "no mail within", whole.replace(b"text/rfc822-headers", b"text/plain")
    yield (
        "a mail within that is a text",
        whole.replace(b"text/rfc822-headers", b"message/rfc822\r\nContent-Transfer-Encoding: base64"),
    )
    yield (
        "a list of recipients that is a text",
        whole.replace(b"message/delivery-status", b"message/delivery-status\r\nContent-Transfer-Encoding: base64"),
    )
    yield (
        "50,000 recipients",
        whole.replace(b"Status: 5.1.1\r\n\r\n", b"Status: 5.1.1\r\n\r\n" + b"Action: failed\r\n\r\n" * 50_000),
    )
    yield (
        "a head of noise",
        dsn(
            inner=b"Content-Type: text/rfc822-headers\r\nContent-Transfer-Encoding: base64\r\n\r\n" + rng.randbytes(300)
        ),
    )
    yield "a mail within mails within it", dsn(inner=b"Content-Type: message/rfc822\r\n\r\n" * 3000)
