"""Files that may be hostile or broken, judged before any reader sees them, in bounded time and memory."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from isal import isal_zlib

from dondoc.errors import SourceError

MAX_FILE_BYTES = 512 * 2**20
MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 1536 * 2**20
# A sheet of real rows packs 8 to 60 times; a bomb packs up to 1,032 times.
MAX_RATIO = 200
RATIO_COUNTS_FROM = 8 * 2**20
CHUNK = 2**20

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
LOCAL_HEADER = struct.Struct("<4s5H3I2H")
# The stream names of a workbook that Office encrypted, and of an old .xls, as OLE2 writes them.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
BIFF = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
FILEPASS = b"\x2f\x00"
BOF = b"\x09\x08"
SPREADSHEETML = b"urn:schemas-microsoft-com:office:spreadsheet"
MARKS = (b"<!doctype html", b"<head", b"<meta", b"<style", b"<body", b"<div", b"<!--")
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
# A declaration may begin in one block and end in the next.
SEAM = 16
RESAVE = "mở tệp bằng Excel, lưu lại dạng .xlsx không mật khẩu, rồi đặt lại."


class Form(StrEnum):
    """The kind of a file by its content, whatever its name."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    HTML = "html"
    SPREADSHEETML = "spreadsheetml"
    TEXT = "text"


def form_of(path: Path) -> Form:
    """Return what the file at `path` is by its first bytes and its members.

    Raises:
        SourceError: empty, too large, a web page under a workbook's name, protected by a password, or no table at all.
    """
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise refused("Tệp nguồn lớn quá mức", path, f"chia nhỏ tệp, mỗi tệp dưới {MAX_FILE_BYTES >> 20} MB.")
    with path.open("rb") as file:
        start = file.read(4096)
    if not start:
        raise unreadable(path, "tệp rỗng, 0 byte")
    if start.startswith(OLE2):
        return _old_form(path)
    if start.startswith(ZIP):
        return _zip_form(path)
    if path.suffix.lower() in {".csv", ".txt", ".tsv"}:
        return Form.TEXT
    return _markup_form(start, path)


def _markup_form(start: bytes, path: Path) -> Form:
    """Return which kind of markup a file is that begins so; its text may be of one or of two bytes per letter."""
    text = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if not text.startswith(b"<"):
        raise unreadable(path, "nội dung không phải bảng tính")
    if b"<html" not in text and SPREADSHEETML in text:
        return Form.SPREADSHEETML
    if text.startswith(MARKS) or b"<html" in text or b"<table" in text:
        return Form.HTML
    raise unreadable(path, "nội dung không phải bảng tính")


def unreadable(path: Path, why: str) -> SourceError:
    """Return the error for a workbook that cannot be read because `why`."""
    return SourceError(f"Không đọc được tệp bảng tính: {why}.", where=path, remedy=RESAVE)


def refused(what: str, path: Path, remedy: str) -> SourceError:
    """Return the error for a file that no reader is to see."""
    return SourceError(f"{what}; tệp bị từ chối trước khi mở.", where=path, remedy=remedy)


def _locked(path: Path) -> SourceError:
    return SourceError("Không đọc được tệp bảng tính: tệp có mật khẩu.", where=path, remedy=RESAVE)


def _old_form(path: Path) -> Form:
    content = path.read_bytes()
    if ENCRYPTED in content:
        raise _locked(path)
    if not any(name in content for name in BIFF):
        raise unreadable(path, "không phải tệp Excel 97-2003")
    opening = content.find(BOF, 512)
    # FILEPASS stands among the first records of an encrypted workbook.
    if opening >= 0 and _has_record(content[opening : opening + 4096], FILEPASS):
        raise _locked(path)
    return Form.XLS


def _has_record(stream: bytes, record: bytes) -> bool:
    at = 0
    while at + 4 <= len(stream):
        if stream[at : at + 2] == record:
            return True
        at += 4 + int.from_bytes(stream[at + 2 : at + 4], "little")
    return False


def _zip_form(path: Path) -> Form:
    names = {entry.filename for entry in entries_of(path)}
    if "xl/workbook.xml" in names:
        return Form.XLSX
    if "content.xml" in names:
        return Form.ODS
    if "xl/workbook.bin" in names:
        raise unreadable(path, "dạng .xlsb không được nhận")
    raise unreadable(path, "tệp nén này không phải bảng tính")


def entries_of(path: Path, file: BinaryIO | None = None) -> list[zipfile.ZipInfo]:
    """Return the members of the archive at `path`, or in `file`, after checking what it declares of itself.

    Raises:
        SourceError: no whole archive, a password, too many members, or members that unpack beyond the limits.
    """
    try:
        with zipfile.ZipFile(file or path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError, struct.error) as error:
        raise unreadable(path, "tệp bị cắt cụt hoặc hỏng") from error
    if any(entry.header_offset < 0 for entry in entries):
        raise unreadable(path, "tệp bị cắt cụt hoặc hỏng")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise _locked(path)
    if len(entries) > MAX_ENTRIES:
        raise refused(f"Tệp có {len(entries)} thành phần, quá {MAX_ENTRIES}", path, RESAVE)
    if len({entry.filename.casefold() for entry in entries}) != len(entries):
        raise refused("Tệp có hai thành phần cùng tên", path, RESAVE)
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES or any(map(_is_bomb, entries)):
        raise refused("Tệp nén bung ra lớn bất thường (bom nén)", path, RESAVE)
    return entries


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > RATIO_COUNTS_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)


def member_chunks(file: BinaryIO, entry: zipfile.ZipInfo, path: Path) -> Iterator[bytes]:
    """Yield the unpacked bytes of one member, never more than it declares; a member without a document type.

    `zipfile` stops silently at the declared size while other readers go on, so the stream is followed to its own end.

    Raises:
        SourceError: the member is cut, larger than it says, or declares a document type or an entity.
    """
    size = 0
    tail = b""
    for chunk in _inflate(file, entry, path):
        if not size and b"\0" in chunk[:64]:
            raise unreadable(path, "thành phần XML không phải UTF-8")
        size += len(chunk)
        if size > entry.file_size:
            raise refused("Tệp nén bung ra lớn hơn mức nó khai", path, RESAVE)
        if _declares(chunk) or _declares(tail + chunk[:SEAM]):
            raise refused("Tệp có khai báo DTD hoặc thực thể XML", path, RESAVE)
        tail = chunk[-SEAM:] if len(chunk) >= SEAM else (tail + chunk)[-SEAM:]
        yield chunk
    if size != entry.file_size:
        raise unreadable(path, "tệp bị cắt cụt hoặc hỏng")


def _declares(text: bytes) -> bool:
    # One rare letter first: looking for it alone is ten times faster than looking for what begins with "<".
    return b"!" in text and any(word in text for word in DECLARATIONS)


def _inflate(file: BinaryIO, entry: zipfile.ZipInfo, path: Path) -> Iterator[bytes]:
    packed = _packed(file, entry, path)
    if entry.compress_type == zipfile.ZIP_STORED:
        yield from packed
        return
    stream = isal_zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for block in packed:
            data = block
            while data and not stream.eof:
                yield stream.decompress(data, CHUNK)
                data = stream.unconsumed_tail
    except isal_zlib.error as error:  # type: ignore[misc]  # a class, whatever its stub says
        raise unreadable(path, "tệp bị cắt cụt hoặc hỏng") from error
    if not stream.eof:
        raise unreadable(path, "tệp bị cắt cụt hoặc hỏng")


def _packed(file: BinaryIO, entry: zipfile.ZipInfo, path: Path) -> Iterator[bytes]:
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise unreadable(path, "tệp nén theo cách Excel không dùng")
    file.seek(entry.header_offset)
    header = file.read(LOCAL_HEADER.size)
    if len(header) != LOCAL_HEADER.size or not header.startswith(ZIP):
        raise unreadable(path, "tệp bị cắt cụt hoặc hỏng")
    name_length, extra_length = LOCAL_HEADER.unpack(header)[-2:]
    file.seek(name_length + extra_length, 1)
    left = entry.compress_size
    while left:
        block = file.read(min(left, CHUNK >> 4))
        if not block:
            raise unreadable(path, "tệp bị cắt cụt hoặc hỏng")
        left -= len(block)
        yield block
