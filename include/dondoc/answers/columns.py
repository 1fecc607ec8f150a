"""The sheets of a unit's workbook: which cells say something, and which are to be filled in."""

from collections.abc import Mapping
from dataclasses import dataclass

from dondoc.office_files.workbook import Column

CASES = "cases"
WORK = "work"
REASON = "reason"
NEW_DUE_ON = "new_due_on"
APOLOGY_NUMBER = "apology_number"
APOLOGISED_ON = "apologised_on"
REPORTED_ON = "reported_on"
FILE_CODE = "file_code"
# A reason is read from two cells: one of the list, and free words.
CHOSEN = "reason_chosen"
WORDS = "reason_words"
FIELD_NAMES = {
    REASON: "Lý do quá hạn",
    NEW_DUE_ON: "Ngày hẹn trả mới",
    APOLOGY_NUMBER: "Số văn bản xin lỗi",
    APOLOGISED_ON: "Ngày xin lỗi",
    REPORTED_ON: "Ngày báo cáo hoàn thành",
    FILE_CODE: "Mã hồ sơ công việc",
}
# The most characters of a text: what a letter, a register or an e-office still takes.
LIMITS = {REASON: 500, APOLOGY_NUMBER: 60, FILE_CODE: 100}
DATES = (NEW_DUE_ON, APOLOGISED_ON, REPORTED_ON)
LOCKED = "locked"
KEY_HEADING = "Mã dòng (không sửa)"
IDENTITY_LABEL = "Mã nhận dạng tệp"
HIDDEN = "dondoc"
# Below title, advice and headings.
FIRST_ROW = 3


@dataclass(frozen=True)
class FormSheet:
    """A sheet of the workbook: its name, its columns, the last of them each row's mark."""

    kind: str
    name: str
    columns: tuple[Column, ...]

    @property
    def shown(self) -> list[Column]:
        """Return the columns a unit may not change, the row's mark left out."""
        return [column for column in self.columns[:-1] if not column.kind.startswith("fill")]

    @property
    def fills(self) -> dict[str, int]:
        """Return the place of each column to fill in, by field."""
        return {column.field or "": i for i, column in enumerate(self.columns) if column.kind.startswith("fill")}

    @property
    def headings(self) -> Mapping[str, tuple[str, ...]]:
        """Return the heading of each column, by field, as a returned sheet is searched for them."""
        return {column.field or "": (column.heading,) for column in self.columns}


SHEETS = (
    FormSheet(
        CASES,
        "Hồ sơ quá hạn",
        (
            Column("Số hồ sơ", "number", width=28),
            Column("Thủ tục hành chính", "subject", width=40),
            Column("Cán bộ", "official", width=20),
            Column("Ngày hẹn trả", "due_on", "date", 12),
            Column("Ngày kết thúc", "ended_on", "date", 12),
            Column("Số ngày làm việc chậm", "days_late_shown", "integer", 10),
            Column("Lý do quá hạn (đơn vị điền)", CHOSEN, "fill", 26),
            Column("Lý do, nói rõ thêm (đơn vị điền)", WORDS, "fill", 32),
            Column("Ngày hẹn trả mới (đơn vị điền)", NEW_DUE_ON, "fill_date", 14),
            Column("Số văn bản xin lỗi (đơn vị điền)", APOLOGY_NUMBER, "fill", 16),
            Column("Ngày xin lỗi (đơn vị điền)", APOLOGISED_ON, "fill_date", 14),
            Column("Đơn vị đã trả lời", "told", width=34),
            Column(KEY_HEADING, "key", width=18, on_paper=False),
        ),
    ),
    FormSheet(
        WORK,
        "Công việc",
        (
            Column("Số đến", "number", width=12),
            Column("Trích yếu", "subject", width=52),
            Column("Người chủ trì", "official", width=20),
            Column("Hạn giải quyết", "due_on", "date", 12),
            Column("Số ngày làm việc chậm", "days_late_shown", "integer", 10),
            Column("Còn thiếu", "missing", width=30),
            Column("Ngày báo cáo hoàn thành (đơn vị điền)", REPORTED_ON, "fill_date", 16),
            Column("Mã hồ sơ công việc (đơn vị điền)", FILE_CODE, "fill", 22),
            Column("Đơn vị đã trả lời", "told", width=34),
            Column(KEY_HEADING, "key", width=18, on_paper=False),
        ),
    ),
)
