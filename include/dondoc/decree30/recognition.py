"""Recognise which line is which component, by words and place, even where it is mistyped."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile

from dondoc.decree30.components import TYPES, Paper
from dondoc.decree30.reading import TypedLine, fold
from dondoc.decree30.sheets import SectionLayout

NUMBER = re.compile(r"số\s*[:.…\d/]", re.IGNORECASE)
SUBJECT = re.compile(r"v/v\b", re.IGNORECASE)
DATE = re.compile(r"\bngay\b.*\bthang\b.*\bnam\b")
ANNEX = re.compile(r"phu luc( [ivxlc\d]+)?")
HEADING = re.compile(r"([IVX]+|\d+)\.|(phần|chương|mục|điều) ", re.IGNORECASE)
# Marks that are no components of their own place: draft, urgency, secrecy.
MARKS = re.compile(r"(du thao|hoa toc|thuong khan|khan|toi mat|tuyet mat|mat)( lan \d+)?")
POSITION = re.compile(
    r"(tm|kt|tl|tuq|q) |(pho )?(tong |chi )?(cuc truong|vu truong|vien truong|hieu truong|truong|giam doc|chu tich|"
    r"chanh|bo truong|thu truong|thu tuong|bi thu)\b|pho "
)
BASIS = re.compile(r"(can cu|theo de nghi|xet) ")
HEAD_LINES = 30
LONG_LINE = 60
ADDRESSEE_INDENT_CM = 2.0


def recognise(lines: tuple[TypedLine, ...], sheets: tuple[SectionLayout, ...]) -> Paper:
    """Return the components among `lines`."""
    said = [line for line in lines if line.text]
    first_annex = next((i for i, line in enumerate(said) if _starts_annex(line)), len(said))
    main = said[:first_annex]
    foot_at = _foot_start(said[:first_annex])
    head = _head(main[:foot_at])
    content = main[_end_of(head, main) : foot_at]
    told = _content(content)
    return Paper(
        sheets=sheets, lines=lines, annexes=_annexes(said[first_annex:]), **head, **told, **_foot(main[foot_at:])
    )


def _head(lines: Sequence[TypedLine]) -> dict:
    top = list(takewhile(lambda line: not fold(line.text).startswith("kinh gui"), lines[:HEAD_LINES]))
    nation = _find(top, lambda line: fold(line.text).startswith("cong hoa") or "chu nghia viet nam" in fold(line.text))
    motto = _find(top, lambda line: fold(line.text).startswith("doc lap"))
    number = _find(top, lambda line: NUMBER.match(line.text) is not None)
    place = _find(
        _before_content(top, nation or motto or number), lambda line: DATE.search(fold(line.text)) is not None
    )
    return {
        "nation": nation,
        "motto": motto,
        "number": number,
        "place": place,
        "agencies": _agencies(top, nation or motto, stop=number or place),
        "subject": _subject(top),
    }


def _before_content(lines: Sequence[TypedLine], anchor: TypedLine | None) -> list[TypedLine]:
    """Return the lines where place and date may stand: the table of the letterhead, or all before the content."""
    if anchor and anchor.cell:
        return [line for line in lines if line.cell and line.cell.table == anchor.cell.table]
    return list(takewhile(lambda line: not _is_title(line) and line.shape.align != "both", lines))


def _agencies(lines: Sequence[TypedLine], anchor: TypedLine | None, *, stop: TypedLine | None) -> tuple[TypedLine, ...]:
    before = list(takewhile(lambda line: line != stop, lines))
    others = [line for line in before if line != anchor and not MARKS.fullmatch(fold(line.text))]
    others = [line for line in others if not fold(line.text).startswith(("doc lap", "cong hoa"))]
    beside = anchor or stop
    if beside and beside.cell:
        table = beside.cell.table
        column = anchor.cell.column if anchor and anchor.cell else None
        return tuple(o for o in others if o.cell and o.cell.table == table and o.cell.column != column)
    return tuple(line for line in others if line.text.isupper()) if stop else ()


def _subject(lines: Sequence[TypedLine]) -> tuple[TypedLine, ...]:
    start = next((i for i, line in enumerate(lines) if SUBJECT.match(line.text)), None)
    if start is None:
        return ()
    cell = lines[start].cell
    more = takewhile(lambda line: line.cell == cell and (cell or line.centred), lines[start + 1 :])
    return (lines[start], *more)


def _end_of(head: dict, main: Sequence[TypedLine]) -> int:
    single = [head[name] for name in ("nation", "motto", "number", "place") if head[name]]
    return max((main.index(line) + 1 for line in [*single, *head["agencies"], *head["subject"]]), default=0)


def _content(lines: Sequence[TypedLine]) -> dict:
    flowing = [line for line in lines if line.cell is None and not line.boxed]
    opening = list(takewhile(lambda line: not _is_told(line), flowing))
    title = _find(opening, _is_title)
    rest = flowing[flowing.index(title) + 1 :] if title else flowing
    summary = tuple(takewhile(_is_summary, rest)) if title else ()
    rest = rest[len(summary) :]
    addressees = _addressees(rest)
    rest = rest[len(addressees) :]
    bases = () if addressees else tuple(takewhile(_is_basis, rest))
    return {
        "title": title,
        "summary": summary,
        "addressees": addressees,
        "bases": bases,
        "body": tuple(rest[len(bases) :]),
    }


def _is_told(line: TypedLine) -> bool:
    words = fold(line.text)
    return words.startswith("kinh gui") or _is_basis(line) or (len(line.text) > LONG_LINE and not line.centred)


def _is_title(line: TypedLine) -> bool:
    words = f"{fold(line.text)} "
    striking = line.text.isupper() or line.centred or line.bold
    typed = any(words.startswith(f"{name} ") for name in TYPES)
    return (typed and striking) or (line.text.isupper() and line.centred and not MARKS.fullmatch(words.strip()))


def _is_summary(line: TypedLine) -> bool:
    return (line.centred or line.bold) and not fold(line.text).startswith("kinh gui") and not HEADING.match(line.text)


def _addressees(lines: Sequence[TypedLine]) -> tuple[TypedLine, ...]:
    if not lines or not fold(lines[0].text).startswith("kinh gui"):
        return ()
    more = takewhile(
        lambda line: line.text.startswith("-") or line.tabbed or line.shape.left >= ADDRESSEE_INDENT_CM, lines[1:]
    )
    return (lines[0], *more)


def _is_basis(line: TypedLine) -> bool:
    return BASIS.match(fold(line.text)) is not None and (line.italic or line.text.endswith(";"))


def _foot_start(main: Sequence[TypedLine]) -> int:
    """Return where recipients and signature begin: the last table that holds either, or the first such line."""
    marks = [i for i, line in enumerate(main) if fold(line.text).startswith("noi nhan")]
    marks = marks[-1:] or [i for i, line in enumerate(main) if line.cell and _is_position(line)][-1:]
    if marks and (cell := main[marks[0]].cell):
        return next(i for i, line in enumerate(main) if line.cell and line.cell.table == cell.table)
    loose = [i for i, line in enumerate(main) if line.cell is None and _is_position(line)]
    return min([*marks, *loose[-2:]], default=len(main))


def _is_position(line: TypedLine) -> bool:
    return line.text.isupper() and line.bold and POSITION.match(fold(line.text)) is not None


def _foot(lines: Sequence[TypedLine]) -> dict:
    recipients = _find(lines, lambda line: fold(line.text).startswith("noi nhan"))
    listed: list[TypedLine] = []
    if recipients:
        after = lines[lines.index(recipients) + 1 :]
        listed = [line for line in after if line.cell and line.cell == recipients.cell]
        listed = listed or list(takewhile(lambda line: line.text.startswith("-"), after))
    signed = [line for line in lines if line not in (recipients, *listed) and not line.text.startswith(("(", "-"))]
    named = bool(signed) and not POSITION.match(fold(signed[-1].text))
    return {
        "recipients": recipients,
        "recipient_list": tuple(listed),
        "authority": tuple(signed[:-1] if named else signed),
        "signer": signed[-1] if named else None,
    }


def _starts_annex(line: TypedLine) -> bool:
    striking = line.centred or line.bold or line.text.isupper()
    return line.cell is None and striking and ANNEX.fullmatch(fold(line.text)) is not None


def _annexes(lines: Sequence[TypedLine]) -> tuple[tuple[TypedLine, ...], ...]:
    starts = [i for i, line in enumerate(lines) if _starts_annex(line)]
    headings = [
        takewhile(lambda line: line.cell is None and (line.centred or line.bold), lines[i + 1 :]) for i in starts
    ]
    return tuple((lines[i], *_until_annex(more)) for i, more in zip(starts, headings, strict=True))


def _until_annex(lines: Iterable[TypedLine]) -> Iterable[TypedLine]:
    return takewhile(lambda line: not _starts_annex(line) and not HEADING.match(line.text), lines)


def _find(lines: Iterable[TypedLine], wanted: Callable[[TypedLine], bool]) -> TypedLine | None:
    return next((line for line in lines if wanted(line)), None)
