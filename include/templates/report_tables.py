"""The tables of the reports: heading, width and content of each column."""

from decree30_parts import Column

APOLOGIES = (
    Column("STT", 1.05, "{{ row.no }}"),
    Column("Đơn vị", 2.75, "{{ row.name }}", is_text=True),
    Column("Hồ sơ quá hạn", 1.1, "{{ row.apologies_due }}"),
    Column("Hệ thống và sổ thư", 1.6, "{{ row.apologies_both }}", group="Ai ghi đã xin lỗi"),
    Column("Chỉ hệ thống", 1.6, "{{ row.apologies_system }}", group="Ai ghi đã xin lỗi"),
    Column("Chỉ sổ thư", 1.15, "{{ row.apologies_register }}", group="Ai ghi đã xin lỗi"),
    Column("Chỉ đơn vị báo", 1.3, "{{ row.apologies_claimed }}", group="Ai ghi đã xin lỗi"),
    Column("Được tính", 1.35, "{{ row.apologies_done }}"),
    Column("Thư chờ ký", 1.25, "{{ row.apologies_waiting }}"),
    Column("Chưa xin lỗi", 1.35, "{{ row.apologies_owed }}"),
    Column("Tỷ lệ xin lỗi", 2.0, "{{ row.apology_rate }}"),
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
CLAIMED = (
    Column("STT", 1.1, "{{ row.no }}"),
    Column("Đơn vị", 5.8, "{{ row.name }}", is_text=True),
    Column("Đơn vị báo cáo", 2.4, "{{ row.reported_claimed }}", group="Báo cáo, lưu trữ"),
    Column("Hệ thống", 2.4, "{{ row.work_reported }}", group="Báo cáo, lưu trữ"),
    Column("Đơn vị báo cáo", 2.4, "{{ row.filed_claimed }}", group="Lập hồ sơ"),
    Column("Hệ thống", 2.4, "{{ row.work_filed }}", group="Lập hồ sơ"),
)
PROGRESS = (
    Column("Đơn vị", 4.6, "{{ row.name }}", is_text=True),
    Column("Tỷ lệ chung", 1.9, "{{ row.rate }}"),
    Column("Còn lại", 1.4, "{{ row.remaining }}"),
    Column("So với hôm trước", 1.5, "{{ row.change }}"),
    Column("So với ngày đầu", 1.5, "{{ row.change_since_first }}"),
    Column("Cần mỗi ngày", 1.4, "{{ row.needed }}"),
    Column("Tốc độ 5 ngày", 1.4, "{{ row.pace }}"),
    Column("Dự kiến đạt 100%", 2.8, "{{ row.outlook }}", is_text=True),
)
# Of a day with none before it: what is compared with one, or counted from some, is not known yet.
FIRST_PROGRESS = (
    Column("Đơn vị", 7.6, "{{ row.name }}", is_text=True),
    Column("Tỷ lệ chung", 3.0, "{{ row.rate }}"),
    Column("Còn lại", 2.8, "{{ row.remaining }}"),
    Column("Cần mỗi ngày", 3.1, "{{ row.needed }}"),
)
NOT_REACHED = (
    Column("STT", 1.1, "{{ row.no }}"),
    Column("Đơn vị chịu trách nhiệm", 3.9, "{{ row.name }}", is_text=True),
    Column("Còn lại", 1.4, "{{ row.remaining }}"),
    Column("Hồ sơ chưa xin lỗi", 1.5, "{{ row.apologies_owed }}"),
    Column("Công việc chưa đạt", 1.5, "{{ row.work_owed }}"),
    Column("Trong đó chưa báo cáo", 1.6, "{{ row.work_unreported }}"),
    Column("Trong đó chưa lập hồ sơ", 1.6, "{{ row.work_unfiled }}"),
    Column("Đã xin lỗi, đang quá hạn", 1.9, "{{ row.overdue_apologised }}"),
    Column("Tỷ lệ chung", 2.0, "{{ row.rate }}"),
)
WAIVED = (
    Column("STT", 1.1, "{{ row.no }}"),
    Column("Nội dung", 3.4, "{{ row.kind_name }}", is_text=True),
    Column("Số hồ sơ, số đến", 3.4, "{{ row.number }}", is_text=True),
    Column("Đơn vị", 2.7, "{{ row.unit_name }}", is_text=True),
    Column("Người cho miễn", 2.2, "{{ row.by }}", is_text=True),
    Column("Lý do", 2.4, "{{ row.reason }}", is_text=True),
    Column("Đến hết ngày", 1.6, "{{ row.until }}"),
)
CRITERIA = (
    Column("Tiêu chí", 8.5, "{{ row.name }}", is_text=True),
    Column("Kết quả", 2.4, "{{ row.rate }}"),
    Column("Điểm tối đa", 2.2, "{{ row.points }}"),
    Column("Điểm ƯỚC TÍNH", 2.6, "{{ row.estimate }}"),
)
PROCEDURES = (
    Column("STT", 1.1, "{{ row.no }}"),
    Column("Thủ tục hành chính", 7.4, "{{ row.name }}", is_text=True),
    Column("Hồ sơ trong kỳ", 1.8, "{{ row.cases_total }}"),
    Column("Hồ sơ quá hạn", 1.8, "{{ row.cases_late }}"),
    Column("Đang quá hạn", 1.8, "{{ row.cases_overdue }}"),
    Column("Chưa xin lỗi", 1.8, "{{ row.apologies_owed }}"),
)
FORM_06A = (
    Column("TT", 1.1, "{{ row.no }}"),
    Column("Lĩnh vực", 6.6, "{{ row.field }}", is_text=True),
    Column("Tổng số", 1.6, "{{ row.received }}", group="Số hồ sơ tiếp nhận"),
    Column("Trực tuyến", 1.6, "{{ row.online }}", group="Số hồ sơ tiếp nhận"),
    Column("Trực tiếp, bưu chính", 1.7, "{{ row.in_person }}", group="Số hồ sơ tiếp nhận"),
    Column("Từ kỳ trước", 1.6, "{{ row.carried }}", group="Số hồ sơ tiếp nhận"),
    Column("Tổng số", 1.6, "{{ row.settled }}", group="Số hồ sơ đã giải quyết"),
    Column("Trước hạn", 1.6, "{{ row.early }}", group="Số hồ sơ đã giải quyết"),
    Column("Đúng hạn", 1.6, "{{ row.on_time }}", group="Số hồ sơ đã giải quyết"),
    Column("Quá hạn", 1.6, "{{ row.settled_late }}", group="Số hồ sơ đã giải quyết"),
    Column("Tổng số", 1.6, "{{ row.open }}", group="Số hồ sơ đang giải quyết"),
    Column("Trong hạn", 1.6, "{{ row.in_time }}", group="Số hồ sơ đang giải quyết"),
    Column("Quá hạn", 1.6, "{{ row.overdue }}", group="Số hồ sơ đang giải quyết"),
)
OFFICIALS = (
    Column("Cán bộ", 4.9, "{{ row.name }}", is_text=True),
    Column("Hồ sơ quá hạn", 1.8, "{{ row.cases_late }}"),
    Column("Chưa xin lỗi", 1.8, "{{ row.apologies_owed }}"),
    Column("Công việc", 1.8, "{{ row.work_total }}"),
    Column("Chưa báo cáo", 1.9, "{{ row.work_unreported }}"),
    Column("Chưa lập hồ sơ", 1.9, "{{ row.work_unfiled }}"),
    Column("Tỷ lệ chung", 2.3, "{{ row.rate }}"),
)
PICTURE = (16.5, 11.0)
TOTAL = "Tổng cộng"
DAILY = (
    Column("Đơn vị", 6.2, "{{ row.name }}", is_text=True),
    Column("Thư chờ ký", 1.15, "{{ row.apologies_waiting }}"),
    Column("Chưa xin lỗi", 1.35, "{{ row.apologies_owed }}"),
    Column("Việc chưa đạt", 1.25, "{{ row.work_owed }}"),
    Column("Còn lại", 1.25, "{{ row.remaining }}"),
    Column("Tỷ lệ chung", 1.6, "{{ row.rate }}"),
    Column("So hôm trước", 1.35, "{{ row.change }}"),
    Column("Cần mỗi ngày", 1.2, "{{ row.needed }}"),
    Column("Tốc độ", 1.0, "{{ row.pace }}"),
)
FIRST_DAILY = (
    Column("Đơn vị", 7.0, "{{ row.name }}", is_text=True),
    Column("Thư chờ ký", 1.5, "{{ row.apologies_waiting }}"),
    Column("Chưa xin lỗi", 1.6, "{{ row.apologies_owed }}"),
    Column("Việc chưa đạt", 1.6, "{{ row.work_owed }}"),
    Column("Còn lại", 1.5, "{{ row.remaining }}"),
    Column("Tỷ lệ chung", 1.7, "{{ row.rate }}"),
    Column("Cần mỗi ngày", 1.4, "{{ row.needed }}"),
)
CHANGED = (
    Column("Đơn vị", 5.0, "{{ row.name }}", is_text=True),
    Column("Số liệu", 5.6, "{{ row.figure }}", is_text=True),
    Column("Đã báo cáo", 2.0, "{{ row.before }}"),
    Column("Nay là", 2.0, "{{ row.after }}"),
    Column("Chênh lệch", 2.0, "{{ row.change }}"),
)
