"""Hostile and broken files: refused before a reader opens them, quickly, in words an operator understands."""

import re
import struct
import time
import tracemalloc
import zipfile
import zlib

import pytest
from books import HEADINGS, case, profile_of, rewrite_member, write_book

from dondoc.errors import SourceError
from dondoc.sources import safety
from dondoc.sources.files import read_rows

SHEET = "xl/worksheets/sheet1.xml"
MEGABYTE = 2**20


@pytest.fixture
def book(tmp_path):
    return write_book(tmp_path / "a.xlsx", {"S": [HEADINGS, case(1), case(2)]})


def refusal(path):
    """Return what reading the file at `path` is refused with; it takes little time and memory."""
    tracemalloc.start()
    began = time.monotonic()
    with pytest.raises(SourceError) as caught:
        read_rows(path, profile_of("one-stop-export"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.monotonic() - began < 5
    assert peak < 100 * MEGABYTE
    assert path.name in str(caught.value)
    return str(caught.value)


def bomb(path, declared=None, size=300 * MEGABYTE):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(b" " * MEGABYTE) for _ in range(size // MEGABYTE)) + packer.flush()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, packed if name == SHEET else content)
    raw = bytearray(path.read_bytes())
    for signature, method, length in ((b"PK\x03\x04", 8, 22), (b"PK\x01\x02", 10, 24)):
        at = raw.rfind(signature, 0, raw.rfind(SHEET.encode()) if signature[2] == 1 else raw.find(SHEET.encode()))
        raw[at + method : at + method + 2] = struct.pack("<H", 8)
        raw[at + length : at + length + 4] = struct.pack("<I", declared or size)
    path.write_bytes(raw)
    return path


@pytest.mark.fault(25)
def test_a_bomb_is_refused_by_what_it_declares(book):
    assert "bom nén" in refusal(bomb(book))


@pytest.mark.fault(25)
def test_a_bomb_that_lies_about_its_size_is_refused_where_it_passes_it(book):
    assert "lớn hơn mức nó khai" in refusal(bomb(book, declared=5000))


@pytest.mark.fault(25)
def test_too_many_members_are_refused(book):
    with zipfile.ZipFile(book, "a") as archive:
        for number in range(safety.MAX_ENTRIES):
            archive.writestr(f"xl/media/{number}.png", b"")
    assert "thành phần" in refusal(book)


def test_one_name_twice_is_refused(book):
    with zipfile.ZipFile(book, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, b"<worksheet/>")
    assert "cùng tên" in refusal(book)


@pytest.mark.fault(26)
@pytest.mark.parametrize("member", [SHEET, "xl/workbook.xml", "xl/styles.xml", "docProps/core.xml"])
@pytest.mark.parametrize(
    "declaration",
    [b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>', b'<!DOCTYPE x SYSTEM "file:///etc/passwd">'],
)
def test_a_document_type_is_refused_in_any_member(book, member, declaration):
    assert "DTD" in refusal(rewrite_member(book, member, lambda content: declaration + content))


@pytest.mark.fault(26)
def test_a_declaration_across_two_blocks_is_seen(book):
    padding = b"<!--" + b"x" * (MEGABYTE - 4 - 3 - 5) + b"-->"
    assert "DTD" in refusal(rewrite_member(book, SHEET, lambda content: padding + b"<!DOCTYPE a>" + content))


@pytest.mark.parametrize("place", [b"XFD1048576", b"ZZ1000000", b"AAA3", b"A1048577"])
@pytest.mark.parametrize("writing", [b'<c r="%s"', b"<c r='%s'", b'<c s="0" r = "%s"'])
def test_a_cell_far_out_is_refused_before_room_is_made_for_it(book, place, writing):
    cell = writing.replace(b"%s", place) + b"><v>1</v></c></row>"
    assert "quá lớn" in refusal(rewrite_member(book, SHEET, lambda sheet: sheet.replace(b"</row>", cell, 1)))


@pytest.mark.fault(27)
@pytest.mark.parametrize("said", [b"A1:A1", b"A1:XFD1048576", b"nonsense"])
def test_what_a_sheet_says_of_its_size_is_not_believed(book, read, said):
    rewrite_member(
        book, SHEET, lambda sheet: re.sub(rb'dimension ref="[^"]*"', b'dimension ref="' + said + b'"', sheet)
    )
    if said == b"nonsense":
        assert "Không đọc được" in refusal(book)
    else:
        assert read(book).rows_in == 2


def test_a_false_count_of_strings_makes_no_room(book, read):
    rewrite_member(
        book,
        "xl/sharedStrings.xml",
        lambda content: re.sub(rb'uniqueCount="\d+"', b'uniqueCount="4294967295"', content),
    )
    assert read(book).rows_in == 2


@pytest.mark.fault(23, 24)
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "0 byte"),
        (b"<html><body>login</body></html>", "trang web"),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", "trang web"),
        (b"PK\x03\x04 cut", "cắt cụt"),
        (b"%PDF-1.7", "không phải bảng tính"),
        (safety.OLE2 + b"\0" * 600, "Excel 97-2003"),
        (safety.OLE2 + b"\0" * 600 + safety.ENCRYPTED, "mật khẩu"),
        (safety.OLE2 + b"\0" * 504 + safety.BOF + b"\x02\0ab" + safety.FILEPASS + b"\0\0" + safety.BIFF[0], "mật khẩu"),
        (safety.OLE2 + b"\0" * 504 + safety.BIFF[0], "hỏng"),
    ],
)
def test_a_file_that_is_no_workbook_says_what_it_is(tmp_path, content, words):
    (tmp_path / "a.xlsx").write_bytes(content)
    assert words in refusal(tmp_path / "a.xlsx")


@pytest.mark.fault(24)
def test_an_encrypted_archive_says_so(book):
    raw = bytearray(book.read_bytes())
    raw[raw.rfind(b"PK\x01\x02") + 8] |= 1
    book.write_bytes(raw)
    assert "mật khẩu" in refusal(book)


@pytest.mark.fault(23)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_anywhere_is_refused(book, share):
    content = book.read_bytes()
    book.write_bytes(content[: int(len(content) * share)])
    assert "cắt cụt" in refusal(book)


def test_a_binary_workbook_and_an_archive_of_something_else_are_named(tmp_path):
    for member, words in (("xl/workbook.bin", "xlsb"), ("word/document.xml", "không phải bảng tính")):
        with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
            archive.writestr(member, b"x")
        assert words in refusal(tmp_path / "a.xlsx")


def test_macros_are_not_looked_at(book, read):
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf macro")
    assert read(book.rename(book.with_suffix(".xlsm"))).rows_in == 2


@pytest.mark.fault(42)
def test_a_sheet_of_many_columns_is_read_up_to_the_limit(tmp_path, read):
    row = [*case(), *["x"] * 350]
    assert read(write_book(tmp_path / "a.xlsx", {"S": [[*HEADINGS, *[f"c{i}" for i in range(350)]], row]})).rows_in == 1
    row = [*case(), *["x"] * 450]
    assert "quá lớn" in refusal(write_book(tmp_path / "b.xlsx", {"S": [HEADINGS, row]}))


def repeated_ods(path, cell):
    table = f'<table:table table:name="S"><table:table-row>{cell}</table:table-row></table:table>'
    body = f"<office:document-content><office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", body + "</office:document-content>")
    return path


def test_an_opendocument_cell_repeated_without_end_is_refused(tmp_path):
    cell = '<table:table-cell table:number-columns-repeated="99999999" office:value-type="string"><text:p>x</text:p>'
    assert "quá lớn" in refusal(repeated_ods(tmp_path / "a.ods", cell + "</table:table-cell>"))
