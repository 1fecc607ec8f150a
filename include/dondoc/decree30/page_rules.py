"""General rules: paper, margins, font, colour, page numbers (annex I, part I)."""

import re
from collections.abc import Iterator

from dondoc.decree30.components import Paper
from dondoc.decree30.departure import Departure, excerpt
from dondoc.decree30.looks import SECTION
from dondoc.decree30.reading import Piece, TypedLine

A4_MM = (210, 297)
TOLERANCE_MM = 0.6
MARGINS_MM = {"top": (20, 25), "bottom": (20, 25), "left": (30, 35), "right": (15, 20)}
SIDES = {"top": "trên", "bottom": "dưới", "left": "trái", "right": "phải"}
FONT = "Times New Roman"
BLACK = ("auto", "000000")
# Stamps of urgency and secrecy are red.
STAMP = re.compile(r"(HỎA TỐC|THƯỢNG KHẨN|KHẨN|TUYỆT MẬT|TỐI MẬT|MẬT)\b.*")
NUMBER_SIZES = (13, 14)


def paper_size(paper: Paper) -> Iterator[Departure]:
    """Yield the sections that are not A4."""
    for i, sheet in enumerate(paper.sheets, start=1):
        sides = sorted((sheet.width, sheet.height))
        if any(abs(side - wanted) > TOLERANCE_MM for side, wanted in zip(sides, A4_MM, strict=True)):
            found = f"{sheet.width:.0f} mm x {sheet.height:.0f} mm"
            yield Departure(f"{SECTION} I.1", "Khổ giấy", f"phần {i}", found, "A4 (210 mm x 297 mm)")


def orientation(paper: Paper) -> Iterator[Departure]:
    """Yield the sections that lie on the long side without a table."""
    for i, sheet in enumerate(paper.sheets, start=1):
        if sheet.landscape and not sheet.has_table:
            required = "theo chiều dài; chỉ phần có bảng biểu được theo chiều rộng"
            yield Departure(f"{SECTION} I.2", "Kiểu trình bày", f"phần {i}", "theo chiều rộng", required)


def margins(paper: Paper) -> Iterator[Departure]:
    """Yield the margins out of their range."""
    for i, sheet in enumerate(paper.sheets, start=1):
        for side, (least, most) in MARGINS_MM.items():
            width = sheet.margins[side]
            if not least - TOLERANCE_MM <= width <= most + TOLERANCE_MM:
                where = f"phần {i}, lề {SIDES[side]}"
                found = f"{width:.1f} mm".replace(".", ",")
                yield Departure(f"{SECTION} I.3", "Định lề trang", where, found, f"{least} đến {most} mm")


def font(paper: Paper) -> Iterator[Departure]:
    """Yield the lines that hold words in another font."""
    for line in paper.lines:
        others = sorted({name for p in line.pieces for name in p.face.fonts if name.casefold() != FONT.casefold()})
        if others:
            yield Departure(f"{SECTION} I.4", "Phông chữ", excerpt(line.text), ", ".join(others), FONT)


def colour(paper: Paper) -> Iterator[Departure]:
    """Yield the lines that hold words not black; a highlighted gap waits for a person, and a stamp is red."""
    for line in paper.lines:
        if not STAMP.fullmatch(line.text) and (tints := sorted({p.face.colour for p in line.pieces if _tinted(p)})):
            yield Departure(f"{SECTION} I.4", "Màu chữ", excerpt(line.text), f"màu {', '.join(tints)}", "màu đen")


def page_number(paper: Paper) -> Iterator[Departure]:
    """Yield what is wrong with the page numbers of each section."""
    for i, sheet in enumerate(paper.sheets, start=1):
        number = sheet.numbers.get("default")
        if number is None:
            yield _number(i, "không có ở lề trên", "số trang ở lề trên của trang, trừ trang thứ nhất")
            continue
        if not NUMBER_SIZES[0] <= number.size <= NUMBER_SIZES[1]:
            yield _number(i, f"cỡ chữ {number.size:g}", "cỡ chữ 13 đến 14")
        if not number.centred:
            yield _number(i, "không canh giữa", "canh giữa trong phần lề trên")
        if not number.upright:
            yield _number(i, "nghiêng", "kiểu chữ đứng")
        if sheet.number_format != "decimal":
            yield _number(i, f"kiểu số {sheet.number_format}", "chữ số Ả Rập")


def first_page_number(paper: Paper) -> Iterator[Departure]:
    """Yield whether the first page shows its number, or does not count from 1."""
    for sheet in paper.sheets[:1]:
        if "first" in sheet.numbers or (sheet.numbers and not sheet.hides_first):
            yield _number(1, "hiển thị ở trang thứ nhất", "không hiển thị số trang thứ nhất")
        if sheet.starts_at not in (None, 1):
            yield _number(1, f"bắt đầu từ {sheet.starts_at}", "liên tục từ số 1")


def annex_numbering(paper: Paper) -> Iterator[Departure]:
    """Yield the annexes that do not begin a section whose pages count from 1."""
    sections = [heading[0].section for heading in paper.annexes]
    for i, (first, *_) in enumerate(paper.annexes):
        shared = first.section in sections[:i] or first.section == 0
        if shared or paper.sheets[first.section].starts_at != 1:
            found = "đánh số nối tiếp"
            required = "mỗi phụ lục đánh số trang riêng, từ số 1"
            yield Departure(f"{SECTION} III.1", "Số trang phụ lục", excerpt(first.text), found, required)


def annex_form(paper: Paper) -> Iterator[Departure]:
    """Yield the annexes without a Roman number where there are several, or without a name."""
    pattern = re.compile(r"Phụ lục [IVXLC]+" if len(paper.annexes) > 1 else r"Phụ lục( [IVXLC]+)?", re.IGNORECASE)
    for number, *below in paper.annexes:
        if not pattern.fullmatch(number.text):
            yield _annex(number, "cách ghi số thứ tự khác", "“Phụ lục” và số thứ tự bằng chữ số La Mã")
        if not [line for line in below if not line.text.startswith("(")]:
            yield _annex(number, "không có tên", "tên phụ lục, in hoa, đậm, canh giữa")


def _annex(line: TypedLine, found: str, required: str) -> Departure:
    return Departure(f"{SECTION} III.1", "Phụ lục", excerpt(line.text), found, required)


def _number(section: int, found: str, required: str) -> Departure:
    return Departure(f"{SECTION} I.7", "Số trang", f"phần {section}", found, required)


def _tinted(piece: Piece) -> bool:
    return piece.face.colour not in BLACK and not piece.face.highlighted
