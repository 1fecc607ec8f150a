"""Find what the reader of an .xlsx passes over in its cells: formulas not calculated, long numbers, far corners."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dondoc.errors import SourceError
from dondoc.sources.merges import Merge, ods_merges
from dondoc.sources.safety import entries_of, member_chunks

MAX_ROWS = 1_048_576
MAX_COLUMNS = 400
MAX_CELLS = 60_000_000
# Written in place of a cell that holds no usable value; Excel's own error words look the same.
UNCALCULATED = "#FORMULA!"
TOO_LONG = "#DIGITS!"

SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
REFERENCE = re.compile(rb"\sr\s*=\s*[\"']([A-Z]+)([0-9]+)[\"']")
PREFIXED = re.compile(rb":[cfv][\s/>]")
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)
VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)</")
FORMULA = re.compile(rb"<(?:\w+:)?f\b")
TYPE = re.compile(rb"\bt\s*=\s*[\"'](\w+)[\"']")
# Excel keeps 15 digits of a number; an identifier that lost its last ones is shown with an exponent.
SAFE_DIGITS = 15
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z]{1,3})([0-9]+):([A-Z]{1,3})([0-9]+)[\"']")
MAX_TAG = 256
LONG = re.compile(rb"<v>-?(?:[0-9]{16,}|[0-9.]+[eE]\+?(?:1[5-9]|[2-9][0-9]|[1-9][0-9]{2}))")
EXPONENT = np.frombuffer(b"eE+", np.uint8)
# Past the end of a block lies nothing; a look ahead must find something there.
LOOK_AHEAD = 16
MAX_CARRIED = 4 * 2**20


@dataclass
class SheetFacts:
    """Facts of one sheet: its far corner where it is far, cells without a value, cells merged downwards."""

    rows: int = 0
    columns: int = 0
    spoilt: list[tuple[int, int, str]] = field(default_factory=list)
    merges: list[tuple[int, int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class BookFacts:
    """Facts of a workbook: facts by sheet name, and whether its serial dates count from 1904."""

    sheets: dict[str, SheetFacts]
    from_1904: bool


def survey_xlsx(path: Path) -> BookFacts:
    """Return the facts of the workbook at `path`; every member a reader could open is followed to its end.

    Raises:
        SourceError: hostile or broken, or a sheet wider or longer than any export.
    """
    members: dict[str, SheetFacts] = {}
    plain: dict[str, bytes] = {}
    with path.open("rb") as file:
        for entry in entries_of(path):
            if entry.filename.endswith((".xml", ".rels")):
                chunks = member_chunks(file, entry, path)
                if SHEET.fullmatch(entry.filename):
                    members[entry.filename.casefold()] = _survey_sheet(chunks, path)
                elif entry.filename in {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"}:
                    plain[entry.filename] = b"".join(chunks)
                else:
                    _exhaust(chunks)
    book = plain["xl/workbook.xml"].decode("utf-8", "replace")
    links = plain.get("xl/_rels/workbook.xml.rels", b"").decode("utf-8", "replace")
    return BookFacts(
        {name: members.get(member, SheetFacts()) for name, member in _sheet_members(book, links)},
        from_1904=bool(re.search(r"\bdate1904\s*=\s*[\"'](?:1|true)[\"']", book)),
    )


def survey_ods(path: Path) -> BookFacts:
    """Return the cells merged downwards in the OpenDocument file at `path`; every member is followed to its end.

    Raises:
        SourceError: hostile or broken; a filled cell or row is said to repeat beyond any export.
    """
    merged = False
    with path.open("rb") as file:
        for entry in entries_of(path):
            if entry.filename.endswith(".xml"):
                tail = b""
                for chunk in member_chunks(file, entry, path):
                    if entry.filename == "content.xml":
                        merged = merged or SPANNING.search(tail + chunk) is not None
                        tail = _check_repeats(tail + chunk, path)
    # Where no cell spans rows, the sheet need not be walked again.
    return BookFacts(of_merges(ods_merges(path)) if merged else {}, from_1904=False)


def of_merges(merges: Mapping[str, list[Merge]]) -> dict[str, SheetFacts]:
    """Return the facts of sheets of which nothing is known but their merged cells."""
    return {sheet: SheetFacts(merges=found) for sheet, found in merges.items()}


REPEATED_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*)number-columns-repeated=\"([0-9]+)\"([^>]*)>")
REPEATED_ROW = re.compile(
    rb"<table:table-row\b[^>]*number-rows-repeated=\"([0-9]+)\"[^>]*>(.*?)</table:table-row>", re.S
)
MAX_FILLED_REPEATS = 1000
SPANNING = re.compile(rb"number-rows-spanned=\"(?:[2-9]|[1-9][0-9]+)\"")


def _check_repeats(text: bytes, path: Path) -> bytes:
    cells = any(
        int(times) > MAX_FILLED_REPEATS and b"office:value-type" in before + after
        for before, times, after in REPEATED_CELL.findall(text)
    )
    rows = any(
        int(times) > MAX_FILLED_REPEATS and b"office:value-type" in row for times, row in REPEATED_ROW.findall(text)
    )
    if cells or rows:
        raise too_large(path)
    cut = text.rfind(b"<table:table-row")
    return text[cut:] if cut >= 0 and len(text) - cut < MAX_CARRIED else text[-4096:]


def _exhaust(chunks: Iterator[bytes]) -> None:
    for _ in chunks:
        pass


def _survey_sheet(chunks: Iterator[bytes], path: Path) -> SheetFacts:
    facts = SheetFacts()
    carried = b""
    tail = b""
    for chunk in chunks:
        text = carried + chunk
        _survey_merges(tail + chunk, facts)
        # The last tag of a block may go on in the next.
        tail = chunk[chunk.rfind(b"<") :][-MAX_TAG:]
        cut = max(text.rfind(b"<c "), text.rfind(b":c "))
        if cut <= 0 or len(text) - cut > MAX_CARRIED:
            cut = len(text)
        _survey_cells(text, cut, facts)
        carried = text[cut:]
    _survey_cells(carried, len(carried), facts)
    if facts.rows > MAX_ROWS or facts.columns > MAX_COLUMNS or facts.rows * facts.columns > MAX_CELLS:
        raise too_large(path)
    return facts


def _survey_merges(text: bytes, facts: SheetFacts) -> None:
    for left, first, _, last in MERGED.findall(text) if b"ergeCell " in text else ():
        if int(first[:9]) < int(last[:9]) <= MAX_ROWS:
            facts.merges.append((_column(left), int(first) - 1, int(last) - 1))


def too_large(path: Path) -> SourceError:
    """Return the error for a sheet beyond any export."""
    return SourceError(
        f"Trang tính quá lớn: quá {MAX_COLUMNS} cột, {MAX_ROWS:,} dòng hoặc {MAX_CELLS:,} ô.".replace(",", "."),
        where=path,
        remedy="xóa các ô thừa ngoài bảng, hoặc chia tệp theo tháng, rồi đặt lại.",
    )


def _survey_cells(text: bytes, end: int, facts: SheetFacts) -> None:
    doubts = _doubts(text, end)
    if doubts.corner:
        references = REFERENCE.findall(text, 0, end)
        facts.rows = max(facts.rows, max((int(row[:9]) for _, row in references), default=0))
        facts.columns = max([facts.columns, *(_column(name) + 1 for name in {name for name, _ in references})])
    if doubts.formula or (doubts.long and LONG.search(text, 0, end)):
        facts.spoilt.extend(_spoilt(text[:end]))


class Doubts(NamedTuple):
    """The parts of a block of cells that need a close look: its far corner, its formulas, its long numbers."""

    corner: bool
    formula: bool
    long: bool


def _doubts(text: bytes, end: int) -> Doubts:
    """Return what may be wrong in `text` up to `end`, at the cost of one look at each tag; a doubt may be unfounded.

    A cell written in another way than Excel's `<c r="…"` is legal too: its block is looked at closely.
    """
    codes = np.frombuffer(text + bytes(LOOK_AHEAD), np.uint8)
    tags = np.flatnonzero(codes[:end] == ord("<"))
    kinds = codes[tags + 1]
    cells = tags[kinds == ord("c")]
    values = np.flatnonzero(kinds == ord("v"))
    prefixed = PREFIXED.search(text, 0, end) is not None
    plain = not prefixed and all((codes[cells + i] == sign).all() for i, sign in enumerate(b'c r="', start=1))
    # `<c r="A` and seven digits: beyond row 999,999; `<c r="AA`: beyond column Z.
    far = (codes[cells + 7] >= ord("A")).any() or (_is_digit(codes[cells + 12]) & _is_digit(codes[cells + 13])).any()
    closing = np.append(tags, end)[values + 1]
    exponent = np.isin(codes[closing - 3], EXPONENT) | np.isin(codes[closing - 4], EXPONENT)
    long = (closing - tags[values] - len("<v>") >= SAFE_DIGITS) | exponent
    return Doubts(not plain or bool(far), prefixed or bool((kinds == ord("f")).any()), prefixed or bool(long.any()))


def _is_digit(codes: np.ndarray) -> np.ndarray:
    return codes - ord("0") < 10  # unsigned: what stands before "0" wraps around


def _spoilt(text: bytes) -> Iterator[tuple[int, int, str]]:
    for attributes, body in CELL.findall(text):
        place = REFERENCE.search(b" " + attributes)
        word = _fault_of(attributes, body)
        if word and place:
            yield int(place[2]) - 1, _column(place[1]), word


def _fault_of(attributes: bytes, body: bytes) -> str:
    kind = TYPE.search(attributes)
    if kind is None or kind[1] == b"n":
        if FORMULA.search(body) and not VALUE.search(body):
            return UNCALCULATED
        if LONG.search(re.sub(rb"<\w+:v>", b"<v>", body)):
            return TOO_LONG
    return ""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - 64
    return number - 1


def _sheet_members(book: str, links: str) -> Iterator[tuple[str, str]]:
    targets = {}
    for link in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", links):
        named = dict(re.findall(r"(\w+)\s*=\s*[\"']([^\"']*)[\"']", link))
        target = named.get("Target", "").removeprefix("/").removeprefix("xl/")
        targets[named.get("Id", "")] = f"xl/{target}".casefold()
    for sheet in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
        name = re.search(r"\bname\s*=\s*\"([^\"]*)\"", sheet)
        link = re.search(r":id\s*=\s*\"([^\"]*)\"", sheet)
        if name and link:
            yield html.unescape(name[1]), targets.get(link[1], "")
