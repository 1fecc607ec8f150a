"""The workbook a unit fills in, as Excel shows it: locked but for the cells the unit is asked for."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from dondoc.answers.columns import CHOSEN, FIRST_ROW, HIDDEN, IDENTITY_LABEL, REASON, SHEETS, WORDS, FormSheet
from dondoc.answers.form import LACKING, FormRow, Said, form_of, issued_as
from dondoc.answers.guards import days_to_promise, guard
from dondoc.campaign import Unit
from dondoc.campaign.answers import OTHER
from dondoc.campaign.day import Day
from dondoc.ledger.workbooks import Issued, line_key, token_of
from dondoc.office_files.prepared_workbook import PreparedWorkbook, Rows, word_to_come
from dondoc.office_files.row_heights import row_points
from dondoc.office_files.workbook import Column, Workbook
from dondoc.records import FINDING_TITLES, OWED_CASES, FindingKind
from dondoc.records.unit_findings import Finding
from dondoc.vietnamese.wording import short_date

ADVICE_SHEET = "Lưu ý"
ADVICE = (
    Column("Nội dung", "kind", width=44),
    Column("Số", "number", width=28),
    Column("Trích yếu", "subject", width=48),
    Column("Hạn", "due_on", "date"),
    Column("Số ngày làm việc còn lại", "days_left_shown", "integer"),
    Column("Số ngày làm việc chậm", "days_late_shown", "integer"),
    Column("Ghi chú", "note", width=44),
)
WAIVED_SHEET = "Được tạm miễn"
WAIVED = (
    Column("Nội dung", "kind", width=44),
    Column("Số", "number", width=28),
    Column("Trích yếu", "subject", width=48),
    Column("Hạn", "due_on", "date"),
    Column("Người cho miễn, thời hạn, lý do", "waived_by", width=60),
)
# Sheets to read alone, by name: their columns, and what stands in their title.
TO_READ = {
    ADVICE_SHEET: (ADVICE, "nội dung cần lưu ý"),
    WAIVED_SHEET: (WAIVED, "được cho tạm miễn, không tính là còn tồn tại, vẫn nằm trong mẫu số của tỷ lệ"),
}
# What is the unit's own, in words to come.
UNIT = "unit"
CODE = "code"
IDENTITY = "identity"
HEADING_POINTS = 62
# Widening a column or hiding a row harms nothing; moving and sorting locked cells would.
MAY = {"format_columns": True, "format_rows": True, "autofilter": True}
SHORT_ADVICE = "Chỉ điền ô màu vàng; ô xám không phải điền. Xem trang “Cách điền”. Lưu rồi gửi lại chính tệp này."


class UnitWorkbooks:
    """The workbooks of a day's units; what all of them have in common is laid out once."""

    def __init__(self, day: Day, said: Said, key: str) -> None:
        """Take the business day, what was answered before it, and what tokens are made from (`token_key`)."""
        self._day = day
        self._said = said
        self._key = key

    def of(self, unit: Unit, findings: Sequence[Finding]) -> tuple[bytes, Issued]:
        """Return a unit's workbook, and what the ledger must know to recognise it when it comes back.

        Args:
            unit: whose it is.
            findings: the unit's findings alone.
        """
        form = form_of(self._day, findings, self._said)
        issued = issued_as(self._day, unit, form)
        tables = {sheet.name: _rows(sheet, form[sheet.kind], issued.identity) for sheet in SHEETS}
        told = {
            ADVICE_SHEET: [one for one in findings if one.kind not in (*OWED_CASES, *LACKING) and not one.waived_by],
            WAIVED_SHEET: [one for one in findings if one.waived_by],
        }
        to_read = tuple(name for name, rows in told.items() if rows)
        tables |= {name: _told(TO_READ[name][0], told[name]) for name in to_read}
        words = {UNIT: unit.name, CODE: unit.code, IDENTITY: f"{issued.identity}-{token_of(self._key, issued)}"}
        return _prepared(self._day, to_read).build(words, tables), issued


@lru_cache(maxsize=4)
def _prepared(day: Day, to_read: tuple[str, ...]) -> PreparedWorkbook:
    names = [sheet.name for sheet in SHEETS] + list(to_read)
    return PreparedWorkbook(_lay_out(day, to_read), names)


def _rows(sheet: FormSheet, rows: Sequence[FormRow], identity: str) -> Rows:
    keys = [line_key(identity, sheet.kind, row.number) for row in rows]
    columns = [[row.cells[column.field or ""] for row in rows] for column in sheet.columns[:-1]]
    closed = {
        place: {i for i, row in enumerate(rows) if (REASON if field in {CHOSEN, WORDS} else field) not in row.asked}
        for field, place in sheet.fills.items()
    }
    checked = [place for place, shut in closed.items() if len(shut) < len(rows)]
    return Rows([*columns, keys], closed, checked, _heights(sheet.columns, columns))


def _heights(columns: Sequence[Column], values: Sequence[Sequence[Any]]) -> list[int]:
    shown = zip(columns, values, strict=False)
    return row_points([(texts, column.width) for column, texts in shown if column.wraps])


def _told(sheet: Sequence[Column], findings: Sequence[Finding]) -> Rows:
    columns = [[getattr(one, column.field or "") for one in findings] for column in sheet]
    shown = [[FINDING_TITLES[FindingKind(kind)] for kind in columns[0]], *columns[1:]]
    return Rows(shown, heights=_heights(sheet, shown))


def _lay_out(day: Day, to_read: Sequence[str]) -> bytes:
    """Return the workbook without its rows, and with words to come for what is the unit's own."""
    book = Workbook()
    unit = word_to_come(UNIT)
    for sheet in SHEETS:
        _add_sheet(book, sheet, day=day, unit=unit)
    for name in to_read:
        columns, title = TO_READ[name]
        book.add_pattern(name, columns, title=f"{unit}: {title}").protect("", MAY)
    _add_guide(book, _guide(day, word_to_come(IDENTITY)), unit)
    told = (word_to_come(IDENTITY), day.campaign.code, word_to_come(CODE), day.business_date.isoformat())
    reasons = (*day.campaign.answers.reasons, OTHER)
    book.add_hidden(HIDDEN, [(IDENTITY_LABEL, "Đợt", "Đơn vị", "Ngày"), told, reasons, days_to_promise(day)])
    return book.to_bytes()


def _add_sheet(book: Workbook, sheet: FormSheet, *, day: Day, unit: str) -> None:
    title = f"{unit}: {sheet.name.lower()}, số liệu ngày {short_date(day.business_date)}"
    page = book.add_pattern(sheet.name, sheet.columns, title=title, closable=True)
    page.write_string(1, 0, SHORT_ADVICE, book.style("advice"))
    last = len(sheet.columns) - 1
    page.set_column(last, last, None, None, {"hidden": True})
    page.set_row(FIRST_ROW - 1, HEADING_POINTS)
    page.protect("", MAY)
    for field in sheet.fills:
        guard(page, sheet, field, day=day)


def _add_guide(book: Workbook, lines: Sequence[str], unit: str) -> None:
    book.add_notes("Cách điền", lines, title=f"{unit}: cách điền và gửi lại").protect()


def _guide(day: Day, identity: str) -> list[str]:
    return [
        "1. Chỉ điền ô màu vàng. Ô xám không phải điền. Các ô khác bị khóa; có sửa cũng không được tính.",
        "2. Lý do quá hạn: chọn trong danh sách, nói rõ thêm ở ô bên cạnh. Lý do được in vào thư gửi người dân, doanh "
        f"nghiệp: viết ngắn, đúng sự thật, không ghi tên người thứ ba. Chọn “{OTHER}” thì phải nói rõ.",
        "3. Ngày hẹn trả mới: chỉ cho hồ sơ chưa giải quyết xong; phải là ngày làm việc sau hôm nay và chắc chắn trả "
        "được, vì mỗi hồ sơ chỉ được hẹn lại một lần. Phải kèm lý do.",
        "4. Đã có văn bản xin lỗi: điền cả số và ngày của văn bản. Không ghi lùi ngày.",
        "5. Công việc: điền ngày đã báo cáo hoàn thành và mã hồ sơ công việc, đồng thời cập nhật trên hệ thống.",
        "6. Ô đã có chữ là câu đơn vị trả lời trước đó: để nguyên nếu không đổi. Xóa trắng không có nghĩa là rút lại.",
        f"7. Lưu tệp (dạng .xlsx), gửi kèm thư trả lời tới {day.campaign.answer_address}, từ địa chỉ thư của đơn vị. "
        "Đôn Đốc báo lại ô nào đã nhận, ô nào chưa nhận và vì sao.",
        "8. Trang được khóa không có mật khẩu. Có bỏ khóa để sắp xếp, xóa dòng hay thêm cột thì mỗi dòng vẫn phải giữ "
        "nguyên số hồ sơ, số đến của nó.",
        f"{IDENTITY_LABEL}: {identity}",
    ]
