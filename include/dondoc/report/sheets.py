"""The columns of the report's workbook, and where each of its figures comes from."""

from dondoc.office_files.workbook import Column

RATES = (
    Column("Tỷ lệ xin lỗi", "apology_rate", "percent", 11),
    Column("Tỷ lệ công việc", "work_rate", "percent", 11),
    Column("Tỷ lệ chung", "rate", "percent", 11),
)
CASE_FIGURES = (
    Column("Hồ sơ trong kỳ", "cases_total", "integer", 11),
    Column("Hồ sơ quá hạn", "cases_late", "integer", 11),
    Column("Đang giải quyết quá hạn", "cases_overdue", "integer", 11),
    Column("Đã xin lỗi, còn đang giải quyết quá hạn", "cases_overdue_apologised", "integer", 14),
    Column("Phải xin lỗi", "apologies_due", "integer", 11),
    Column("Được tính đã xin lỗi", "apologies_done", "integer", 11),
    Column("Xin lỗi trước hạn", "apologies_before_due", "integer", 11),
    Column("Xin lỗi sau hạn", "apologies_after_due", "integer", 11),
    Column("Xin lỗi: hệ thống và sổ thư", "apologies_both", "integer", 11),
    Column("Xin lỗi: chỉ hệ thống", "apologies_system", "integer", 11),
    Column("Xin lỗi: chỉ sổ thư", "apologies_register", "integer", 11),
    Column("Xin lỗi: chỉ đơn vị báo", "apologies_claimed", "integer", 11),
    Column("Thư xin lỗi chờ ký", "apologies_waiting", "integer", 11),
)
CASE_STATES = (
    Column("Giải quyết trước hạn", "cases_early", "integer", 11),
    Column("Giải quyết đúng hạn", "cases_on_time", "integer", 11),
    Column("Giải quyết quá hạn", "cases_ended_late", "integer", 11),
    Column("Rút hồ sơ", "cases_withdrawn", "integer", 11),
    Column("Đang giải quyết trong hạn", "cases_in_time", "integer", 11),
    Column("Đang giải quyết, đã qua ngày hẹn trả", "cases_past_due", "integer", 11),
    Column("Tạm dừng", "cases_paused", "integer", 11),
)
WORK_FIGURES = (
    Column("Công việc được giao", "work_total", "integer", 11),
    Column("Đã báo cáo hoàn thành, lưu trữ", "work_reported", "integer", 11),
    Column("Trong đó: đã lưu trữ", "work_archived", "integer", 11),
    Column("Đã lập hồ sơ", "work_filed", "integer", 11),
    Column("Đạt cả hai", "work_done", "integer", 11),
)
LEFT = (
    Column("Còn lại", "remaining", "integer", 11),
    Column("Cần xong mỗi ngày", "needed", "integer", 11),
)
SUMMARY = (
    Column("Mã", "code", width=9),
    Column("Đơn vị", "name", width=38),
    *CASE_FIGURES,
    *WORK_FIGURES,
    *LEFT,
    *RATES,
)
STATES = (
    Column("Mã", "code", width=9),
    Column("Đơn vị", "name", width=38),
    Column("Hồ sơ trong kỳ", "cases_total", "integer", 11),
    *CASE_STATES,
)
LETTERS = (
    Column("Dự thảo xin lỗi", "drafted", "integer"),
    Column("Dự thảo còn thiếu nội dung", "incomplete", "integer"),
    Column("Phiếu đã duyệt", "approved", "integer"),
    Column("Phiếu đã công khai", "published", "integer"),
)
CLAIMED = (
    Column("Đơn vị báo đã báo cáo, lưu trữ", "reported_claimed", "integer"),
    Column("Đơn vị báo đã lập hồ sơ", "filed_claimed", "integer"),
)
PROCEDURES = (Column("Thủ tục hành chính", "name", width=60), *CASE_FIGURES, RATES[0], *CASE_STATES)
OFFICIALS = (
    Column("Đơn vị", "unit_name", width=38),
    Column("Cán bộ", "name", width=26),
    *CASE_FIGURES,
    *WORK_FIGURES,
    *RATES,
)
FORM = (
    Column("TT (1)", "no", width=8),
    Column("Lĩnh vực (2)", "field", width=44),
    Column("Tiếp nhận: tổng số (3)", "received", "integer"),
    Column("Tiếp nhận: trực tuyến (4)", "online", "integer"),
    Column("Tiếp nhận: trực tiếp, bưu chính (5)", "in_person", "integer"),
    Column("Tiếp nhận: từ kỳ trước (6)", "carried", "integer"),
    Column("Đã giải quyết: tổng số (7)", "settled", "integer"),
    Column("Đã giải quyết: trước hạn (8)", "early", "integer"),
    Column("Đã giải quyết: đúng hạn (9)", "on_time", "integer"),
    Column("Đã giải quyết: quá hạn (10)", "settled_late", "integer"),
    Column("Đang giải quyết: tổng số (11)", "open", "integer"),
    Column("Đang giải quyết: trong hạn (12)", "in_time", "integer"),
    Column("Đang giải quyết: quá hạn (13)", "overdue", "integer"),
)
CASES = (
    Column("Số hồ sơ", "case_number", width=28),
    Column("Thủ tục hành chính", "procedure", width=44),
    Column("Đơn vị", "unit_name", width=28),
    Column("Cán bộ", "official", width=18),
    Column("Ngày tiếp nhận", "received_at", "date", 12),
    Column("Ngày hẹn trả", "due_at", "date", 12),
    Column("Ngày kết thúc", "ended_on", "date", 12),
    Column("Tình trạng", "state_words", width=28),
    Column("Quá hạn", "late_words", width=10),
    Column("Số ngày làm việc chậm", "days_late", "integer", 11),
    Column("Được tính đã xin lỗi", "apologised_words", width=10),
    Column("Lĩnh vực", "field", width=24, on_paper=False),
    Column("Kênh tiếp nhận", "channel_words", on_paper=False),
    Column("Trong kỳ", "counted_words", width=10, on_paper=False),
    Column("Số ngày nghỉ đã trừ", "days_off", "integer", on_paper=False),
    Column("Số ngày đếm thế nào", "days_note", width=24, on_paper=False),
    Column("Xin lỗi trước hạn", "in_time_words", width=10, on_paper=False),
    Column("Xin lỗi theo", "witness_words", width=18, on_paper=False),
    Column("Thư chờ ký", "waiting_words", width=10, on_paper=False),
    Column("Dòng trong tệp nguồn", "source_row", "integer", on_paper=False),
    Column("Tệp nguồn", "source_file", width=28, on_paper=False),
)
LATE_CASES = (
    Column("Số hồ sơ", "case_number", width=28),
    Column("Thủ tục hành chính", "procedure", width=40),
    Column("Đơn vị", "unit_name", width=28),
    Column("Cán bộ", "official", width=18),
    Column("Ngày tiếp nhận", "received_at", "date", 12),
    Column("Ngày hẹn trả", "due_at", "date", 12),
    Column("Ngày kết thúc", "ended_on", "date", 12),
    Column("Số ngày làm việc chậm", "days_late", "integer", 11),
    Column("Lý do", "reason", width=32),
    Column("Được tính đã xin lỗi", "apologised_words", width=10),
    Column("Xin lỗi theo", "witness_words", width=18),
    Column("Thư chờ ký", "waiting_words", width=10),
    Column("Số ngày nghỉ đã trừ", "days_off", "integer", on_paper=False),
    Column("Số ngày đếm thế nào", "days_note", width=24, on_paper=False),
    Column("Hệ thống: số văn bản", "apology_number", on_paper=False),
    Column("Hệ thống: ngày xin lỗi", "apologised_at", "date", on_paper=False),
    Column("Sổ thư: số văn bản", "letter_number", on_paper=False),
    Column("Sổ thư: ngày ký", "letter_signed_on", "date", on_paper=False),
    Column("Đơn vị báo: số văn bản", "claimed_number", on_paper=False),
    Column("Đơn vị báo: ngày xin lỗi", "claimed_on", "date", on_paper=False),
    Column("Dòng trong tệp nguồn", "source_row", "integer", on_paper=False),
)
WORK = (
    Column("Số đến", "item_number", width=14),
    Column("Số ký hiệu", "symbol", width=18),
    Column("Trích yếu", "summary", width=50),
    Column("Đơn vị chủ trì", "unit_name", width=28),
    Column("Cán bộ", "official", width=18),
    Column("Ngày giao", "assigned_at", "date", 12),
    Column("Hạn giải quyết", "due_at", "date", 12),
    Column("Ngày hoàn thành", "finished_at", "date", 12),
    Column("Tình trạng", "state_words", width=20),
    Column("Đã báo cáo, lưu trữ", "reported_words", width=10),
    Column("Đã lập hồ sơ", "filed_words", width=10),
    Column("Đạt cả hai", "done_words", width=10),
    Column("Số ngày làm việc chậm", "days_late", "integer", 11),
    Column("Được tính", "counted_words", width=10, on_paper=False),
    Column("Mã hồ sơ công việc", "file_code", width=20, on_paper=False),
    Column("Số ngày đếm thế nào", "days_note", width=24, on_paper=False),
    Column("Dòng trong tệp nguồn", "source_row", "integer", on_paper=False),
    Column("Tệp nguồn", "source_file", width=28, on_paper=False),
)
FINDINGS = (
    Column("Tồn tại", "kind_name", width=28),
    Column("Đơn vị", "unit_name", width=28),
    Column("Số hồ sơ, số đến", "number", width=28),
    Column("Nội dung", "subject", width=48),
    Column("Cán bộ", "official", width=18),
    Column("Hạn", "due_on", "date", 12),
    Column("Số ngày làm việc chậm", "days_late", "integer", 11),
    Column("Số ngày làm việc còn lại", "days_left", "integer", 11),
    Column("Ghi chú", "note", width=40),
    Column("Số ngày đếm thế nào", "days_note", width=24, on_paper=False),
    Column("Căn cứ", "rule_words", width=40, on_paper=False),
    Column("Dòng trong tệp nguồn", "source_row", "integer", on_paper=False),
)
UNDECIDED = (
    Column("Loại", "kind_words", width=12),
    Column("Số hồ sơ, số đến", "number", width=28),
    Column("Vì sao chưa kết luận được", "message", width=44),
    Column("Cột của tệp nguồn", "field", width=30),
    Column("Nguồn", "source", width=14),
    Column("Tệp nguồn", "file", width=28),
    Column("Dòng trong tệp nguồn", "row", "integer"),
)
WAIVED = (
    Column("Nội dung", "kind_name", width=34),
    Column("Đơn vị", "unit_name", width=28),
    Column("Số hồ sơ, số đến", "number", width=28),
    Column("Trích yếu", "subject", width=44),
    Column("Hạn", "due_on", "date", 12),
    Column("Người cho miễn", "by", width=26),
    Column("Lý do", "reason", width=48),
    Column("Miễn đến hết ngày", "until", "date"),
)
TRACE_COLUMNS = (
    Column("Con số", "figure", width=40),
    Column("Trang", "sheet", width=16),
    Column("Lọc các cột (thêm Đơn vị, Cán bộ, Thủ tục hoặc Lĩnh vực của dòng cần tra)", "filters", width=78),
)
IN_PERIOD = "Trong kỳ = Có"
ALL_WORK = "Được tính = Có"
# (figure, sheet, filters): the rows left are the figure.
TRACES = tuple(
    {"figure": figure, "sheet": sheet, "filters": filters}
    for figure, sheet, filters in (
        ("Hồ sơ trong kỳ; cột 3", "Hồ sơ", IN_PERIOD),
        ("Hồ sơ quá hạn; Phải xin lỗi", "Hồ sơ", "Quá hạn = Có"),
        ("Đang giải quyết quá hạn", "Hồ sơ", "Quá hạn = Có; Tình trạng = Đang giải quyết, đã qua ngày hẹn trả"),
        ("Được tính đã xin lỗi", "Hồ sơ", "Quá hạn = Có; Được tính đã xin lỗi = Có"),
        ("Xin lỗi trước hạn", "Hồ sơ", "Quá hạn = Có; Xin lỗi trước hạn = Có"),
        ("Xin lỗi sau hạn", "Hồ sơ", "Quá hạn = Có; Được tính đã xin lỗi = Có; Xin lỗi trước hạn = Không"),
        ("Xin lỗi: hệ thống và sổ thư", "Hồ sơ", "Quá hạn = Có; Xin lỗi theo = Hệ thống và sổ thư"),
        ("Xin lỗi: chỉ hệ thống; chỉ sổ thư; chỉ đơn vị báo", "Hồ sơ", "Quá hạn = Có; Xin lỗi theo = cùng tên"),
        ("Thư xin lỗi chờ ký", "Hồ sơ", "Quá hạn = Có; Thư chờ ký = Có"),
        (
            "Đã xin lỗi, còn đang giải quyết quá hạn",
            "Hồ sơ",
            "Quá hạn = Có; Đã xin lỗi = Có; Tình trạng = Đang giải quyết, đã qua ngày hẹn trả",
        ),
        ("Còn lại: hồ sơ", "Hồ sơ", "Quá hạn = Có; Đã xin lỗi = Không"),
        ("Còn lại: công việc", "Công việc", f"{ALL_WORK}; Đạt cả hai = Không"),
        ("Giải quyết trước hạn; cột 8", "Hồ sơ", f"{IN_PERIOD}; Tình trạng = Đã giải quyết trước hạn"),
        ("Giải quyết đúng hạn", "Hồ sơ", f"{IN_PERIOD}; Tình trạng = Đã giải quyết đúng hạn"),
        ("Giải quyết quá hạn; cột 10", "Hồ sơ", f"{IN_PERIOD}; Tình trạng = Đã giải quyết quá hạn"),
        ("Rút hồ sơ", "Hồ sơ", f"{IN_PERIOD}; Tình trạng = Rút hồ sơ"),
        ("Đang giải quyết trong hạn", "Hồ sơ", f"{IN_PERIOD}; Tình trạng = Đang giải quyết trong hạn"),
        ("Đang giải quyết, đã qua ngày hẹn trả", "Hồ sơ", f"{IN_PERIOD}; Tình trạng = cùng tên"),
        ("Tạm dừng", "Hồ sơ", f"{IN_PERIOD}; Tình trạng = Tạm dừng"),
        ("Biểu II.06a, cột 4", "Hồ sơ", f"{IN_PERIOD}; Ngày tiếp nhận trong kỳ; Kênh tiếp nhận = Trực tuyến"),
        ("Biểu II.06a, cột 5", "Hồ sơ", f"{IN_PERIOD}; Ngày tiếp nhận trong kỳ; Kênh tiếp nhận khác Trực tuyến"),
        ("Biểu II.06a, cột 6", "Hồ sơ", f"{IN_PERIOD}; Ngày tiếp nhận trước kỳ"),
        ("Biểu II.06a, cột 7", "Hồ sơ", f"{IN_PERIOD}; Tình trạng: ba loại Đã giải quyết và Rút hồ sơ"),
        ("Biểu II.06a, cột 9", "Hồ sơ", f"{IN_PERIOD}; Tình trạng = Đã giải quyết đúng hạn hoặc Rút hồ sơ"),
        ("Biểu II.06a, cột 11", "Hồ sơ", f"{IN_PERIOD}; Tình trạng: hai loại Đang giải quyết và Tạm dừng"),
        ("Biểu II.06a, cột 12", "Hồ sơ", f"{IN_PERIOD}; Đang giải quyết trong hạn; và Tạm dừng có Quá hạn = Không"),
        ("Biểu II.06a, cột 13", "Hồ sơ", f"{IN_PERIOD}; đã qua ngày hẹn trả; và Tạm dừng có Quá hạn = Có"),
        ("Công việc được giao", "Công việc", ALL_WORK),
        ("Đã báo cáo hoàn thành, lưu trữ", "Công việc", "Đã báo cáo, lưu trữ = Có"),
        ("Trong đó: đã lưu trữ", "Công việc", "Đã báo cáo, lưu trữ = Có; Tình trạng = Đã lưu trữ"),
        ("Đã lập hồ sơ", "Công việc", "Đã lập hồ sơ = Có"),
        ("Đạt cả hai", "Công việc", "Đạt cả hai = Có"),
    )
)
