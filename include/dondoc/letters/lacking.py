"""What a letter may lack, in words."""

from dondoc.ledger.letters import Letter
from dondoc.vietnamese.wording import PROVISIONAL

# By the code kept in the register.
MISSING = {
    "addressee": "người nhận",
    "reason": "lý do quá hạn",
    "new_due_on": "ngày hẹn trả mới",
    "new_due_past": "ngày hẹn trả mới đã qua",
    "new_due_early": "ngày hẹn trả mới không sau ngày hẹn cũ",
    "new_due_rest_day": "ngày hẹn trả mới là ngày nghỉ",
    "new_due_rest_day_provisional": f"ngày hẹn trả mới là ngày nghỉ {PROVISIONAL}",
    "new_due_no_calendar": "ngày hẹn trả mới ở năm chưa có lịch nghỉ",
}


def missing_words(letter: Letter) -> str:
    """Return what a letter lacks, in words."""
    return ", ".join(MISSING[code] for code in letter.missing)
