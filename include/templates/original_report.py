"""The report as the office's original: form 1.4 of Decree 30/2020/NĐ-CP, annex III."""

from decree30_parts import (
    LONG_SUMMARY_RULE,
    Column,
    add,
    add_annex,
    add_foot,
    add_head,
    add_table,
    add_title,
    box,
    new_document,
)
from docx.document import Document
from docx.shared import Pt

RECIPIENTS = (
    "Lãnh đạo {{ office_short }} (để báo cáo);",
    "Các đơn vị thuộc, trực thuộc {{ office_short }};",
    "Lưu: {{ archive }}.",
)
APOLOGIES = (
    Column("STT", 1.1, "{{ row.no }}"),
    Column("Đơn vị", 5.8, "{{ row.name }}", is_text=True),
    Column("Hồ sơ trong kỳ", 1.9, "{{ row.cases_total }}"),
    Column("Hồ sơ quá hạn", 1.9, "{{ row.apologies_due }}"),
    Column("Đã xin lỗi", 1.7, "{{ row.apologies_done }}"),
    Column("Chưa xin lỗi", 1.7, "{{ row.apologies_owed }}"),
    Column("Tỷ lệ xin lỗi", 2.4, "{{ row.apology_rate }}"),
)
WORK = (
    Column("STT", 1.1, "{{ row.no }}"),
    Column("Đơn vị", 5.8, "{{ row.name }}", is_text=True),
    Column("Công việc được giao", 2.1, "{{ row.work_total }}"),
    Column("Đã báo cáo, lưu trữ", 2.1, "{{ row.work_reported }}"),
    Column("Đã lập hồ sơ", 1.6, "{{ row.work_filed }}"),
    Column("Đạt cả hai", 1.4, "{{ row.work_done }}"),
    Column("Tỷ lệ công việc", 2.4, "{{ row.work_rate }}"),
)
LATE_CASES = (
    Column("STT", 1.2, "{{ row.no }}"),
    Column("Số hồ sơ", 5.5, "{{ row.case_number }}", is_text=True),
    Column("Thủ tục hành chính", 5.6, "{{ row.procedure }}", is_text=True),
    Column("Đơn vị", 3.8, "{{ row.unit }}", is_text=True),
    Column("Ngày hẹn trả", 2.3, "{{ row.due_on }}"),
    Column("Ngày kết thúc", 2.3, "{{ row.finished_on }}"),
    Column("Số ngày chậm", 1.5, "{{ row.days_late }}"),
    Column("Văn bản xin lỗi", 3.0, "{{ row.apology }}", is_text=True),
)
WORK_ANNEX = (
    Column("STT", 1.1, "{{ row.no }}"),
    Column("Đơn vị", 4.4, "{{ row.unit }}", is_text=True),
    Column("Được giao", 1.5, "{{ row.work_total }}"),
    Column("Đã báo cáo, lưu trữ", 1.6, "{{ row.work_reported }}"),
    Column("Chưa báo cáo", 1.5, "{{ row.work_unreported }}"),
    Column("Đã lập hồ sơ", 1.4, "{{ row.work_filed }}"),
    Column("Chưa lập hồ sơ", 1.4, "{{ row.work_unfiled }}"),
    Column("Đạt cả hai", 1.3, "{{ row.work_done }}"),
    Column("Tỷ lệ công việc", 2.3, "{{ row.work_rate }}"),
)
TOTAL = "Tổng cộng"
SCOPE = (
    "Kỳ rà soát {{ period }}; chỉ tiêu {{ target }}; thời hạn: {{ deadline_reading }}. Số liệu tính đến {{ as_of }}."
)
SITUATION = (
    "Trong kỳ có {{ totals.cases_total }} hồ sơ thủ tục hành chính, trong đó {{ totals.cases_late }} hồ sơ quá hạn "
    "({{ totals.cases_overdue }} hồ sơ đang giải quyết); {{ totals.work_total }} công việc được giao trên hệ thống "
    "văn phòng điện tử. Tỷ lệ hoàn thành chung: {{ totals.rate }}."
)
APOLOGIES_DONE = (
    "Đã xin lỗi {{ totals.apologies_done }}/{{ totals.apologies_due }} hồ sơ quá hạn, tỷ lệ {{ totals.apology_rate }}; "
    "còn {{ totals.apologies_owed }} hồ sơ chưa xin lỗi. Đã soạn {{ letters_drafted }} dự thảo phiếu xin lỗi, trong đó "
    "{{ letters_incomplete }} dự thảo chờ đơn vị bổ sung lý do hoặc ngày hẹn trả mới. Chi tiết tại Phụ lục I."
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
CLOSING = (
    "Trên đây là báo cáo kết quả thực hiện đến {{ as_of }} của {{ office_name }}; cách tính và nguồn số liệu tại "
    "Phụ lục III./."
)


def report() -> Document:
    """Return the report of a day: situation, results, what is still owed, proposals, and three annexes."""
    document = new_document(title="Báo cáo")
    add_head(document)
    add_title(document, "BÁO CÁO", "{{ title }}", rule_length=LONG_SUMMARY_RULE)
    _add_warning(document)
    _add_situation(document)
    _add_results(document)
    _add_remaining(document)
    add_foot(document, *RECIPIENTS)
    _add_annexes(document)
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


def _add_remaining(document: Document) -> None:
    add(document, "Mục", "III. TỒN TẠI, NGUYÊN NHÂN")
    add(
        document,
        "Nội dung",
        "{%p if behind %}",
        "Đến {{ as_of }}, các đơn vị sau còn tồn tại:",
        "{%p for unit in behind %}",
        "- {{ unit.name }}: {{ unit.owes }}{% if loop.last %}.{% else %};{% endif %}",
        "{%p endfor %}",
        "Nguyên nhân: [[………… (đơn vị tổng hợp bổ sung)]].",
        "{%p else %}",
        "Đến {{ as_of }}, không đơn vị nào còn tồn tại.",
        "{%p endif %}",
    )
    add(document, "Mục", "IV. KIẾN NGHỊ")
    add(document, "Nội dung", "{%p if behind %}", PROPOSAL, "{%p endif %}", MORE_PROPOSALS)
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
    add_annex(document, "III", "CÁCH TÍNH VÀ NGUỒN SỐ LIỆU")
    add(document, "Khoản", "1. Cách tính")
    add(document, "Nội dung", "{%p for definition in definitions %}", "- {{ definition }}", "{%p endfor %}")
    add(document, "Khoản", "2. Nguồn số liệu")
    add(
        document,
        "Nội dung",
        "{%p for source in sources %}",
        "- {{ source }}",
        "{%p endfor %}",
        "- Mã số liệu: {{ fingerprint }}.",
    )


def _total(columns: tuple[Column, ...]) -> list[str]:
    return ["", TOTAL, *(column.cell.replace("row.", "totals.") for column in columns[2:])]


def _space(document: Document) -> None:
    """Part a table from the words after it."""
    document.add_paragraph(style="Đường kẻ").paragraph_format.space_after = Pt(6)
