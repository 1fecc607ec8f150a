"""A letter with a logo is read as it prints, or not at all; any other picture stays out."""

import io
import re
import shutil
import struct
import subprocess
import zipfile
import zlib

import docx
import pytest
from docx.shared import Cm
from tests.people import LE_VAN_A
from tests.signoff.conftest import AT, BLANK, SIGNER

from dondoc.errors import LetterError
from dondoc.ledger.batches import find_batch
from dondoc.ledger.prints import find_print
from dondoc.letters.print_check import find_unshown
from dondoc.letters.store import read_stored
from dondoc.pages.letter import letter_page
from dondoc.signoff import printing
from dondoc.signoff.answer import LeaderAnswer, apply_answer
from dondoc.signoff.comparison import compare_word

GIVEN = LeaderAnswer("Duyệt", "", LE_VAN_A, AT)
HEADER = "word/header1.xml"
LINKS = "word/_rels/header1.xml.rels"


def png(level):
    """Return a picture of 20 by 20 points of one grey."""
    rows = zlib.compress((b"\x00" + bytes([level]) * 20) * 20)
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 20, 20, 8, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def with_logo(text="Kính gửi ông Bình", *, level=90, wide=2.0, body=False):
    """Return a letter with a picture in its header, or in its body."""
    document, file = docx.Document(), io.BytesIO()
    for line in (*BLANK, text, SIGNER):
        document.add_paragraph(line)
    paragraph = document.paragraphs[0] if body else document.sections[0].header.paragraphs[0]
    paragraph.add_run().add_picture(io.BytesIO(png(level)), width=Cm(wide))
    document.save(file)
    return file.getvalue()


def changed(content, old, new, *, part=HEADER):
    """Return the file with text of a part replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(file, "w") as after:
        for one in before.infolist():
            data = before.read(one)
            if one.filename == part:
                assert re.search(old, data.decode())
                data = re.sub(old, new, data.decode()).encode()
            after.writestr(one, data)
    return file.getvalue()


@pytest.mark.fault(93)
@pytest.mark.parametrize("body", [False, True])
def test_a_logo_is_seen_on_a_print_and_not_on_a_page_of_words(body):
    content = with_logo(body=body)
    assert find_unshown(content) == ("hình ảnh",)
    assert find_unshown(content, printed=True) == ()
    assert letter_page(content).unshown == ("hình ảnh",)
    assert "Kính gửi ông Bình" in letter_page(content, printed=True).html


@pytest.mark.fault(93)
@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        pytest.param("<wp:inline[^>]*>(.*)</wp:inline>", r"<wp:anchor>\1</wp:anchor>", HEADER, id="floats over words"),
        pytest.param(r'<wp:extent cx="\d+"', '<wp:extent cx="7560000"', HEADER, id="as wide as the page"),
        pytest.param("<a:stretch>", '<a:srcRect b="50000"/><a:stretch>', HEADER, id="cut"),
        pytest.param("<a:xfrm>", '<a:xfrm rot="10800000">', HEADER, id="turned"),
        pytest.param("r:embed=", "r:link=", HEADER, id="linked"),
        pytest.param("<wp:docPr ", '<wp:docPr hidden="1" ', HEADER, id="hidden"),
        pytest.param(
            r'<a:blip r:embed="(\w+)"/>',
            r'<a:blip r:embed="\1"><a:extLst><a:ext uri="x"><svgBlip r:embed="\1"/></a:ext></a:extLst></a:blip>',
            HEADER,
            id="another version beside it",
        ),
        pytest.param('Target="media/[^"]*"', 'Target="http://x/y.png" TargetMode="External"', LINKS, id="outside"),
        pytest.param("(<Relationship [^>]*/>)", r"\1\1", LINKS, id="two of one id"),
        pytest.param(
            "<w:p>", '<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr>', HEADER, id="line cuts it"
        ),
    ],
)
def test_a_picture_that_another_program_may_show_otherwise_is_refused_even_printed(old, new, part):
    content = with_logo()
    if old == "<w:p>":
        content = changed(content, "<w:p>.*?</w:pPr>", "<w:p>")
    assert find_unshown(changed(content, old, new, part=part), printed=True)


@pytest.mark.fault(93)
@pytest.mark.parametrize("beginning", [b"<svg/>", b"\xd7\xcd\xc6\x9a", b"GIF89a", b""])
def test_a_picture_of_another_form_is_refused_even_printed(beginning):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(with_logo())) as before, zipfile.ZipFile(file, "w") as after:
        for one in before.infolist():
            after.writestr(one, beginning if one.filename.startswith("word/media/") else before.read(one))
    assert "PNG, JPEG" in " ".join(find_unshown(file.getvalue(), printed=True))


def put_up_with_logo(office):
    office.draft("HS-1")
    (office.place.out / office.letter("HS-1").path).write_bytes(with_logo())
    return office.put_up()


@pytest.mark.fault(93)
def test_where_letters_are_printed_one_with_a_logo_is_put_up_and_approved_as_it_prints(office, monkeypatch, tmp_path):
    program = shutil.which("soffice")
    if not (program and shutil.which("pdftoppm")):
        pytest.skip("không có LibreOffice hoặc poppler-utils")
    monkeypatch.setattr(printing, "find_program", lambda: program)
    [asked] = put_up_with_logo(office)
    found = find_print(office.place.ledger, office.letter("HS-1").sha256)
    pdf = read_stored(office.place.out, office.code, found.pdf_sha256)
    (tmp_path / "in.pdf").write_bytes(pdf)
    listed = subprocess.run(["pdfimages", "-list", tmp_path / "in.pdf"], check=True, capture_output=True).stdout
    assert len(listed.splitlines()) == 3, "two lines of headings, and the logo"
    apply_answer(office.place, asked["batches"][0], GIVEN, asked_in="r1")
    assert office.letter("HS-1").state == "approved"


@pytest.mark.fault(93)
def test_where_nothing_prints_a_letter_with_a_logo_is_not_put_up(office):
    assert put_up_with_logo(office) == []


@pytest.mark.fault(93)
def test_a_letter_with_a_logo_that_was_never_printed_is_not_approved(office, monkeypatch):
    monkeypatch.setattr(printing, "find_program", lambda: "/bin/false")
    monkeypatch.setattr(printing, "DRAWER", "true")
    [asked] = put_up_with_logo(office)
    assert find_batch(office.place.ledger, asked["batches"][0]) is not None
    with pytest.raises(LetterError, match="hình ảnh"):
        apply_answer(office.place, asked["batches"][0], GIVEN, asked_in="r1")
    assert office.letter("HS-1").state == "complete"


@pytest.mark.fault(87)
def test_a_letter_that_comes_back_with_another_logo_is_another():
    approved = with_logo()
    assert compare_word(approved, with_logo(), place="Hải Phòng").differences == ()
    assert "hình ảnh" in str(compare_word(approved, with_logo(level=200), place="Hải Phòng").differences)
