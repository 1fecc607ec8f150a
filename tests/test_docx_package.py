import io
import shutil
import subprocess
import zipfile
import zlib

import docx
import pytest

from dondoc.office_files.docx_package import DocxPackage

PART = "word/document.xml"


def saved():
    document = docx.Document()
    document.add_paragraph("Xin lỗi")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rebuilt(original, part=None):
    return DocxPackage(original, filled=[PART]).build({PART: part or members(original)[PART]})


def test_a_rebuilt_package_holds_what_the_template_held_and_the_new_part():
    original = saved()
    part = members(original)[PART].replace("Xin lỗi".encode(), "Đã sửa".encode())
    content = rebuilt(original, part)
    assert members(content) == members(original) | {PART: part}
    assert [p.text for p in docx.Document(io.BytesIO(content)).paragraphs] == ["Đã sửa"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_package_is_rebuilt_whatever_wrote_the_template(method):
    class Streamed(io.BytesIO):
        """A file that cannot go back: zip writers then put sizes behind the data, and leave them out before it."""

        def seekable(self):
            return False

    written = Streamed()
    with zipfile.ZipFile(written, "w", method) as archive:
        archive.mkdir("word")
        for name, content in {PART: b"<a/>", "ảnh/tệp 1.xml": b"<b/>" * 99, "empty": b""}.items():
            archive.writestr(name, content)
    expected = {name: content for name, content in members(written.getvalue()).items() if not name.endswith("/")}
    assert members(rebuilt(written.getvalue())) == expected


def test_a_damaged_member_is_found_when_the_template_is_read():
    original = bytearray(saved())
    original[60] ^= 255
    with pytest.raises((zipfile.BadZipFile, zlib.error)):
        rebuilt(bytes(original))


@pytest.mark.skipif(not shutil.which("soffice"), reason="không có LibreOffice")
def test_an_office_program_opens_a_rebuilt_package(tmp_path):
    (tmp_path / "a.docx").write_bytes(rebuilt(saved()))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "a.docx"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
