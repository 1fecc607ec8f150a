"""How each figure is counted, as the report states it: docs/rules.md says the same at length."""

from dondoc.figures.witnesses import DEFINITION as WITNESSES

DEFINITIONS = (
    "Hồ sơ quá hạn: hồ sơ đã kết thúc xử lý sau ngày hẹn trả, hoặc đang giải quyết mà ngày hẹn trả đã qua; khoảng "
    "quá hạn (từ ngày hẹn trả đến ngày kết thúc hoặc ngày lập báo cáo) có phần nằm trong kỳ. Không tính hồ sơ đang tạm "
    "dừng (bổ sung giấy tờ, nghĩa vụ tài chính, dừng xử lý), trừ hồ sơ đã quá hạn trước khi tạm dừng; không tính hồ sơ "
    "rút, hồ sơ chưa tiếp nhận. Hồ sơ, công việc được cho phép tạm miễn vẫn nằm trong mẫu số.",
    "Ngày hẹn trả quyết định là ngày ghi đầu tiên, chỉ dời theo tạm dừng và gia hạn được ghi; ngày bị đặt lại không có "
    "căn cứ không được tính.",
    "Tỷ lệ xin lỗi = số hồ sơ quá hạn được tính là đã xin lỗi / tổng số hồ sơ quá hạn trong kỳ.",
    WITNESSES,
    "Xin lỗi trước hạn: văn bản xin lỗi được tính đề ngày không sau ngày hẹn trả quyết định, như quy định đòi (chậm "
    "nhất 01 ngày trước khi hết hạn); sau hạn: đề ngày sau đó. Hai số cộng lại là số hồ sơ được tính đã xin lỗi.",
    "Tỷ lệ công việc = số công việc đã báo cáo hoàn thành hoặc lưu trữ và đã lập hồ sơ công việc / tổng số công việc "
    "được giao tính đến ngày lập báo cáo (chỉ tính cho đơn vị chủ trì, gồm cả việc không có hạn giải quyết).",
    "Tỷ lệ chung = (số hồ sơ đã xin lỗi + số công việc đã hoàn thành cả hai yêu cầu) / (tổng số hồ sơ quá hạn + tổng "
    "số công việc được giao). Mẫu số bằng 0 ghi “Không phát sinh”.",
    "Còn lại = mẫu số trừ tử số của tỷ lệ chung, trừ hồ sơ có thư xin lỗi đang chờ ký: số hồ sơ quá hạn chưa xin lỗi "
    "cộng số công việc chưa đạt cả hai yêu cầu. Mỗi hồ sơ, mỗi công việc là một việc, dù thiếu mấy nội dung: công việc "
    "vừa chưa báo cáo vừa chưa lập hồ sơ là một việc; hồ sơ vừa đang quá hạn vừa chưa xin lỗi là một việc. Hồ sơ đã "
    "xin lỗi mà vẫn đang giải quyết quá hạn không nằm trong số còn lại, được ghi riêng bên cạnh. Hồ sơ, "
    "công việc được cho phép tạm miễn cũng không nằm trong số còn lại, được liệt kê riêng, và vẫn nằm trong mẫu số.",
    "Cần xong mỗi ngày = số còn lại chia cho số ngày làm việc còn lại (không kể ngày lập báo cáo, kể cả ngày hạn), làm "
    "tròn lên số nguyên; từ ngày hạn không còn ngày nào để chia.",
    "Số ngày chậm tính theo ngày làm việc sau ngày hẹn trả, theo lịch làm việc chính thức, kể cả ngày làm bù, không kể "
    "ngày tạm dừng.",
)
