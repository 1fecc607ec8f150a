"""The public list of apologies as the office's original: a notice with a table, for the portal."""

from decree30_parts import Column, add, add_foot, add_head, add_table, add_title, new_document
from docx.document import Document
from docx.enum.section import WD_ORIENT

COLUMNS = (
    Column("STT", 1.2, "{{ row.no }}"),
    Column("Mã hồ sơ", 5.6, "{{ row.case_number }}"),
    Column("Tên thủ tục hành chính", 6.4, "{{ row.procedure }}", is_text=True),
    Column("Tổ chức, cá nhân", 4.6, "{{ row.applicant }}", is_text=True),
    Column("Ngày hẹn trả", 2.5, "{{ row.due_on }}"),
    Column("Số ngày chậm", 1.9, "{{ row.days_late }}"),
    Column("Số văn bản xin lỗi", 3, "{{ row.number }}"),
)
OPENING = (
    "{{ office_name }} xin lỗi các tổ chức, cá nhân có hồ sơ thủ tục hành chính được giải quyết quá thời hạn đã hẹn "
    "và công khai danh sách gồm {{ count }} hồ sơ (số liệu đến {{ as_of }}; số ngày chậm tính theo ngày làm việc, "
    "đến ngày soạn văn bản xin lỗi):"
)
CLOSING = "Trân trọng cảm ơn sự thông cảm của tổ chức, cá nhân./."
RECIPIENTS = ("Cổng thông tin điện tử của {{ office_short }};", "Bộ phận Một cửa;", "Lưu: {{ archive }}.")


def public_list() -> Document:
    """Return the notice (Decree 30/2020, form 1.4), in landscape because it carries a wide table."""
    document = new_document(title="Danh sách công khai xin lỗi")
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    add_head(document)
    add_title(document, "THÔNG BÁO", "Công khai xin lỗi tổ chức, cá nhân do giải quyết hồ sơ quá hạn")
    add(document, "Nội dung đầu", OPENING)
    add_table(document, COLUMNS, rows="row in apologies")
    add(document, "Nội dung cuối", CLOSING)
    add_foot(document, *RECIPIENTS)
    return document
