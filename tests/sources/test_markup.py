"""Exports that are called .xls and are HTML or SpreadsheetML 2003; merged cells of every form."""

import os
import random
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from books import HEADINGS, case

from dondoc.errors import SourceError
from dondoc.sources.merges import xls_merges

SS = "urn:schemas-microsoft-com:office:spreadsheet"


def cells(row, tag="td"):
    return "".join(f"<{tag}>{'' if cell is None else cell}</{tag}>" for cell in row)


def page(*rows, before="<h3>DANH SÁCH HỒ SƠ</h3>", head=HEADINGS):
    lines = [row if isinstance(row, str) else f"<tr>{cells(row)}</tr>" for row in rows]
    table = f"<table border=1><tr>{cells(head, 'th')}</tr>{''.join(lines)}</table>"
    return f"<html><head><meta charset=utf-8></head><body>{before}{table}</body></html>"


def data(cell):
    kind = "Number" if isinstance(cell, int) else "String"
    return f'<Cell><Data ss:Type="{kind}">{cell}</Data></Cell>'


def document(*rows, head=HEADINGS, after=""):
    lines = [row if isinstance(row, str) else f"<Row>{''.join(map(data, row))}</Row>" for row in (head, *rows)]
    table = f'<Worksheet ss:Name="Hồ sơ"><Table>{"".join(lines)}</Table>{after}</Worksheet>'
    return f'<?xml version="1.0"?><Workbook xmlns="{SS}" xmlns:ss="{SS}">{table}</Workbook>'


@pytest.fixture
def take(tmp_path, read):
    def take_text(text, encoding="utf-8", name="a.xls"):
        (tmp_path / name).write_bytes(text.encode(encoding))
        return read(tmp_path / name)

    return take_text


def told(intake):
    return intake.accepted[["case_number", "unit", "due_at"]].astype(str).to_numpy().tolist()


TWO = [["H24-1", "QLDT", "2023-10-10 00:00:00"], ["H24-2", "QLDT", "2023-10-10 00:00:00"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("written", [page, document], ids=["html", "spreadsheetml"])
def test_both_forms_are_read_like_a_workbook(take, written, encoding):
    assert told(take(written(case(1), case(2)), encoding)) == TWO


def test_a_page_without_a_root_a_nested_table_and_a_line_break_are_read(take):
    row = case(2, **{"Phòng ban": "P.<br>QLĐT", "Tên thủ tục": "<b>Cấp</b> phép<table><tr><td>x</td></tr></table>"})
    text = page(case(1), row)
    assert told(take(text[text.index("<table") : text.rindex("</body>")])) == TWO


def test_the_table_with_the_headings_is_read_whatever_stands_around_it(take):
    menu = "<table><tr><td>Trang chủ</td><td>Thoát</td></tr></table>"
    assert told(take(page(case(1), case(2), before=menu))) == TWO


def test_excel_s_own_page_is_no_spreadsheetml(take):
    assert told(take(page(case(1), case(2)).replace("<html>", f'<html xmlns:ss="{SS}">'))) == TWO


def test_dates_and_gaps_of_spreadsheetml_are_its_own(take):
    date = '<Cell ss:Index="6"><Data ss:Type="DateTime">2023-10-10T00:00:00.000</Data></Cell>'
    gap = f"<Row ss:Index='5'>{''.join(map(data, case(2)[:5]))}{date}{data('Đang xử lý')}</Row>"
    intake = take(document(case(1), gap))
    assert told(intake) == TWO
    assert intake.accepted["source_row"].tolist() == [2, 5]


@pytest.mark.fault(31)
def test_a_formula_that_was_never_calculated_is_refused(take):
    cells = "".join(map(data, case(1)[:5]))
    row = f'<Row>{cells}<Cell ss:Formula="=R1C1"/>{data("Đang xử lý")}</Row>'
    assert take(document(row, case(2))).quarantined["reason"].tolist() == ["unreadable"]


def test_a_unit_merged_over_its_rows_is_each_row_s(take):
    rows = [case(i) for i in (1, 2, 3)]
    merged = "<td rowspan=3>P. QLĐT</td>"
    first = f"<tr>{cells(rows[0][:3])}{merged}{cells(rows[0][4:])}</tr>"
    rest = [f"<tr>{cells(row[:3] + row[4:])}</tr>" for row in rows[1:]]
    assert take(page(first, *rest)).accepted["unit"].tolist() == ["QLDT"] * 3
    down = data("P. QLĐT").replace("<Cell>", '<Cell ss:MergeDown="2">')
    first = f"<Row>{''.join(map(data, rows[0][:3]))}{down}{''.join(map(data, rows[0][4:]))}</Row>"
    placed = [data(row[4]).replace("<Cell>", "<Cell ss:Index='5'>") for row in rows[1:]]
    rest = [
        f"<Row>{''.join(map(data, row[:3]))}{fifth}{''.join(map(data, row[5:]))}</Row>"
        for row, fifth in zip(rows[1:], placed, strict=True)
    ]
    assert take(document(first, *rest)).accepted["unit"].tolist() == ["QLDT"] * 3


@pytest.fixture
def saved_as(tmp_path):
    """Return a function that saves a workbook in another form, by LibreOffice."""

    def save(path, form):
        if form == "xlsx":
            return path
        if not shutil.which("soffice"):
            if os.environ.get("DONDOC_TEST_REQUIRE_OFFICE"):
                pytest.fail("không có LibreOffice")
            pytest.skip("không có LibreOffice trên máy này")
        there = ["--headless", "--convert-to", form, "--outdir", str(tmp_path), str(path)]
        subprocess.run(
            ["soffice", f"-env:UserInstallation={(tmp_path / 'p').as_uri()}", *there], check=True, capture_output=True
        )
        return path.with_suffix(f".{form}")

    return save


def test_an_old_workbook_that_is_damaged_has_no_merged_cells_and_stops_nothing():
    content = (Path(__file__).parent / "fixtures" / "mot-cua.xls").read_bytes()
    draw = random.Random(1)
    for _ in range(300):
        spoilt = bytearray(content)
        for _ in range(draw.randint(1, 6)):
            spoilt[draw.randrange(len(spoilt) if draw.random() < 0.5 else 512)] ^= 1 << draw.randrange(8)
        xls_merges(bytes(spoilt))


@pytest.mark.parametrize("form", ["xlsx", "xls", "ods"])
def test_a_unit_merged_in_a_workbook_is_each_row_s_and_a_number_never(tmp_path, read, saved_as, form):
    book = openpyxl.Workbook()
    for row in [HEADINGS, *(case(i) for i in range(1, 5))]:
        book.active.append(row)
    book.active.merge_cells("D2:D4")
    book.active.merge_cells("B4:B5")
    book.create_sheet("Khác")["A1"] = "x"
    book.save(tmp_path / "a.xlsx")
    intake = read(saved_as(tmp_path / "a.xlsx", form))
    assert intake.accepted[["case_number", "unit"]].to_numpy().tolist() == [[f"H24-{i}", "QLDT"] for i in (1, 2, 3)]
    assert intake.quarantined["reason"].tolist() == ["missing_key"]


BOMB = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]>'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("<html><body>Đăng nhập</body></html>", "nội dung là trang web", id="a login page"),
        pytest.param("<html><table><tr><td>Đăng nhập</td></tr></table>", "nội dung là trang web", id="one column"),
        pytest.param(BOMB + document(case(1)), "khai báo DTD", id="entities in xml"),
        pytest.param(BOMB + page(case(1)), "khai báo DTD", id="entities in html"),
        pytest.param(document(case(1))[:-40], "bị cắt cụt", id="cut"),
        pytest.param(document("<Row ss:Index='99999999'><Cell/></Row>"), "quá lớn", id="a row beyond any sheet"),
        pytest.param(document("<Row><Cell ss:Index='5000'/></Row>"), "quá lớn", id="a column beyond any sheet"),
        pytest.param(document("<Row ss:Index='1'><Cell/></Row>"), "thứ tự dòng", id="rows that go back"),
        pytest.param(page("<tr><td colspan=1000000>a<td>b</tr>"), "quá lớn", id="a million columns"),
        pytest.param(page("<tr><td>" + "<div>" * 5000 + "</tr>"), "lồng quá nhiều tầng", id="5,000 levels of html"),
        pytest.param(document("<Row><Cell><Data>" + "<b>" * 5000), "lồng quá nhiều tầng", id="5,000 levels of xml"),
    ],
)
def test_what_is_hostile_or_no_table_is_refused_in_words(take, text, words):
    with pytest.raises(SourceError, match=words):
        take(text)


def test_a_cell_over_a_million_rows_covers_those_there_are(take):
    tall = f"<tr>{cells(case(1)[:3])}<td rowspan=1000000>P. QLĐT</td>{cells(case(1)[4:])}</tr>"
    after = case(2)
    assert told(take(page(tall, f"<tr>{cells(after[:3] + after[4:])}</tr>"))) == TWO
