"""The codes a profile may give the words of a source."""

from dondoc.records import CaseStatus

# The only codes a column of ours may hold, with the word for each where there is one; free text elsewhere.
CODES: dict[tuple[str, str], dict[str | int, str]] = {
    ("cases", "status"): {
        CaseStatus.REGISTERED.value: "mới đăng ký",
        CaseStatus.RECEIVED.value: "được tiếp nhận",
        CaseStatus.NOT_RECEIVED.value: "không được tiếp nhận",
        CaseStatus.IN_PROCESS.value: "đang xử lý",
        CaseStatus.SUPPLEMENT_ASKED.value: "yêu cầu bổ sung giấy tờ",
        CaseStatus.FEE_ASKED.value: "yêu cầu nộp phí",
        CaseStatus.WITHDRAWN.value: "công dân rút hồ sơ",
        CaseStatus.STOPPED.value: "dừng xử lý",
        CaseStatus.FINISHED.value: "đã xử lý xong",
        CaseStatus.RETURNED.value: "đã trả kết quả",
    },
    ("cases", "applicant_kind"): {"citizen": "công dân", "business": "doanh nghiệp", "organisation": "tổ chức"},
    ("cases", "channel"): {"direct": "trực tiếp", "online": "trực tuyến", "post": "bưu chính"},
    ("cases", "term_unit"): {"working_day": "ngày làm việc", "day": "ngày", "working_hour": "giờ làm việc"},
    ("work", "status"): {"open": "chưa xong", "reported": "đã báo cáo hoàn thành", "archived": "đã lưu trữ"},
    ("files", "state"): {
        "open": "đang thực hiện",
        "returned": "bị trả lại",
        "closed": "đã kết thúc",
        "awaiting_archive": "chờ tiếp nhận vào lưu trữ",
        "archived": "đã vào lưu trữ",
    },
}
