"""Letters signed on paper: the sheet that went out and came back, and signed files."""

import os
import time
from datetime import date

import openpyxl
import pytest

from dondoc.__main__ import main
from dondoc.ledger import audit
from dondoc.ledger.set_aside import SIGNED as SIGNED_DOOR
from dondoc.ledger.set_aside import list_set_aside
from dondoc.signoff.inbox import take_in_signed
from dondoc.signoff.sheet_rows import parse_day

from .conftest import AT, SIGNER, letter_document
from .signers import letter_pdf

SCAN = letter_pdf(picture=True)
SIGNED = {"Số": "12/PXL-BQL", "Ngày ký": "15/11/2023", "Người ký": SIGNER}


def sheet(office, *fills, **changed):
    """Fill the rows of the unit's sheet and drop it; `changed` sets cells of the first row."""
    [path] = office.place.out.glob("*/*/signoff/VP-*.xlsx")
    book = openpyxl.load_workbook(path)
    page = book["Trình ký"]
    at = {cell.value: cell.column for cell in page[3]}
    for row, fill in enumerate([(fills[0] if fills else {}) | changed, *fills[1:]], start=4):
        for heading, value in fill.items():
            page.cell(row, at[heading]).value = value
    book.save(office.inbox / path.name)


def take(office, *, at=AT):
    """Take in what was dropped; return the answers by the name of the file they answer."""
    take_in_signed(office.place, at=at)
    answers = {}
    for path in office.inbox.glob("da-nhan/*/*.ket-qua.xlsx"):
        rows = openpyxl.load_workbook(path).active.iter_rows(min_row=4, values_only=True)
        answers[path.name.removesuffix(".ket-qua.xlsx")] = [tuple(cell or "" for cell in row) for row in rows]
    return answers


@pytest.fixture
def waiting(office):
    office.draft("HS-1", "HS-2")
    office.put_up()
    return office


@pytest.fixture
def approved(waiting):
    waiting.approve()
    return waiting


def test_a_row_signs_an_approved_letter_in_the_signers_name(approved):
    sheet(approved, SIGNED)
    [rows] = take(approved).values()
    assert rows == [("HS-1", "đã ghi", ""), ("HS-2", "chưa quyết định", "")]
    letter = approved.letter("HS-1")
    assert (letter.state, letter.number, letter.signed_on, letter.signer) == (
        "signed", "12/PXL-BQL", date(2023, 11, 15), SIGNER,
    )  # fmt: skip
    assert (approved.letter("HS-2").state, audit.verify(approved.place.ledger).broken_at) == ("approved", None)


@pytest.mark.fault(87)
def test_a_letter_that_was_never_approved_is_not_signed_by_a_row(waiting):
    sheet(waiting, SIGNED)
    [rows] = take(waiting).values()
    assert (rows[0][1], "chưa được lãnh đạo duyệt" in rows[0][2]) == ("không nhận", True)
    assert (waiting.letter("HS-1").state, waiting.letter("HS-1").approved_at) == ("complete", None)


def test_a_row_may_return_a_letter(waiting):
    sheet(waiting, {"Người ký": SIGNER, "Trả lại – lý do": "sai địa chỉ"})
    take(waiting)
    assert (waiting.letter("HS-1").state, waiting.letter("HS-1").reason) == ("returned", "sai địa chỉ")


@pytest.mark.fault(87)
@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"Số": None}, "thiếu số hoặc ngày ký"),
        ({"Ngày ký": None}, "thiếu số hoặc ngày ký"),
        ({"Người ký": None}, "thiếu tên người ký"),
        ({"Người ký": "Trần Văn Lạ"}, "không có trong danh sách người ký"),
        ({"Người ký": "Bui Ngoc Hai"}, "không có trong danh sách người ký"),
        ({"Ngày ký": "32/11/2023"}, "không đọc được"),
        ({"Ngày ký": "21/11/2023"}, "tương lai"),
        ({"Ngày ký": "13/11/2023"}, "không ghi lùi ngày"),
        ({"Trả lại – lý do": "x"}, "vừa ký vừa trả lại"),
        ({"Mã hồ sơ": "HS-9"}, "không có thư"),
        ({"SHA-256": "0" * 64}, "đã thay đổi sau khi trình"),
    ],
)
def test_a_row_that_cannot_be_true_is_refused_with_the_reason(approved, changed, why):
    sheet(approved, SIGNED, **changed)
    [rows] = take(approved).values()
    assert (rows[0][1], why in rows[0][2]) == ("không nhận", True)
    assert {approved.letter(number).state for number in ("HS-1", "HS-2")} == {"approved"}


def test_one_number_is_given_once(approved):
    sheet(approved, SIGNED, SIGNED)
    [rows] = take(approved).values()
    assert [row[1] for row in rows] == ["đã ghi", "không nhận"]
    assert "đã cấp cho hồ sơ HS-1" in rows[1][2]


def test_the_same_sheet_dropped_again_changes_nothing(approved):
    sheet(approved, SIGNED, {"Người ký": SIGNER, "Trả lại – lý do": "sai"})
    take(approved)
    both = ("HS-1", "HS-2")
    rows, before = audit.end(approved.place.ledger), [approved.letter(number) for number in both]
    sheet(approved, SIGNED, {"Người ký": SIGNER, "Trả lại – lý do": "sai"})
    assert {row[1] for rows in take(approved).values() for row in rows} <= {"đã ghi", "đã ghi từ trước"}
    assert (audit.end(approved.place.ledger), [approved.letter(number) for number in ("HS-1", "HS-2")]) == (
        rows,
        before,
    )


def test_the_original_is_kept_as_it_came(approved):
    sheet(approved, SIGNED)
    [dropped] = approved.inbox.glob("*.xlsx")
    content = dropped.read_bytes()
    take(approved)
    [kept] = approved.inbox.glob("da-nhan/*/VP-*[0-9].xlsx")
    assert (kept.read_bytes(), list(approved.inbox.glob("*.xlsx"))) == (content, [])


def test_a_scan_is_kept_with_the_row_it_came_with(approved):
    sheet(approved, SIGNED)
    (approved.inbox / "HS-1.pdf").write_bytes(SCAN)
    [(number, state, why)] = take(approved)["HS-1"]
    assert (number, state, why.startswith("Bùi Ngọc Hải ký, theo dòng trong bảng")) == ("HS-1", "đã ghi", True)
    sha256 = approved.letter("HS-1").signed_sha256
    [stored] = approved.place.out.glob(f"*/letters-store/{sha256}.signed.pdf")
    assert stored.read_bytes() == SCAN


@pytest.mark.fault(91)
@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("HS-1.pdf", SCAN, "không có chữ ký số của người ký thư"),
        ("HS-1.pdf", b"%PDF-1.4 torn", "Tệp PDF hỏng"),
        ("HS-1.docx", b"PK\x03\x04", "Không mở được tệp Word"),
        ("HS-1.pdf", b"MZ", "không phải docx hoặc pdf"),
        ("khac.pdf", b"%PDF-1.4", "không phải mã hồ sơ"),
        ("bang.xlsx", b"PK\x03\x04 broken", "tệp bị cắt cụt hoặc hỏng"),
    ],
)
def test_a_file_that_says_too_little_is_answered_and_records_nothing(approved, name, content, why):
    (approved.inbox / name).write_bytes(content)
    os.utime(approved.inbox / name, (time.time() - 99,) * 2)
    [[row]] = take(approved).values()
    assert (row[1], why in row[2], approved.letter("HS-1").state) == ("không nhận", True, "approved")


@pytest.mark.parametrize(
    ("text", "day"),
    [("15/11/2023", date(2023, 11, 15)), ("5.1.2024", date(2024, 1, 5)), ("31/02/2024", None), ("hôm qua", None)],
)
def test_days_are_read_as_offices_write_them(text, day):
    assert parse_day(text) == day


def test_files_of_others_are_left_where_they_lie(waiting):
    for name in ("~$VP-1.xlsx", ".tam.xlsx", "ghi-chu.txt"):
        (waiting.inbox / name).write_bytes(b"x")
    assert take(waiting) == {}
    assert len(list(waiting.inbox.iterdir())) == 3


@pytest.mark.fault(92)
def test_a_link_is_no_signed_document(waiting, tmp_path):
    elsewhere = tmp_path / "tep-rieng.docx"
    elsewhere.write_bytes(letter_document("x"))
    (waiting.inbox / "HS-1.docx").symlink_to(elsewhere)
    take(waiting)
    assert "không phải tệp thường mà là liên kết" in str(refusals(waiting))
    [row] = list_set_aside(waiting.place.ledger, campaign=waiting.place.day.campaign.code, since=date(2023, 1, 1))
    assert (row.door, (waiting.inbox / row.origin).is_symlink()) == (SIGNED_DOOR, True)
    assert (elsewhere.read_bytes()[:2], waiting.letter("HS-1").state) == (b"PK", "complete")


@pytest.mark.fault(91)
def test_a_sheet_that_cannot_be_read_and_a_letter_of_no_case_stand_in_the_ledger(waiting):
    (waiting.inbox / "a.xlsx").write_bytes(b"<html>")
    os.utime(waiting.inbox / "a.xlsx", (time.time() - 99,) * 2)
    (waiting.inbox / "la.docx").write_bytes(letter_document("x"))
    take(waiting)
    rows = list_set_aside(waiting.place.ledger, campaign=waiting.place.day.campaign.code, since=date(2023, 1, 1))
    assert [row.door for row in rows] == [SIGNED_DOOR, SIGNED_DOOR]
    assert [row.reason for row in rows][1] == "tên tệp không phải mã hồ sơ của thư nào"
    assert all((waiting.inbox / row.origin).is_file() for row in rows)


def refusals(office):
    """Return what is said beside what was set aside."""
    books = [openpyxl.load_workbook(path).active for path in office.inbox.glob("khong-nhan/*/*.ket-qua.xlsx")]
    return [cell.value for book in books for row in book for cell in row if cell.value]


def test_a_file_still_being_copied_waits(waiting):
    sheet(waiting, SIGNED)
    [path] = waiting.inbox.glob("*.xlsx")
    content = path.read_bytes()
    path.write_bytes(content[:5000])
    assert (take(waiting), path.exists()) == ({}, True)
    path.write_bytes(content)
    assert take(waiting)


def test_the_command_takes_in_and_says_how_many(approved, capsys):
    sheet(approved, SIGNED)
    assert main(["letters", "take", approved.code]) == 0
    assert "1 đã ghi" in capsys.readouterr().out
    assert approved.letter("HS-1").state == "signed"
