"""A workbook laid out once and filled for each reader."""

import io
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dondoc.office_files.prepared_workbook import PreparedWorkbook, Rows, word_to_come
from dondoc.office_files.workbook import Column, Workbook

TEXT, NUMBER, DAY, ASKED = (
    Column("a", "a"),
    Column("n", "n", "integer"),
    Column("d", "d", "date"),
    Column("f", "f", "fill"),
)
COLUMNS = (TEXT, NUMBER, DAY, ASKED)
NO_SIGNS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))


def prepared():
    book = Workbook()
    page = book.add_pattern("Một & hai", COLUMNS, title=f"Của {word_to_come('unit')}", closable=True)
    page.data_validation(3, 3, 3, 3, {"validate": "length", "criteria": "<=", "value": 9})
    return PreparedWorkbook(book.to_bytes(), ["Một & hai"])


PREPARED = prepared()


def filled(rows, unit="Phòng Đất đai"):
    return openpyxl.load_workbook(io.BytesIO(PREPARED.build({"unit": unit}, {"Một & hai": rows})))["Một & hai"]


def test_each_value_is_a_cell_of_its_kind():
    page = filled(Rows([["=1+1", None], [1_000, None], [date(2023, 11, 16), None], ["x", None]]))
    assert [cell.value for cell in page[4]] == ["=1+1", 1_000, datetime(2023, 11, 16), "x"]
    assert [cell.value for cell in page[5]] == [None] * 4
    assert (page["A4"].data_type, page["C4"].number_format) == ("s", "dd/mm/yyyy")


def test_a_cell_is_closed_only_where_it_is_said():
    page = filled(
        Rows([["a", "b"], [1, 2], [None, None], [None, "đã có"]], closed={3: {1}}, checked=[3], heights=[15, 30])
    )
    assert [page[place].protection.locked for place in ("D4", "D5")] == [False, True]
    assert [str(rule.sqref) for rule in page.data_validations.dataValidation] == ["D4:D5"]
    assert (page.row_dimensions[5].height, page.auto_filter.ref, page.dimensions) == (30, "A3:D5", "A1:D5")


def test_without_rows_the_headings_stay_and_nothing_is_checked():
    page = filled(Rows([[], [], [], []]))
    assert (page.max_row, page.auto_filter.ref, page.data_validations.dataValidation) == (3, "A3:D3", [])


@pytest.mark.fault(43)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=40), min_size=1, max_size=20), st.text(max_size=20))
@settings(max_examples=60)
def test_whatever_a_text_holds_is_read_back(texts, unit):
    page = filled(Rows([texts, [1] * len(texts), [None] * len(texts), [None] * len(texts)]), unit)
    shown = [(page.cell(4 + i, 1).value or "").replace("_x005F_", "_") for i in range(len(texts))]
    assert [one.replace("\r\n", "\n").replace("\r", "\n") for one in shown] == [plain(text) for text in texts]
    assert page["A1"].value.replace("_x005F_", "_").replace("\r", "\n") == f"Của {plain(unit)}".replace("\r", "\n")


def plain(text):
    """Return `text` as XML can hold it, its line ends as a spreadsheet program shows them."""
    kept = "".join(sign for sign in text if not 0xD800 <= ord(sign) < 0xE000)
    return kept.translate(NO_SIGNS).replace("\r\n", "\n").replace("\r", "\n")
