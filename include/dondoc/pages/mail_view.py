"""A mail as its recipient reads it, from its file; nothing in it runs, and nothing outside is fetched for it."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

from markupsafe import escape

from dondoc.errors import MailError
from dondoc.files import sha256_of, why_unreadable

# Nothing may load or run; a sandbox gives the body no origin of ours.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@dataclass(frozen=True)
class ReadMail:
    """What a mail says: its subject, its body as HTML, and the names of what is attached."""

    subject: str
    html: str
    attachments: tuple[str, ...]


def read_mail(path: Path, sha256: str) -> ReadMail:
    """Return the mail in the file at `path`.

    Args:
        path: of an `.eml` file.
        sha256: of the bytes that were entered in the outbox.

    Raises:
        MailError: the file is gone, or is not the one that was entered.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        what, remedy = why_unreadable(error)
        raise MailError(f"Không đọc được tệp thư: {what}.", where=path, remedy=remedy) from error
    if sha256_of(content) != sha256:
        raise MailError(
            "Tệp thư không còn đúng như đã ghi vào sổ.",
            where=path,
            remedy="chạy lại ngày đó để lập lại tệp; thư đã gửi thì xem bản ở hộp thư của người nhận.",
        )
    message = message_from_bytes(content, policy=default)
    attached = tuple(part.get_filename() or "tệp không tên" for part in message.iter_attachments())
    return ReadMail(str(message["Subject"] or ""), _body(message), attached)


def _body(message: EmailMessage) -> str:
    part = cast("EmailMessage | None", message.get_body(preferencelist=("html", "plain")))
    if part is None:
        return ""
    text = part.get_content()
    return text if part.get_content_subtype() == "html" else f"<pre>{escape(text)}</pre>"
