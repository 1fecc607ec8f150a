"""Each row as high as its wrapped words: LibreOffice prints one line over the other where a row says nothing."""

import io

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.letters import listing
from dondoc.office_files.page_setup import POINTS_OF_A_PAGE, ROWS_PRINTED, SMALLEST_SCALE
from dondoc.office_files.row_heights import LINE_POINTS, MOST_LINES, lines_of_rows, row_points
from dondoc.office_files.workbook import Column, Workbook

NARROW, WIDE = Column("a", "a", width=12), Column("b", "b", width=40)
OFF_PAPER = Column("c", "c", width=30, on_paper=False)
NUMBER = Column("n", "n", "integer")
TEXTS = st.lists(st.none() | st.sampled_from(["", "ngắn", "dài " * 9, "rất dài " * 40]), min_size=1, max_size=40)
SHEET = "Trang"


def heights(sheet, rows):
    # One line is what every program gives a row that says nothing.
    return [sheet.row_dimensions[4 + i].height or LINE_POINTS for i in range(rows)]


def book_of(add, frame, columns, **options):
    book = Workbook()
    getattr(book, add)(SHEET, frame.convert_dtypes(dtype_backend="pyarrow"), columns, title="Tên", **options)
    return openpyxl.load_workbook(io.BytesIO(book.to_bytes()))[SHEET]


@given(TEXTS)
def test_all_rows_at_once_are_as_high_as_each_row_by_itself(texts):
    values = pa.chunked_array([pa.array(texts, pa.string())])
    singly = row_points([(texts, NARROW.width), (texts, WIDE.width)])
    together = lines_of_rows([(values, NARROW.width), (values, WIDE.width)], len(texts))
    assert [LINE_POINTS * lines for lines in together.tolist()] == singly
    assert max(singly) <= LINE_POINTS * MOST_LINES


@pytest.mark.parametrize("add", ["add_table", "add_details"])
def test_a_row_is_as_high_as_the_longest_of_its_wrapped_cells(add):
    frame = pd.DataFrame({"a": ["ngắn", "x" * 25, None], "b": ["", "y" * 30, "z" * 100], "n": [1, 2, 3]})
    sheet = book_of(add, frame, (NARROW, WIDE, NUMBER))
    assert heights(sheet, 3) == [15, 45, 45]


@pytest.mark.parametrize("many", [3, 9000], ids=["few", "values that come back"])
def test_details_keep_heights_in_every_piece_of_their_rows(many):
    frame = pd.DataFrame({"a": ["x" * (1 + 20 * (i % 3)) for i in range(many)], "n": range(many)})
    sheet = book_of("add_details", frame, (NARROW, NUMBER))
    assert heights(sheet, many) == [(15, 30, 60)[i % 3] for i in range(many)]


def test_a_column_that_says_nothing_leaves_rows_low():
    columns = [(pa.chunked_array([pa.nulls(2)]), 12), (pa.chunked_array([pa.array(["x" * 25, None])]), 12)]
    assert lines_of_rows(columns, 2).tolist() == [3, 1]


def test_notes_are_as_high_as_their_lines_and_fit_a_page():
    book = Workbook()
    book.add_notes(SHEET, ["ngắn", "dài " * 60], title="Tên")
    sheet = openpyxl.load_workbook(io.BytesIO(book.to_bytes()))[SHEET]
    assert sheet.row_dimensions[4].height == 30
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)


def test_columns_kept_off_paper_are_in_the_sheet_and_outside_what_is_printed():
    frame = pd.DataFrame({"a": ["x"] * 3, "c": ["y"] * 3})
    for add in ("add_table", "add_details"):
        sheet = book_of(add, frame, (NARROW, OFF_PAPER))
        assert sheet.print_area == f"'{SHEET}'!$A$1:$A$6"
        assert sheet["B4"].value == "y"


def test_a_long_list_prints_its_first_rows_and_says_so():
    many = ROWS_PRINTED + 1
    sheet = book_of("add_details", pd.DataFrame({"a": ["x"] * many}), (NARROW,))
    assert sheet.print_area == f"'{SHEET}'!$A$1:$A${3 + ROWS_PRINTED}"
    assert f"{ROWS_PRINTED} dòng đầu trong {many}" in sheet["A2"].value
    assert sheet.max_row == 3 + many


def test_a_list_that_is_printed_whole_says_nothing_of_printing():
    sheet = book_of("add_details", pd.DataFrame({"a": ["x"]}), (NARROW,))
    assert (sheet["A2"].value, list(sheet.print_area)) == (None, [])


def test_a_sheet_too_wide_for_one_page_goes_on_across_under_its_names():
    columns = (Column("Mã", "a", width=9), Column("Đơn vị", "b", width=38), *[Column("Số", "n", "integer", 11)] * 30)
    sheet = book_of("add_table", pd.DataFrame({"a": ["x"], "b": ["y"], "n": [1]}), columns)
    assert (sheet.page_setup.fitToWidth, sheet.print_title_cols) == (2, "$A:$B")
    assert SMALLEST_SCALE >= 0.5
    assert POINTS_OF_A_PAGE < 297 / 25.4 * 72


def test_the_list_of_letters_leaves_its_paths_off_paper_and_wraps():
    words = {listing.UNIT: "Phòng"}
    values = (1, "H24", "Cấp giấy " * 12, "Dự thảo", "ngày", "", None, None, None, "letters/x.docx")
    content = listing._laid_out().build(words, {listing.SHEET: listing._filled([values, values])})
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert heights(sheet, 2) == [30, 30]
    assert sheet.print_area == f"'{listing.SHEET}'!$A$1:$I$5"
