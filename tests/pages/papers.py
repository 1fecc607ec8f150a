"""Word letters that try to print other words than are read, and plain ones."""

import random

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from tests.pages.word_xml import (
    NAMESPACES,
    PROMISE,
    alternative,
    bound,
    field,
    headed,
    letter,
    line,
    run,
    saved,
    second_section,
    with_parts,
    words,
)

from dondoc.installation import ROOT

BOX = (
    "<w:pict><v:shape style='width:200pt;height:50pt'><v:textbox><w:txbxContent><w:p>"
    + words()
    + "</w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
)
LINE = "<w:pict><v:line from='0,0' to='150pt,0' strokeweight='1pt'/></w:pict>"
TRACKED = '<w:p><w:{0} w:id="1" w:author="x"><w:r><w:{1}>' + PROMISE + "</w:{1}></w:r></w:{0}></w:p>"
# A file that tries, and a word of what it must be refused for; none for a file that the page must show whole.
TRIES = {
    "fallback behind an unknown requirement": (
        letter(alternative("zz", words("hẹn trả tuần sau"), f"<w:t>{PROMISE}</w:t>")),
        "bản thay thế",
    ),
    "content control bound to data": (bound(), "dữ liệu kèm theo"),
    "header of the first page": (headed("first_page_header", first=True), ""),
    "footer of the first page": (headed("first_page_footer", first=True), ""),
    "header of even pages": (headed("even_page_header", even=True), ""),
    "footer of the second section": (second_section(), ""),
    "another file put in": (
        with_parts(
            letter("<w:altChunk r:id='x0'/>"),
            parts=[("word/x.html", f"<p>{PROMISE}</p>")],
            links=[("aFChunk", "x.html")],
            replaced=[
                (
                    "[Content_Types].xml",
                    "</Types>",
                    '<Override PartName="/word/x.html" ContentType="text/html"/></Types>',
                )
            ],
        ),
        "tệp khác",
    ),
    **{
        f"field {code.split()[0]}": (letter(field(code)), "nơi khác")
        for code in (
            'INCLUDETEXT "/etc/hostname"',
            'INCLUDEPICTURE "http://127.0.0.1:9/x.png" \\d',
            'LINK Word.Document.8 "C:\\\\x.docx"',
            "DDE excel x y",
            "DDEAUTO excel x y",
        )
    },
    "field that decides": (letter(field('IF 1 = 1 "hẹn trả ngày mai" "x"', "hẹn trả tuần sau")), "tự tính"),
    "field of a property": (letter(field("AUTHOR", "hẹn trả tuần sau")), "tự tính"),
    "field of today": (letter(field('DATE \\@ "dd"', "ngày hẹn")), "tự tính"),
    "page number with other words as its result": (letter(field("PAGE", "phạt một tỷ đồng")), ""),
    "simple field of the page number": (
        letter(f"<w:p><w:fldSimple w:instr=' PAGE '>{words('phạt một tỷ đồng')}</w:fldSimple></w:p>"),
        "",
    ),
    "words in the code of a field": (
        letter(field("PAGE").replace("</w:instrText>", "</w:instrText><w:t>phạt một tỷ đồng</w:t>")),
        "trường Word",
    ),
    "template from outside": (
        with_parts(letter(), links=[("attachedTemplate", "http://127.0.0.1:9/x.dotm")]),
        "mẫu Word ở ngoài",
    ),
    "image from outside": (with_parts(letter(), links=[("image", "http://127.0.0.1:9/x.png")]), "hình ảnh"),
    "macro": (
        with_parts(letter(), parts=[("word/vbaProject.bin", b"x")], links=[("vbaProject", "vbaProject.bin")]),
        "macro",
    ),
    "embedded object": (
        with_parts(letter(), parts=[("word/o.bin", b"x")], links=[("oleObject", "o.bin")]),
        "đối tượng nhúng",
    ),
    "picture of words": (
        with_parts(letter(), parts=[("word/i.svg", "<svg/>")], links=[("image", "i.svg")]),
        "hình ảnh",
    ),
    "chart": (with_parts(letter(), parts=[("word/c.xml", "<c/>")], links=[("chart", "c.xml")]), "biểu đồ"),
    "font of its own": (with_parts(letter(), parts=[("word/f.odttf", b"x")], links=[("font", "f.odttf")]), "phông"),
    "part nobody points to": (with_parts(letter(), parts=[("word/x.xml", "<x/>")]), "tệp lạ"),
    "hidden words": (letter(line(looks="<w:vanish/>")), "chữ ẩn"),
    "words hidden by their style": (
        with_parts(
            letter(f"<w:p><w:pPr><w:pStyle w:val='Quote'/></w:pPr>{words()}</w:p>"),
            replaced=[("word/styles.xml", 'w:styleId="Normal">', 'w:styleId="Normal"><w:rPr><w:vanish/></w:rPr>')],
        ),
        "chữ ẩn",
    ),
    "added words": (letter(TRACKED.format("ins", "t")), "theo dõi"),
    "deleted words": (letter(TRACKED.format("del", "delText")), "theo dõi"),
    "comment": (letter("<w:p><w:r><w:commentReference w:id='0'/></w:r></w:p>"), "ý kiến bên lề"),
    "note at the foot": (letter("<w:p><w:r><w:footnoteReference w:id='1'/></w:r></w:p>"), "chú thích"),
    "text box": (letter(run(BOX)), "hộp văn bản"),
    "words drawn": (
        letter(run(f"<w:pict><v:shape><v:textpath string='{PROMISE}'/></v:shape></w:pict>")),
        "chữ nghệ thuật",
    ),
    "numbered paragraph": (
        letter(f"<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr>{words()}</w:p>"),
        "số thứ tự",
    ),
    "paragraph numbered by its style": (
        letter(f"<w:p><w:pPr><w:pStyle w:val='ListNumber'/></w:pPr>{words()}</w:p>"),
        "số thứ tự",
    ),
    "symbol": (letter(run("<w:sym w:font='Wingdings' w:char='F04A'/>")), "ký hiệu"),
    "font of symbols": (
        letter(line(looks='<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>')),
        "phông chữ",
    ),
    "font of the time before Unicode": (
        letter(line("Céng hßa", '<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>')),
        "phông chữ",
    ),
    "white words": (letter(line(looks='<w:color w:val="FFFFFF"/>')), "quá nhạt"),
    "words on black": (letter(line(looks='<w:highlight w:val="black"/>')), "quá nhạt"),
    "words without a fill": (
        letter(line(looks="<w14:textFill><w14:noFill/></w14:textFill>")),
        "chưa biết",
    ),
    "tiny words": (letter(line(looks='<w:sz w:val="2"/>')), "quá nhỏ"),
    "words off the page": (
        letter(f"<w:p><w:pPr><w:ind w:left='-9000'/></w:pPr>{words()}</w:p>"),
        "ngoài lề",
    ),
    "lines on one another": (
        letter(f"<w:p><w:pPr><w:spacing w:line='20' w:lineRule='exact'/></w:pPr>{words()}</w:p>"),
        "ép chồng",
    ),
    "words in a covered cell": (
        letter(
            "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='3000'/></w:tblGrid><w:tr><w:tc><w:tcPr><w:vMerge"
            f" w:val='restart'/></w:tcPr><w:p>{words('trên')}</w:p></w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vMerge/>"
            f"</w:tcPr><w:p>{words()}</w:p></w:tc></w:tr></w:tbl>"
        ),
        "ô đã gộp",
    ),
    "hidden row": (
        letter(
            "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='3000'/></w:tblGrid><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>"
            f"<w:p>{words()}</w:p></w:tc></w:tr></w:tbl>"
        ),
        "chưa biết",
    ),
    "marks that turn the order of letters": (letter(line("\u202e" + PROMISE)), "đảo chiều"),
    "words outside of a paragraph": (letter(words()), "chưa biết"),
    "element of nobody": (letter(f"<w:p><zz:x>{words()}</zz:x></w:p>"), "chưa biết"),
    "document of another name": (
        with_parts(letter(), replaced=[("_rels/.rels", "word/document.xml", "docProps/app.xml")]),
        "tệp lạ",
    ),
    "no Word file": (b"%PDF-1.7", "hỏng"),
    "line drawn": (letter(run(LINE)), ""),
    "thick line over words": (letter(run(LINE.replace("'1pt'", "'90pt'"))), "hình vẽ"),
    "link": (letter(field('HYPERLINK "https://example.vn"', "cổng dịch vụ công")), ""),
    "capitals, struck and raised": (
        letter(f"<w:p>{words('hoa', '<w:caps/>')} {words('gạch', '<w:strike/>')}{words('trên')}</w:p>"),
        "",
    ),
    "content control of plain words": (
        letter(f"<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>{line()}</w:sdtContent></w:sdt>"),
        "",
    ),
    "words cut by a comment of XML": (
        with_parts(letter(), replaced=[("word/document.xml", "Trần Văn", "Trần <!-- x -->Thị")]),
        "",
    ),
}
TRIES |= {
    path.name: (path.read_bytes(), "") for path in sorted((ROOT / "include" / "templates" / "letters").glob("xin-*"))
}


def plain(seed):
    """Return a letter put together at random from what a page is said to show."""
    draw = random.Random(seed)
    document = docx.Document()
    for part in (document.sections[0].header, document.sections[0].footer):
        part.paragraphs[0].text = draw.choice(["", "Mẫu số 04", "Trang in"])
    for number in range(draw.randint(1, 8)):
        kind = draw.choice(["words", "table", "field", "control", "caps", "breaks"])
        if kind == "table":
            table = document.add_table(draw.randint(1, 3), draw.randint(1, 3))
            for at, cell in enumerate(table._cells):
                cell.text = f"ô{number}x{at}"
        elif kind == "words":
            added = document.add_paragraph().add_run(f"đoạn{number} chữ thường")
            added.bold, added.italic = draw.random() < 0.5, draw.random() < 0.5
        else:
            blocks = {
                "field": field(
                    draw.choice(["PAGE", "NUMPAGES \\* Arabic", 'HYPERLINK "mailto:a@b.vn"']), f"kết{number}"
                ),
                "control": f"<w:sdt><w:sdtPr/><w:sdtContent>{line(f'ô{number}')}</w:sdtContent></w:sdt>",
                "caps": line(f"hoa{number}", "<w:caps/>"),
                "breaks": run(f"<w:t>a{number}</w:t><w:tab/><w:t>b{number}</w:t><w:br/><w:t>c{number}</w:t>"),
            }
            body = parse_xml(f"<w:body {NAMESPACES}>{blocks[kind]}</w:body>")
            document.element.body.find(qn("w:sectPr")).addprevious(body[0])
    return saved(document)
