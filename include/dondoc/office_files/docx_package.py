"""An Office package rebuilt around its filled parts: every other member keeps the compressed bytes the template has.

A letter differs from its template in one or two parts of a dozen. Deflating the others again, and `zipfile`'s work a
member, cost most of a second per hundred letters; here they are one block of bytes, laid out once.

Source: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (its end).
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterable, Mapping

from isal import isal_zlib

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
NEEDED = 20
UTF8_NAME = 0x800
# Members carry no time stamp of ours (1980-01-01, the format's zero): the same words make the same bytes.
NO_TIME = 0
NO_DATE = 33
# A letter of level 6 is 2 % smaller, and takes a third more time to make.
LEVEL = 1


class DocxPackage:
    """A package read once, whose members named in `filled` are given anew each time it is built."""

    def __init__(self, content: bytes, *, filled: Collection[str]) -> None:
        """Lay out the members that stay as they are.

        Raises:
            zipfile.BadZipFile, zlib.error: `content` is not a zip archive, or a member is damaged.
        """
        self._head = b""
        self._directory = b""
        self._members = 0
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if damaged := archive.testzip():
                raise zipfile.BadZipFile(damaged)
            for info in archive.infolist():
                if info.filename not in filled and not info.is_dir():
                    start = info.header_offset + LOCAL.size
                    start += sum(struct.unpack_from("<2H", content, info.header_offset + 26))
                    self._add(info, content[start : start + info.compress_size])

    def build(self, parts: Mapping[str, bytes]) -> bytes:
        """Return the package with `parts`, the filled members by name."""
        body = [self._head]
        directory = [self._directory]
        offset = len(self._head)
        for name, content in parts.items():
            data = isal_zlib.compress(content, LEVEL, wbits=-zlib.MAX_WBITS)
            sizes = (zipfile.ZIP_DEFLATED, NO_TIME, NO_DATE, isal_zlib.crc32(content), len(data), len(content))
            header, entry = _headers(name, sizes, offset)
            body += [header, data]
            directory.append(entry)
            offset += len(header) + len(data)
        return b"".join([*body, self._end(directory, offset)])

    def build_large(self, parts: Mapping[str, Iterable[bytes | memoryview]]) -> bytes:
        """Return the package with `parts`, each given piece by piece: no part is ever whole in memory."""
        file = io.BytesIO()
        directory = [self._directory]
        file.write(self._head)
        for name, pieces in parts.items():
            start = file.tell()
            packer = isal_zlib.compressobj(LEVEL, wbits=-zlib.MAX_WBITS)
            crc = 0
            size = 0
            began = file.seek(start + LOCAL.size + len(name.encode("utf-8")))
            for piece in pieces:
                file.write(packer.compress(piece))
                crc = isal_zlib.crc32(piece, crc)
                size = size + len(piece)
            file.write(packer.flush())
            end = file.tell()
            header, entry = _headers(name, (zipfile.ZIP_DEFLATED, NO_TIME, NO_DATE, crc, end - began, size), start)
            file.seek(start)
            file.write(header)
            file.seek(end)
            directory.append(entry)
        file.write(self._end(directory, file.tell()))
        return file.getvalue()

    def _end(self, directory: list[bytes], offset: int) -> bytes:
        count = self._members + len(directory) - 1
        listed = b"".join(directory)
        return listed + END.pack(b"PK\5\6", 0, 0, count, count, len(listed), offset, 0)

    def _add(self, info: zipfile.ZipInfo, data: bytes) -> None:
        sizes = (info.compress_type, NO_TIME, NO_DATE, info.CRC, info.compress_size, info.file_size)
        header, entry = _headers(info.filename, sizes, len(self._head))
        self._head += header + data
        self._directory += entry
        self._members += 1


def _headers(name: str, sizes: tuple[int, int, int, int, int, int], offset: int) -> tuple[bytes, bytes]:
    raw = name.encode("utf-8")
    flags = 0 if name.isascii() else UTF8_NAME
    local = LOCAL.pack(b"PK\3\4", NEEDED, flags, *sizes, len(raw), 0)
    central = CENTRAL.pack(b"PK\1\2", NEEDED, NEEDED, flags, *sizes, len(raw), 0, 0, 0, 0, 0, offset)
    return local + raw, central + raw
