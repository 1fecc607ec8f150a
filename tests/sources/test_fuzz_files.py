"""Files damaged at random: a clear error or a sum that closes, in bounded time, and no row lost in silence.

1,000 files in the usual run; `DONDOC_FUZZ_FILES=100000 pytest tests/sources/test_fuzz_files.py` for a night.
`DONDOC_FUZZ_SEED` plays another sequence; a failure names the seed of its file.
"""

import io
import os
import random
import time
import zipfile
from functools import cache

import openpyxl
import pytest
from books import HEADINGS, case, profile_of

from dondoc.errors import DondocError
from dondoc.sources.files import read_rows
from dondoc.sources.intake import take_in

FILES = int(os.environ.get("DONDOC_FUZZ_FILES", "1000"))
SEED = int(os.environ.get("DONDOC_FUZZ_SEED", "20231117"))
SECONDS_A_FILE = 5
RECORDS = 6
ROWS = [case(i) for i in range(1, RECORDS + 1)]
JUNK = ["", " ", "#REF!", "31/11/2023", "\u200b", "Tổng", "H24-1", "h24-2", 0, -1, 45209, 1e19, "1.2E+19", True, "=1+1"]
JUNK += ["CÊp giÊy phÐp", "Müller", "Đ\u0303", "\x07", '"', ",", ";", "\n", "a" * 400, "(1)", "10/10/23", None]
XML = [b"<c", b"</c>", b"<row", b"<v>", b"</sheetData>", b"&amp;", b"&#0;", b"<!DOCTYPE a>", b'r="XFD1048576"', b"\x00"]
XML += [b't="s"', b't="inlineStr"', b"<f>", b"99999999999", b"\xff\xfe", b"<is><t>", b'ref="A1"', b"]]>"]

SPANS = [
    b"<td rowspan=1000000>",
    b"<td colspan=1000000>",
    b"<td rowspan=-1 colspan=0>",
    b"<td rowspan='9' colspan='9'>",
]
HTML = [
    *SPANS,
    b"<table>" * 300,
    b"</tr>",
    b"<tr>",
    b"<div>" * 9000,
    b"<!ENTITY a 'b'>",
    b"&amp;",
    b"&#0;",
    b"<!--",
    b"\x00",
]
HTML += [b"<td>" * 500, b"<tr>" * 2000, b"<script>", b"]]>", b"\xff\xfe", "ế".encode(), b"<br>", b"</table>"]
INDEX = [b"<Row ss:Index='1048577'>", b"<Cell ss:Index='401'/>", b"<Cell ss:Index='2'/>", b"<Row ss:Index='900000'/>"]
MARKUP = [
    *INDEX,
    b"<b>" * 400,
    b"<!DOCTYPE a>",
    b"&a;",
    b"</Row>",
    b"<Row>",
    b"<Table>",
    b"</Workbook>",
    b"\x00",
    b"]]>",
]
MARKUP += [b"<Cell ss:MergeDown='1000000'><Data>a</Data></Cell>", b"<Cell ss:MergeAcross='99999'/>", b"<!ENTITY a 'b'>"]


@cache
def workbook():
    buffer = io.BytesIO()
    book = openpyxl.Workbook()
    for row in [["DANH SÁCH HỒ SƠ"], [], HEADINGS, *ROWS, ["Tổng cộng"]]:
        book.active.append(row)
    book.save(buffer)
    return buffer.getvalue()


@cache
def members():
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def csv_bytes():
    return "".join(",".join(map(str, row)) + "\r\n" for row in [HEADINGS, *ROWS]).encode()


def flip_bits(content, dice):
    damaged = bytearray(content)
    for _ in range(dice.randint(1, 8)):
        damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
    return bytes(damaged)


def cut(content, dice):
    start = dice.randrange(len(content))
    return dice.choice([content[:start], content[:start] + content[start + dice.randint(1, 200) :]])


def insert(content, dice, words):
    at = dice.randrange(len(content))
    return content[:at] + dice.choice(words) + content[at + dice.choice([0, 0, 5, 30]) :]


def damage_bytes(dice):
    return dice.choice([flip_bits, cut])(workbook(), dice), None


def damage_xml(dice):
    parts = dict(members())
    for _ in range(dice.randint(1, 3)):
        name = dice.choice([*parts, "xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"])
        change = dice.choice([flip_bits, cut, lambda content, d: insert(content, d, XML)])
        parts[name] = change(parts[name] or b" ", dice) if len(parts[name]) > 1 else b"<"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue(), None


def damage_cells(dice):
    """Damage any cell but one of each row, so that each stays a row that must be accounted for."""
    rows = [list(row) for row in ROWS]
    for _ in range(dice.randint(1, 6)):
        dice.choice(rows)[dice.choice([0, 1, 3, 4, 5, 6])] = dice.choice(JUNK)
    if dice.random() < 0.3:
        rows.append(list(dice.choice(rows)))
    dice.shuffle(rows)
    book = openpyxl.Workbook()
    for row in [HEADINGS, *rows]:
        book.active.append([None if cell == "\x07" else cell for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue(), len(rows)


def damage_csv(dice):
    words = [b'"', b",", b";", b"\n", b"\r", b"\x00", b"\xff", b"\t", "ế".encode(), b'""', b"\xef\xbb\xbf"]
    change = dice.choice([flip_bits, cut, lambda content, d: insert(content, d, words)])
    return change(csv_bytes(), dice), None


@cache
def page():
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in [HEADINGS, *ROWS])
    return f"<html><body><table>{lines}</table></body></html>".encode()


@cache
def document():
    cells = [[f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row] for row in [HEADINGS, *ROWS]]
    lines = "".join(f"<Row>{''.join(row)}</Row>" for row in cells)
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    opening = f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="S"><Table>'
    return f"{opening}{lines}</Table></Worksheet></Workbook>".encode()


def damage_markup(content, dice, words):
    for _ in range(dice.randint(1, 4)):
        change = dice.choice(
            [flip_bits, cut, lambda whole, d: insert(whole, d, words), lambda whole, d: insert(whole, d, words)]
        )
        content = change(content, dice) or b"<"
    return content, None


def damage_page(dice):
    return damage_markup(page(), dice, HTML)


def damage_document(dice):
    return damage_markup(document(), dice, MARKUP)


KINDS = {damage_bytes: ".xlsx", damage_xml: ".xlsx", damage_cells: ".xlsx", damage_csv: ".csv"}
KINDS |= {damage_page: ".xls", damage_document: ".xls"}


def outcome(path, units, profile):
    """Return what came of the file, or the words of its refusal."""
    try:
        return take_in(read_rows(path, profile), profile, source="s", units=units)
    except DondocError as error:
        return str(error)


def check(path, units, profile, records):
    began = time.monotonic()
    intake = outcome(path, units, profile)
    assert time.monotonic() - began < SECONDS_A_FILE
    if isinstance(intake, str):
        assert path.name in intake
        assert records is None, intake
    else:
        assert intake.rows_in == len(intake.accepted) + len(intake.quarantined) + intake.duplicates
        assert records in {None, intake.rows_in}


@pytest.mark.fault(91)
@pytest.mark.parametrize("part", range(20))
def test_a_damaged_file_is_an_error_or_every_row_is_accounted_for(tmp_path, hai_phong, part):
    profile = profile_of("one-stop-export")
    for number in range(part, FILES, 20):
        dice = random.Random(f"{SEED}-{number}")
        damage, suffix = list(KINDS.items())[number // 20 % len(KINDS)]
        content, records = damage(dice)
        path = tmp_path / f"{SEED}-{number}{suffix}"
        path.write_bytes(content)
        try:
            check(path, hai_phong.unit_by_name, profile, records)
        except BaseException as error:
            error.add_note(f"{damage.__name__}, tệp {path}")
            raise
        path.unlink()
