"""Letters leave: packed and checked, the signed ones published once, the public list without personal data."""

import io
import zipfile
from datetime import date, datetime

import docx
import openpyxl
import pytest
from tests.people import TRAN_THI_B

from dondoc.__main__ import main
from dondoc.campaign import PublicList
from dondoc.errors import LetterError
from dondoc.ledger import transitions
from dondoc.ledger.signed_files import FileVerdict, record_verdict
from dondoc.ledger.transitions import Signature
from dondoc.letters.public_list import days_late_of, public_name
from dondoc.letters.publishing import publish_letters
from dondoc.letters.store import keep
from dondoc.letters.submission import put_up

from .conftest import AT, CASE

WHO = {"by": "Trần Thị B", "at": AT}
CITIZEN = {
    "case_number": "000.00.12.H24-231001-0002",
    "source_row": 2,
    "applicant": "Nguyễn Thị Bích",
    "applicant_kind": "citizen",
    "phone": "0912345678",
    "address": "12 Lạch Tray",
    "email": "bich@example.vn",
}


def approve(office):
    place = office.place
    shown = put_up(place.ledger, place.out, campaign="hai-phong-2023", unit="QLDT", **WHO)
    transitions.approve(place.ledger, [letter.id for letter in shown.letters], batch=shown.batch, **WHO)


def sign(office, *numbers):
    for letter, number in zip(office.letters.values(), numbers, strict=False):
        signature = Signature(number, date(2023, 11, 14), "Bùi Ngọc Hải")
        transitions.record_signature(office.place.ledger, letter.id, signature, **WHO)


def publish(office):
    return publish_letters(office.place, by=TRAN_THI_B, at=AT)


def packed(found):
    (path,) = [path for path in found.files if path.suffix == ".zip"]
    return zipfile.ZipFile(path)


@pytest.fixture
def signed(office):
    office.draft({}, CITIZEN)
    approve(office)
    sign(office, "12/PXL-BQL")
    return office


def test_approved_letters_are_packed_and_signed_ones_published(signed):
    found = publish(signed)
    archive = packed(found)
    rows = list(openpyxl.load_workbook(io.BytesIO(archive.read("danh-muc.xlsx"))).active.iter_rows(values_only=True))[
        3:
    ]
    assert (found.new, found.listed, archive.testzip()) == (1, 1, None)
    assert sorted(archive.namelist()) == [*(f"{row[0]}.docx" for row in rows), "danh-muc.xlsx"]
    assert [row[2:6] for row in rows] == [
        ("đã ký", "12/PXL-BQL", datetime(2023, 11, 14), "ký theo bảng trình ký, không kèm bản ký"),
        ("đã duyệt", None, None, ""),
    ]
    assert [letter.state for letter in signed.letters.values()] == ["published", "approved"]


def test_a_second_run_publishes_only_what_is_new(signed):
    first = publish(signed)
    assert publish(signed).new == 0
    transitions.record_signature(
        signed.place.ledger, signed.letters[CITIZEN["case_number"]].id, Signature("13", date(2023, 11, 14), "B"), **WHO
    )
    again = publish(signed)
    assert (again.new, again.listed, len(packed(again).namelist())) == (1, 2, 2)
    assert all(path.exists() for path in first.files)


def test_the_same_letters_make_the_same_bytes(signed):
    before = {path: path.read_bytes() for path in publish(signed).files if path.suffix != ".zip"}
    assert {path: path.read_bytes() for path in publish(signed).files if path.suffix != ".zip"} == before


@pytest.mark.parametrize("tamper", [lambda path: path.write_bytes(b"PK other"), lambda path: path.unlink()])
def test_a_file_that_is_not_what_was_approved_stops_all(signed, tamper):
    tamper(next((signed.place.out / "hai-phong-2023" / "letters-store").glob("*.docx")))
    with pytest.raises(LetterError, match="đã duyệt bị"):
        publish(signed)
    assert not (signed.place.out / "hai-phong-2023" / "published").exists()
    assert "published" not in {letter.state for letter in signed.letters.values()}


def test_a_held_letter_does_not_leave(office):
    office.draft({})
    approve(office)
    office.draft({"reason": "khác"})
    assert [path.suffix for path in publish(office).files] == [".docx", ".html"]


def sign_with_file(office, *, accepted):
    office.draft({})
    approve(office)
    (sha256,) = keep(office.place.out, "hai-phong-2023", [b"%PDF"], suffix=".pdf")
    signature, letter = Signature("12", date(2023, 11, 14), "B", sha256), office.letter
    with office.place.ledger.begin() as connection:
        transitions.record_signature(connection, letter.id, signature, **WHO)
        record_verdict(connection, letter, FileVerdict(sha256, accepted, "chữ ký số hợp lệ của B"), at=AT)


def test_the_signed_document_goes_along_with_its_verdict(office):
    sign_with_file(office, accepted=True)
    archive = packed(publish(office))
    assert archive.read(f"{CASE['case_number']}_da-ky.pdf") == b"%PDF"
    rows = openpyxl.load_workbook(io.BytesIO(archive.read("danh-muc.xlsx"))).active.iter_rows(values_only=True)
    assert [row[5] for row in rows][3:] == ["chữ ký số hợp lệ của B"] * 2


@pytest.mark.fault(87)
def test_a_signed_document_no_verdict_accepted_does_not_leave(office):
    sign_with_file(office, accepted=False)
    found = publish(office)
    assert (found.new, found.unverified) == (0, [CASE["case_number"]])
    assert [path.suffix for path in found.files] == [".docx", ".html"]
    assert office.letter.state == "signed"


@pytest.mark.fault(87)
def test_a_signed_document_changed_in_the_store_stops_all(office):
    sign_with_file(office, accepted=True)
    next((office.place.out / "hai-phong-2023" / "letters-store").glob("*.pdf")).write_bytes(b"%PDF other")
    with pytest.raises(LetterError, match="đã duyệt bị sửa"):
        publish(office)
    assert office.letter.state == "signed"


def test_the_public_list_holds_no_personal_data(signed):
    sign_second = signed.letters[CITIZEN["case_number"]].id
    transitions.record_signature(signed.place.ledger, sign_second, Signature("13", date(2023, 11, 14), "B"), **WHO)
    word, page = publish(signed).files[:2]
    (table,) = [table for table in docx.Document(word).tables if table.rows[0].cells[0].text == "STT"]
    assert [[cell.text for cell in row.cells][:4] for row in table.rows[1:]] == [
        ["1", CASE["case_number"], CASE["procedure"], "CÔNG TY TNHH MỘT"],
        ["2", CITIZEN["case_number"], CASE["procedure"], "N.T.B."],
    ]
    everything = page.read_text() + "".join(p.text for p in docx.Document(word).paragraphs)
    everything += "".join(cell.text for row in table.rows for cell in row.cells)
    assert not [CITIZEN[name] for name in ("applicant", "phone", "address", "email") if CITIZEN[name] in everything]


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({"days_late": 0, "days_late_words": "0", "before_due": True}, "xin lỗi trước hạn"),
        ({"days_late": 1204, "days_late_words": "từ 1.204 trở lên"}, "từ 1.204 trở lên"),
        ({"days_late": 1204}, "1.204"),
    ],
)
def test_a_letter_sent_before_the_lapse_is_not_said_to_be_no_days_late(facts, shown):
    assert days_late_of(facts) == shown


@pytest.mark.parametrize(
    ("kind", "rules", "shown"),
    [
        ("business", PublicList(), "Lê Văn Tám"),
        ("business", PublicList(show_organisation=False), ""),
        ("citizen", PublicList(mask_citizen="initials"), "L.V.T."),
        ("citizen", PublicList(), ""),
        ("", PublicList(mask_citizen="initials"), "L.V.T."),
    ],
)
def test_a_name_is_shown_as_the_campaign_says(kind, rules, shown):
    assert public_name({"addressee": "Lê Văn Tám", "applicant_kind": kind}, rules) == shown


def test_the_command_publishes(signed, turn_to, capsys):
    turn_to("2023-11-14")
    assert main(["letters", "publish", "hai-phong-2023", "--by", "Trần Thị B"]) == 0
    assert "công khai thêm 1 thư" in capsys.readouterr().out
