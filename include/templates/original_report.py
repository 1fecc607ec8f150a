"""The report as the office's original: form 1.4 of Decree 30/2020/NĐ-CP, annex III."""

from copy import deepcopy

from decree30_parts import (
    LONG_SUMMARY_RULE,
    Column,
    add,
    add_annex,
    add_foot,
    add_footer,
    add_head,
    add_picture,
    add_table,
    add_title,
    box,
    new_document,
)
from decree30_styles import REPORT_LOOKS, add_looks
from docx.document import Document
from docx.shared import Pt
from docx.table import Table
from report_tables import (
    APOLOGIES,
    CHANGED,
    CLAIMED,
    CRITERIA,
    DAILY,
    FIRST_DAILY,
    FIRST_PROGRESS,
    FORM_06A,
    LATE_CASES,
    NOT_REACHED,
    OFFICIALS,
    PICTURE,
    PROCEDURES,
    PROGRESS,
    TOTAL,
    WAIVED,
    WORK,
    WORK_ANNEX,
)

RECIPIENTS = (
    "Lãnh đạo {{ office_short }} (để báo cáo);",
    "Các đơn vị thuộc, trực thuộc {{ office_short }};",
    "Lưu: {{ archive }}.",
)
SCOPE = (
    "Kỳ rà soát {{ period }}; chỉ tiêu {{ target }}; thời hạn: {{ deadline_reading }}. Số liệu tính đến {{ as_of }}."
)
SITUATION = (
    "Trong kỳ có {{ totals.cases_total }} hồ sơ thủ tục hành chính: đã giải quyết trước hạn {{ totals.cases_early }}, "
    "đúng hạn {{ totals.cases_on_time }}, quá hạn {{ totals.cases_ended_late }}; đang giải quyết trong hạn "
    "{{ totals.cases_in_time }}, đã qua ngày hẹn trả {{ totals.cases_past_due }}; tạm dừng {{ totals.cases_paused }}; "
    "rút {{ totals.cases_withdrawn }}. Có {{ totals.cases_late }} hồ sơ quá hạn thuộc diện rà soát "
    "({{ totals.cases_overdue }} hồ sơ đang giải quyết); {{ totals.work_total }} công việc được giao trên hệ thống "
    "văn phòng điện tử. Tỷ lệ hoàn thành chung: {{ totals.rate }}."
)
APOLOGIES_DONE = (
    "Đã xin lỗi {{ totals.apologies_done }}/{{ totals.apologies_due }} hồ sơ quá hạn, tỷ lệ {{ totals.apology_rate }} "
    "(trước hạn {{ totals.apologies_before_due }}, sau hạn {{ totals.apologies_after_due }}); "
    "còn {{ totals.apologies_owed }} hồ sơ chưa xin lỗi, {{ totals.apologies_waiting }} hồ sơ có thư đang chờ ký. "
    "{% if totals.apologies_told %}Theo nơi ghi: {{ totals.apologies_told }}. {% endif %}Đã soạn {{ letters_drafted }} "
    "dự thảo phiếu xin lỗi, trong đó {{ letters_incomplete }} dự thảo chờ đơn vị bổ sung lý do hoặc ngày hẹn trả mới; "
    "đã duyệt {{ letters_approved }} phiếu, đã công khai {{ letters_published }} phiếu. Chi tiết tại Phụ lục I."
)
WORK_DONE = (
    "Trong {{ totals.work_total }} công việc được giao, {{ totals.work_reported }} công việc đã báo cáo hoàn thành "
    "hoặc lưu trữ, {{ totals.work_filed }} công việc đã lập hồ sơ; {{ totals.work_done }} công việc đạt cả hai yêu "
    "cầu, tỷ lệ {{ totals.work_rate }}. Phần còn thiếu của từng đơn vị tại Phụ lục II."
)
PROPOSAL = (
    "Đề nghị thủ trưởng các đơn vị nêu tại mục III chỉ đạo hoàn thành, đạt tỷ lệ {{ target }} đúng thời hạn; cung cấp "
    "lý do quá hạn và ngày hẹn trả mới của các hồ sơ để trình ký phiếu xin lỗi."
)
MORE_PROPOSALS = "[[………… (đơn vị tổng hợp bổ sung kiến nghị khác, nếu có)]]"
FIRST_DAY = (
    "{{ progress.total.sentence }} Số việc còn lại của từng đơn vị và số việc cần xong mỗi ngày để hết việc còn lại "
    "đúng hạn:"
)
CHANGES = (
    "{{ progress.total.sentence }} Tiến độ của từng đơn vị, số việc còn lại, số việc cần xong mỗi ngày để hết việc còn "
    "lại đúng hạn và tốc độ bình quân của năm ngày làm việc gần nhất:"
)
WAITING_WORDS = (
    "Có {{ waiting }} hồ sơ mà thư xin lỗi đã đủ nội dung, đang chờ ký: chưa được tính vào tỷ lệ, không "
    "còn là việc của đơn vị."
)
CLAIMED_WORDS = (
    "Số công việc đơn vị đã báo cáo nhưng hệ thống nguồn chưa ghi nhận chưa được tính vào tỷ lệ. Đối chiếu số đơn vị "
    "báo cáo với số liệu trên hệ thống:"
)
ESTIMATE = (
    "ƯỚC TÍNH điểm Chỉ số cải cách hành chính theo các tiêu chí của đợt; đây không phải kết quả chấm điểm, điểm chính "
    "thức do cơ quan có thẩm quyền đánh giá:"
)
WAIVED_WORDS = (
    "Có {{ waived_count }} nội dung được người có thẩm quyền cho tạm miễn: không tính là còn tồn tại, vẫn nằm trong "
    "mẫu số của tỷ lệ."
)
WAIVED_LINE = (
    "- {{ one.number }} ({{ one.unit_name }}; {{ one.kind_name }}): {{ one.by }} cho miễn đến hết ngày {{ one.until }}"
    ", lý do: {{ one.reason }}{% if loop.last %}.{% else %};{% endif %}"
)
CLOSING = (
    "Trên đây là báo cáo kết quả thực hiện đến {{ as_of }} của {{ office_name }}; cách tính và nguồn số liệu tại "
    "Phụ lục VI./."
)
DAY_IN_SHORT = (
    "Thời hạn: {{ deadline_reading }}; còn {{ working_days_left }} ngày làm việc. Đã xin lỗi "
    "{{ totals.apologies_done }}/{{ totals.apologies_due }} hồ sơ quá hạn ({{ totals.apology_rate }}"
    "{% if totals.apologies_before_due != '0' %}, trước hạn {{ totals.apologies_before_due }}{% endif %})"
    "{% if totals.apologies_told %}: {{ totals.apologies_told }}{% endif %}; "
    "{{ totals.work_done }}/{{ totals.work_total }} công việc đạt cả hai yêu cầu ({{ totals.work_rate }}). "
    "{{ progress.total.sentence }}"
    "{% if totals.overdue_apologised != '0' %} Ngoài số còn lại có {{ totals.overdue_apologised }} hồ sơ đã xin lỗi mà "
    "chưa giải quyết xong.{% endif %}"
)
DAY_NOTE = (
    "Còn lại = chưa xin lỗi + việc chưa đạt; cần mỗi ngày = còn lại / số ngày làm việc còn lại; tốc độ: bình quân năm "
    "ngày làm việc gần nhất. Chi tiết ở tệp Excel kèm theo./."
)
UNDECIDED = ("{%p for line in undecided %}", "{{ line }}", "{%p endfor %}")
DAILY_RECIPIENTS = ("Lãnh đạo {{ office_short }} (để báo cáo);", "Lưu: {{ archive }}.")
ADDENDUM = (
    "Báo cáo “{{ campaign_title }}” số liệu đến {{ as_of }} (tệp {{ sent_file }}, SHA-256 {{ sent_sha256 }}) đã được "
    "gửi và giữ nguyên. Sau khi gửi, số liệu của ngày đó thay đổi như sau.",
)
ADDENDUM_CLOSING = (
    "{{ office_name }} báo cáo đính chính các số liệu nêu trên; các nội dung khác của Báo cáo đã gửi không thay đổi./."
)
FINGERPRINT = (
    "Số liệu {{ fingerprint.data }} · Quy tắc {{ fingerprint.rules }} · Lịch {{ fingerprint.calendar }} · "
    "Mẫu {{ fingerprint.template }} · Sổ cái {{ fingerprint.ledger }}"
)


def report() -> Document:
    """Return the report of a day: situation, results, what is still owed, proposals, and six annexes."""
    document = new_document(title="Báo cáo")
    add_looks(document, REPORT_LOOKS)
    add_head(document)
    add_title(document, "BÁO CÁO", "{{ title }}", rule_length=LONG_SUMMARY_RULE)
    _add_warning(document)
    _add_situation(document)
    _add_results(document)
    _add_remaining(document)
    add_foot(document, *RECIPIENTS)
    _add_annexes(document)
    add_footer(document, FINGERPRINT)
    return document


def daily_figures() -> Document:
    """Return the day's figures for the Office: one page, the same figures as the report."""
    document = new_document(title="Báo cáo số liệu ngày")
    add_looks(document, REPORT_LOOKS)
    add_head(document)
    add_title(document, "BÁO CÁO", "Số liệu ngày {{ short_date }}: {{ campaign_title }}", rule_length=LONG_SUMMARY_RULE)
    _add_warning(document)
    add(document, "Nội dung gọn", DAY_IN_SHORT)
    add(document, "Nội dung gọn", "{%p if progress.compared %}")
    _pack(_add_progress(document, DAILY))
    add(document, "Nội dung gọn", "{%p else %}")
    _pack(_add_progress(document, FIRST_DAILY))
    add(document, "Nội dung gọn", "{%p endif %}")
    _space(document)
    add(document, "Nội dung gọn", *UNDECIDED)
    add(document, "Nội dung gọn", "{%p if waived %}", WAIVED_WORDS)
    add(document, "Nội dung gọn", "{%p for one in waived %}", WAIVED_LINE, "{%p endfor %}", "{%p endif %}")
    add(document, "Nội dung gọn cuối", DAY_NOTE)
    add_foot(document, *DAILY_RECIPIENTS, signed_at=30)
    add_footer(document, FINGERPRINT)
    return document


def addendum() -> Document:
    """Return the correction of a report that has left: what changed, beside it."""
    document = new_document(title="Báo cáo đính chính")
    add_looks(document, REPORT_LOOKS)
    add_head(document)
    add_title(document, "BÁO CÁO", "{{ title }}", rule_length=LONG_SUMMARY_RULE)
    add(document, "Nội dung", *ADDENDUM)
    add(document, "Khoản", "1. Số liệu thay đổi")
    add(document, "Nội dung", "{%p if not figures %}", "Không có số liệu tổng hợp nào thay đổi.", "{%p else %}")
    add_table(document, CHANGED, rows="row in figures")
    _space(document)
    add(document, "Nội dung", "{%p endif %}")
    add(document, "Khoản", "2. Hồ sơ, công việc thay đổi")
    add(document, "Nội dung", "{%p for line in moves %}", "- {{ line }}", "{%p endfor %}")
    add(document, "Nội dung cuối", ADDENDUM_CLOSING)
    add_foot(document, *RECIPIENTS)
    add_footer(document, FINGERPRINT)
    return document


def _add_warning(document: Document) -> None:
    first = len(document.paragraphs)
    add(
        document,
        "Khung",
        "{%p if incomplete %}",
        "SỐ LIỆU CHƯA ĐỦ. Báo cáo này lập khi còn thiếu:",
        "{%p for item in missing %}",
        "- {{ item }}",
        "{%p endfor %}",
        "{%p endif %}",
    )
    boxed = document.paragraphs[first:]
    boxed[1].runs[0].bold = True
    box(boxed)


def _add_situation(document: Document) -> None:
    add(
        document,
        "Căn cứ",
        "{%p for basis in legal_basis %}",
        "Căn cứ {{ basis }}{% if loop.last %}.{% else %};{% endif %}",
        "{%p endfor %}",
    )
    add(document, "Nội dung", "{{ office_name }} báo cáo kết quả thực hiện như sau:")
    add(document, "Mục", "I. TÌNH HÌNH CHUNG")
    add(document, "Nội dung", SCOPE, SITUATION)


def _add_results(document: Document) -> None:
    add(document, "Mục", "II. KẾT QUẢ THỰC HIỆN")
    add(document, "Khoản", "1. Xin lỗi công khai đối với hồ sơ quá hạn")
    add(document, "Nội dung", APOLOGIES_DONE)
    add_table(document, APOLOGIES, rows="row in units", total=_total(APOLOGIES))
    _space(document)
    add(document, "Khoản", "2. Lưu trữ, lập hồ sơ công việc trên hệ thống văn phòng điện tử")
    add(document, "Nội dung", WORK_DONE)
    add_table(document, WORK, rows="row in units", total=_total(WORK))
    _space(document)
    add(document, "Khoản", "3. Tiến độ")
    add(document, "Nội dung", "{%p if progress.compared %}", CHANGES)
    _add_progress(document, PROGRESS)
    add(document, "Nội dung", "{%p else %}", FIRST_DAY)
    _add_progress(document, FIRST_PROGRESS)
    add(document, "Nội dung", "{%p endif %}")
    add_picture(document, "Hình tiến độ", "Hình 1. Tỷ lệ hoàn thành và việc còn lại của từng đơn vị", size=PICTURE)
    add_picture(document, "Hình dự báo", "Hình 2. Diễn biến tỷ lệ chung và dự báo theo tốc độ hiện nay", size=PICTURE)
    add(document, "Nội dung", "{%p if claimed %}", CLAIMED_WORDS)
    add_table(document, CLAIMED, rows="row in claimed", total=_total(CLAIMED, "claimed_total"))
    _space(document)
    add(document, "Nội dung", "{%p endif %}", "{%p if criteria %}")
    add(document, "Khoản", "4. Ước tính điểm chỉ số cải cách hành chính")
    add(document, "Nội dung", ESTIMATE)
    add_table(document, CRITERIA, rows="row in criteria")
    _space(document)
    add(document, "Nội dung", "{%p endif %}")


def _add_remaining(document: Document) -> None:
    add(document, "Mục", "III. TỒN TẠI, NGUYÊN NHÂN")
    add(
        document,
        "Nội dung",
        "{%p if behind %}",
        "Đến {{ as_of }}, những nội dung sau chưa đạt {{ target }}:",
    )
    add_table(document, NOT_REACHED, rows="row in behind", total=_total(NOT_REACHED))
    _space(document)
    add_picture(document, "Hình nguồn quá hạn", "Hình 3. Hồ sơ quá hạn phát sinh từ đâu", size=PICTURE)
    add(
        document,
        "Nội dung",
        "Nguyên nhân do các đơn vị nêu:",
        "{%p for unit in reasons %}",
        "- {{ unit.name }}: {{ unit.reasons }}{% if loop.last %}.{% else %};{% endif %}",
        "{%p endfor %}",
        "{%p if unexplained %}",
        "Còn {{ unexplained }} hồ sơ quá hạn chưa đơn vị nào nêu nguyên nhân. [[………… (đơn vị tổng hợp bổ sung)]].",
        "{%p endif %}",
        "{%p else %}",
        "Đến {{ as_of }}, không đơn vị nào còn tồn tại.",
        "{%p endif %}",
        "{%p if waiting %}",
        WAITING_WORDS,
        "{%p endif %}",
        *UNDECIDED,
        "{%p if waived %}",
        WAIVED_WORDS,
    )
    add_table(document, WAIVED, rows="row in waived")
    _space(document)
    add(document, "Nội dung", "{%p endif %}")
    add(document, "Mục", "IV. KIẾN NGHỊ")
    # The proposals stay with the signature: it never stands on a page alone.
    add(document, "Nội dung", "{%p if behind %}", PROPOSAL, "{%p endif %}", MORE_PROPOSALS, keep_next=True)
    add(document, "Nội dung cuối", CLOSING)


def _add_annexes(document: Document) -> None:
    add_annex(document, "I", "DANH SÁCH HỒ SƠ QUÁ HẠN VÀ VIỆC XIN LỖI", landscape=True)
    add_table(document, LATE_CASES, rows="row in cases")
    _space(document)
    add(
        document,
        "Nội dung",
        "{%p if cases_left_out %}",
        "Còn {{ cases_left_out }} hồ sơ khác, xem tệp Excel kèm theo Báo cáo.",
        "{%p endif %}",
    )
    add_annex(document, "II", "KẾT QUẢ LƯU TRỮ, LẬP HỒ SƠ CÔNG VIỆC THEO ĐƠN VỊ")
    add_table(document, WORK_ANNEX, rows="row in work", total=_total(WORK_ANNEX))
    add_annex(document, "III", "THỦ TỤC CÓ HỒ SƠ QUÁ HẠN")
    add_table(document, PROCEDURES, rows="row in procedures")
    _space(document)
    add_annex(
        document, "IV", "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH (BIỂU SỐ II.06A/VPCP/KSTT)", landscape=True
    )
    add_table(document, FORM_06A, rows="row in form_06a")
    _number_columns(document.tables[-1])
    _space(document)
    add_annex(document, "V", "KẾT QUẢ CỦA TỪNG ĐƠN VỊ")
    add(document, "Khoản", "{%p for unit in unit_annexes %}", "{{ loop.index }}. {{ unit.name }}")
    add(document, "Nội dung", "{{ unit.words }}", "{%p if unit.officials %}")
    add_table(document, OFFICIALS, rows="row in unit.officials")
    _space(document)
    add(document, "Nội dung", "{%p endif %}", "{%p endfor %}")
    add_annex(document, "VI", "CÁCH TÍNH VÀ NGUỒN SỐ LIỆU")
    add(document, "Khoản", "1. Cách tính")
    add(document, "Nội dung", "{%p for definition in definitions %}", "- {{ definition }}", "{%p endfor %}")
    add(document, "Khoản", "2. Nguồn số liệu")
    add(
        document,
        "Nội dung",
        "{%p for source in sources %}",
        "- {{ source }}",
        "{%p endfor %}",
        "- Mã kiểm tra (SHA-256) của bản này: bản chụp số liệu {{ fingerprint.data }}; cấu hình, quy tắc của đợt "
        "{{ fingerprint.rules }}; lịch làm việc {{ fingerprint.calendar }}; mẫu báo cáo {{ fingerprint.template }}; "
        "sổ cái khi lập {{ fingerprint.ledger }}.",
    )


def _add_progress(document: Document, columns: tuple[Column, ...]) -> Table:
    return add_table(document, columns, rows="row in progress.units", total=_total(columns, "progress.total", first=0))


def _total(columns: tuple[Column, ...], of: str = "totals", *, first: int = 1) -> list[str]:
    """Return the cells of the total's row: blank before column `first`, which says so, then the fields of `of`."""
    return [*[""] * first, TOTAL, *(column.cell.replace("row.", f"{of}.") for column in columns[first + 1 :])]


def _pack(table: Table) -> None:
    """Take the room above and below the words out, so that twelve units stay on one page."""
    for paragraph in (paragraph for row in table.rows for cell in row.cells for paragraph in cell.paragraphs):
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)


def _number_columns(table: Table) -> None:
    """Set the row of column numbers, (1) (2) …, under the headings."""
    heading = table.rows[1]._tr
    numbers = deepcopy(heading)
    heading.addnext(numbers)
    for i, cell in enumerate(table.rows[2].cells, start=1):
        cell.paragraphs[0].runs[0].text = f"({i})"


def _space(document: Document) -> None:
    """Part a table from the words after it."""
    document.add_paragraph(style="Đường kẻ").paragraph_format.space_after = Pt(6)
