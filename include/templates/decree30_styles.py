"""Paragraph styles of Decree 30/2020/NĐ-CP, annex I, one a component.

Staff change a component's look in one place in Word.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Length, Pt
from docx.styles.style import ParagraphStyle

FONT = "Times New Roman"
LEFT, CENTRE, BOTH = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
SINGLE, BODY = 1.0, 1.15
# Of python-docx's own styles only what Word itself needs; the other 150 would travel in every letter.
KEPT = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList", "TableGrid", "Header", "Footer"}
RULE_HEIGHT = Pt(3)


@dataclass(frozen=True)
class Look:
    """How the paragraphs of one style look: sizes and gaps in points, indents in centimetres."""

    size: float
    bold: bool = False
    italic: bool = False
    align: WD_ALIGN_PARAGRAPH = LEFT
    indent: float = 0
    first_line: float = 0
    before: float = 0
    after: float = 0
    line: float = SINGLE
    keep_next: bool = False


LOOKS = {
    "Dự thảo": Look(10),
    "Cơ quan chủ quản": Look(12, align=CENTRE),
    "Cơ quan ban hành": Look(12, bold=True, align=CENTRE),
    "Quốc hiệu": Look(12, bold=True, align=CENTRE),
    "Tiêu ngữ": Look(13, bold=True, align=CENTRE),
    "Đường kẻ": Look(1, before=2),
    "Số, ký hiệu": Look(13, align=CENTRE, before=6),
    "Địa danh, ngày tháng": Look(13, italic=True, align=CENTRE, before=6),
    "Tên loại": Look(14, bold=True, align=CENTRE, before=16, keep_next=True),
    "Trích yếu": Look(14, bold=True, align=CENTRE, keep_next=True),
    "Kính gửi": Look(14, indent=3.6, first_line=-2.2, before=4, line=BODY),
    "Căn cứ": Look(14, italic=True, align=BOTH, first_line=1.27, after=6, line=BODY),
    "Nội dung đầu": Look(14, align=BOTH, first_line=1.27, before=14, after=6, line=BODY),
    "Nội dung": Look(14, align=BOTH, first_line=1.27, after=6, line=BODY),
    "Nội dung cuối": Look(14, align=BOTH, first_line=1.27, after=14, line=BODY, keep_next=True),
    "Mục": Look(14, bold=True, align=BOTH, first_line=1.27, before=6, after=6, line=BODY, keep_next=True),
    "Khoản": Look(14, bold=True, align=BOTH, first_line=1.27, after=6, line=BODY, keep_next=True),
    "Khung": Look(13, align=BOTH, indent=0.2, after=6),
    "Đầu bảng": Look(12, bold=True, align=CENTRE, before=2, after=2),
    "Ô chữ": Look(12, before=2, after=2),
    "Ô số": Look(12, align=CENTRE, before=2, after=2),
    "Quyền hạn, chức vụ": Look(14, bold=True, align=CENTRE),
    "Người ký": Look(14, bold=True, align=CENTRE, before=72),
    "Nơi nhận": Look(12, bold=True, italic=True),
    "Danh sách nơi nhận": Look(11),
    "Phụ lục": Look(14, bold=True, align=CENTRE, keep_next=True),
    "Kèm theo": Look(14, italic=True, align=CENTRE, after=10, keep_next=True),
    "Số trang": Look(14, align=CENTRE),
}
# Of reports alone: no letter carries them.
REPORT_LOOKS = {
    "Nội dung gọn": Look(13, align=BOTH, first_line=1.27, after=6),
    "Nội dung gọn cuối": Look(13, align=BOTH, first_line=1.27, before=6, after=6, keep_next=True),
    "Hình": Look(12, align=CENTRE, before=6, keep_next=True),
    "Tên hình": Look(12, italic=True, align=CENTRE, after=8),
    "Mã số liệu": Look(8, align=CENTRE),
}


def add_styles(document: Document) -> None:
    """Give `document` the styles in LOOKS and take away those nobody uses."""
    root = document.styles.element
    for style in root.findall(qn("w:style")):
        if style.get(qn("w:styleId")) not in KEPT:
            root.remove(style)
    _set_fonts(root.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}"))
    normal = document.styles["Normal"]
    _apply(normal, Look(14))
    add_looks(document, LOOKS)
    rule = document.styles["Đường kẻ"].paragraph_format
    rule.line_spacing_rule, rule.line_spacing = WD_LINE_SPACING.EXACTLY, RULE_HEIGHT


def add_looks(document: Document, looks: Mapping[str, Look]) -> None:
    """Give `document` a paragraph style a look."""
    for name, look in looks.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.element.set(qn("w:styleId"), _ascii(name))
        style.base_style, style.quick_style = document.styles["Normal"], True
        _apply(style, look)


def _apply(style: ParagraphStyle, look: Look) -> None:
    style.font.size, style.font.bold, style.font.italic = Pt(look.size), look.bold, look.italic
    _set_fonts(style.element.get_or_add_rPr())
    shape = style.paragraph_format
    shape.alignment, shape.line_spacing = look.align, look.line
    shape.left_indent, shape.first_line_indent = _cm(look.indent), _cm(look.first_line)
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.keep_with_next, shape.widow_control = look.keep_next, True


def _cm(length: float) -> Length | None:
    return Cm(length) if length else None


def _set_fonts(properties: BaseOxmlElement) -> None:
    """Set the font of every script: Word takes eastAsia or cs for some letters, and a theme's font before any."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = properties.makeelement(qn("w:rFonts"), {})
        properties.insert(0, fonts)
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    for language in properties.findall(qn("w:lang")):
        for key in ("val", "eastAsia"):
            language.set(qn(f"w:{key}"), "vi-VN")


def _ascii(name: str) -> str:
    bare = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in bare.title() if letter.isascii() and letter.isalnum())
