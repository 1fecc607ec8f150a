"""A mail that somebody sent us, as what of it may be used: who wrote it, whether that is proved, what it carries."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from pathlib import PurePath

from dondoc.errors import UntrustedError
from dondoc.untrusted.plain_names import plain_name
from dondoc.untrusted.senders import Lookup, why_unproved

MOST_ATTACHMENTS = 20
MOST_PARTS = 200
MOST_DEPTH = 10
NOBODY = "(không rõ người gửi)"
STRANGER = "không phải địa chỉ của đơn vị trong đợt"
REMEDY = "nhờ người gửi soạn thư mới, đính kèm riêng tệp bảng tính, rồi gửi lại."


@dataclass(frozen=True)
class Attachment:
    """A file attached to a mail; `name` as any folder can hold it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class ReceivedMail:
    """A mail as far as it concerns us.

    Attributes:
        sender: its one address, in lower case; `NOBODY` where it names none, or several.
        automatic: whether a machine wrote it.
        unproved: why it is not proved to be from its sender; empty when it is.
        attachments: the files of the wanted endings attached to the mail itself; none where it is not proved.
        carries: how many such files it has.
    """

    sender: str
    automatic: bool
    unproved: str
    attachments: tuple[Attachment, ...]
    carries: int


def read_mail(
    content: bytes, suffixes: Collection[str], *, known: Collection[str], authserv_id: str | None, dns: Lookup
) -> ReceivedMail:
    """Return a mail as far as it concerns us.

    Args:
        content: the mail, byte for byte.
        suffixes: endings of the files that are looked for.
        known: addresses, in lower case, whose mail is waited for; of any other nothing is proved or looked up.
        authserv_id: as which the office's own server signs its results.
        dns: gives the record of a DKIM key.

    Raises:
        UntrustedError: it has more parts, or parts within parts, than any person's mail.
        UnreachableError: no name server answers, so that nothing is known yet.
    """
    message = message_from_bytes(content)
    attachments = tuple(attachments_of(message, suffixes))
    automatic = str(message.get("Auto-Submitted", "no")).strip().lower() != "no"
    found = ReceivedMail(sender_of(message), automatic, STRANGER, (), len(attachments))
    if automatic or not attachments or found.sender not in known:
        return found
    headers = [(name, str(value)) for name, value in message.raw_items()]
    unproved = why_unproved(content, headers, found.sender, authserv_id=authserv_id, dns=dns)
    return replace(found, unproved=unproved, attachments=() if unproved else attachments)


def sender_of(message: Message) -> str:
    """Return the one address a message is from, in lower case; `NOBODY` where it names none, or several."""
    written = [str(value) for value in message.get_all("From", [])]
    found = [address for _, address in getaddresses(written)] if len(written) == 1 else []
    plain = " ".join(found[0].split()).lower() if len(found) == 1 else ""
    return plain if plain.isprintable() and 0 < len(plain) <= 254 else NOBODY


def attachments_of(message: Message, suffixes: Collection[str]) -> Iterator[Attachment]:
    """Yield the files of these endings attached to a message itself, never those of a mail within it.

    Raises:
        UntrustedError: it has more parts, or parts within parts, than any person's mail.
    """
    found = 0
    for part in own_parts(message):
        name = plain_name(PurePath(_decoded(part.get_filename() or "").replace("\\", "/")).name)
        if PurePath(name).suffix.lower() not in suffixes or found == MOST_ATTACHMENTS:
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data:
            found += 1
            yield Attachment(name, data)


def own_parts(message: Message) -> list[Message]:
    """Return the parts of a message that hold something, in order; a mail within it is one of them, and not opened.

    Raises:
        UntrustedError: there are more of them, or deeper ones, than in any person's mail.
    """
    found = list[Message]()
    open_ = [(message, 0)]
    while open_:
        part, depth = open_.pop()
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            open_ += [(one, depth + 1) for one in reversed(inner) if isinstance(one, Message)]
        else:
            found.append(part)
        if depth > MOST_DEPTH or len(found) + len(open_) > MOST_PARTS:
            raise UntrustedError("Thư có quá nhiều phần lồng nhau.", where="thư", remedy=REMEDY)
    return [part for part in found if part.get_content_maintype() != "message"]


def _decoded(name: str) -> str:
    # Mail programs also write names as encoded words, which RFC 2231 does not know.
    try:
        return str(make_header(decode_header(name)))
    except (ValueError, LookupError, MessageError):
        return name
