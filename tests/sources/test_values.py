"""Cells as people and spreadsheets leave them: dates, numbers, terms, errors."""

from datetime import date, datetime

import pytest
import xlsxwriter
from books import HEADINGS, case, rewrite_member, write_book

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def due(tmp_path, read):
    """Return the due date that comes of a cell, or the reason its row was refused for."""

    def due_of(written, **changes):
        path = write_book(tmp_path / "a.xlsx", {"S": [HEADINGS, case(**{"Ngày hẹn trả": written})]})
        intake = read(path, **changes)
        if len(intake.quarantined):
            return intake.quarantined["reason"][0]
        return intake.accepted["due_at"][0].to_pydatetime()

    return due_of


@pytest.mark.fault(30)
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (datetime(2023, 10, 10, 16, 30), datetime(2023, 10, 10, 16, 30)),
        (date(2023, 10, 10), datetime(2023, 10, 10)),
        ("10/10/2023", datetime(2023, 10, 10)),
        ("1/11/2023", datetime(2023, 11, 1)),
        ("10/10/2023 16:30", datetime(2023, 10, 10, 16, 30)),
        ("16:30:05 10/10/2023", datetime(2023, 10, 10, 16, 30, 5)),
        ("2023-10-10", datetime(2023, 10, 10)),
        ("20231010163005", datetime(2023, 10, 10, 16, 30, 5)),
        (45209, datetime(2023, 10, 10)),
        ("45209", datetime(2023, 10, 10)),
        (45209.6875, datetime(2023, 10, 10, 16, 30)),
        ("31/11/2023", "bad_date"),
        ("12/25/2023", "bad_date"),
        ("10/10/23", "bad_date"),
        ("10/10/1999", "bad_date"),
        ("01/01/2100", "bad_date"),
        ("20231010", "bad_date"),
        ("2023101", "bad_date"),
        (2023, "bad_date"),
        (True, "bad_date"),
        ("10/10/2023 25:00", "bad_date"),
        ("khoảng tháng 10", "bad_date"),
        ("#N/A", "unreadable"),
        ("01/10/2023", "date_order"),
    ],
)
def test_a_date_is_read_as_declared_and_never_guessed(due, written, meant):
    assert due(written) == meant


@pytest.mark.fault(30)
def test_day_numbers_count_from_the_day_the_workbook_says(tmp_path, read):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, case(**{"Ngày hẹn trả": 43747}))
        sheet.write_row(2, 0, case(2))
        sheet.write_datetime(2, 5, datetime(2023, 10, 10), book.add_format({"num_format": "dd/mm/yyyy"}))
    assert set(read(tmp_path / "a.xlsx").accepted["due_at"]) == {datetime(2023, 10, 10)}


@pytest.mark.parametrize(("allowed", "accepted"), [(False, 0), (True, 1)])
def test_a_csv_holds_day_numbers_only_where_the_profile_says_so(tmp_path, read, allowed, accepted):
    rows = [HEADINGS, case(**{"Ngày hẹn trả": 45209})]
    (tmp_path / "a.csv").write_text("\n".join(",".join(map(str, row)) for row in rows))
    assert len(read(tmp_path / "a.csv", serials=allowed).accepted) == accepted


@pytest.mark.fault(40)
def test_what_began_after_the_business_date_is_refused(tmp_path, read):
    path = write_book(tmp_path / "a.xlsx", {"S": [HEADINGS, case(), case(2, **{"Ngày tiếp nhận": "03/10/2023"})]})
    intake = read(path, as_of=date(2023, 10, 2))
    assert (intake.accepted["case_number"].tolist(), intake.quarantined["reason"].tolist()) == (["H24-1"], ["future"])


@pytest.mark.fault(31)
@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        pytest.param(b'<c r="F2"><f>1+1</f></c>', "unreadable", id="a formula never calculated"),
        pytest.param(b'<c r="F2"><f>1+1</f><v></v></c>', "unreadable", id="a formula without its value"),
        pytest.param(b'<c r="F2" t="e"><f>B99</f><v>#REF!</v></c>', "unreadable", id="a broken formula"),
        pytest.param(b'<x:c xmlns:x="m" r="F2"><x:f>1+1</x:f></x:c>', "unreadable", id="in another writing"),
        pytest.param(b'<c r="F2" t="str"><f>A1</f><v>10/10/2023</v></c>', None, id="a formula with its text"),
        pytest.param(b'<c r="F2" t="str"><f>A1</f><v></v></c>', None, id="a formula that says nothing"),
        pytest.param(b'<c r="B2"><v>12345678901234567890</v></c>', "unreadable", id="a number longer than Excel keeps"),
        pytest.param(b'<c r="B2"><v>1.2345678E+19</v></c>', "unreadable", id="a number shown with an exponent"),
        pytest.param(b'<c r="B2"><v>12e15</v></c>', "unreadable", id="an exponent without a sign"),
        pytest.param(b'<c r="B2"><v>-1E+100</v></c>', "unreadable", id="an exponent of three digits"),
        pytest.param(b'<c r="B2"><v>1.2345678901234567E+19</v></c>', "unreadable", id="the same, shortened"),
        pytest.param(b'<c r="B2"><v>123456789012345</v></c>', None, id="a number Excel keeps"),
    ],
)
def test_a_cell_without_a_usable_value_is_not_taken_for_empty(tmp_path, read, cell, reason):
    path = write_book(tmp_path / "a.xlsx", {"S": [HEADINGS, case(), case(2)]})
    place = cell.partition(b'r="')[2][:2]

    def change(sheet):
        start = sheet.index(b'<c r="' + place)
        end = sheet.index(b"</c>", start) + 4
        return sheet[:start] + cell + sheet[end:]

    intake = read(rewrite_member(path, SHEET, change))
    assert intake.rows_in == 2
    assert intake.quarantined["reason"].tolist() == ([reason] if reason else [])


@pytest.mark.fault(34)
@pytest.mark.parametrize(
    ("number", "accepted"),
    [("000.00.16.H24-231002-0001", 1), ("16.H24-231002-0001", 0), ("1.23E+19", 0), ("231002", 0)],
)
def test_a_number_out_of_shape_is_refused_with_a_hint(tmp_path, read, number, accepted):
    path = write_book(tmp_path / "a.xlsx", {"S": [HEADINGS, case(**{"Số hồ sơ": number})]})
    intake = read(path, pattern=r"\d{3}\.\d{2}\.\d{2}\.H\d{2}-\d{6}-\d{4,}")
    assert len(intake.accepted) == accepted
    assert set(intake.quarantined["reason"]) <= {"damaged_key"}


@pytest.mark.parametrize(
    "twin", ["h24-1", " H24-1 ", "Н24-1", "H24-１"], ids=["case", "spaces", "Cyrillic", "full-width"]
)
def test_numbers_that_look_alike_are_one_number(tmp_path, read, twin):
    rows = [case(), case(**{"Số hồ sơ": twin, "Tên thủ tục": "Khác"}), case(2)]
    intake = read(write_book(tmp_path / "a.xlsx", {"S": [HEADINGS, *rows]}))
    assert (len(intake.accepted), set(intake.quarantined["reason"])) == (1, {"conflict"})


@pytest.mark.parametrize(
    ("written", "length", "unit"),
    [
        ("5 ngày làm việc", 5, "working_day"),
        ("20 ngày", 20, "day"),
        ("8 giờ làm việc", 8, "working_hour"),
        (15, 15, "working_day"),
        ("15.0", 15, "working_day"),
        ("03 Ngày Làm Việc", 3, "working_day"),
    ],
)
def test_a_term_has_a_length_and_a_unit(tmp_path, read, written, length, unit):
    path = write_book(tmp_path / "a.xlsx", {"S": [[*HEADINGS, "Số ngày giải quyết"], [*case(), written]]})
    row = read(path).accepted.iloc[0]
    assert (row["term_length"], row["term_unit"]) == (length, unit)


@pytest.mark.parametrize("written", ["một tuần", "5 tháng", "-3", "3,5 ngày"])
def test_a_term_that_is_none_is_refused(tmp_path, read, written):
    path = write_book(tmp_path / "a.xlsx", {"S": [[*HEADINGS, "Số ngày giải quyết"], [*case(), written]]})
    assert read(path).quarantined["reason"].tolist() == ["bad_term"]


def test_a_bare_term_without_a_declared_unit_is_refused(tmp_path, read):
    path = write_book(tmp_path / "a.xlsx", {"S": [[*HEADINGS, "Số ngày giải quyết"], [*case(), 5]]})
    assert read(path, default_term_unit=None).quarantined["reason"].tolist() == ["bad_term"]


@pytest.mark.parametrize("sign", ["\u200b", "\u202e", "\ufeff", "\u2066"])
def test_signs_nobody_sees_are_taken_out_of_a_word(tmp_path, read, sign):
    path = write_book(tmp_path / "a.xlsx", {"S": [HEADINGS, case(**{"Số hồ sơ": f"H24{sign}-1"})]})
    assert read(path).accepted["case_number"].tolist() == ["H24-1"]
