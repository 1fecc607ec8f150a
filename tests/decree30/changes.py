"""Ways a Word document is changed, away from the decree or within it: each returns or is a function of a document."""

import zipfile
from copy import deepcopy

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_BREAK, WD_COLOR_INDEX
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

AGENCY, PARENT = "BAN QUẢN LÝ", "UBND THÀNH PHỐ"
NUMBER, PLACE = "Số:", "Hải Phòng, ngày"
BODY = "Thời gian hẹn trả"


def paragraphs(document):
    """Return every paragraph of the body, those in tables too."""
    body = document.element.body
    return [Paragraph(p, document) for p in body.iter(qn("w:p"))]


def line(document, start):
    return next(p for p in paragraphs(document) if p.text.replace("\u00a0", " ").strip().startswith(start))


def say(start, words):
    """Return what writes `words` in place of the line that begins with `start`."""

    def change(document):
        runs = line(document, start).runs
        for run in runs[1:]:
            run._r.getparent().remove(run._r)
        runs[0].text = words

    return change


def look(start, **font):
    def change(document):
        for run in line(document, start).runs:
            for name, value in font.items():
                setattr(run.font, name, value)

    return change


def red(start, *, highlighted=False):
    def change(document):
        for run in line(document, start).runs:
            run.font.color.rgb = RGBColor(0xC0, 0, 0)
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW if highlighted else None

    return change


def shape(start, **format_):
    def change(document):
        for name, value in format_.items():
            setattr(line(document, start).paragraph_format, name, value)

    return change


def drop(*starts):
    def change(document):
        for start in starts:
            element = line(document, start)._p
            element.getparent().remove(element)

    return change


def page(number=0, **settings):
    def change(document):
        for name, value in settings.items():
            setattr(document.sections[number], name, value)

    return change


def rule_below(start, *, length=None):
    """Return what takes the rule below a line away, or makes it `length` long."""

    def change(document):
        drawn = line(document, start)._p.getnext()
        while drawn.find(f"{qn('w:pPr')}/{qn('w:pBdr')}") is None:
            drawn = drawn.getnext()
        borders, indent = drawn.pPr.find(qn("w:pBdr")), Paragraph(drawn, document).paragraph_format
        if length is None:
            drawn.pPr.remove(borders)
        else:
            indent.left_indent = indent.right_indent = length

    return change


def header(**settings):
    def change(document):
        number = document.sections[0].header.paragraphs[0]
        for run in number.runs:
            run.font.size = settings.get("size")
            run.font.italic = settings.get("italic")
        number.alignment = settings.get("alignment", number.alignment)

    return change


def no_page_number(document):
    document.sections[0].header.paragraphs[0].clear()


def number_on_first_page(document):
    document.sections[0].different_first_page_header_footer = False


def roman_page_numbers(document):
    section = document.sections[0]._sectPr
    kind = OxmlElement("w:pgNumType")
    kind.set(qn("w:fmt"), "upperRoman")
    section.find(qn("w:pgMar")).addnext(kind)


def annexes_numbered_on(document):
    for number in list(document.element.body.iter(qn("w:pgNumType"))):
        number.getparent().remove(number)


def second_addressee(document):
    first = line(document, "Kính gửi:")
    other = deepcopy(first._p)
    first._p.addnext(other)
    Paragraph(other, document).runs[0].text = "- Sở Nội vụ."


def no_signature(document):
    drop("KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN")(document)
    line(document, "Bùi Ngọc Hải").clear()


def as_official_letter(document):
    """Make a công văn of the apology: no type, its subject under the number."""
    drop("PHIẾU XIN LỖI")(document)
    say(NUMBER, "Số:      /BQL-VP")(document)
    subject_under_number(document)


def subject_under_number(document):
    number = line(document, NUMBER)
    other = deepcopy(number._p)
    number._p.addnext(other)
    subject = Paragraph(other, document)
    subject.runs[0].text = "V/v xin lỗi và hẹn lại ngày trả kết quả"
    subject.runs[0].font.size, subject.paragraph_format.space_before = Pt(12), Pt(6)


def underlined_motto(document):
    rule_below("Độc lập")(document)
    look("Độc lập", underline=True)(document)


def drawn_motto_rule(document):
    """Draw the rule as Word's own line shape instead of a border: 5.3 cm."""
    rule_below("Độc lập")(document)
    drawing = parse_xml(
        f"<w:drawing {nsdecls('w', 'wp', 'a')}><wp:inline><wp:extent cx='1908000' cy='0'/><a:graphic><a:graphicData>"
        "<a:prstGeom prst='line'/></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    line(document, "Độc lập").add_run()._r.append(drawing)


def cells_in_percent(document):
    """Give the columns of the letterhead as other programs do; their true widths are in the grid."""
    for width in document.tables[0]._tbl.iter(qn("w:tcW")):
        width.set(qn("w:type"), "pct")
        width.set(qn("w:w"), "50%")


def two_addressees(document):
    drop("Địa chỉ", "Điện thoại")(document)
    first = line(document, "Kính gửi:")
    for words in ("- Sở Tài chính.", "- Sở Nội vụ;"):
        other = deepcopy(first._p)
        first._p.addnext(other)
        Paragraph(other, document).runs[0].text = words
    say("Kính gửi:", "Kính gửi:")(document)


def agency_over_a_line_break(document):
    run = line(document, AGENCY).runs[0]
    run.text = "BAN QUẢN LÝ"
    run.add_break(WD_BREAK.LINE)
    run.add_text("KHU KINH TẾ HẢI PHÒNG")


def urgent_stamp(document):
    say("DỰ THẢO", "HỎA TỐC")(document)
    red("HỎA TỐC")(document)


def arial_by_paragraph_style(document):
    document.styles["Nội dung"].font.name = "Arial"


def arial_by_parent_style(document):
    style = document.styles["Nội dung"]
    child = document.styles.add_style("Con", WD_STYLE_TYPE.PARAGRAPH)
    child.base_style, style.font.name = style, "Arial"
    line(document, BODY).style = child


def arial_by_character_style(document):
    style = document.styles.add_style("Chữ", WD_STYLE_TYPE.CHARACTER)
    style.font.name = "Arial"
    line(document, BODY).runs[0].style = style


def arial_by_document_defaults(document):
    for style in document.styles.element.iter(qn("w:style")):
        for fonts in list(style.iter(qn("w:rFonts"))):
            fonts.getparent().remove(fonts)
    defaults = document.styles.element.find(
        f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:rFonts')}"
    )
    for script in ("ascii", "hAnsi"):
        defaults.set(qn(f"w:{script}"), "Arial")


def cambria_by_theme(document):
    fonts = line(document, BODY).runs[0]._r.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi"):
        fonts.set(qn(f"w:{script}Theme"), "minorHAnsi")


def empty(document):
    for element in list(document.element.body):
        if element.tag != qn("w:sectPr"):
            document.element.body.remove(element)


def only_a_table(document):
    empty(document)
    document.add_table(2, 2).cell(1, 1).text = "Ô chữ"


def only_a_greeting(document):
    empty(document)
    document.add_paragraph("Xin chào.")


def rezip(source, target, *, without=(), replaced=None):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if name not in without:
                new.writestr(name, (replaced or {}).get(name, old.read(name)))
    return target


def truncated(path, letter):
    path.write_bytes(letter.read_bytes()[:3000])


def text(path, letter):
    path.write_bytes(b"Kh\xc3\xb4ng ph\xe1\xba\xa3i Word")


def broken_xml(path, letter):
    rezip(letter, path, replaced={"word/document.xml": b"<w:document"})


def broken_styles(path, letter):
    rezip(letter, path, replaced={"word/styles.xml": b"<w:styles"})


def no_document(path, letter):
    rezip(letter, path, without=["word/document.xml"])


def no_content_types(path, letter):
    rezip(letter, path, without=["[Content_Types].xml"])


def nonsense_number(path, letter):
    with zipfile.ZipFile(letter) as archive:
        words = archive.read("word/document.xml").replace(b'w:top="1134"', b'w:top="abc"')
    rezip(letter, path, replaced={"word/document.xml": words.replace(b"<w:pgSz ", b'<w:pgSz w:code="x" w:h="y" ', 1)})
