"""Contents of files that no reader should choke on, made from one that is whole."""

import io
import random
import struct
import warnings
import zipfile
import zlib
from functools import cache

OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
DTD = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
MEGABYTE = 2**20


def parts_of(whole):
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts, *, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as package:
        warnings.simplefilter("ignore")
        for name, content in parts.items() if isinstance(parts, dict) else parts:
            package.writestr(zipfile.ZipInfo(name, (2023, 11, 14, 0, 0, 0)), content, method)
    return out.getvalue()


def changed(whole, main, change):
    """Return the package with the member `main` as `change` makes it of its bytes."""
    return packed({name: change(content) if name == main else content for name, content in parts_of(whole).items()})


def patched(whole, offset, form, value, *, signatures=((b"PK\x03\x04", 0), (b"PK\x01\x02", 2))):
    """Return the package with a field of every header overwritten; central headers hold it two bytes later."""
    raw = bytearray(whole)
    for signature, later in signatures:
        at = raw.find(signature)
        while at >= 0:
            raw[at + offset + later : at + offset + later + struct.calcsize(form)] = struct.pack(form, value)
            at = raw.find(signature, at + 4)
    return bytes(raw)


@cache
def _blanks(size):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join(packer.compress(b" " * MEGABYTE) for _ in range(size // MEGABYTE)) + packer.flush()


def bomb(whole, main, *, declared=None, size=300 * MEGABYTE):
    body = _blanks(size)
    raw = bytearray(packed([*((n, c) for n, c in parts_of(whole).items() if n != main), (main, body)], method=0))
    for signature, method, length in ((b"PK\x03\x04", 8, 22), (b"PK\x01\x02", 10, 24)):
        at = raw.rfind(signature)
        raw[at + method : at + method + 2] = struct.pack("<H", 8)
        raw[at + length : at + length + 4] = struct.pack("<I", declared or size)
    return bytes(raw)


def flipped(rng, whole, times):
    raw = bytearray(whole)
    for _ in range(times):
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return bytes(raw)


def of_any_form(rng, whole):
    """Yield contents that are no file of any form a door takes."""
    yield "empty", b""
    yield "one byte", b"P"
    yield "noise", rng.randbytes(4000)
    yield "noise behind a zip's first bytes", b"PK\x03\x04" + rng.randbytes(4000)
    yield "noise behind an old workbook's first bytes", OLE2 + rng.randbytes(4000)
    yield "a password, as Office writes it", OLE2 + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(900)
    yield "a web page", "<html><body><table><tr><td>Đăng nhập</td></tr></table></body></html>".encode()
    yield "a program", b"MZ" + rng.randbytes(500)
    yield "a picture", b"\x89PNG\r\n\x1a\n" + rng.randbytes(500)
    yield "another archive", b"Rar!\x1a\x07\x01\x00" + rng.randbytes(500)
    yield "gzip", zlib.compress(whole, wbits=31)
    yield "text", "Kính gửi Văn phòng".encode()
    yield "text in UTF-16", "Kính gửi Văn phòng".encode("utf-16")
    for part in (0.1, 0.5, 0.9, 0.999):
        yield f"cut at {part:.1%}", whole[: int(len(whole) * part)]
    for times in (1, 5, 50, 500):
        yield f"{times} bits flipped", flipped(rng, whole, times)


def of_packages(rng, whole, main):
    """Yield packages that lie, hide or never end; `main` is the member every reader opens."""
    parts = parts_of(whole)
    for name, method in (("deflate64", 9), ("bzip2", 12), ("lzma", 14), ("an unknown method", 99)):
        yield f"packed by {name}", patched(whole, 8, "<H", method)
    yield "flags of encryption", patched(whole, 6, "<H", 1)
    yield "flags of strong encryption", patched(whole, 6, "<H", 0x41)
    yield "checksums of nothing", patched(whole, 14, "<I", 0)
    yield "sizes of nothing", patched(whole, 22, "<I", 0)
    yield "sizes of four gigabytes", patched(whole, 22, "<I", 0xFFFFFFFF)
    yield "places beyond the end", patched(whole, 42, "<I", 0xFFFFFFF0, signatures=((b"PK\x01\x02", 0),))
    yield "all members in one place", patched(whole, 42, "<I", 0, signatures=((b"PK\x01\x02", 0),))
    yield "names beyond the end", patched(whole, 28, "<H", 0xFFFF, signatures=((b"PK\x01\x02", 0),))
    yield "no directory", whole[: whole.rfind(b"PK\x01\x02")]
    yield "a directory of nothing", whole[whole.rfind(b"PK\x05\x06") :]
    yield "a bomb", bomb(whole, main)
    yield "a bomb that lies", bomb(whole, main, declared=5000)
    yield "5,000 members", packed(list(parts.items()) + [(f"media/{i}.png", b"") for i in range(5000)])
    yield "a member twice", packed([*parts.items(), (main, b"<x/>")])
    yield "a member that climbs out", packed(parts | {"../../../etc/x": b"x", "/etc/y": b"y"})
    yield "without its main part", packed({name: content for name, content in parts.items() if name != main})
    yield "without its list of types", packed({n: c for n, c in parts.items() if n != "[Content_Types].xml"})
    yield "an archive within", packed({"inner.zip": whole})
    yield "nothing within", packed({})


def of_xml(whole, main):
    """Yield packages whose main part is no XML to be read."""
    deep = b"<a>" * 50_000 + b"</a>" * 50_000
    yield "XML without an end", changed(whole, main, lambda xml: xml[: len(xml) // 2])
    yield "XML that is noise", changed(whole, main, lambda _xml: b"<a" + bytes(range(256)))
    yield "XML of nothing", changed(whole, main, lambda _xml: b"")
    yield "XML with entities", changed(whole, main, lambda xml: _after_head(xml, DTD))
    yield "XML with a file from outside", changed(whole, main, lambda xml: _after_head(xml, OUTSIDE))
    yield "XML in UTF-16", changed(whole, main, lambda xml: xml.decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    yield "XML of an encoding nobody knows", changed(whole, main, lambda xml: xml.replace(b"UTF-8", b"KOI-99"))
    yield "XML nested 50,000 deep", changed(whole, main, lambda xml: _inside(xml, deep))
    yield (
        "an attribute of 20 MB",
        changed(whole, main, lambda xml: _inside(xml, b'<a b="' + b"x" * 20_000_000 + b'"/>')),
    )
    yield "a reference to no character", changed(whole, main, lambda xml: _inside(xml, b"<a>&#0;&#xFFFFFF;</a>"))
    yield "another vocabulary", changed(whole, main, lambda _xml: b'<?xml version="1.0"?><urlset/>')
    yield "namespaces without a name", changed(whole, main, lambda xml: xml.replace(b"xmlns:", b"ymlns:"))


def _after_head(xml, what):
    at = xml.find(b"?>") + 2
    return xml[:at] + what + xml[at:]


def _inside(xml, what):
    at = xml.rfind(b"</")
    return xml[:at] + what + xml[at:]


def of_workbooks(whole):
    """Yield workbooks whose cells lie."""
    sheet, book = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
    cells = {
        "a cell in the farthest corner": b'<c r="XFD1048576"><v>1</v></c>',
        "a cell at no place": b'<c r="A0"><v>1</v></c>',
        "a cell at a place of 40 digits": b'<c r="A' + b"9" * 40 + b'"><v>1</v></c>',
        "a text nobody wrote": b'<c r="A9" t="s"><v>99999999</v></c>',
        "a text of a negative number": b'<c r="A9" t="s"><v>-1</v></c>',
        "a style nobody made": b'<c r="A9" s="999999"><v>1</v></c>',
        "a number beyond numbers": b'<c r="A9"><v>1e999</v></c>',
        "a number that is none": b'<c r="A9"><v>NaN</v></c>',
        "a day a million years ahead": b'<c r="A9" s="1"><v>999999999</v></c>',
    }
    for what, cell in cells.items():
        row = b'<row r="9">' + cell + b"</row></sheetData>"
        yield what, changed(whole, sheet, lambda xml, row=row: xml.replace(b"</sheetData>", row))
    giant = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    yield "one cell over all", changed(whole, sheet, lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + giant))
    yield "no sheets", changed(whole, book, lambda xml: xml.replace(b"<sheet ", b"<sheep "))
    yield (
        "sheets that lead nowhere",
        changed(whole, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"sheet1", b"x")),
    )
    links = b'Target="file:///etc/passwd" TargetMode="External"'
    yield (
        "sheets from outside",
        changed(whole, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b'Target="worksheets/sheet1.xml"', links)),
    )
    yield "a macro", packed(parts_of(whole) | {"xl/vbaProject.bin": OLE2 + random.Random(1).randbytes(900)})


def of_pdfs(rng):
    yield "a PDF of nothing", b"%PDF-"
    yield "a PDF without an end", b"%PDF-1.7\n" + rng.randbytes(500)
    yield "a PDF of noise", b"%PDF-1.7\n" + rng.randbytes(5000) + b"\n%%EOF\n"
    yield "a PDF that leads to itself", b"%PDF-1.7\nxref\n0 1\ntrailer <</Prev 9>>\nstartxref\n9\n%%EOF\n"
    yield "a PDF nested 50,000 deep", b"%PDF-1.7\n1 0 obj" + b"[" * 50_000 + b"\nstartxref\n9\n%%EOF\n"
    yield "a workbook under a PDF's name", packed({"xl/workbook.xml": b"<x/>"})
