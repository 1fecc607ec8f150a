"""Cells merged downwards in forms whose reader does not tell of them: old .xls, and OpenDocument sheets."""

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from lxml import etree

from dondoc.sources.safety import entries_of, member_chunks

# Column, first and last row of a merged cell, counted from 0.
Merge = tuple[int, int, int]

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")

# OLE2, [MS-CFB]: a header, a table of which sector follows which, a directory of streams.
HEADER = struct.Struct("<24xHHHHH6xIII4xIIIII")
NAME_BYTES = 64
KIND_AT = 66
EXTENT_AT = 116
ENTRY_BYTES = 128
STREAM = 2
LAST_SECTOR = 0xFFFFFFFA
# BIFF8, [MS-XLS]: records of a kind, a length and their content.
RECORD = struct.Struct("<HH")
BOUND_SHEET = 0x85
SHEET_BEGINS = 0x809
SHEET_ENDS = 0x0A
MERGED = 0xE5
RANGE = struct.Struct("<HHHH")


def xls_merges(content: bytes) -> dict[str, list[Merge]]:
    """Return the merged cells of each sheet of the old .xls `content`; none where it is no such file or is damaged."""
    try:
        stream = _workbook(content)
        return {name: list(_sheet_merges(stream, offset)) for name, offset in _sheets(stream)}
    except (struct.error, IndexError, UnicodeDecodeError):
        # The reader of its cells says what is wrong with it.
        return {}


def ods_merges(path: Path) -> dict[str, list[Merge]]:
    """Return the merged cells of each sheet of the OpenDocument file at `path`, whose members are known to be harmless.

    Raises:
        SourceError: hostile or broken.
    """
    found: dict[str, list[Merge]] = {}
    parser = etree.XMLPullParser(("start", "end"), resolve_entities=False, no_network=True)
    place = _MergeState()
    with path.open("rb") as file:
        for entry in entries_of(path):
            if entry.filename == "content.xml":
                for chunk in member_chunks(file, entry, path):
                    parser.feed(chunk)
                    for event, element in parser.read_events():
                        _take(event, element, place, found)
    return found


class _MergeState:
    """Where the walk through an OpenDocument file stands."""

    sheet = ""
    row = 0


def _take(event: str, element: etree._Element, place: _MergeState, found: dict[str, list[Merge]]) -> None:
    if event == "start" and element.tag == f"{TABLE}table":
        place.sheet = element.get(f"{TABLE}name", "")
        place.row = 0
    elif event == "end" and element.tag == f"{TABLE}table-row":
        found.setdefault(place.sheet, []).extend(_row_merges(element, place.row))
        place.row += _times(element, "number-rows-repeated")
        element.clear()


def _row_merges(element: etree._Element, row: int) -> Iterator[Merge]:
    column = 0
    for cell in element.iterchildren(*CELLS):
        rows = _times(cell, "number-rows-spanned")
        if rows > 1:
            yield column, row, row + rows - 1
        column += _times(cell, "number-columns-repeated")


def _times(element: etree._Element, name: str) -> int:
    value = element.get(f"{TABLE}{name}", "1")
    return int(value) if value.isdecimal() and len(value) < 8 else 1


def _workbook(content: bytes) -> bytes:
    """Return the stream of the workbook, empty where there is none."""
    _, _, _, shift, mini_shift, _, tables, directory, least, mini_table, _, more, _ = HEADER.unpack_from(content)
    size = 1 << min(shift, 12)
    mini_size = 1 << min(mini_shift, 12)
    # The header takes a sector's room before the first.
    sectors = list(struct.unpack_from("<109I", content, HEADER.size))
    body = content[size:]
    most = len(content) // size
    while more < LAST_SECTOR and len(sectors) < most:
        part = struct.unpack_from(f"<{size // 4}I", body, more * size)
        sectors += part[:-1]
        more = part[-1]
    listed = b"".join(body[at * size : (at + 1) * size] for at in sectors[: min(tables, 4 * most // size + 1)])
    follows = _numbers(listed)
    entries = _chain(body, directory, follows, size)
    root, _ = _extent(entries, 0)
    for at in range(0, len(entries) - ENTRY_BYTES + 1, ENTRY_BYTES):
        [length] = struct.unpack_from("<H", entries, at + NAME_BYTES)
        name = entries[at : at + max(0, min(length, NAME_BYTES) - 2)].decode("utf-16-le")
        if name == "Workbook" and entries[at + KIND_AT] == STREAM:
            start, length = _extent(entries, at)
            if length >= least:
                return _chain(body, start, follows, size)[:length]
            mini = _chain(body, root, follows, size)
            return _chain(mini, start, _numbers(_chain(body, mini_table, follows, size)), mini_size)[:length]
    return b""


def _extent(entries: bytes, at: int) -> tuple[int, int]:
    """Return the first sector of the stream of a directory's entry, and its length in bytes."""
    start, length = struct.unpack_from("<II", entries, at + EXTENT_AT)
    return start, length


def _numbers(table: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])


def _chain(body: bytes, sector: int, follows: Sequence[int], size: int) -> bytes:
    """Return what lies in the sectors from `sector` on, each named by the one before; a ring ends."""
    parts: list[bytes] = []
    while sector < LAST_SECTOR and len(parts) <= len(follows):
        parts.append(body[sector * size : (sector + 1) * size])
        sector = follows[sector]
    return b"".join(parts)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + RECORD.size <= len(stream):
        kind, length = RECORD.unpack_from(stream, at)
        yield kind, stream[at + RECORD.size : at + RECORD.size + length]
        at += RECORD.size + length


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    for kind, body in _records(stream, 0):
        if kind == SHEET_ENDS:
            return
        if kind == BOUND_SHEET:
            [offset] = struct.unpack_from("<I", body)
            letters = body[6]
            wide = body[7] & 1
            name = body[8 : 8 + letters * (1 + wide)].decode("utf-16-le" if wide else "latin-1")
            yield name, offset


def _sheet_merges(stream: bytes, offset: int) -> Iterator[Merge]:
    depth = 0
    for kind, body in _records(stream, offset):
        # A chart lies inside of its sheet, with a beginning and an end of its own.
        depth += (kind == SHEET_BEGINS) - (kind == SHEET_ENDS)
        if depth <= 0:
            return
        if kind == MERGED and depth == 1:
            for first, last, left, _ in RANGE.iter_unpack(body[2 : 2 + (len(body) - 2) // RANGE.size * RANGE.size]):
                if first < last:
                    yield left, first, last
