"""A returned letter held against the approved one: the same words but for number, day and signature."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from dondoc.signoff.word_text import BODY, Printed, printed

# What an approved draft bears and a letter that leaves does not, and what is written where the signature stands.
MARKS = ("dựthảo", "(đãký)", "đãký")
NUMBER_LINE = re.compile(r"Số:[\s\d.…_]*/\s*(\S+)")
NUMBER = r"số:([\d.…_]*)/"
DAY = r"{place},ngày([\d.…_]*)tháng([\d.…_]*)năm([\d.…_]{{0,12}})"
# Differences shown in an answer, and letters shown of each.
MOST_SHOWN = 5
LONGEST_SHOWN = 160


@dataclass(frozen=True)
class TextDifferences:
    """What a returned letter says where the approved one is blank, and where else it says something else.

    Attributes:
        number: the number written, e.g. 12/PXL-BQL; empty when none is.
        day: the day written, None when none is or it is no day.
        differences: where it says something else than what was approved, in words.
    """

    number: str
    day: date | None
    differences: tuple[str, ...]


def compare_word(approved: bytes, returned: bytes, *, place: str) -> TextDifferences:
    """Return how the Word document `returned` differs from the approved one.

    Args:
        approved: what was approved.
        returned: what came back.
        place: the place name before the date.

    Raises:
        UntrustedError: one of them cannot be read.
    """
    return _compare_printed(printed(approved), printed(returned), place)


def _compare_printed(approved: Printed, returned: Printed, place: str) -> TextDifferences:
    found = [f"{what}: không có trong bản đã duyệt" for what in sorted(returned.unshown - approved.unshown)]
    if approved.pictures and returned.pictures != approved.pictures:
        found.append("hình ảnh: khác bản đã duyệt")
    blank = _Blank(place, "\n".join(text for _, text in approved.lines))
    for where in sorted({where for where, _ in [*approved.lines, *returned.lines]}, key=lambda where: where != BODY):
        ours, theirs = ([text for at, text in side.lines if at == where] for side in (approved, returned))
        if where != BODY:
            # Parts are numbered anew whenever a document is saved.
            ours = sorted(ours)
            theirs = sorted(theirs)
        found += [f"{where}: {what}" for what in _line_differences(blank, ours, theirs)]
    body = plain("\n".join(text for where, text in returned.lines if where == BODY))
    return TextDifferences(blank.number_in(body), blank.day_in(body), _few(found))


def compare_pages(approved: bytes, pages: Sequence[str], *, place: str) -> TextDifferences:
    """Return how the text of a PDF's pages differs from the approved letter.

    A PDF knows no paragraphs. Each line that was approved must stand in it whole, and nothing else may.

    Raises:
        UntrustedError: what was approved cannot be read.
    """
    lines = [text for _, text in printed(approved).lines]
    blank = _Blank(place, "\n".join(lines))
    text = "".join(_without_page_number(plain(page), i) for i, page in enumerate(pages, start=1))
    rest = blank.emptied_once(text)
    missing = list[str]()
    for line in sorted(lines, key=lambda line: len(plain(line)), reverse=True):
        wanted = blank.emptied(plain(line))
        if wanted in rest:
            rest = rest.replace(wanted, "\0", 1)
        elif _counts(wanted):
            missing.append(line)
    strange = [_as_printed(piece, pages) for piece in re.split("\0+", rest) if _counts(piece)]
    found = [f"tệp không có “{_cut(line)}”" for line in missing]
    found += [f"tệp có “{_cut(piece)}”" for piece in strange]
    return TextDifferences(blank.number_in(text), blank.day_in(text), _few(found))


def plain(text: str) -> str:
    """Return the key under which printed text is the same: no blanks, case, ligatures; one kind of dash."""
    return "".join(_kept(unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())))


def _kept(text: str) -> Iterator[str]:
    for char in text:
        kind = unicodedata.category(char)
        if kind == "Pd":
            yield "-"
        elif kind[0] not in "ZC":
            yield char


class _Blank:
    """Where the approved letter leaves room for number and day."""

    def __init__(self, place: str, approved: str) -> None:
        symbol = NUMBER_LINE.search(approved)
        self._symbol = symbol[1] if symbol else ""
        self._number = re.compile(NUMBER)
        self._day = re.compile(DAY.format(place=re.escape(plain(place))))

    def emptied(self, line: str) -> str:
        """Return the plain `line` with number or day left blank, where that is the line it stands in."""
        if self._number.match(line) or self._day.fullmatch(line):
            return self.emptied_once(line)
        return line

    def emptied_once(self, text: str) -> str:
        """Return the plain `text` with its first number and first day left blank, as in a draft."""
        numberless = self._number.sub("số:/", text, count=1)
        return self._day.sub(lambda found: re.sub(r"[\d.…_]", "", found[0]), numberless, count=1)

    def number_in(self, text: str) -> str:
        found = self._number.search(text)
        digits = found[1].strip(".…_") if found else ""
        return f"{digits}/{self._symbol}" if digits.isdecimal() and self._symbol else ""

    def day_in(self, text: str) -> date | None:
        found = self._day.search(text)
        try:
            return date(int(found[3]), int(found[2]), int(found[1])) if found else None
        except ValueError:
            return None


def _line_differences(blank: _Blank, ours: Sequence[str], theirs: Sequence[str]) -> Iterator[str]:
    sides = [[line for line in lines if _counts(plain(line))] for lines in (ours, theirs)]
    keys = [[_without_marks(blank.emptied(plain(line))) for line in side] for side in sides]
    for what, a, b, c, d in SequenceMatcher(a=keys[0], b=keys[1], autojunk=False).get_opcodes():
        if what != "equal":
            yield _told(" ".join(sides[0][a:b]), " ".join(sides[1][c:d]))


def _told(ours: str, theirs: str) -> str:
    """Return one difference in words: around the first word that differs where both have one."""
    if not (ours and theirs):
        return f"tệp có thêm “{_cut(theirs)}”" if theirs else f"tệp không có “{_cut(ours)}”"
    one = ours.split()
    two = theirs.split()
    same = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    start = max(0, same - 4)
    lead = "…" if start else ""
    return f"bản duyệt “{lead}{_cut(' '.join(one[start:]))}”, tệp “{lead}{_cut(' '.join(two[start:]))}”"


def _as_printed(piece: str, pages: Sequence[str]) -> str:
    """Return the lines of the pages in which the plain `piece` stands, or it as it is."""
    lines = [line.strip() for page in pages for line in page.splitlines()]
    found = [line for line in lines if (key := plain(line)) and (key in piece or piece in key)]
    return " ".join(found) or piece


def _without_page_number(page: str, number: int) -> str:
    # Every page but the first bears its number, at its head or at its foot.
    if number > 1 and page.startswith(str(number)):
        return page.removeprefix(str(number))
    return page.removesuffix(str(number)) if number > 1 else page


def _counts(text: str) -> bool:
    return bool(_without_marks(text))


def _without_marks(text: str) -> str:
    return "" if text in MARKS else text


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _few(found: Sequence[str]) -> tuple[str, ...]:
    rest = len(found) - MOST_SHOWN
    return (*found[:MOST_SHOWN], *([f"và {rest} chỗ khác"] if rest > 0 else []))
