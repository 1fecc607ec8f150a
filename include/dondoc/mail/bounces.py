"""Mail that came back: delivery status notifications (RFC 3464) read and brought to the ledger."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from pathlib import Path, PurePath

from sqlalchemy import Engine

from dondoc.errors import MailError, UntrustedError
from dondoc.ledger import verdicts
from dondoc.mail.mailbox import MAX_MESSAGE_BYTES
from dondoc.untrusted.confined import confined
from dondoc.untrusted.drop_folder import read_beneath
from dondoc.untrusted.plain_names import plain_name

FAILED = "failed"


@dataclass(frozen=True)
class Bounce:
    """One recipient's refusal, as the notification gives it; `message_id` is that of the mail we sent."""

    message_id: str
    recipient: str
    status: str
    diagnostic: str


def read_bounces(content: bytes) -> list[Bounce]:
    """Return the final refusals in a message; none when it is no delivery status notification, or only a delay."""
    message = message_from_bytes(content)
    identity = _original_id(message)
    if message.get_content_type() != "multipart/report" or not identity:
        return []
    return [
        Bounce(identity, _address(group), _plain(group["Status"]), _plain(group["Diagnostic-Code"])[:300])
        for group in _recipient_groups(message)
        if _plain(group["Action"]).lower() == FAILED
    ]


def take_bounces(
    ledger: Engine, messages: Iterable[tuple[str, bytes]], broken: Callable[[str, UntrustedError], None]
) -> dict[str, int]:
    """Mark the mails that came back and flag their contacts; return how many were ours and how many we do not know.

    Args:
        ledger: knows what we sent.
        messages: each by what tells it from others.
        broken: is told of each that nobody can read; the others go on.
    """
    counts = {"bounced": 0, "unmatched": 0}
    for mark, content in messages:
        try:
            bounces = confined(read_bounces, "thư báo bị trả lại", content)
        except UntrustedError as error:
            broken(mark, error)
            continue
        for bounce in bounces:
            reason = f"thư bị trả lại: {bounce.status} {bounce.diagnostic}".strip()
            ours = verdicts.mark_bounced(
                ledger, message_id=bounce.message_id, recipient=bounce.recipient, reason=reason
            )
            counts["bounced" if ours else "unmatched"] += 1
    return counts


def read_folder(folder: Path, broken: Callable[[str, UntrustedError], None]) -> Iterator[tuple[str, bytes]]:
    """Yield the `.eml` files in `folder` by name, hidden ones stepped over; `broken` is told of what is no plain file.

    Raises:
        MailError: there is no such folder.
    """
    if not folder.is_dir():
        raise MailError("Không có thư mục này.", where=folder, remedy="chỉ đúng thư mục có tệp .eml bằng --folder.")
    for name in sorted(path.name for path in folder.iterdir()):
        if name.startswith(".") or PurePath(name).suffix.lower() != ".eml":
            continue
        try:
            yield name, read_beneath(folder, name, most=MAX_MESSAGE_BYTES, own="")
        except UntrustedError as error:
            broken(plain_name(name), error)


def _recipient_groups(message: Message) -> list[Message]:
    """Return the per-recipient blocks of the delivery-status part (the first block is about the whole message)."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            return [block for block in blocks if isinstance(block, Message) and block["Action"]]
    return []


def _original_id(message: Message) -> str:
    """Return the Message-ID of the mail that came back, from the copy or the headers the notification carries."""
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            for inner in part.get_payload():
                return _plain(inner["Message-ID"])  # type: ignore[index]
        if part.get_content_type() == "text/rfc822-headers":
            return _plain(message_from_bytes(part.get_payload(decode=True) or b"")["Message-ID"])  # type: ignore[arg-type]
    return ""


def _address(group: Message) -> str:
    """Return the address we wrote to: the original recipient where the server forwarded it, else the final one."""
    given = _plain(group["Original-Recipient"]) or _plain(group["Final-Recipient"])
    return given.rpartition(";")[2].strip().strip("<>")


def _plain(value: object) -> str:
    return " ".join(str(value or "").split())
