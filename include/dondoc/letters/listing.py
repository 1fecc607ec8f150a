"""The list of a unit's letters: where each stands, and what it lacks."""

from collections.abc import Collection, Sequence

import pandas as pd

from dondoc.files import write_whole
from dondoc.ledger.letters import Letter, latest_letters
from dondoc.ledger.transitions import STATE_NAMES
from dondoc.letters.draft import MISSING
from dondoc.letters.plan import SECOND_POSTPONEMENT
from dondoc.workbook import Column, Workbook
from dondoc.workplace import Workplace

FILE_NAME = "danh-sach-thu.xlsx"
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
    Column("Tệp", "path", width=60),
)


def write_lists(place: Workplace, units: Sequence[str], *, refused: Collection[str]) -> None:
    """Write, for each of `units` that has letters, the list of them beside the day's drafts.

    Args:
        place: the day.
        units: codes of the units.
        refused: case numbers whose new date would postpone a second time.
    """
    letters = latest_letters(place.ledger, campaign=place.day.campaign.code, units=units)
    for code in units:
        mine = [letter for letter in letters.values() if letter.unit == code]
        if mine:
            write_whole(place.folder / "letters" / code / FILE_NAME, _workbook(place, code, mine, set(refused)))


def missing_words(letter: Letter) -> str:
    """Return what a letter lacks, in words."""
    return ", ".join(MISSING[code] for code in letter.missing)


def _workbook(place: Workplace, code: str, letters: Sequence[Letter], refused: set[str]) -> bytes:
    rows = [
        {
            "no": i,
            "case_number": letter.case_number,
            "procedure": letter.facts.get("procedure"),
            "state": STATE_NAMES[letter.state],
            "missing": missing_words(letter),
            "note": _note(letter, refused),
            "promised_on": letter.promised_on,
            "number": letter.number,
            "signed_on": letter.signed_on,
            "path": letter.path,
        }
        for i, letter in enumerate(sorted(letters, key=lambda letter: letter.case_number), start=1)
    ]
    book = Workbook()
    unit = place.day.campaign.unit_by_code[code]
    book.add_table("Thư xin lỗi", pd.DataFrame(rows), COLUMNS, title=f"Thư xin lỗi của {unit.name}")
    return book.to_bytes()


def _note(letter: Letter, refused: set[str]) -> str:
    notes = [letter.reason or "", f"tạm giữ: {letter.stale_reason}" if letter.stale_reason else ""]
    return "; ".join(filter(None, [*notes, SECOND_POSTPONEMENT if letter.case_number in refused else ""]))
