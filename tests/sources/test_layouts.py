"""Tables as they lie on a sheet: titles, headings of several rows, pages, totals, other sheets."""

from pathlib import Path

import openpyxl
import pytest
from books import HEADINGS, case, write_book

from dondoc.errors import SourceError

FIXTURES = Path(__file__).parent / "fixtures"
TITLE = [["BAN QUẢN LÝ KHU KINH TẾ"], ["SỔ THEO DÕI HỒ SƠ"], []]
FORM = [
    [*HEADINGS[:4], "Nhận và trả kết quả", None, "Trạng thái"],
    [None, None, None, None, "Nhận hồ sơ", "Hẹn trả", None],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)=(5)+20", "(7)"],
]


def numbers(intake):
    return intake.accepted["case_number"].tolist()


@pytest.mark.fault(29)
@pytest.mark.parametrize(
    ("rows", "first"),
    [
        pytest.param([HEADINGS, case()], 2, id="plain"),
        pytest.param([*TITLE, HEADINGS, case()], 5, id="under a title"),
        pytest.param([[], [], HEADINGS, case()], 4, id="under empty rows"),
        pytest.param([*TITLE, *FORM, case()], 7, id="two rows of headings and column numbers"),
        pytest.param([*TITLE, HEADINGS, ["A", "B", 1, 2, 3, 4, 5], case()], 6, id="letters and numbers of columns"),
        pytest.param([HEADINGS, [], case()], 3, id="an empty row below the headings"),
        pytest.param([[f" {h}\u200b\u00a0" for h in HEADINGS], case()], 2, id="signs nobody sees"),
        pytest.param([[h.upper() for h in HEADINGS], case()], 2, id="capitals"),
        pytest.param([[*HEADINGS[:2], "Ghi chú", *HEADINGS[2:]], [1, "H24-1", "x", *case()[2:]]], 2, id="one more"),
    ],
)
def test_headings_are_found_by_what_they_say(tmp_path, read, rows, first):
    row = read(write_book(tmp_path / "a.xlsx", {"S": rows})).accepted.iloc[0]
    assert (row["case_number"], row["unit"], str(row["due_at"]), row["source_row"]) == (
        *("H24-1", "QLDT", "2023-10-10 00:00:00"),
        first,
    )


@pytest.mark.fault(29)
def test_three_rows_of_headings_are_read_by_their_lowest(tmp_path, read):
    rows = [["SỔ", *[None] * 6], ["Hồ sơ", None, None, "Thời hạn", None, None, None], HEADINGS, case()]
    assert numbers(read(write_book(tmp_path / "a.xlsx", {"S": rows}))) == ["H24-1"]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(HEADINGS, id="the heading of a later page"),
        pytest.param([None] * 7, id="an empty row"),
        pytest.param(["", " ", None, None, None, None, None], id="a row of spaces"),
        pytest.param([7, None, None, None, None, None, None], id="a number alone, of a form not filled in"),
        pytest.param(["Tổng cộng", None, "12 hồ sơ", None, None, None, None], id="a total"),
        pytest.param([None, "Tổng cộng", "12", None, None, None, None], id="a total where the number stands"),
        pytest.param(["(1)", None, "(3)", "(4)", "(5)", None, None], id="column numbers of a later page"),
        pytest.param(["Cộng", 12, None, None, None, None, None], id="a sum, its count where the number stands"),
        pytest.param(["Cộng Phòng QLĐT", "12 hồ sơ", None, None, None, None, None], id="the sum of a group"),
        pytest.param([None, "Cộng:", None, 12, None, None, None], id="a sum where the number stands"),
        pytest.param(["TỔNG SỐ", None, None, 12, None, None, None], id="a total in capitals"),
    ],
)
def test_what_is_no_record_is_none_in_the_middle_too(tmp_path, read, row):
    intake = read(write_book(tmp_path / "a.xlsx", {"S": [HEADINGS, case(1), row, case(2)]}))
    assert (numbers(intake), intake.rows_in) == (["H24-1", "H24-2"], 2)


@pytest.mark.parametrize("first", ["Công ty A", "Cộng đồng dân cư thôn 1", "Tổng công ty B"])
def test_a_record_whose_first_cell_only_looks_like_a_sum_is_kept(tmp_path, read, first):
    rows = [["Chủ hồ sơ", *HEADINGS[1:]], [first, *case(1)[1:]], [first, None, *case(2)[2:]]]
    intake = read(write_book(tmp_path / "a.xlsx", {"S": rows}))
    assert (numbers(intake), intake.quarantined["reason"].tolist()) == (["H24-1"], ["missing_key"])


def test_a_record_that_only_sounds_like_a_total_is_kept(tmp_path, read):
    rows = [HEADINGS, case(1, **{"Tên thủ tục": "Tổng cộng chi phí"}), case(2)]
    assert read(write_book(tmp_path / "a.xlsx", {"S": rows})).rows_in == 2


@pytest.mark.fault(29)
@pytest.mark.parametrize(
    ("other", "kept"),
    [
        pytest.param("H24-1", True, id="equal"),
        pytest.param(None, True, id="empty"),
        pytest.param("H24-9", False, id="different"),
    ],
)
def test_one_heading_twice_is_taken_only_when_the_second_adds_nothing(tmp_path, read, other, kept):
    path = write_book(tmp_path / "a.xlsx", {"S": [[*HEADINGS, "Số hồ sơ"], [*case(), other]]})
    if kept:
        assert numbers(read(path)) == ["H24-1"]
    else:
        with pytest.raises(SourceError, match=r"Hai cột cùng mang tiêu đề “Số hồ sơ”.*cột B và H"):
            read(path)


@pytest.mark.fault(28)
def test_the_sheet_is_chosen_by_its_headings_whatever_is_active(tmp_path, read):
    path = write_book(tmp_path / "a.xlsx", {"Bìa": [["x"]], "Dữ liệu": [HEADINGS, case()], "Cuối": [["y"]]})
    book = openpyxl.load_workbook(path)
    book.active = 2
    book.save(path)
    assert numbers(read(path)) == ["H24-1"]


def test_a_hidden_sheet_is_read_only_where_no_other_fits(tmp_path, read):
    sheets = {"Cũ": [HEADINGS, case(9)], "Mới": [HEADINGS, case(1)]}
    assert numbers(read(write_book(tmp_path / "a.xlsx", sheets, hidden=["Cũ"]))) == ["H24-1"]
    sheets["Mới"] = [["khác"]]
    assert numbers(read(write_book(tmp_path / "b.xlsx", sheets, hidden=["Cũ"]))) == ["H24-9"]


def test_a_second_sheet_adds_the_records_the_first_does_not_name(tmp_path, read):
    sheets = {"Quý 3": [HEADINGS, case(1), case(2)], "Quý 4": [HEADINGS, case(2, **{"Tên thủ tục": "x"}), case(3)]}
    intake = read(write_book(tmp_path / "a.xlsx", sheets))
    assert (numbers(intake), intake.rows_in) == (["H24-1", "H24-2", "H24-3"], 3)
    assert intake.accepted["source_row"].tolist() == [2, 3, 3]


def test_rows_and_columns_hidden_in_excel_are_read(tmp_path, read):
    path = write_book(tmp_path / "a.xlsx", {"S": [HEADINGS, case(1), case(2)]})
    book = openpyxl.load_workbook(path)
    book["S"].row_dimensions[3].hidden = True
    book["S"].column_dimensions["F"].hidden = True
    book.save(path)
    assert read(path).rows_in == 2


def test_a_wrong_profile_names_the_headings_wanted_and_those_found(tmp_path, read):
    path = write_book(tmp_path / "a.xlsx", {"S": [["STT", "Mã hồ sơ", "Trạng thái"], [1, "a", "b"]]})
    with pytest.raises(SourceError, match=r"thiếu Tên thủ tục hành chính / Tên thủ tục.*Đã thấy: Mã hồ sơ, Trạng thái"):
        read(path)


@pytest.mark.parametrize("form", ["xls", "ods"])
def test_old_and_open_forms_are_read_like_any_other(read, form):
    """LibreOffice wrote the two files from one workbook."""
    intake = read(FIXTURES / f"mot-cua.{form}")
    assert numbers(intake) == ["H24-1", "H24-2", "H24-3"]
    assert intake.accepted["due_at"].astype(str).tolist() == [
        *("2023-10-10 00:00:00", "2023-10-10 16:30:00", "2023-10-10 00:00:00")
    ]
    assert (intake.quarantined["reason"].tolist(), intake.quarantined["row"].tolist()) == (["bad_date"], [7])
