"""The list of a unit's letters: where each stands, and what it lacks."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from dondoc.files import sha256_of, write_together
from dondoc.installation.workplace import Workplace
from dondoc.ledger.letters import Letter
from dondoc.ledger.transitions import STATE_NAMES
from dondoc.letters.lacking import missing_words
from dondoc.letters.plan import SECOND_POSTPONEMENT
from dondoc.letters.succession import letters_of
from dondoc.office_files.prepared_workbook import PreparedWorkbook, Rows, word_to_come
from dondoc.office_files.row_heights import row_points
from dondoc.office_files.workbook import Column, Workbook

FILE_NAME = "danh-sach-thu.xlsx"
SHEET = "Thư xin lỗi"
UNIT = "unit"
COLUMNS = (
    Column("STT", "no", "integer", 6),
    Column("Mã hồ sơ", "case_number", width=28),
    Column("Thủ tục hành chính", "procedure", width=50),
    Column("Trạng thái", "state", width=22),
    Column("Còn thiếu", "missing", width=30),
    Column("Ghi chú", "note", width=40),
    Column("Ngày hẹn trả mới", "promised_on", "date", 14),
    Column("Số văn bản", "number", width=16),
    Column("Ngày ký", "signed_on", "date", 12),
    Column("Tệp", "path", width=60, on_paper=False),
)


def write_lists(place: Workplace, units: Sequence[str], *, refused: Collection[str]) -> None:
    """Write, for each of `units` that has letters, the list of them beside the day's drafts.

    Args:
        place: the day.
        units: codes of the units.
        refused: case numbers whose new date would postpone a second time.
    """
    letters = letters_of(place.ledger, place.day.campaign, units=units)
    by_unit: dict[str, list[Letter]] = {}
    for number in sorted(letters):
        by_unit.setdefault(letters[number].unit, []).append(letters[number])
    prepared = _laid_out()
    names = place.day.campaign.unit_by_code
    lists = {
        place.folder / "letters" / code / FILE_NAME: prepared.build(
            {UNIT: names[code].name}, {SHEET: _rows(mine, set(refused))}
        )
        for code, mine in by_unit.items()
    }
    write_together(lists, staging=place.folder / f".lists-{sha256_of(','.join(units).encode())[:16]}")


@cache
def _laid_out() -> PreparedWorkbook:
    book = Workbook()
    book.add_pattern(SHEET, COLUMNS, title=f"Thư xin lỗi của {word_to_come(UNIT)}")
    return PreparedWorkbook(book.to_bytes(), [SHEET])


def _rows(letters: Sequence[Letter], refused: set[str]) -> Rows:
    rows = [
        (
            i,
            letter.case_number,
            letter.facts.get("procedure"),
            STATE_NAMES[letter.state],
            missing_words(letter),
            _note(letter, refused),
            letter.promised_on,
            letter.number,
            letter.signed_on,
            letter.path,
        )
        for i, letter in enumerate(letters, start=1)
    ]
    return _filled(rows)


def _filled(rows: Sequence[tuple[Any, ...]]) -> Rows:
    values = list(zip(*rows, strict=True))
    wrapped = [(texts, column.width) for column, texts in zip(COLUMNS, values, strict=True) if column.wraps]
    return Rows(values, heights=row_points(wrapped))


def _note(letter: Letter, refused: set[str]) -> str:
    notes = [letter.reason or "", f"tạm giữ: {letter.stale_reason}" if letter.stale_reason else ""]
    return "; ".join(filter(None, [*notes, SECOND_POSTPONEMENT if letter.case_number in refused else ""]))
