"""The elements of a Word document whose words a page can show: what may stand in what, and words for what may not."""

from collections.abc import Iterator
from typing import Any

from dondoc.letters.print_check.drawn import is_drawn_line
from dondoc.letters.print_check.package import PICTURE, WORD
from dondoc.letters.print_check.pictures import is_plain_picture

# What may stand in what: an element, then those it may hold; a star stands for a line above it.
GRAMMAR = """
*marks bookmarkStart bookmarkEnd proofErr permStart permEnd
*blocks *marks p tbl sdt
*inline *marks r hyperlink fldSimple smartTag sdt
*sides top left start bottom right end
*borders *sides insideH insideV between bar tl2br tr2bl
*table tblStyle tblW jc tblLayout tblCellMar tblLook tblBorders tblInd tblCellSpacing shd tblCaption tblDescription
*table tblStyleRowBandSize tblStyleColBandSize
document body
body *blocks sectPr
hdr *blocks
ftr *blocks
p *inline pPr
hyperlink *marks r smartTag
smartTag *inline smartTagPr
smartTagPr attr
fldSimple r
r rPr t tab br cr noBreakHyphen softHyphen lastRenderedPageBreak fldChar instrText
sdt sdtPr sdtEndPr sdtContent
sdtPr alias tag id lock text richText rPr
sdtEndPr rPr
tbl *marks tblPr tblGrid tr
tblPr *table
tblPrEx *table
tblGrid gridCol
tblBorders *borders
tblCellMar *sides
tr *marks tblPrEx trPr tc
trPr cnfStyle cantSplit tblHeader trHeight jc gridBefore gridAfter wBefore wAfter tblCellSpacing
tc *blocks tcPr
tcPr cnfStyle tcW gridSpan vMerge tcBorders shd tcMar vAlign hideMark textDirection
tcBorders *borders
tcMar *sides
rPr rStyle rFonts b bCs i iCs u caps smallCaps strike dstrike color sz szCs lang noProof kern spacing w position
rPr highlight shd vertAlign snapToGrid vanish webHidden ligatures cs
pPr pStyle keepNext keepLines pageBreakBefore widowControl pBdr shd tabs suppressAutoHyphens suppressLineNumbers
pPr spacing ind contextualSpacing mirrorIndents jc outlineLvl rPr sectPr snapToGrid adjustRightInd autoSpaceDE
pPr autoSpaceDN kinsoku wordWrap overflowPunct topLinePunct textAlignment divId cnfStyle numPr bidi
pBdr *borders
tabs tab
numPr numId ilvl
sectPr headerReference footerReference footnotePr endnotePr type pgSz pgMar pgBorders pgNumType cols titlePg docGrid
sectPr noEndnote formProt vAlign textDirection
cols col
pgBorders *sides
footnotePr numFmt numStart numRestart pos
endnotePr numFmt numStart numRestart pos
style name aliases basedOn next link uiPriority qFormat rsid semiHidden unhideWhenUsed autoRedefine locked personal
style personalCompose personalReply hidden pPr rPr tblPr trPr tcPr tblStylePr
tblStylePr pPr rPr tblPr trPr tcPr
docDefaults rPrDefault pPrDefault
rPrDefault rPr
pPrDefault pPr
"""
TRACKED = "thay đổi đang được theo dõi"
NOTE = "chú thích cuối trang hoặc cuối văn bản"
COMMENT = "ý kiến bên lề"
BOX = "hộp văn bản"
OTHER_FILE = "tệp khác chèn vào văn bản"
EMBEDDED = "đối tượng nhúng"
WORDS = {
    **dict.fromkeys(("ins", "del", "moveFrom", "moveTo", "delText", "delInstrText", "cellIns", "cellDel"), TRACKED),
    **dict.fromkeys(("cellMerge", "numberingChange", "moveFromRangeStart", "moveToRangeStart"), TRACKED),
    **dict.fromkeys(("moveFromRangeEnd", "moveToRangeEnd"), TRACKED),
    **dict.fromkeys(("footnoteReference", "endnoteReference", "footnoteRef", "endnoteRef"), NOTE),
    **dict.fromkeys(("commentReference", "commentRangeStart", "commentRangeEnd", "annotationRef"), COMMENT),
    **dict.fromkeys(("altChunk", "subDoc"), OTHER_FILE),
    **dict.fromkeys(("object", "control", "movie"), EMBEDDED),
    **dict.fromkeys(("oMath", "oMathPara"), "công thức"),
    **dict.fromkeys(("docPartObj", "docPartList", "dropDownList", "comboBox", "date"), "ô chọn nội dung tự động"),
    **dict.fromkeys(("checkbox", "picture", "equation", "citation", "bibliography"), "ô chọn nội dung tự động"),
    "dataBinding": "ô lấy nội dung từ phần dữ liệu kèm theo",
    "showingPlcHdr": "ô nội dung chưa điền",
    "placeholder": "ô nội dung có lời chờ điền",
    "sym": "ký hiệu của phông chữ riêng",
    "framePr": "khung chữ đặt rời",
    "tblpPr": "bảng đặt rời",
    "bidiVisual": "bảng đảo chiều",
    "customXml": "thẻ dữ liệu riêng",
    "ruby": "chữ chú âm",
    "background": "nền trang",
    "pgNum": "số trang kiểu cũ",
    "lnNumType": "số dòng bên lề",
    "ptab": "mốc căn dòng tự động",
    "ffData": "ô của biểu mẫu",
    "fitText": "chữ co cho vừa khung",
    "AlternateContent": "nội dung có bản thay thế",
}
DRAWINGS = {"drawing": "hình vẽ", "pict": "hình vẽ", "AlternateContent": WORDS["AlternateContent"]}
# Of what a drawing may hold, what best says what it is; the first that is found in it.
IN_DRAWING = {
    "txbxContent": BOX,
    "textbox": BOX,
    "textpath": "chữ nghệ thuật",
    "OLEObject": EMBEDDED,
    "chart": "biểu đồ",
    "relIds": "sơ đồ",
    "pic": "hình ảnh đặt rời, xoay, cắt hoặc lớn quá nửa trang",
    "imagedata": "hình ảnh đặt rời",
}


def _read_grammar() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for holder, *held in filter(None, map(str.split, GRAMMAR.splitlines())):
        for name in held:
            found.setdefault(holder, set()).update(found[name] if name.startswith("*") else {name})
    return {holder: frozenset(held) for holder, held in found.items()}


MAY_HOLD = _read_grammar()


def strange_elements(root: Any) -> Iterator[str]:
    """Yield, in words, each element below `root` that is not known to print as it reads."""
    # What stands in a content control stands where the control does.
    holder = root.getparent().getparent() if name_of(root) == "sdtContent" else root
    allowed = MAY_HOLD.get(name_of(holder), frozenset())
    in_run = name_of(root) == "r"
    for child in root:
        name = name_of(child)
        if in_run and name in DRAWINGS:
            if not is_drawn_line(child):
                yield PICTURE if is_plain_picture(child) else _drawing(child, name)
        elif name not in allowed or not _is_words(child, name):
            yield _strange(child, name)
        elif len(child):
            yield from strange_elements(child)


def name_of(element: Any) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _is_words(element: Any, name: str) -> bool:
    """Return whether an element is one of Word's own; letters' ligatures are its only newer one that is known."""
    return bool(element.tag.startswith(WORD)) or name == "ligatures"


def _drawing(element: Any, name: str) -> str:
    inside = {name_of(one) for one in element.iter()}
    return next((words for kind, words in IN_DRAWING.items() if kind in inside), DRAWINGS[name])


def _strange(element: Any, name: str) -> str:
    if name.endswith("Change"):
        return TRACKED
    return _drawing(element, name) if name in DRAWINGS else WORDS.get(name, f"thành phần chưa biết “{name}”")
