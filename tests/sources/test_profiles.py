"""The shipped profiles, on sheets laid out as the systems lay them out."""

import pytest
from books import PROFILES, write_book

from dondoc.errors import CampaignError
from dondoc.sources.profile import load_profile

GROUPS = ["Hồ sơ đang lập", None, "Hồ sơ trả lại", None, "Hồ sơ kết thúc"]
COUNTS = ["Tổng số hồ sơ đang thực hiện", "Số lượng văn bản", "Tổng số hồ sơ trả lại", "Số lượng văn bản"]
LAST = ["HS đúng quy định đã được tiếp nhận vào LTHH", "Tổng số văn bản chủ trì giải quyết", "Tỷ lệ"]
STATISTICS = [
    ["Biểu mẫu 3: THỐNG KÊ KẾT QUẢ LẬP HỒ SƠ & GIAO NỘP HỒ SƠ VÀO LƯU TRỮ HIỆN HÀNH"],
    ["TT", "Tên đơn vị", "Tổng số văn bản chủ trì chưa LHSCV", *GROUPS, *LAST],
    [None, None, None, *COUNTS, "Tổng số hồ sơ đã kết thúc, chưa giao nộp"],
    [*[f"({i})" for i in range(1, 11)], "(11) = (9)/(10)"],
    [1, "Phòng QLĐT", 12, 3, 7, 0, 0, 4, 2, "1.234", 0.5],
    [2, "Văn phòng", 0, 1, 1, 1, 1, 0, 9, 20, 1],
    [None, "Tổng cộng", 12, 4, 8, 1, 1, 4, 11, 1254, None],
]
UNFILED = [
    ["STT", "Đơn vị", "Phòng Ban", "Mã CV", "Ký Hiệu", "Hạn GQ", "Người Chủ Trì", "Trạng Thái"],
    [1, "Ban Quản lý", "P. QLĐT", "CV-1", "12/UBND", "10/10/2023", "Bùi A", "Đang xử lý"],
    [2, "Ban Quản lý", "Văn phòng", "CV-2", "13/UBND", None, "Bùi B", "Đã hoàn thành"],
]
UNHANDED = [
    ["STT", "Đơn vị", "Phòng Ban Lập HS", "Mã Hồ Sơ", "Tiêu Đề Hồ Sơ", "Năm", "Người Lập"],
    [1, "Ban Quản lý", "Văn phòng", "01.VP", "Hồ sơ cải cách hành chính", 2023, "Bùi A"],
]


@pytest.fixture
def book(tmp_path):
    sheets = {"Biểu mẫu 3": STATISTICS, "Chi tiết VB": [["CHI TIẾT"], *UNFILED], "Chi tiết HS": UNHANDED}
    return write_book(tmp_path / "hpnet.xlsx", sheets)


def test_one_workbook_feeds_the_statistics(book, read):
    rows = read(book, "e-office-statistics").accepted.set_index("unit")
    assert sorted(rows.index) == ["QLDT", "VP"]
    assert rows.loc["QLDT", ["work_unfiled", "files_open", "files_returned", "files_closed"]].tolist() == [12, 3, 0, 4]
    assert rows.loc["QLDT", ["files_archived", "work_total"]].tolist() == [2, 1234]


def test_the_same_workbook_feeds_the_unfiled_work(book, read):
    rows = read(book, "e-office-unfiled").accepted
    assert rows[["item_number", "unit", "status"]].to_numpy().tolist() == [
        ["CV-1", "QLDT", "open"],
        ["CV-2", "VP", "reported"],
    ]
    assert rows["file_code"].isna().all()


def test_and_the_files_not_handed_over(book, read):
    row = read(book, "e-office-unhanded").accepted.iloc[0]
    assert (row["file_code"], row["unit"], row["year"], row["state"]) == ("01.VP", "VP", 2023, "closed")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("constants: {status: 4}", "Mục constants.status: đã có tiêu đề cột"),
        ("pattern: '('", "là biểu thức không hợp lệ ở ký tự thứ 1"),
        ("details: {stops: {required: [], headings: {}}}", "Mục details.stops: không có trường stops"),
        ("details: {pauses: {required: [when], headings: {number: [a]}}}", "không có trường when"),
        ("details: {pauses: {required: [from_at], headings: {number: [a]}}}", "Mục details.pauses.headings: thiếu"),
        ("several: both", "Mục several: “both” không dùng được; cần một trong: newest, all"),
        (
            "due_includes_pauses: maybe",
            "Mục due_includes_pauses: “maybe” không dùng được; cần một trong: yes, no, detect",
        ),
        (
            "constants: {due_includes_pauses: 1}",
            "Mục constants.due_includes_pauses: không có trường due_includes_pauses",
        ),
    ],
)
def test_a_profile_that_is_wrong_names_the_field(tmp_path, line, words):
    (tmp_path / "p.yaml").write_text((PROFILES / "boston-311.yaml").read_text() + line + "\n")
    with pytest.raises(CampaignError, match=words):
        load_profile(tmp_path / "p.yaml")
