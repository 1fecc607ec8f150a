"""Rules on words and lines of the head: components 1 to 5 (annex I, part II)."""

import re
from collections.abc import Iterator, Sequence

from dondoc.decree30.components import TYPES, Paper
from dondoc.decree30.departure import Departure, excerpt, missing
from dondoc.decree30.looks import SECTION
from dondoc.decree30.reading import TypedLine, fold
from dondoc.decree30.widths import laid_widths_cm

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
# What the eye forgives when a rule is measured by the words above it.
TOLERANCE = 0.1
PART = (1 / 3, 1 / 2)
TWO_DIGITS = re.compile(r"0[1-9]|[1-9]\d+")
LAST_DAY = 31
BLANK = r"[.…_ ]*"
NUMBER = re.compile(rf"Số: ?(?P<number>\d+|{BLANK})/(?P<symbol>[A-ZĐĂÂÊÔƠƯa-z0-9&]+(-[A-ZĐĂÂÊÔƠƯa-z0-9&.]+)*)")
DATE = re.compile(rf".*\S, ngày ?(?P<day>\d+|{BLANK}) ?tháng ?(?P<month>\d+|{BLANK}) ?năm ?(?P<year>\d{{4}}|{BLANK})")
# Words that open the name of a body of its own: an agency line before such a line is the body above it.
BODY = re.compile(
    r"(so|ban|cuc|chi cuc|vu|van phong|phong|trung tam|truong|vien|benh vien|thanh tra|uy ban|ubnd|hoi dong)\b"
)
NO_SUMMARY = ("giay", "phieu")
SUBJECT_GAP = 6


def nation_and_motto(paper: Paper) -> Iterator[Departure]:
    """Yield where national name and motto are missing or not word for word."""
    for component, line, words in (("Quốc hiệu", paper.nation, NATION), ("Tiêu ngữ", paper.motto, MOTTO)):
        if line is None:
            yield missing(component, f"{SECTION} II.1", f"“{words}”")
        elif line.text.casefold() != words.casefold() or (component == "Tiêu ngữ" and line.text != words):
            yield Departure(f"{SECTION} II.1", component, excerpt(line.text), excerpt(line.text), f"“{words}”")


def motto_rule(paper: Paper) -> Iterator[Departure]:
    """Yield a rule below the motto that is missing or not as long as it."""
    if paper.motto:
        near = [line for line in (paper.motto, paper.nation) if line]
        required = "đường kẻ nét liền phía dưới, dài bằng dòng chữ"
        yield from _rule(paper, near, part=(1, 1), names=("Tiêu ngữ", f"{SECTION} II.1", required))


def agency_names(paper: Paper) -> Iterator[Departure]:
    """Yield an agency missing, an issuing body not bold, or a body above it bold."""
    lines = paper.agencies
    if not lines:
        yield missing("Tên cơ quan", f"{SECTION} II.2", "tên cơ quan ban hành, in hoa, đậm")
        return
    issuing = _issuing_from(lines)
    for i, line in enumerate(lines):
        if i >= issuing and not line.bold:
            yield Departure(f"{SECTION} II.2", "Tên cơ quan ban hành", excerpt(line.text), "không đậm", "đậm")
        elif i < issuing and line.bold:
            yield Departure(f"{SECTION} II.2", "Tên cơ quan chủ quản", excerpt(line.text), "đậm", "không đậm")


def agency_rule(paper: Paper) -> Iterator[Departure]:
    """Yield a rule below the issuing agency that is missing or out of proportion."""
    if paper.agencies:
        issuing = [line for line in paper.agencies if line.bold] or list(paper.agencies)
        required = "đường kẻ nét liền phía dưới, dài từ 1/3 đến 1/2 dòng chữ"
        yield from _rule(paper, issuing, part=PART, names=("Tên cơ quan ban hành", f"{SECTION} II.2", required))


def number_and_symbol(paper: Paper) -> Iterator[Departure]:
    """Yield a number line that is missing, malformed, or lacks the leading zero."""
    clause = f"{SECTION} II.3"
    form = "“Số: 05/TB-BQL”, không cách chữ quanh dấu “/” và “-”"
    if paper.number is None:
        yield missing("Số, ký hiệu", clause, form)
        return
    match = NUMBER.fullmatch(paper.number.text)
    if match is None:
        yield Departure(clause, "Số, ký hiệu", excerpt(paper.number.text), "cách ghi khác", form)
    elif match["number"].isdigit() and not TWO_DIGITS.fullmatch(match["number"]):
        required = "số nhỏ hơn 10 ghi thêm số 0 phía trước"
        yield Departure(clause, "Số, ký hiệu", excerpt(paper.number.text), f"số {match['number']}", required)


def symbol_fits_type(paper: Paper) -> Iterator[Departure]:
    """Yield a symbol whose code is not that of the document's type; a công văn has no code."""
    if paper.number is None or "/" not in paper.number.text:
        return
    code = paper.symbol_code
    wanted = TYPES.get(paper.type_name)
    where = excerpt(paper.number.text)
    clause = "Phụ lục III, bảng chữ viết tắt"
    if wanted and code != wanted:
        yield Departure(clause, "Số, ký hiệu", where, f"ký hiệu {code}", f"chữ viết tắt tên loại “{wanted}”")
    elif paper.is_letter and code in TYPES.values():
        yield Departure(clause, "Số, ký hiệu", where, f"ký hiệu {code}", "công văn không có chữ viết tắt tên loại")


def place_and_date(paper: Paper) -> Iterator[Departure]:
    """Yield a place and date that are missing, malformed, or padded otherwise than asked."""
    clause = f"{SECTION} II.4"
    form = "“Hải Phòng, ngày 05 tháng 01 năm 2024”"
    if paper.place is None:
        yield missing("Địa danh và thời gian", clause, form)
        return
    where = excerpt(paper.place.text)
    match = DATE.fullmatch(paper.place.text)
    if match is None:
        yield Departure(clause, "Địa danh và thời gian", where, "cách ghi khác", form)
        return
    day = match["day"].strip()
    month = match["month"].strip()
    if day.isdigit() and not (TWO_DIGITS.fullmatch(day) and int(day) <= LAST_DAY):
        yield Departure(clause, "Ngày", where, f"ngày {day}", "ngày nhỏ hơn 10 ghi thêm số 0 phía trước")
    if month.isdigit() and month not in ("01", "02", *map(str, range(3, 13))):
        yield Departure(clause, "Tháng", where, f"tháng {month}", "chỉ tháng 1, 2 ghi thêm số 0 phía trước")


def title_and_summary(paper: Paper) -> Iterator[Departure]:
    """Yield a type, or the summary it needs, that is missing from a document which is no công văn."""
    if paper.is_letter:
        return
    if paper.title is None:
        yield missing("Tên loại", f"{SECTION} II.5", "tên loại văn bản, in hoa, đậm, canh giữa")
    elif not paper.summary and not fold(paper.title.text).startswith(NO_SUMMARY):
        yield missing("Trích yếu", f"{SECTION} II.5", "trích yếu nội dung dưới tên loại, đậm, canh giữa")


def summary_rule(paper: Paper) -> Iterator[Departure]:
    """Yield a rule below type and summary that is missing or out of proportion."""
    last = paper.summary[-1:] or ((paper.title,) if paper.title else ())
    required = "đường kẻ nét liền phía dưới, dài từ 1/3 đến 1/2 dòng chữ"
    if last:
        yield from _rule(paper, last, part=PART, names=("Trích yếu", f"{SECTION} II.5", required))


def subject(paper: Paper) -> Iterator[Departure]:
    """Yield a subject that a công văn lacks, that another document has, or that touches the number above."""
    clause = f"{SECTION} II.5"
    if paper.is_letter and not paper.subject:
        yield missing("Trích yếu công văn", clause, "“V/v …” dưới số và ký hiệu")
    for line in paper.subject[:1]:
        if not paper.is_letter:
            required = "văn bản có tên loại ghi trích yếu dưới tên loại, không ghi “V/v”"
            yield Departure(clause, "Trích yếu", excerpt(line.text), "“V/v” dưới số và ký hiệu", required)
        above = paper.number.shape.after if paper.number else 0
        if max(above, line.shape.before) < SUBJECT_GAP:
            yield Departure(
                clause, "Trích yếu công văn", excerpt(line.text), "sát dòng số", "cách dòng số, ký hiệu 6pt"
            )


def _issuing_from(lines: Sequence[TypedLine]) -> int:
    """Return where the issuing body begins: the last line that opens a body's name, else the first bold one."""
    opening = [i for i, line in enumerate(lines) if BODY.match(fold(line.text))]
    bold = [i for i, line in enumerate(lines) if line.bold] or [len(lines) - 1]
    return opening[-1] if opening and opening[-1] else bold[0]


def _rule(
    paper: Paper, lines: Sequence[TypedLine], *, part: tuple[float, float], names: tuple[str, str, str]
) -> Iterator[Departure]:
    """Yield a rule below `lines` that is missing or not `part` of any line of theirs as it is laid."""
    component, clause, required = names
    rules = paper.rules_below(*lines)
    laid = _laid(lines[:1] if part == (1, 1) else lines)
    fits = [
        rule
        for rule in rules
        for width in laid
        if part[0] * (1 - TOLERANCE) <= rule / width <= part[1] * (1 + TOLERANCE)
    ]
    if not fits:
        found = f"đường kẻ dài {rules[0]:.1f} cm, dòng chữ {max(laid):.1f} cm" if rules else "không có đường kẻ"
        yield Departure(clause, component, excerpt(lines[0].text), found.replace(".", ","), required)


def _laid(lines: Sequence[TypedLine]) -> list[float]:
    widths = [laid_widths_cm(ln.text, within_cm=ln.width_cm, size=ln.size, bold=ln.bold) for ln in lines]
    return [width for laid in widths for width in laid] or [0.0]
