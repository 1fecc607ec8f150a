"""A Word letter as a page: no word lost, none invented, and a word about what is not shown."""

import html
import io
import re

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from dondoc.daily.stationery import letter_templates
from dondoc.pages.letter import letter_page


def page_of(document):
    file = io.BytesIO()
    document.save(file)
    return letter_page(file.getvalue())


def with_xml(inner):
    document = docx.Document()
    document.add_paragraph("trước")._p.append(parse_xml(f"<w:r {nsdecls('w')}>{inner}</w:r>"))
    return page_of(document)


def letters(text):
    return re.sub(r"\s", "", html.unescape(re.sub("<[^>]+>", "", text)))


@pytest.mark.parametrize("returned", [True, False])
def test_the_offices_own_templates_are_shown_whole(place, returned):
    content = letter_templates(place)[returned].path.read_bytes()
    found = letter_page(content)
    document = docx.Document(io.BytesIO(content))
    texts = [text.text for text in document.element.body.iter(qn("w:t"))]
    header = "Đầu trang, các trang sau trang đầu(số trang)"
    assert letters(found.html) == re.sub(r"\s", "", "".join(texts) + header)
    assert found.unshown == ()


def test_form_and_tables_are_kept():
    document = docx.Document()
    document.add_paragraph().add_run("đậm").bold = True
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "trái", "phải"
    shown = page_of(document).html
    assert "<strong>đậm</strong>" in shown
    assert re.search(r"<td[^>]*><p[^>]*>trái</p></td><td[^>]*><p[^>]*>phải</p></td>", shown)


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        pytest.param("<w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t>", "a&emsp;b<br>c", id="tabs and breaks"),
        pytest.param("<w:rPr><w:caps/></w:rPr><w:t>hoa</w:t>", '<span class="caps">hoa</span>', id="capitals"),
        pytest.param("<w:rPr><w:strike/></w:rPr><w:t>bỏ</w:t>", "<s>bỏ</s>", id="struck out"),
        pytest.param("<w:t>&lt;b&gt;</w:t>", "&lt;b&gt;", id="markup is text"),
    ],
)
def test_what_word_shows_is_shown(inner, shown):
    assert shown in with_xml(inner).html


def test_a_word_of_a_style_is_shown_in_its_looks():
    document = docx.Document()
    document.styles["Quote"].font.all_caps = True
    document.add_paragraph("hoa", style="Quote")
    assert '<em><span class="caps">hoa</span></em>' in page_of(document).html
