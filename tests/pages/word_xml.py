"""Word letters made from a few lines of XML."""

import io
import zipfile

import docx
from docx.enum.section import WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

NAMESPACES = (
    nsdecls("w", "wp", "a", "r", "pic")
    + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    + ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    + ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    + ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" xmlns:zz="urn:x"'
)
PROMISE = "hẹn trả ngày mai"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def saved(document):
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def letter(body="", *, text="Kính gửi ông Trần Văn Bình"):
    """Return a letter of one paragraph, followed by `body`, XML of blocks."""
    document = docx.Document()
    document.add_paragraph(text)
    last = document.element.body.find(qn("w:sectPr"))
    for block in parse_xml(f"<w:body {NAMESPACES}>{body}</w:body>"):
        last.addprevious(block)
    return saved(document)


def run(inner, looks=""):
    return f"<w:p>{looks}<w:r>{inner}</w:r></w:p>"


def words(text=PROMISE, looks=""):
    return f"<w:r><w:rPr>{looks}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def line(text=PROMISE, looks=""):
    return f"<w:p>{words(text, looks)}</w:p>"


def field(code, result=PROMISE):
    return (
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r>"
        f"<w:r><w:instrText xml:space='preserve'>{code}</w:instrText></w:r>"
        f"<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>{result}</w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>"
    )


def with_parts(content, *, parts=(), links=(), replaced=()):
    """Return the file with more parts, more relationships of its document, and text replaced in parts."""
    source, file = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    more = "".join(
        f'<Relationship Id="x{i}" Type="{OFFICE}/{kind}" Target="{target}"'
        + (' TargetMode="External"' if "://" in target or target.startswith("file:") else "")
        + "/>"
        for i, (kind, target) in enumerate(links)
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/_rels/document.xml.rels":
                data = data.replace(b"</Relationships>", more.encode() + b"</Relationships>")
            for part, old, new in replaced:
                data = data.replace(old.encode(), new.encode()) if part == name else data
            archive.writestr(name, data)
        for name, data in parts:
            archive.writestr(name, data)
    return file.getvalue()


def headed(kind, text=PROMISE, *, first=False, even=False):
    document = docx.Document()
    document.add_paragraph("Kính gửi ông Trần Văn Bình")
    section = document.sections[0]
    section.different_first_page_header_footer = first
    document.settings.odd_and_even_pages_header_footer = even
    getattr(section, kind).paragraphs[0].text = text
    return saved(document)


def second_section():
    document = docx.Document()
    document.add_paragraph("Kính gửi ông Trần Văn Bình")
    document.sections[0].footer.paragraphs[0].text = "chân trang thứ nhất"
    section = document.add_section(WD_SECTION.NEW_PAGE)
    document.add_paragraph("tiếp theo")
    section.footer.is_linked_to_previous = False
    section.footer.paragraphs[0].text = PROMISE
    return saved(document)


def bound():
    """Return a letter with a content control that prints what stands in another part."""
    store = "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"
    control = (
        "<w:p><w:sdt><w:sdtPr><w:dataBinding w:xpath='/d[1]/x[1]' w:storeItemID='" + store + "'/><w:text/></w:sdtPr>"
        "<w:sdtContent><w:r><w:t>hẹn trả tuần sau</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    )
    properties = (
        f'<ds:datastoreItem ds:itemID="{store}" '
        'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"/>'
    )
    content = with_parts(letter(control), replaced=[("customXml/itemProps1.xml", "<ds:", "<!-- --><ds:")])
    source, file = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    parts = {"customXml/item1.xml": f"<d><x>{PROMISE}</x></d>", "customXml/itemProps1.xml": properties}
    with zipfile.ZipFile(file, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, parts.get(name, source.read(name)))
    return file.getvalue()


def alternative(requires, choice, fallback):
    return run(
        f"<mc:AlternateContent><mc:Choice Requires='{requires}'>{choice}</mc:Choice>"
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
    )
