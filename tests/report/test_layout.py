"""How the printed report breaks into pages, what its tables leave out, and that its bars can be told apart."""

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from dondoc.report.charts import LINE_LENGTH, _names

from .conftest import DAYS, report_of

ALIKE = (
    "Cấp Giấy chứng nhận đăng ký đầu tư đối với dự án đã được chấp thuận chủ trương đầu tư",
    "Cấp Giấy chứng nhận đăng ký đầu tư đối với dự án không thuộc diện chấp thuận chủ trương đầu tư",
)
OF_EARLIER_DAYS = {"So hôm trước", "So với hôm trước", "So với ngày đầu", "Tốc độ", "Tốc độ 5 ngày", "Dự kiến đạt 100%"}


@pytest.fixture(params=[DAYS[0], DAYS[2]], ids=["first day", "final"])
def report(request, days):
    return docx.Document(report_of(days[request.param][0])[0])


def kept(paragraph):
    """Return whether no page break may come after a paragraph, by its own word or its style's."""
    own = paragraph.paragraph_format.keep_with_next
    return paragraph.style.paragraph_format.keep_with_next if own is None else own


def test_no_total_stands_on_a_page_without_the_rows_above_it(report):
    totalled = [table for table in report.tables if "Tổng cộng" in [cell.text for cell in table.rows[-1].cells]]
    assert totalled
    for table in totalled:
        above = [row for row in table.rows[-3:-1] if row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None]
        assert above
        assert all(kept(cell.paragraphs[0]) for row in above for cell in row.cells)


def test_a_heading_row_goes_on_with_the_first_row_below_it(report):
    for table in report.tables:
        heads = [row for row in table.rows if row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None]
        assert all(kept(cell.paragraphs[-1]) for row in heads[-1:] for cell in row.cells)


def test_the_signature_takes_the_proposals_along_to_its_page(days):
    body = docx.Document(report_of(days[DAYS[2]][0])[0])
    blocks = list(body.iter_inner_content())
    start = next(i for i, one in enumerate(blocks) if isinstance(one, Paragraph) and one.text == "IV. KIẾN NGHỊ")
    end = next(i for i in range(start, len(blocks)) if isinstance(blocks[i], Table))
    assert "Nơi nhận" in blocks[end].rows[0].cells[0].text
    assert end - start >= 3
    assert all(kept(one) for one in blocks[start:end])


def test_the_first_day_has_no_column_of_what_only_later_days_tell(days):
    shown = {}
    for on in (DAYS[0], DAYS[1]):
        tables = docx.Document(report_of(days[on][0])[0]).tables
        shown[on] = {cell.text for table in tables for cell in table.rows[0].cells}
        columns = [[cell.text for cell in column.cells[1:]] for table in tables for column in table.columns]
        assert not any(set(column) == {"–"} for column in columns if len(column) > 1)
    assert not shown[DAYS[0]] & OF_EARLIER_DAYS
    assert shown[DAYS[1]] & OF_EARLIER_DAYS


def test_bars_of_long_names_that_begin_alike_read_differently():
    assert [name.replace("\n", " ") for name in _names(pd.Series(ALIKE), lines=2)] == list(ALIKE)
    longer = [f"{name} trong khu công nghiệp và khu kinh tế" for name in ALIKE]
    lines = [name.split("\n") for name in _names(pd.Series([*longer, *ALIKE]), lines=2)]
    assert all(len(line) <= LINE_LENGTH for name in lines for line in name)
    assert len(set(_names(pd.Series(ALIKE)))) == 2


def test_bars_of_one_name_are_numbered():
    assert _names(pd.Series(["Cấp phép"] * 3)) == ["Cấp phép", "Cấp phép (2)", "Cấp phép (3)"]
