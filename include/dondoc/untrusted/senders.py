"""Who really sent a mail: what a DKIM signature proves, or what the office's own server says it proved."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from logging import getLogger

import dkim
from dkim.dnsplug import get_txt
from dkim.util import InvalidTagValueList, parse_tag_value

from dondoc.errors import UnreachableError

# Gives the record of a key by its name, none where there is none; waits at most `timeout` seconds.
Lookup = Callable[..., bytes | None]
DNS_SECONDS = 5.0
# A mail rarely has two; a forged one may have fifty, each a question to a name server.
MOST_SIGNATURES = 3
RESULTS = "authentication-results"
SIGNATURE = "dkim-signature"
AUTHSERV = re.compile(r"\s*([^\s;]+)(?:\s+(\d+))?\s*(?:;|$)")
METHOD = re.compile(r"\s*([A-Za-z][A-Za-z0-9-]*)(?:/\d+)?\s*=\s*([A-Za-z]+)")
PROPERTY = re.compile(r"\s+([A-Za-z][A-Za-z0-9.-]*)\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^\s;\"]+)")
UNPROVED = "không chứng minh được thư do {} gửi: không có chữ ký DKIM đúng, máy chủ của cơ quan cũng không xác nhận"
DENIED = "máy chủ của cơ quan cho biết thư không phải do {} gửi"


@dataclass(frozen=True)
class Mark:
    """What one method of an Authentication-Results header says: its result, and the properties it says it of."""

    method: str
    result: str
    properties: dict[str, str] = field(default_factory=dict)


def look_up(name: bytes, timeout: float) -> bytes | None:
    """Return the record of a key, None where there is none.

    Raises:
        UnreachableError: no name server answers in time.
    """
    try:
        found: bytes | None = get_txt(name, timeout=timeout)
    except (dkim.DnsTimeoutError, OSError) as error:
        raise UnreachableError(
            "Máy chủ tên miền không trả lời nên chưa kiểm tra được chữ ký DKIM.",
            where="máy chủ tên miền (DNS)",
            remedy="thư còn nguyên trong hộp thư, lượt sau xem lại; kéo dài thì kiểm tra mạng.",
        ) from error
    return found


def why_unproved(
    content: bytes, headers: Sequence[tuple[str, str]], sender: str, *, authserv_id: str | None, dns: Lookup
) -> str:
    """Return why a mail is not proved to be from `sender`, empty when it is.

    Args:
        content: the mail, byte for byte.
        headers: its headers in their order.
        sender: its one address, in lower case.
        authserv_id: as which the office's own server signs its results; None to believe no header.
        dns: gives the record of a key.

    Raises:
        UnreachableError: no name server answers.
    """
    domain = sender.rpartition("@")[2]
    marks = _own_marks(headers, authserv_id) if authserv_id else []
    if any(mark.method == "dmarc" and mark.result != "pass" for mark in marks):
        return DENIED.format(sender)
    if any(_proves(mark, sender, domain) for mark in marks) or _is_signed(content, domain, dns):
        return ""
    return UNPROVED.format(sender)


def _own_marks(headers: Sequence[tuple[str, str]], authserv_id: str) -> list[Mark]:
    """Return what the office's server says: its topmost header alone, for any below may have come with the mail."""
    for name, value in headers:
        if name.lower() == RESULTS and (found := parse_results(value)) and found[0] == authserv_id.lower():
            return found[1]
    return []


def parse_results(value: str) -> tuple[str, list[Mark]] | None:
    """Return whose results a header holds, and which; None where it is not in the form of RFC 8601."""
    text = _without_comments(value)
    head = AUTHSERV.match(text) if text is not None else None
    if text is None or head is None or head[2] not in {None, "1"}:
        return None
    marks = [_mark(part) for part in _split(text[head.end() :]) if part.strip() not in {"", "none"}]
    whole = [mark for mark in marks if mark is not None]
    return (head[1].strip('"').lower(), whole) if len(whole) == len(marks) else None


def _mark(text: str) -> Mark | None:
    head = METHOD.match(text)
    if head is None:
        return None
    properties: dict[str, str] = {}
    at = head.end()
    while text[at:].strip():
        found = PROPERTY.match(text, at)
        if found is None:
            return None
        properties.setdefault(found[1].lower(), found[2].strip('"').lower())
        at = found.end()
    return Mark(head[1].lower(), head[2].lower(), properties)


def _without_comments(value: str) -> str | None:
    """Return a header's text without its comments, which nest; None where one has no end."""
    kept = []
    depth = 0
    quoted = False
    escaped = False
    for sign in value:
        if escaped or (sign == "\\" and (quoted or depth)):
            escaped = not escaped
        elif sign == '"' and not depth:
            quoted = not quoted
        elif sign in "()" and not quoted:
            depth += 1 if sign == "(" else -1
            continue
        if not depth:
            kept.append(sign)
        if depth < 0:
            return None
    return None if depth or quoted else "".join(kept)


def _split(text: str) -> Iterator[str]:
    """Yield the parts of a header between semicolons that stand in no quotes."""
    part = ""
    quoted = False
    for sign in text:
        quoted ^= sign == '"'
        if sign == ";" and not quoted:
            yield part
            part = ""
        else:
            part += sign
    yield part


def _proves(mark: Mark, sender: str, domain: str) -> bool:
    said = mark.properties
    if mark.result != "pass":
        return False
    if mark.method == "dmarc":
        return said.get("header.from") == domain
    if mark.method == "dkim":
        signer = said.get("header.d") or said.get("header.i", "").rpartition("@")[2]
        return _is_aligned(signer, domain)
    # Whoever handed the mail in had logged in to the office's own server as the sender.
    return mark.method == "auth" and said.get("smtp.auth") == sender


def _is_aligned(signer: str, domain: str) -> bool:
    """Return whether `signer` answers for `domain`: it is the domain, or one above it that is no top-level domain."""
    return signer == domain or ("." in signer and domain.endswith(f".{signer}"))


def _is_signed(content: bytes, domain: str, dns: Lookup) -> bool:
    mail = dkim.DKIM(content, logger=getLogger("dondoc.dkim"), timeout=DNS_SECONDS)
    signatures = [value for name, value in mail.headers if name.lower() == SIGNATURE.encode()]
    own = [place for place, value in enumerate(signatures) if _may_prove(value, domain)]
    return any(_verifies(mail, place, dns) for place in own[:MOST_SIGNATURES])


def _may_prove(value: bytes, domain: str) -> bool:
    """Return whether a signature, if it holds, is of the domain, of the whole body, and by an algorithm still safe."""
    try:
        said = parse_tag_value(value)
    except InvalidTagValueList:
        return False
    signer = said.get(b"d", b"").decode("ascii", "replace").lower()
    return b"l" not in said and said.get(b"a") != b"rsa-sha1" and _is_aligned(signer, domain)


def _verifies(mail: dkim.DKIM, place: int, dns: Lookup) -> bool:
    try:
        return bool(mail.verify(idx=place, dnsfunc=dns))
    except (dkim.DKIMException, ValueError):
        return False
