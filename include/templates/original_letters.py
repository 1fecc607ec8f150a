"""The apology letters as the office's originals: form 04 of Circular 01/2018/TT-VPCP, and of 03/2025 from 15/9/2025."""

from decree30_parts import add, add_foot, add_head, add_title, new_document
from docx.document import Document

# A company is written by its name; "Ông/Bà" stands before a person's.
ADDRESSEE = (
    "Kính gửi:\t{% if honorific.startswith('Ông/Bà') %}{{ honorific }} {% endif %}"
    "{% if addressee %}{{ addressee }}{% else %}[[………… (đơn vị bổ sung tên người nộp hồ sơ)]]{% endif %}"
)
RECEIVED = (
    "{{ received_on|capitalize }}, {{ office_name }} tiếp nhận giải quyết hồ sơ đề nghị giải quyết thủ tục hành chính "
    "“{{ procedure }}” của {{ honorific }}; mã số: {{ case_number }}."
)
PROMISED = "Thời gian hẹn trả kết quả giải quyết hồ sơ: {{ due }}."
# Before the day promised nothing is late yet: the letter says what is expected, not what has happened.
STILL_PENDING = (
    "{% if before_due %}Tuy nhiên, {{ office_name }} dự kiến không kịp trả kết quả giải quyết hồ sơ của "
    "{{ honorific }} đúng thời hạn quy định ghi trên Giấy tiếp nhận hồ sơ và hẹn trả kết quả.{% else %}"
    "Tuy nhiên đến nay, {{ office_name }} chưa trả kết quả giải quyết hồ sơ của {{ honorific }} đúng thời hạn quy định "
    "ghi trên Giấy tiếp nhận hồ sơ và hẹn trả kết quả.{% endif %}"
)
FINISHED_LATE = (
    "Tuy nhiên đến {{ finished_on }}, {{ office_name }} mới giải quyết xong hồ sơ của {{ honorific }}, chậm "
    "{{ days_late }} ngày làm việc so với thời hạn quy định ghi trên Giấy tiếp nhận hồ sơ và hẹn trả kết quả."
)
REASON = "Lý do: {% if reason %}{{ reason|trim(' .;') }}{% else %}[[………… (đơn vị bổ sung lý do)]]{% endif %}."
NEW_PROMISE = (
    "{{ office_name }} xin lỗi {{ honorific }} và sẽ trả kết quả giải quyết hồ sơ cho {{ honorific }} vào "
    "{% if new_due_on %}{{ new_due_on }}{% else %}[[ngày …… tháng …… năm ……… (đơn vị bổ sung ngày hẹn trả mới)]]"
    "{% endif %}."
)
APOLOGY = "{{ office_name }} xin lỗi {{ honorific }} vì đã không trả kết quả giải quyết hồ sơ đúng thời hạn đã hẹn."
CONTACT = "Cần biết thêm về hồ sơ, xin liên hệ: {{ contact }}."
# Asked for by the form of 2025, of whoever has such a number.
IDENTIFIED = "{% if applicant_id %}; số định danh: {{ applicant_id }}{% endif %}"
RECEIVED_2025 = (
    "{{ received_on|capitalize }}, {{ office_name }} tiếp nhận giải quyết hồ sơ đề nghị giải quyết thủ tục hành chính "
    "“{{ procedure }}” của {{ honorific }}" + IDENTIFIED + "; mã số: {{ case_number }}."
)
BURDEN = (
    "{{ office_name }} xin trân trọng gửi lời xin lỗi đến {{ honorific }} vì sự chậm trễ trong quá trình giải quyết hồ "
    "sơ có thể gây phiền hà, tốn kém về chi phí, công sức của {{ honorific }}."
)
EXTENDED = (
    "{{ office_name }} đề nghị gia hạn thời gian giải quyết và sẽ trả kết quả giải quyết hồ sơ cho {{ honorific }} vào "
    "{% if new_due_on %}{{ new_due_on }}{% else %}[[ngày …… tháng …… năm ……… (đơn vị bổ sung ngày hẹn trả mới)]]"
    "{% endif %}."
)
SYMPATHY = "Mong nhận được sự thông cảm của {{ honorific }} vì sự chậm trễ này./."
RECIPIENTS = ("Như trên;", "Bộ phận Một cửa;", "{{ unit_name }};", "Lưu: {{ archive }}.")


def pending_letter() -> Document:
    """Return the letter for a case still open: the form as issued, with the day it will be returned."""
    document = new_document(title="Phiếu xin lỗi và hẹn lại ngày trả kết quả")
    add_head(document)
    add_title(document, "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ")
    _add_body(document, STILL_PENDING, REASON, NEW_PROMISE)
    return document


def returned_letter() -> Document:
    """Return the letter for a case finished late: what happened, and no day to come."""
    document = new_document(title="Phiếu xin lỗi")
    add_head(document)
    add_title(document, "PHIẾU XIN LỖI", "Về việc trả kết quả giải quyết hồ sơ quá hạn")
    _add_body(document, FINISHED_LATE, REASON, APOLOGY)
    return document


def pending_letter_2025() -> Document:
    """Return the letter for a case still open in the form of 2025: it asks for more time, and says what delay costs."""
    document = new_document(title="Phiếu xin lỗi và đề nghị gia hạn thời gian giải quyết")
    add_head(document)
    add_title(document, "PHIẾU XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT")
    _add_body(document, STILL_PENDING, REASON, BURDEN, EXTENDED, received=RECEIVED_2025)
    return document


def returned_letter_2025() -> Document:
    """Return the letter for a case finished late in the form of 2025."""
    document = new_document(title="Phiếu xin lỗi")
    add_head(document)
    add_title(document, "PHIẾU XIN LỖI", "Về việc trả kết quả giải quyết hồ sơ quá hạn")
    _add_body(document, FINISHED_LATE, REASON, BURDEN, received=RECEIVED_2025)
    return document


def _add_body(document: Document, *told: str, received: str = RECEIVED) -> None:
    add(document, "Kính gửi", ADDRESSEE)
    for field, label in (("address", "Địa chỉ"), ("phone", "Điện thoại")):
        add(document, "Kính gửi", f"{{%p if {field} %}}")
        document.add_paragraph(f"\t{label}: {{{{ {field} }}}}", style="Kính gửi")
        add(document, "Kính gửi", "{%p endif %}")
    add(document, "Nội dung đầu", received)
    add(document, "Nội dung", PROMISED, *told, CONTACT)
    add(document, "Nội dung cuối", SYMPATHY)
    add_foot(document, *RECIPIENTS)
