"""Rules on the content: component 6, and to whom it goes, 9a (annex I, part II)."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from dondoc.decree30.components import Paper
from dondoc.decree30.departure import Departure, excerpt, missing
from dondoc.decree30.looks import SECTION
from dondoc.decree30.reading import TypedLine, fold

CLAUSE = f"{SECTION} II.6"
INDENT_CM = (1.0, 1.27)
INDENT_TOLERANCE_CM = 0.03
DEFAULT_TAB_CM = 1.27
GAP_POINTS = 6
LINE_SPACING = (1.0, 1.5)
SPACING_TOLERANCE = 0.03
# A single line of Times New Roman is as many times its size.
SINGLE_LINE = 1.15
WITH_ADDRESSEE = ("to trinh", "bao cao", "cong dien", "giay", "phieu")


def content(paper: Paper) -> Iterator[Departure]:
    """Yield the lack of any content."""
    if not paper.body:
        yield missing("Nội dung", CLAUSE, "nội dung văn bản")


def alignment(paper: Paper) -> Iterator[Departure]:
    """Yield the paragraphs not justified; headings may stand otherwise."""
    for line in _paragraphs(paper):
        if line.shape.align not in ("both", "distribute"):
            yield _content(line, "không canh đều hai lề", "canh đều cả hai lề")


def first_line_indent(paper: Paper) -> Iterator[Departure]:
    """Yield the paragraphs whose first line is not indented as asked; a tab counts, a list of Word's is left out."""
    least, most = INDENT_CM
    for line in _paragraphs(paper):
        indent = line.shape.first_line or (DEFAULT_TAB_CM if line.tabbed else 0.0)
        if line.shape.numbered or least - INDENT_TOLERANCE_CM <= indent <= most + INDENT_TOLERANCE_CM:
            continue
        yield _content(
            line, f"dòng đầu lùi vào {indent:.2f} cm".replace(".", ","), "dòng đầu lùi vào 1 cm hoặc 1,27 cm"
        )


def paragraph_gap(paper: Paper) -> Iterator[Departure]:
    """Yield the paragraphs closer than 6 points to the one before; of two gaps Word keeps the larger."""
    for above, line in pairwise(paper.body):
        beside = line.paragraph == above.paragraph + 1
        gap = max(above.shape.after, line.shape.before)
        if above.shape.contextual and line.shape.contextual and above.shape.style == line.shape.style:
            gap = 0.0
        if beside and gap < GAP_POINTS:
            yield _content(line, f"cách đoạn trên {gap:g}pt", "các đoạn cách nhau tối thiểu 6pt")


def line_spacing(paper: Paper) -> Iterator[Departure]:
    """Yield the paragraphs whose lines stand closer than single or wider than one and a half."""
    least, most = LINE_SPACING
    for line in paper.body:
        spacing = _lines_apart(line)
        if not least - SPACING_TOLERANCE <= spacing <= most + SPACING_TOLERANCE:
            yield _content(line, f"giãn dòng {spacing:.2f}".replace(".", ","), "giãn dòng từ đơn đến 1,5 dòng")


def ending(paper: Paper) -> Iterator[Departure]:
    """Yield a content that does not end with "./."."""
    for line in paper.body[-1:]:
        if not line.text.endswith("./."):
            yield Departure(
                "Phụ lục III, mẫu trình bày", "Nội dung", excerpt(line.text), "không kết thúc bằng “./.”", "“./.”"
            )


def bases_form(paper: Paper) -> Iterator[Departure]:
    """Yield the legal bases that do not end with ";", the last one with "."."""
    for i, line in enumerate(paper.bases, start=1):
        wanted = "." if i == len(paper.bases) else ";"
        if not line.text.endswith(wanted):
            yield Departure(
                CLAUSE, "Căn cứ ban hành", excerpt(line.text), f"kết thúc “{line.text[-1]}”", f"kết thúc “{wanted}”"
            )


def addressees_form(paper: Paper) -> Iterator[Departure]:
    """Yield addressees that are missing from a công văn or not listed as asked: one on the line, more one a line."""
    if not paper.addressees:
        if paper.is_letter:
            yield missing("Kính gửi", f"{SECTION} II.9", "“Kính gửi: …”")
        return
    first, *more = paper.addressees
    name = first.text.partition(":")[2].strip()
    listed = [line for line in more if line.text.startswith("-")]
    if not first.text.startswith("Kính gửi:"):
        yield _addressee(first, "cách ghi khác", "“Kính gửi” và dấu hai chấm")
    if not name and not more:
        yield _addressee(first, "không có nơi gửi", "tên cơ quan, tổ chức, cá nhân")
    if (name and listed) or (not name and len(more) == 1):
        yield _addressee(first, "cách ghi khác", "một nơi thì ghi trên cùng dòng, từ hai nơi thì mỗi nơi một dòng")
    yield from _listed(more if not name else listed)


def addressee_belongs(paper: Paper) -> Iterator[Departure]:
    """Yield "Kính gửi" in a type of document that is sent to nobody by name."""
    for line in paper.addressees[:1]:
        if paper.type_name and not paper.type_name.startswith(WITH_ADDRESSEE):
            required = "chỉ công văn, tờ trình, báo cáo gửi cấp trên và biểu mẫu riêng có “Kính gửi”"
            yield _addressee(line, f"có trong {(paper.title or line).text}", required)


def _listed(lines: Sequence[TypedLine]) -> Iterator[Departure]:
    for i, line in enumerate(lines, start=1):
        wanted = "." if i == len(lines) else ";"
        if not (line.text.startswith("- ") and line.text.endswith(wanted)):
            yield _addressee(line, excerpt(line.text), f"“- …{wanted}”")


def _addressee(line: TypedLine, found: str, required: str) -> Departure:
    return Departure(f"{SECTION} II.9", "Kính gửi", excerpt(line.text), found, required)


def _content(line: TypedLine, found: str, required: str) -> Departure:
    return Departure(CLAUSE, "Nội dung", excerpt(line.text), found, required)


def _paragraphs(paper: Paper) -> list[TypedLine]:
    """Return the first lines of the paragraphs that are no headings."""
    firsts = [b for a, b in pairwise((None, *paper.body)) if a is None or b is None or a.paragraph != b.paragraph]
    return [line for line in firsts if line and not (line.bold and (line.centred or _numbered(line)))]


def _numbered(line: TypedLine) -> bool:
    return line.shape.numbered or re.match(r"([ivx]+|\d+|[a-z]|phan|chuong|muc|dieu)( |$)", fold(line.text)) is not None


def _lines_apart(line: TypedLine) -> float:
    shape = line.shape
    if shape.line_rule == "auto":
        return shape.line
    lines = shape.line / (line.size * SINGLE_LINE)
    return max(1.0, lines) if shape.line_rule == "atLeast" else lines
