"""What a handed-in file is by its bytes, and whether a Word document can be opened by whoever reads it next."""

import io
import zipfile
from pathlib import Path

import docx

from dondoc.errors import SourceError, UntrustedError
from dondoc.sources.safety import OLE2, ZIP, entries_of, member_chunks
from dondoc.untrusted.confined import confined

PDF = b"%PDF-"
PDF_END = b"%%EOF"
PDF_TAIL = 1024
XML = (".xml", ".rels")
NO_DOCUMENT = "Không mở được tệp Word này: tệp bị hỏng, có mật khẩu, hoặc có thành phần không bình thường."
RESAVE = "mở tệp bằng Word, lưu lại dạng .docx không mật khẩu, rồi đặt lại."


def is_pdf(content: bytes) -> bool:
    """Return whether `content` begins as a PDF does."""
    return content.startswith(PDF)


def is_package(content: bytes) -> bool:
    """Return whether `content` begins as the packages of Word and Excel do."""
    return content.startswith(ZIP)


def opens_whole(content: bytes) -> bool:
    """Return whether `content` has the end that files of its form have: nobody is still copying it."""
    if is_pdf(content):
        return PDF_END in content[-PDF_TAIL:]
    try:
        return content.startswith(OLE2) or zipfile.is_zipfile(io.BytesIO(content))
    except zipfile.BadZipFile:
        return False


def require_document(content: bytes, name: str) -> None:
    """Refuse what is no Word document that a person's program or ours could open.

    Raises:
        UntrustedError: it is none, lies about its size, declares a document type, or is too much to read.
    """
    if not is_package(content):
        raise UntrustedError("Tệp không phải tệp Word (.docx).", where=name, remedy=RESAVE)
    confined(open_document, name, content, name)


def open_document(content: bytes, name: str) -> None:
    """Open the Word document `content` as its readers will, every part of text followed to its end before.

    Raises:
        UntrustedError: it cannot be.
    """
    file = io.BytesIO(content)
    path = Path(name)
    try:
        for entry in entries_of(path, file):
            if entry.filename.endswith(XML):
                for _ in member_chunks(file, entry, path):
                    pass
    except SourceError as error:
        raise UntrustedError(NO_DOCUMENT, where=name, remedy=RESAVE) from error
    document = docx.Document(io.BytesIO(content))
    for section in document.sections:
        parts = (section.header, section.footer, section.first_page_header, section.first_page_footer)
        if not all(part.is_linked_to_previous or part.paragraphs is not None for part in parts):
            raise UntrustedError(NO_DOCUMENT, where=name, remedy=RESAVE)
