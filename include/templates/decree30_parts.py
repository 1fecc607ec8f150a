"""The components of an official document (Decree 30/2020/NĐ-CP, annex I) as python-docx builds them."""

import io
import itertools
import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import docx
from decree30_styles import add_styles
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

NBSP = "\u00a0"
CELL_MARGIN_CM = 0.1
# The last row of a table, often a total, takes so many along to a new page.
KEPT_WITH_LAST = 2
A4 = (Mm(210), Mm(297))
MARGINS = {"top_margin": Mm(20), "bottom_margin": Mm(20), "left_margin": Mm(30), "right_margin": Mm(15)}
HEAD_COLUMNS = (Cm(6.2), Cm(10.3))
FOOT_COLUMNS = (Cm(8), Cm(8.5))
# Solid rules: as long as the motto; a third to a half of the agency's line and of the summary's line, which runs over
# the whole width where the summary is long.
MOTTO_RULE, AGENCY_RULE, SUMMARY_RULE, LONG_SUMMARY_RULE = Cm(5.35), Cm(1.98), Cm(4.6), Cm(6)
BLANK_DATE = f"ngày{NBSP * 6}tháng{NBSP * 6}năm{NBSP * 8}"
# What a person must still write stands between these in the scripts, and highlighted in Word.
GAP = re.compile(r"\[\[(.*?)\]\]")
# Left over from python-docx's sample: 450 kB in every letter.
UNUSED_PARTS = ("thumbnail", "stylesWithEffects", "customXml", "numbering")


@dataclass(frozen=True)
class Column:
    """A table column: heading, width in centimetres, text of a cell; words stand left, numbers and dates centred.

    Columns side by side that name the same `group` stand under one heading of that name.
    """

    heading: str
    width: float
    cell: str
    is_text: bool = False
    group: str = ""


def new_document(*, title: str) -> Document:
    """Return an empty A4 document with the decree's styles, its page number, and nothing else."""
    document = docx.Document()
    for owner in (document.part, document.part.package):
        for key, relation in list(owner.rels.items()):
            if relation.reltype.endswith(UNUSED_PARTS):
                del owner.rels[key]
    add_styles(document)
    _use_word_2013(document)
    section = document.sections[0]
    section.page_width, section.page_height = A4
    for margin, width in MARGINS.items():
        setattr(section, margin, width)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.style = document.styles["Số trang"]
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        _add_field_part(number, kind, text)
    document.core_properties.title = title
    return document


def write(paragraph: Paragraph, text: str) -> Paragraph:
    """Write `text` into `paragraph`; what stands in [[ ]] is a gap for a person to fill, highlighted."""
    for i, piece in enumerate(GAP.split(text)):
        if piece:
            run = paragraph.add_run(piece)
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW if i % 2 else None
    return paragraph


def add(document: Document, style: str, *texts: str, keep_next: bool = False) -> None:
    """Add a paragraph of `style` for each of `texts`; `keep_next` holds each on the page of what follows it."""
    for text in texts:
        paragraph = document.add_paragraph(style=style)
        write(paragraph, text)
        if keep_next:
            paragraph.paragraph_format.keep_with_next = True


def add_head(document: Document) -> None:
    """Add agency, national name and motto, number and symbol, place and date (components 1 to 4)."""
    add(document, "Dự thảo", "DỰ THẢO")
    table = _frame(document, rows=2, widths=HEAD_COLUMNS)
    agency, nation = table.rows[0].cells
    _fill(agency, ("Cơ quan chủ quản", "{{ letterhead_parent }}"), ("Cơ quan ban hành", "{{ letterhead }}"))
    _fill(nation, ("Quốc hiệu", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), ("Tiêu ngữ", "Độc lập - Tự do - Hạnh phúc"))
    _rule(agency.add_paragraph(style="Đường kẻ"), length=AGENCY_RULE, within=HEAD_COLUMNS[0])
    _rule(nation.add_paragraph(style="Đường kẻ"), length=MOTTO_RULE, within=HEAD_COLUMNS[1])
    number, place = table.rows[1].cells
    _fill(number, ("Số, ký hiệu", f"Số:{NBSP * 8}/{{{{ symbol }}}}"))
    _fill(place, ("Địa danh, ngày tháng", f"{{{{ place }}}}, {BLANK_DATE}"))


def add_title(document: Document, name: str, *summary: str, rule_length: Length = SUMMARY_RULE) -> None:
    """Add the type of document, its summary if any, and the rule below (component 5a)."""
    add(document, "Tên loại", name)
    add(document, "Trích yếu", *summary)
    rule = document.add_paragraph(style="Đường kẻ")
    rule.paragraph_format.space_after = Cm(0.35)
    section = document.sections[-1]
    _rule(rule, length=rule_length, within=section.page_width - section.left_margin - section.right_margin)


def add_foot(document: Document, *recipients: str, signed_at: float | None = None) -> None:
    """Add recipients and signature (components 7 and 9b), which no page break may part.

    The signature has the style's room, or `signed_at` points.
    """
    left, right = _frame(document, rows=1, widths=FOOT_COLUMNS).rows[0].cells
    _fill(left, ("Nơi nhận", "Nơi nhận:"), *(("Danh sách nơi nhận", f"- {text}") for text in recipients))
    _fill(
        right,
        ("Quyền hạn, chức vụ", "{{ authority|upper }}"),
        ("Quyền hạn, chức vụ", "{{ position|upper }}"),
        ("Người ký", "{{ signer }}"),
    )
    if signed_at is not None:
        right.paragraphs[-1].paragraph_format.space_before = Pt(signed_at)
    document.add_paragraph(style="Đường kẻ")


def add_annex(document: Document, number: str, name: str, *, landscape: bool = False) -> None:
    """Begin annex `number` on a page of its own, whose pages are numbered from 1."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = A4[::-1] if landscape else A4
    for old in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(old)
    restart = _element("w:pgNumType", start="1")
    section._sectPr.find(qn("w:pgMar")).addnext(restart)
    add(document, "Phụ lục", f"Phụ lục {number}", name)
    add(document, "Kèm theo", f"(Kèm theo Báo cáo số:{NBSP * 8}/{{{{ symbol }}}} {BLANK_DATE})")


def add_footer(document: Document, text: str) -> None:
    """Add `text` at the foot of every page, the first one too."""
    for section in document.sections:
        for footer in (section.footer, section.first_page_footer):
            footer.is_linked_to_previous = False
            paragraph = footer.paragraphs[0]
            paragraph.style = document.styles["Mã số liệu"]
            write(paragraph, text)


def add_picture(document: Document, name: str, caption: str, *, size: tuple[float, float]) -> None:
    """Add a frame of `size` centimetres for the picture `name`, and its caption, which no page break may part."""
    frame = _frame(document, rows=2, widths=[Cm(size[0])])
    paragraph = frame.rows[0].cells[0].paragraphs[0]
    paragraph.style = document.styles["Hình"]
    # Each frame's stand-in differs: Word keeps equal images once, and would then show one picture in both frames.
    paragraph.add_run().add_picture(io.BytesIO(_stand_in(name)), width=Cm(size[0]), height=Cm(size[1]))
    shape = next(paragraph._p.iter(qn("wp:docPr")))
    shape.set("descr", name)
    shape.set("name", name)
    _fill(frame.rows[1].cells[0], ("Tên hình", caption))


def _stand_in(name: str) -> bytes:
    """Return a grey PNG of one pixel whose comment is `name`."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">2I5B", 1, 1, 8, 0, 0, 0, 0)
    comment = chunk(b"tEXt", b"Title\0" + name.encode("ascii", "replace"))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + comment
        + chunk(b"IDAT", zlib.compress(b"\0\xdd"))
        + chunk(b"IEND", b"")
    )


def add_table(document: Document, columns: Sequence[Column], *, rows: str, total: Sequence[str] = ()) -> Table:
    """Add a ruled table whose heading rows repeat, with one row for each of `rows`, e.g. "row in units"; return it.

    The cells of `total`, if any, make its last row. No page break parts the last row from the two above it.
    """
    table = document.add_table(0, len(columns), style="Table Grid")
    widths = [Cm(column.width) for column in columns]
    _set_widths(table, widths, margin=Cm(CELL_MARGIN_CM))
    if any(column.group for column in columns):
        _add_groups(table, widths, columns)
    heading = _add_row(table, widths, [("Đầu bảng", column.heading) for column in columns])
    heading._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    _keep_with_next(heading)
    cells = [("Ô chữ" if column.is_text else "Ô số", column.cell) for column in columns]
    last = 1 if total else 2
    _add_row(table, widths, [("Ô chữ", f"{{%tr for {rows} %}}")])
    _add_row(table, widths, [("Ô chữ", f"{{%tr if {last} <= loop.revindex < {last + KEPT_WITH_LAST} %}}")])
    _keep_with_next(_add_row(table, widths, cells))
    _add_row(table, widths, [("Ô chữ", "{%tr else %}")])
    _add_row(table, widths, cells)
    _add_row(table, widths, [("Ô chữ", "{%tr endif %}")])
    _add_row(table, widths, [("Ô chữ", "{%tr endfor %}")])
    if total:
        _add_row(table, widths, [("Đầu bảng", text) for text in total])
    return table


def _keep_with_next(row: _Row) -> None:
    for paragraph in (paragraph for cell in row.cells for paragraph in cell.paragraphs):
        paragraph.paragraph_format.keep_with_next = True


def _add_groups(table: Table, widths: Sequence[Length], columns: Sequence[Column]) -> None:
    row = _add_row(table, widths, [])
    row._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    cells, start = row.cells, 0
    for name, members in itertools.groupby(columns, key=lambda column: column.group):
        last = start + len(list(members)) - 1
        cell = cells[start].merge(cells[last]) if name else cells[start]
        for paragraph in cell.paragraphs[1:]:
            paragraph._p.getparent().remove(paragraph._p)
        _fill(cell, ("Đầu bảng", name))
        start = last + 1


def _add_row(table: Table, widths: Sequence[Length], lines: Sequence[tuple[str, str]]) -> _Row:
    row = table.add_row()
    row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = width
    for cell, line in zip(row.cells, lines, strict=False):
        _fill(cell, line)
    return row


def _frame(document: Document, *, rows: int, widths: Sequence[Length]) -> Table:
    """Return a table without borders or cell margins whose rows do not split."""
    table = document.add_table(rows, len(widths))
    _set_widths(table, widths, margin=Cm(0))
    for row in table.rows:
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    return table


def _set_widths(table: Table, widths: Sequence[Length], *, margin: Length) -> None:
    """Fix the columns: Word goes by the cells, LibreOffice by the grid."""
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", w=str(margin.twips), type="dxa"))
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(margins)


def _fill(cell: _Cell, *lines: tuple[str, str]) -> None:
    for i, (style, text) in enumerate(lines):
        paragraph = cell.add_paragraph() if i else cell.paragraphs[0]
        paragraph.style = style
        write(paragraph, text)


def _rule(paragraph: Paragraph, *, length: Length, within: int) -> None:
    """Draw a solid rule of `length`, centred `within` that width: a border survives editing better than a shape."""
    indent = Length((within - length) // 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = indent
    borders = OxmlElement("w:pBdr")
    borders.append(_element("w:bottom", val="single", sz="6", space="0", color="000000"))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc")


def box(paragraphs: Sequence[Paragraph]) -> None:
    """Draw one box around `paragraphs`."""
    for paragraph in paragraphs:
        paragraph.paragraph_format.right_indent = paragraph.style.paragraph_format.left_indent
        borders = OxmlElement("w:pBdr")
        for side in ("top", "left", "bottom", "right"):
            borders.append(_element(f"w:{side}", val="single", sz="12", space="4", color="000000"))
        paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc")


def _use_word_2013(document: Document) -> None:
    """Keep Word from opening our documents in its compatibility mode, and set their language."""
    settings = document.settings.element
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    for mark in (*settings.findall(qn("w:rsids")), *settings.findall(qn("w:savePreviewPicture"))):
        settings.remove(mark)


def _add_field_part(paragraph: Paragraph, kind: str, text: str) -> None:
    run = paragraph.add_run()._r
    if kind:
        run.append(_element("w:fldChar", fldCharType=kind))
    else:
        code = _element("w:instrText")
        code.text = text
        run.append(code)


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
