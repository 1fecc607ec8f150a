"""The look of each component: annex I, part V in one table."""

from collections.abc import Iterator
from dataclasses import dataclass

from dondoc.decree30.components import Paper
from dondoc.decree30.departure import Departure, excerpt
from dondoc.decree30.reading import TypedLine

SECTION = "Phụ lục I, mục"


@dataclass(frozen=True)
class Look:
    """The look the decree asks of one component: sizes in points; None where it says nothing.

    Attributes:
        part: name of the field of `Paper` that holds its lines.
    """

    part: str
    component: str
    clause: str
    sizes: tuple[float, float]
    bold: bool | None = False
    italic: bool | None = False
    caps: bool | None = None
    centred: bool | None = None


LOOKS = (
    Look("nation", "Quốc hiệu", f"{SECTION} II.1", (12, 13), bold=True, caps=True),
    Look("motto", "Tiêu ngữ", f"{SECTION} II.1", (13, 14), bold=True, caps=False, centred=True),
    Look("agencies", "Tên cơ quan", f"{SECTION} II.2", (12, 13), bold=None, caps=True, centred=True),
    Look("number", "Số, ký hiệu", f"{SECTION} II.3", (13, 13), centred=True),
    Look("place", "Địa danh và thời gian", f"{SECTION} II.4", (13, 14), italic=True, centred=True),
    Look("title", "Tên loại", f"{SECTION} II.5", (13, 14), bold=True, caps=True, centred=True),
    Look("summary", "Trích yếu", f"{SECTION} II.5", (13, 14), bold=True, centred=True),
    Look("subject", "Trích yếu công văn", f"{SECTION} II.5", (12, 13), centred=True),
    Look("addressees", "Kính gửi", f"{SECTION} II.9", (13, 14)),
    Look("bases", "Căn cứ ban hành", f"{SECTION} II.6", (13, 14), italic=True),
    Look("body", "Nội dung", f"{SECTION} II.6", (13, 14), bold=None, italic=None),
    Look("authority", "Quyền hạn, chức vụ", f"{SECTION} II.7", (13, 14), bold=True, caps=True, centred=True),
    Look("signer", "Họ tên người ký", f"{SECTION} II.7", (13, 14), bold=True, caps=False, centred=True),
    Look("recipients", "Nơi nhận", f"{SECTION} II.9", (12, 12), bold=True, italic=True),
    Look("recipient_list", "Danh sách nơi nhận", f"{SECTION} II.9", (11, 11)),
)
ANNEX_NUMBER = Look("", "Phụ lục", f"{SECTION} III.1", (14, 14), bold=True, caps=False, centred=True)
ANNEX_NAME = Look("", "Tên phụ lục", f"{SECTION} III.1", (13, 14), bold=True, caps=True, centred=True)
ANNEX_REFERENCE = Look("", "Chỉ dẫn kèm theo", f"{SECTION} III.1", (13, 14), italic=True, centred=True)


def component_looks(paper: Paper) -> Iterator[Departure]:
    """Yield where a component's size, weight, slope, case or place differs from `LOOKS`."""
    for look in LOOKS:
        found = getattr(paper, look.part)
        for line in found if isinstance(found, tuple) else [found] if found else []:
            yield from look_departures(look, line)


def annex_looks(paper: Paper) -> Iterator[Departure]:
    """Yield where the heading of an annex, its name, or the reference below differs."""
    for number, *below in paper.annexes:
        yield from look_departures(ANNEX_NUMBER, number)
        for line in below:
            yield from look_departures(ANNEX_REFERENCE if line.text.startswith("(") else ANNEX_NAME, line)


def look_departures(look: Look, line: TypedLine) -> Iterator[Departure]:
    """Yield what in the look of `line` differs from `look`."""
    least, most = look.sizes
    wrong = sorted({piece.face.size for piece in line.pieces if not least <= piece.face.size <= most})
    if wrong:
        span = f"{least:g}" if least == most else f"{least:g} đến {most:g}"
        yield _departure(look, line, "cỡ chữ " + ", ".join(f"{size:g}" for size in wrong), f"cỡ chữ {span}")
    for wanted, is_so, yes, no in (
        (look.bold, {piece.face.bold for piece in line.pieces}, "đậm", "không đậm"),
        (look.italic, {piece.face.italic for piece in line.pieces}, "nghiêng", "đứng"),
        (look.caps, {line.text.isupper()}, "in hoa", "in thường"),
        (look.centred, {line.centred}, "canh giữa", "không canh giữa"),
    ):
        if wanted is not None and is_so != {wanted}:
            yield _departure(look, line, no if wanted else yes, yes if wanted else no)


def _departure(look: Look, line: TypedLine, found: str, required: str) -> Departure:
    return Departure(look.clause, look.component, excerpt(line.text), found, required)
