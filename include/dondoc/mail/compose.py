"""Mails as bytes: the same facts make the same message, Message-ID and boundaries included."""

import errno
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound, meta
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import SandboxedEnvironment

from dondoc.errors import Problem, TemplateError
from dondoc.files import sha256_of, why_unreadable
from dondoc.office_files.template_faults import MISUSE, fault_of, line_of
from dondoc.vietnamese import wording
from dondoc.vietnamese.names import guess

MIME_TYPES = {
    ".docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
RESENT = "[gửi lại] "
CRLF = "\r\n"
# 7-bit throughout: no relay on the way needs 8BITMIME.
WIRE = SMTP.clone(cte_type="7bit")
# Controls, line and paragraph separators, and the marks that turn the direction of text, which hide what a line says.
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


class Correspondent(NamedTuple):
    """An address, and the name beside it."""

    name: str
    address: str


@dataclass(frozen=True)
class Envelope:
    """Who writes to whom, about what, under which key of the outbox, and whom an answer goes to."""

    sender: Correspondent
    recipient: str
    subject: str
    dedupe_key: str
    reply_to: tuple[Correspondent, ...]


@dataclass(frozen=True)
class MailText:
    """What a mail says: its subject, and its body as plain text and as HTML."""

    subject: str
    plain: str
    html: str


class MailTemplates:
    """The office's mail templates, three a mail: subject, plain text and HTML; strict and sandboxed."""

    def __init__(self, folder: Path) -> None:
        """Read templates from `folder`."""
        self._folder = folder
        self._environment = _environment(folder)

    def render(self, name: str, values: Mapping[str, Any]) -> MailText:
        """Return the text of the mail `name`.

        Raises:
            TemplateError: a template is missing, not readable, malformed, or names a field that is not among `values`.
        """
        return MailText(*(self._filled(file, values) for file in _files_of(name)))

    def unknown_fields(self, name: str, provided: Collection[str]) -> Iterator[Problem]:
        """Yield each field outside `provided` that the templates of the mail `name` speak of, in whatever branch."""
        for file in _files_of(name):
            path = self._folder / file
            try:
                named = meta.find_undeclared_variables(self._environment.parse(path.read_text(encoding="utf-8")))
            except (OSError, UnicodeDecodeError, JinjaError):
                continue
            for field in sorted(named - set(provided)):
                yield _unknown(path, field, provided)

    def _filled(self, file: str, values: Mapping[str, Any]) -> str:
        path = self._folder / file
        try:
            return self._environment.get_template(file).render(values)
        except (TemplateNotFound, OSError) as error:
            missing = FileNotFoundError(errno.ENOENT, "") if isinstance(error, TemplateNotFound) else error
            reason, remedy = why_unreadable(missing)
            raise TemplateError(f"Không đọc được mẫu thư {file}: {reason}.", where=path, remedy=remedy) from error
        except UnicodeDecodeError as error:
            raise TemplateError(
                f"Mẫu thư {file} không phải chữ Unicode.", where=path, remedy="lưu lại mẫu bằng mã UTF-8."
            ) from error
        except (JinjaError, *MISUSE) as error:
            line = line_of(error, file)
            raise TemplateError(
                f"Mẫu thư {file} có lỗi: {fault_of(error)}.",
                where=f"{path}, dòng {line}" if line else path,
                remedy=f"sửa mẫu; các trường dùng được: {', '.join(sorted(values))}.",
            ) from error


@lru_cache(maxsize=32)
def _environment(folder: Path) -> SandboxedEnvironment:
    """Return what compiles the templates of `folder`: each once in a process, and again when its file has changed."""
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=lambda name: bool(name) and ".html" in name,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": wording.number, "percent": wording.percent, "date": wording.short_date}
    return environment


def _files_of(name: str) -> tuple[str, str, str]:
    return f"{name}.tieu-de.j2", f"{name}.txt.j2", f"{name}.html.j2"


def _unknown(path: Path, field: str, provided: Collection[str]) -> Problem:
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next((i for i, text in enumerate(lines, start=1) if re.search(rf"\b{re.escape(field)}\b", text)), 1)
    return Problem(
        f"Mẫu thư {path.name} dùng trường không có: {field}.{guess(field, provided)}",
        f"{path}, dòng {line}",
        f"sửa tên trường trong mẫu; các trường dùng được: {', '.join(sorted(provided))}.",
    )


def message_id(dedupe_key: str, sender: str) -> str:
    """Return the Message-ID of the mail with that key: the same on every attempt, so that a repeat is recognised."""
    return f"<{sha256_of(dedupe_key.encode())[:32]}@{sender.rpartition('@')[2]}>"


def one_line(text: str) -> str:
    """Return `text` as one line a header can hold: no control, no separator, no mark that turns its direction."""
    return " ".join(UNSAFE.sub(" ", text).split())


def as_resent(content: bytes, identity: str) -> bytes:
    """Return the message marked as sent again, under the Message-ID `identity`; its body keeps every byte."""
    head, _, body = content.partition(b"\r\n\r\n")
    message = message_from_bytes(head + b"\r\n\r\n", policy=WIRE)
    subject = one_line(str(message["Subject"])).removeprefix(RESENT.strip()).strip()
    del message["Subject"]
    message.replace_header("Message-ID", identity)
    return _subject_line(RESENT + subject) + message.as_bytes().rstrip(b"\r\n") + b"\r\n\r\n" + body


def build_message(envelope: Envelope, *, plain: str, html: str, attachments: Mapping[str, bytes]) -> bytes:
    """Return the message in wire form, without a Date: that is the day it is sent, set by the transport.

    Args:
        envelope: addresses, subject and key.
        plain: the text part.
        html: its HTML alternative.
        attachments: contents by file name; Word and Excel files.
    """
    message = EmailMessage(policy=WIRE)
    message["To"] = envelope.recipient
    message["Message-ID"] = message_id(envelope.dedupe_key, envelope.sender.address)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(plain)
    message.add_alternative(html, subtype="html")
    for name, content in attachments.items():
        maintype, subtype = MIME_TYPES[Path(name).suffix]
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    multiparts = [part for part in message.walk() if part.is_multipart()]
    for i, part in enumerate(multiparts):
        part.set_boundary(f"=_{sha256_of(envelope.dedupe_key.encode())[:24]}_{i}")
    correspondents = _address_line("From", [envelope.sender]) + _address_line("Reply-To", envelope.reply_to)
    return _subject_line(envelope.subject) + correspondents + message.as_bytes()


def says_whom_to_answer(content: bytes) -> bool:
    """Return whether a message of ours names who reads answers; those of versions before this one do not."""
    return b"\r\nReply-To:" in content.partition(b"\r\n\r\n")[0]


def _subject_line(subject: str) -> bytes:
    return f"Subject: {_encoded(subject, 'Subject')}{CRLF}".encode("ascii")


def _address_line(header: str, correspondents: Sequence[Correspondent]) -> bytes:
    """Return a header of names and addresses, each address on a line of its own."""
    named = [f"{_encoded(name, header)}{CRLF} <{_ascii(address)}>" for name, address in correspondents]
    return f"{header}: {f',{CRLF} '.join(named)}{CRLF}".encode("ascii")


def _encoded(text: str, header: str) -> str:
    # The modern header folding of some Python versions loses the space between two encoded words; this one does not.
    return Header(one_line(text), "utf-8", header_name=header).encode(linesep=CRLF)


def _ascii(address: str) -> str:
    name, _, domain = one_line(address).rpartition("@")
    return f"{name}@{domain if domain.isascii() else domain.encode('idna').decode()}"
