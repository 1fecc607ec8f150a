"""The report's workbook: every number leads to rows; text is never a formula; the package opens everywhere."""

import io
import zipfile

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.office_files.sheet_rows import FIRST_ROWS
from dondoc.office_files.workbook import Column, Workbook

from .conftest import report_of

TOTALLED = ("Tổng hợp", "Tình trạng hồ sơ")
TEXT, NUMBER, DATE, RATE = (
    Column("a", "a"),
    Column("n", "n", "integer"),
    Column("d", "d", "date"),
    Column("p", "p", "percent"),
)


def details(frame, columns=(TEXT,)):
    book = Workbook()
    book.add_details("Chi tiết", frame.convert_dtypes(dtype_backend="pyarrow"), columns, title="Chi tiết")
    return book.to_bytes()


def read(content):
    return list(openpyxl.load_workbook(io.BytesIO(content))["Chi tiết"].iter_rows(min_row=4, values_only=True))


@pytest.mark.fault(43)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=40), min_size=1, max_size=30))
def test_whatever_text_a_source_holds_is_read_back_and_never_a_formula(texts):
    content = details(pd.DataFrame({"a": pd.Series(texts, dtype="string[pyarrow]")}))
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Chi tiết"]
    plain = [str(text).translate(dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))) for text in texts]
    found = [sheet.cell(4 + i, 1) for i in range(len(texts))]
    assert all(cell.data_type in {"s", "inlineStr", "n"} for cell in found)
    assert [escaped(cell.value or "") for cell in found] == [
        text.replace("\r\n", "\n").replace("\r", "\n") for text in plain
    ]


def escaped(text):
    """Return what Excel shows of an inline string: openpyxl leaves its escapes as they stand."""
    return text.replace("_x005F_", "_").replace("\r\n", "\n").replace("\r", "\n")


def test_numbers_dates_and_rates_are_cells_of_their_kind():
    frame = pd.DataFrame({"n": [1_000_000, None], "d": [pd.Timestamp(2023, 11, 16, 7, 30), None], "p": [95.24, None]})
    rows = read(details(frame, (NUMBER, DATE, RATE)))
    assert rows == [(1_000_000, pd.Timestamp(2023, 11, 16, 7, 30).to_pydatetime(), 0.9524), (None, None, None)]


def test_many_rows_are_all_there_in_order_whether_their_values_come_back_or_not():
    many = 2 * FIRST_ROWS + 1
    late = [None] * FIRST_ROWS + [f"{i}" for i in range(FIRST_ROWS + 1)]
    few = ["x", None, *["<y>"] * (many - 2)]
    rows = read(details(pd.DataFrame({"n": range(many), "a": late, "b": few}), (NUMBER, TEXT, Column("b", "b"))))
    assert rows == list(zip(range(many), late, few, strict=True))


def test_values_that_come_back_in_several_sources_are_the_same_values():
    sources = [pd.DataFrame({"a": texts}, dtype="string[pyarrow]") for texts in (["x", None] * 9, ["y", "x"] * 9)]
    assert read(details(pd.concat(sources))) == [("x",), (None,)] * 9 + [("y",), ("x",)] * 9


def test_a_table_without_rows_has_its_heading_alone():
    assert read(details(pd.DataFrame({"a": pd.Series([], dtype="string[pyarrow]")}))) == []


def test_what_one_sheet_cannot_hold_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr("dondoc.office_files.workbook.ROWS_A_SHEET", 3)
    book = openpyxl.load_workbook(io.BytesIO(details(pd.DataFrame({"n": range(7)}), (NUMBER,))))
    assert book.sheetnames == ["Chi tiết", "Chi tiết (2)", "Chi tiết (3)"]
    assert [row[0] for sheet in book for row in sheet.iter_rows(min_row=4, values_only=True)] == list(range(7))


def test_every_sheet_is_filtered_and_frozen_and_the_package_is_whole(days):
    path = report_of(days["2023-11-16"][0])[1]
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        assert sum(name.startswith("xl/charts/chart") for name in package.namelist()) == 3
    book = openpyxl.load_workbook(path)
    tables = [sheet for sheet in book if sheet.title not in {"Biểu đồ", "Cách tính"}]
    assert all(sheet.freeze_panes == "A4" and sheet.auto_filter.ref for sheet in tables)
    assert all(sheet.auto_filter.ref.endswith(str(sheet.max_row)) for sheet in (book["Hồ sơ"], book["Công việc"]))


@pytest.fixture(scope="module")
def sheets(ran):
    path = ran[0] / "hai-phong-2023" / "2023-11-16" / "report" / "bao-cao-cuoi-cung-2023-11-16.xlsx"
    return {
        name: frame.iloc[:-1] if name in TOTALLED else frame
        for name, frame in pd.read_excel(path, sheet_name=None, header=2).items()
    }


@pytest.mark.parametrize(
    ("figure", "sheet", "filters"),
    [
        ("Hồ sơ trong kỳ", "Hồ sơ", {"Trong kỳ": "Có"}),
        ("Hồ sơ quá hạn", "Hồ sơ", {"Quá hạn": "Có"}),
        ("Đang giải quyết quá hạn", "Hồ sơ", {"Quá hạn": "Có", "Tình trạng": "Đang giải quyết, đã qua ngày hẹn trả"}),
        ("Được tính đã xin lỗi", "Hồ sơ", {"Quá hạn": "Có", "Được tính đã xin lỗi": "Có"}),
        ("Xin lỗi trước hạn", "Hồ sơ", {"Quá hạn": "Có", "Xin lỗi trước hạn": "Có"}),
        ("Giải quyết trước hạn", "Hồ sơ", {"Trong kỳ": "Có", "Tình trạng": "Đã giải quyết trước hạn"}),
        ("Giải quyết quá hạn", "Hồ sơ", {"Trong kỳ": "Có", "Tình trạng": "Đã giải quyết quá hạn"}),
        ("Tạm dừng", "Hồ sơ", {"Trong kỳ": "Có", "Tình trạng": "Tạm dừng"}),
        ("Công việc được giao", "Công việc", {"Được tính": "Có"}),
        ("Đã báo cáo hoàn thành, lưu trữ", "Công việc", {"Đã báo cáo, lưu trữ": "Có"}),
        ("Đã lập hồ sơ", "Công việc", {"Đã lập hồ sơ": "Có"}),
        ("Đạt cả hai", "Công việc", {"Đạt cả hai": "Có"}),
    ],
)
def test_a_number_is_the_rows_its_filters_leave(sheets, figure, sheet, filters):
    rows = sheets[sheet]
    for column, value in filters.items():
        rows = rows[rows[column] == value]
    unit = "Đơn vị" if sheet == "Hồ sơ" else "Đơn vị chủ trì"
    by_unit = rows[unit].value_counts()
    told = next(sheets[name].set_index("Đơn vị")[figure] for name in TOTALLED if figure in sheets[name])
    assert told.astype(int).to_dict() == {name: int(by_unit.get(name, 0)) for name in told.index}


def test_every_trace_names_a_sheet_and_columns_that_are_there(sheets):
    for row in sheets["Truy nguyên"].to_dict("records"):
        assert row["Trang"] in sheets
