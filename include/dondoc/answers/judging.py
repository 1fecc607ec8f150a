"""What is to be made of a returned workbook: each cell accepted, refused with its reason, or passed over. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dondoc.answers.columns import (
    APOLOGISED_ON,
    APOLOGY_NUMBER,
    CHOSEN,
    DATES,
    FIELD_NAMES,
    LIMITS,
    LOCKED,
    NEW_DUE_ON,
    REASON,
    SHEETS,
    WORDS,
)
from dondoc.answers.reading import CONTROL, ReturnedRow, ReturnedWorkbook
from dondoc.calendar import Certainty
from dondoc.campaign.answers import OTHER
from dondoc.campaign.day import Day
from dondoc.ledger.answers import ACCEPTED, IGNORED, REFUSED, JudgedCell
from dondoc.ledger.workbooks import Issued, IssuedRow, line_key
from dondoc.vietnamese.wording import PROVISIONAL, short_date

NOT_SENT = "không có trong danh sách đã gửi đơn vị"
MIXED = "số và mã dòng không cùng một dòng đã gửi: các ô đã bị xáo trộn; điền lại vào tệp mới nhận"
TWICE = "hai dòng cùng số mà điền khác nhau: giữ một dòng"
LOCKED_CHANGED = "đã bị sửa so với tệp đã gửi; số liệu sai thì báo Văn phòng"
NOT_ASKED = "ô này không phải điền cho dòng này"
FINISHED = "hồ sơ đã giải quyết xong thì không hẹn ngày trả mới"
NO_TEXT = "có ký tự điều khiển hoặc ô lỗi: gõ lại bằng tay"
NO_DAY = "không phải ngày: viết dạng 20/11/2023"
NO_WORDS = f"chọn “{OTHER}” thì phải nói rõ ở ô bên cạnh"
NO_REASON = "ngày hẹn trả mới phải kèm lý do quá hạn"
HALF = "phải điền cả số và ngày văn bản xin lỗi"
PARTNER = "ô đi cùng (số và ngày văn bản xin lỗi) không nhận được"
FUTURE = "ngày ở tương lai"
BEFORE_DUE = "văn bản xin lỗi đề ngày trước ngày hẹn trả {}: không phải xin lỗi vì trả muộn"
SECOND = "hồ sơ đã được hẹn lại ngày {}; mỗi hồ sơ chỉ được hẹn lại một lần"
NOT_AHEAD = "ngày hẹn trả mới phải sau ngày {}"
REST_DAY = "là ngày nghỉ ({}): chọn ngày làm việc"
NO_CALENDAR = "năm này chưa có lịch nghỉ"

KEPT = 600
# What Excel, or our reader, writes where a cell holds no value.
ERROR_WORD = re.compile(r"#[A-Z0-9/]+[!?]?")
HEADINGS = {sheet.kind: [column.heading for column in sheet.shown] for sheet in SHEETS}
Values = Mapping[str, str]


@dataclass(frozen=True)
class EarlierAnswers:
    """What was said before.

    Attributes:
        values: the accepted values that count, by kind and number, by field.
        promised: new dates already given, by case number: in approved letters, or recorded by the source first.
    """

    values: Mapping[tuple[str, str], Values]
    promised: Mapping[str, date]

    def of(self, line: IssuedRow) -> Values:
        """Return what was accepted of a row before."""
        return self.values.get((line.kind, line.number), {})

    def promise_of(self, line: IssuedRow) -> date | None:
        """Return the new date a case was given before."""
        said = self.of(line).get(NEW_DUE_ON)
        return date.fromisoformat(said) if said else self.promised.get(line.number)


def judge(returned: ReturnedWorkbook, issued: Issued, *, known: EarlierAnswers, day: Day) -> list[JudgedCell]:
    """Return what becomes of each cell that was filled in or changed; a cell that says nothing new is left out.

    Args:
        returned: the workbook as it came back, rows in any order.
        issued: the workbook as it went out.
        known: what was accepted and promised before.
        day: the office's day on which it is taken in.
    """
    by_key = {line_key(issued.identity, line.kind, line.number): line for line in issued.lines}
    by_number = {(line.kind, line.number): line for line in issued.lines}
    cells: list[JudgedCell] = []
    found: dict[tuple[str, str], list[ReturnedRow]] = {}
    for row in returned.rows:
        keyed = by_key.get(row.key)
        numbered = by_number.get((row.kind, row.number))
        line = keyed or numbered
        if keyed and keyed != numbered:
            cells += _all(row, keyed.number, MIXED)
        elif line is None:
            cells += _all(row, row.number or row.place, NOT_SENT)
        else:
            found.setdefault((line.kind, line.number), []).append(row)
    for line in issued.lines:
        cells += _judge_line(found.get((line.kind, line.number), []), line, known=known, day=day)
    # The original is kept; what is told of a cell need not be a book.
    return [replace(cell, number=cell.number[:KEPT], value=cell.value[:KEPT]) for cell in cells]


def _all(row: ReturnedRow, number: str, why: str) -> list[JudgedCell]:
    return [JudgedCell(row.kind, number, field, value, REFUSED, why) for field, value in _plain(row).items()]


def _plain(row: ReturnedRow) -> dict[str, str]:
    """Return the filled cells by field; the two cells of a reason are one."""
    filled = dict(row.filled)
    chosen = filled.pop(CHOSEN, "")
    words = filled.pop(WORDS, "")
    if chosen or words:
        filled[REASON] = _reason(chosen, words)
    return {field: filled[field] for field in FIELD_NAMES if field in filled}


def _reason(chosen: str, words: str) -> str:
    if chosen == OTHER:
        return words or OTHER
    return f"{chosen}: {words}" if chosen and words else chosen or words


def _judge_line(rows: Sequence[ReturnedRow], line: IssuedRow, *, known: EarlierAnswers, day: Day) -> list[JudgedCell]:
    if not rows:
        return []
    before = known.of(line)
    row = rows[0]
    said = [_plain(one) for one in rows]
    if any(one != said[0] for one in said):
        return [
            JudgedCell(line.kind, line.number, field, "", REFUSED, TWICE)
            for field in {f: 0 for one in said for f in one}
        ]
    new = {field: value for field, value in said[0].items() if value != before.get(field)}
    promised = known.promise_of(line)
    if promised and NEW_DUE_ON not in line.fields and new.get(NEW_DUE_ON) == promised.isoformat():
        # As it went out: the source's own date, shown and not asked for.
        del new[NEW_DUE_ON]
    faults = {field: fault for field, value in new.items() if (fault := _fault(field, value, line, known, day))}
    _hold_pairs(new, faults, before, line)
    cells = [
        JudgedCell(line.kind, line.number, field, value, *_state(faults.get(field))) for field, value in new.items()
    ]
    return cells + _changed(row, line)


def _state(fault: str | None) -> tuple[str, str | None]:
    return (ACCEPTED, None) if fault is None else (IGNORED if fault == NOT_ASKED else REFUSED, fault)


def _changed(row: ReturnedRow, line: IssuedRow) -> list[JudgedCell]:
    was = dict(zip(HEADINGS[line.kind], line.shown, strict=True))
    changed = [heading for heading, shown in row.shown.items() if was[heading] != shown]
    if not changed:
        return []
    return [JudgedCell(line.kind, line.number, LOCKED, ", ".join(changed), IGNORED, LOCKED_CHANGED)]


def _fault(field: str, value: str, line: IssuedRow, known: EarlierAnswers, day: Day) -> str | None:
    """Return why a value cannot be taken by itself, None when it can."""
    if field == NEW_DUE_ON and (promised := known.promise_of(line)):
        return None if promised.isoformat() == value else SECOND.format(short_date(promised))
    if field not in line.fields:
        return FINISHED if field == NEW_DUE_ON else NOT_ASKED
    if CONTROL in value or ERROR_WORD.fullmatch(value):
        return NO_TEXT
    if field in DATES:
        return _fault_of_day(field, value, line, day)
    if value == OTHER:
        return NO_WORDS
    limit = LIMITS[field]
    return f"dài {len(value)} ký tự, quá {limit}" if len(value) > limit else None


def _fault_of_day(field: str, value: str, line: IssuedRow, day: Day) -> str | None:
    try:
        given = date.fromisoformat(value)
    except ValueError:
        return NO_DAY
    if field == NEW_DUE_ON:
        return fault_of_promise(given, line.due_on, day)
    if given > day.business_date:
        return FUTURE
    late_only = not day.campaign.letters.before_lapse
    if field == APOLOGISED_ON and late_only and line.due_on and given < line.due_on:
        return BEFORE_DUE.format(short_date(line.due_on))
    return None


def fault_of_promise(given: date, due_on: date | None, day: Day) -> str | None:
    """Return why a case due on `due_on` cannot be promised for `given`, None when it can."""
    latest = max(day.business_date, due_on or day.business_date)
    if given <= latest:
        return NOT_AHEAD.format(short_date(latest))
    certainty = day.calendar.certainty(given)
    if certainty is Certainty.UNKNOWN:
        return NO_CALENDAR
    rest = day.calendar.rest_name(given)
    mark = f" {PROVISIONAL}" * (certainty is Certainty.PROVISIONAL)
    return REST_DAY.format(f"{rest}{mark}") if rest else None


def _hold_pairs(new: Values, faults: dict[str, str], before: Values, line: IssuedRow) -> None:
    """Refuse what does not stand alone: a number without its day, a new date without a reason."""
    pair = (APOLOGY_NUMBER, APOLOGISED_ON)
    given = [field for field in pair if field in new]
    if given and not all(field in new or field in before for field in pair):
        faults.update({field: HALF for field in given if field not in faults})
    elif any(field in faults for field in given):
        faults.update({field: PARTNER for field in given if field not in faults})
    explained = REASON in before or (REASON in new and REASON not in faults)
    if NEW_DUE_ON in new and NEW_DUE_ON not in faults and not explained:
        faults[NEW_DUE_ON] = NO_REASON
