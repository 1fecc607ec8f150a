"""What a spreadsheet program refuses at once, so that a unit need not wait for our receipt to learn of it."""

from datetime import date, timedelta
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from dondoc.answers.columns import (
    APOLOGISED_ON,
    CHOSEN,
    FIELD_NAMES,
    FIRST_ROW,
    HIDDEN,
    LIMITS,
    NEW_DUE_ON,
    REASON,
    REPORTED_ON,
    WORDS,
    FormSheet,
)
from dondoc.campaign.day import Day
from dondoc.vietnamese.wording import PROVISIONAL, short_date

# Filled in beyond this, a new date is a slip of the keyboard.
HORIZON = timedelta(days=400)


def guard(page: Worksheet, sheet: FormSheet, field: str, *, day: Day) -> None:
    """Let a spreadsheet program refuse at once what we would refuse later, in the pattern cell of a column."""
    place = sheet.fills[field]
    limit = LIMITS.get(REASON if field == WORDS else field, 0)
    rule = _rules(sheet, place, day).get(field) or {"validate": "length", "criteria": "<=", "value": limit}
    page.data_validation(FIRST_ROW, place, FIRST_ROW, place, rule | _words_of(field, limit, day))


def _rules(sheet: FormSheet, place: int, day: Day) -> dict[str, dict[str, Any]]:
    reasons = len(day.campaign.answers.reasons) + 1
    days = max(len(days_to_promise(day)), 1)
    due = [column.field for column in sheet.columns].index("due_on")
    # Relative, so that each row is held against its own cells.
    this = xl_rowcol_to_cell(FIRST_ROW, place)
    due_on = xl_rowcol_to_cell(FIRST_ROW, due)
    return {
        # A warning, no refusal: a reason in the unit's own words may stand here too.
        CHOSEN: {"validate": "list", "source": f"={HIDDEN}!$C$1:$C${reasons}", "error_type": "warning"},
        NEW_DUE_ON: {"validate": "custom", "value": f"=COUNTIF({HIDDEN}!$D$1:$D${days},{this})=1"},
        APOLOGISED_ON: {"validate": "custom", "value": f"=AND({this}>={due_on},{this}<=TODAY())"},
        REPORTED_ON: {"validate": "date", "criteria": "between", "minimum": date(2000, 1, 1), "maximum": "=TODAY()"},
    }


def _words_of(field: str, limit: int, day: Day) -> dict[str, str]:
    today = short_date(day.business_date)
    words = {
        CHOSEN: "Chọn một lý do trong danh sách; nói rõ thêm ở ô bên phải. Lý do này được in vào thư xin lỗi.",
        NEW_DUE_ON: f"Ngày làm việc sau ngày {today}, viết dạng ngày/tháng/năm. Chỉ được hẹn lại một lần."
        f"{_ahead_of_decision(day)}",
        APOLOGISED_ON: "Ngày ghi trên văn bản xin lỗi đã ký: không trước ngày hẹn trả, không sau hôm nay.",
        REPORTED_ON: "Ngày đã báo cáo hoàn thành trên hệ thống: không sau hôm nay.",
    }
    message = words.get(field, f"Không quá {limit} ký tự.")
    name = {CHOSEN: REASON, WORDS: REASON}.get(field, field)
    title = FIELD_NAMES[name]
    return {"input_title": title, "input_message": message, "error_title": title, "error_message": message}


def _ahead_of_decision(day: Day) -> str:
    days = days_to_promise(day)
    last = day.calendar.last
    return f" Từ năm {last.year + 1}: {PROVISIONAL.strip('()')}." if days and days[-1] > last else ""


def days_to_promise(day: Day) -> list[date]:
    """Return the working days on which a case may still be promised."""
    first = day.business_date + timedelta(days=1)
    last = min(day.business_date + HORIZON, day.calendar.known_until)
    return day.calendar.working_days(first, last) if first <= last else []
