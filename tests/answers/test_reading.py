"""A workbook that came back, whatever was done to it on the way, and files that are none."""

import io
import random
import shutil
import subprocess
import zipfile
from datetime import datetime

import openpyxl
import pytest

from dondoc.answers.judging import EarlierAnswers, judge
from dondoc.answers.reading import read_returned
from dondoc.errors import SourceError
from dondoc.ledger.workbooks import token_of

from .conftest import BOTH, KEY, OPEN, UNFILED, filled, write

FILLS = {
    OPEN: {"reason_words": "Chờ ý kiến\ncủa sở", "new_due_on": datetime(2023, 11, 20), "apology_number": "12/PXL-BQL"},
    BOTH: {"reported_on": "13/11/2023", "file_code": "01.KHTC"},
}
SAID = {
    OPEN: {"reason_words": "Chờ ý kiến của sở", "new_due_on": "2023-11-20", "apology_number": "12/PXL-BQL"},
    BOTH: {"reported_on": "2023-11-13", "file_code": "01.KHTC"},
}


@pytest.fixture
def read(tmp_path, day):
    """Read what came back of a workbook in which `FILLS` were filled in; return what each row says."""

    def run(change=None, name="tra-loi.xlsx", save=None):
        content, issued = write(day)
        path = tmp_path / name
        path.write_bytes(filled(content, FILLS, change=change))
        returned = read_returned(save(path) if save else path)
        assert (returned.identity, returned.token) == (issued.identity, token_of(KEY, issued))
        judged = judge(returned, issued, known=EarlierAnswers({}, {}), day=day)
        assert not [cell for cell in judged if cell.field == "locked"]
        return {row.number: dict(row.filled) for row in returned.rows if row.filled}

    return run


def test_what_was_filled_in_is_read(read):
    assert read() == SAID


@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_it_may_be_saved_again_by_libreoffice(read, tmp_path, form):
    if not shutil.which("soffice"):
        pytest.skip("không có LibreOffice trên máy này")

    def save(path):
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        there = ["--headless", "--convert-to", form, "--outdir", str(tmp_path / "saved"), str(path)]
        subprocess.run(["soffice", profile, *there], check=True, capture_output=True)
        return tmp_path / "saved" / f"tra-loi.{form}"

    assert read(save=save) == SAID


def reorder(book):
    page = book["Hồ sơ quá hạn"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=4)]
    for at, row in enumerate(reversed(rows), start=4):
        for column, value in enumerate(row, start=1):
            page.cell(at, column).value = value


def insert(book):
    for page in (book["Hồ sơ quá hạn"], book["Công việc"]):
        page.insert_cols(2)
        page.cell(3, 2).value = "Ghi chú của phòng"
        page.insert_rows(1, 3)


def rename(book):
    book["Hồ sơ quá hạn"].title = "Sheet1"
    book.move_sheet("Công việc", -1)
    book.active = book["Cách điền"]


def forget(book):
    del book["dondoc"]


@pytest.mark.parametrize("change", [reorder, insert, rename, forget])
def test_it_is_known_whatever_was_moved(read, change):
    assert read(change=change) == SAID


def test_a_deleted_row_says_nothing(read):
    rows = read(change=lambda book: book["Công việc"].delete_rows(4))
    assert set(rows) == {OPEN}


def test_a_number_typed_as_a_number_is_the_same_number(read):
    def retype(book):
        page = book["Công việc"]
        for row in page.iter_rows(min_row=4):
            row[0].value = int(row[0].value)

    assert set(read(change=retype)) == set(SAID)
    assert UNFILED not in read(change=retype)


def bare(rows):
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", b"0" * (64 * 2**20))
    return out.getvalue()


@pytest.mark.fault(91)
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "tệp rỗng"),
        (b"PK\x03\x04" + b"x" * 40, "cắt cụt hoặc hỏng"),
        (b"<html></html>", "trang web"),
        (bomb(), "bom nén"),
        (bare([["Số hồ sơ", "Lý do quá hạn (đơn vị điền)"], ["1", "x"]]), "mã nhận dạng"),
        (bare([["Mã nhận dạng tệp: " + "a" * 32], ["gì đó"]]), "tiêu đề cột"),
    ],
    ids=["empty", "cut", "a web page", "a bomb", "a table of their own", "no table left"],
)
def test_a_file_that_is_no_workbook_of_ours_is_refused(tmp_path, content, why):
    path = tmp_path / "la.xlsx"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=why):
        read_returned(path)


def test_a_heading_that_stands_twice_is_refused(tmp_path, day):
    def double(book):
        page = book["Công việc"]
        page.cell(3, 20).value = "Mã hồ sơ công việc (đơn vị điền)"

    path = tmp_path / "hai.xlsx"
    path.write_bytes(filled(write(day)[0], {}, change=double))
    with pytest.raises(SourceError, match="Hai cột"):
        read_returned(path)


@pytest.mark.fault(91)
def test_a_file_without_end_is_refused_before_it_is_opened(tmp_path):
    path = tmp_path / "lon.xlsx"
    with path.open("wb") as file:
        file.truncate(21 * 2**20)
    with pytest.raises(SourceError, match="lớn quá 20 MB"):
        read_returned(path)


@pytest.mark.fault(91)
def test_a_file_broken_anywhere_is_read_or_refused_and_nothing_else(tmp_path, day):
    content, dice, refused = filled(write(day)[0], FILLS), random.Random(20231114), 0
    path = tmp_path / "hong.xlsx"
    for _ in range(120):
        path.write_bytes(broken(content, dice))
        try:
            read_returned(path)
        except SourceError:
            refused += 1
    assert refused > 20


def broken(content, dice):
    """Return the workbook with some bytes of one of its members, or of the archive itself, put wrong."""
    if dice.random() < 0.3:
        return garbled(content, dice)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        victim = dice.choice(old.namelist())
        for name in old.namelist():
            new.writestr(name, garbled(old.read(name), dice) if name == victim else old.read(name))
    return out.getvalue()


def garbled(content, dice):
    made = bytearray(content)
    for _ in range(dice.randint(1, 12)):
        made[dice.randrange(len(made))] = dice.choice([0, 0x3C, 0x3E, 0x22, 0xFF, dice.randrange(256)])
    return bytes(made)
