"""The national portal's contract, as a real server plays it."""

import itertools
from datetime import datetime

import openpyxl
import pytest
from scripted_server import Reply
from specimens import PAUSE, PORTAL, PROFILES, SECRET, portal, portal_case

from dondoc.errors import SourceError
from dondoc.sources.account import ApiAccount
from dondoc.sources.api import pull_records
from dondoc.sources.files import read_rows
from dondoc.sources.intake import take_in
from dondoc.sources.profile import load_profile


def test_the_portal_is_asked_with_a_session_and_what_the_connection_adds(server):
    extra = {"headers": {"dstcode": "VN:GOV:x"}, "params": {"madonvi": "000.00.20.H24"}}
    account = ApiAccount("nguon", server.url + "/adapter", "van-phong", SECRET, extra)
    server.play(portal(portal_case()))
    answer = server.answer
    server.answer = lambda asked: answer(asked._replace(path=asked.path.removeprefix("/adapter")))
    pull_records(PORTAL, lambda: account)
    login, listing = server.asked
    assert (login.path, login.params) == ("/adapter/mapi/login", {"username": "van-phong", "password": SECRET})
    expected = {"service": "LayDanhSachHoSo", "madonvi": "000.00.20.H24", "session": "phien-1"}
    assert (listing.method, listing.path, listing.params) == ("POST", "/adapter/mapi/g", expected)
    assert {asked.headers["dstcode"] for asked in server.asked} == {"VN:GOV:x"}


def test_a_case_of_the_portal_is_typed(portal_take):
    row = portal_take(portal_case(DanhSachHoSoBoSung=[PAUSE])).accepted.iloc[0]
    assert (row["unit"], row["status"], row["channel"], row["applicant_kind"]) == ("QLDT", 10, "online", "business")
    assert (row["received_at"], row["due_at"]) == (datetime(2023, 10, 2, 8, 15), datetime(2023, 10, 23, 16, 30))
    assert row["pauses"] == [
        {
            "from_at": datetime(2023, 10, 5, 8),
            "to_at": datetime(2023, 10, 10, 14, 30),
            "reason": "bổ sung hợp đồng",
            "due_before_at": datetime(2023, 10, 18, 16, 30),
            "due_after_at": datetime(2023, 10, 23, 16, 30),
        }
    ]


def test_pauses_come_in_order_and_the_last_may_still_run(portal_take):
    running = PAUSE | {"NgayBoSung": "20231020080000", "NgayTiepNhanBoSung": "", "NgayHenTraMoi": ""}
    pauses = portal_take(portal_case(DanhSachHoSoBoSung=[running, PAUSE])).accepted.iloc[0]["pauses"]
    assert [pause["from_at"].day for pause in pauses] == [5, 20]
    assert (pauses[1]["to_at"], pauses[1]["due_after_at"]) == (None, None)


@pytest.mark.parametrize(
    "pauses",
    [
        pytest.param([PAUSE | {"NgayBoSung": ""}], id="no beginning"),
        pytest.param([PAUSE, PAUSE | {"NgayTiepNhanBoSung": "2023"}], id="no moment"),
        pytest.param([PAUSE | {"NgayTiepNhanBoSung": "20231001000000"}], id="ends before it begins"),
        pytest.param([PAUSE | {"NoiDungBoSung": ["x"]}], id="a list for a text"),
        pytest.param(["x"], id="no objects"),
        pytest.param("x", id="no list"),
        pytest.param({"a": 1}, id="an object"),
    ],
)
def test_a_pause_that_cannot_be_read_sets_its_case_aside(portal_take, pauses):
    bad = portal_case(DanhSachHoSoBoSung=pauses)
    intake = portal_take(portal_case(MaHoSo="H24-2"), bad)
    assert (intake.rows_in, len(intake.accepted)) == (2, 1)
    assert (list(intake.quarantined["reason"]), list(intake.quarantined["row"])) == (["bad_pause"], [2])


@pytest.mark.parametrize("code", ["1", "-1", "", 5, None, True, ["0"]])
def test_an_error_code_in_an_answer_that_looks_fine_is_an_error(pull, code):
    profile = PORTAL
    with pytest.raises(SourceError, match=r"báo lỗi.*Phiên không hợp lệ|không có mã kết quả"):
        pull(portal(portal_case(), code=code), profile=profile)


@pytest.mark.parametrize("code", ["0", "00", 0])
def test_success_is_written_in_several_ways(pull, code):
    assert len(pull(portal(portal_case(), code=code), profile=PORTAL).raw.rows) == 1


def test_no_session_no_pull(pull, server):
    with pytest.raises(SourceError, match="không cấp phiên"):
        pull(portal(portal_case(), session=""), profile=PORTAL)
    assert [asked.path for asked in server.asked] == ["/mapi/login"]


def test_a_portal_session_that_ends_is_opened_again(pull, server):
    sessions = itertools.count(1)

    def answer(asked):
        if asked.path == "/mapi/login":
            return {"error_code": "0", "session": f"s{next(sessions)}"}
        return Reply({}, status=401) if asked.params["session"] == "s1" else portal(portal_case())(asked)

    assert len(pull(answer, profile=PORTAL).raw.rows) == 1
    assert [asked.path for asked in server.asked] == ["/mapi/login", "/mapi/g"] * 2


IN_A_WORKBOOK = {
    "Mã hồ sơ": "000.00.20.H24-231002-0001",
    "Mã TTHC": "1.009748",
    "Tên TTHC": "Cấp giấy chứng nhận đăng ký đầu tư",
    "Lĩnh vực": "Đầu tư tại Việt Nam",
    "Chủ hồ sơ": "Công ty Sao Biển",
    "Đối tượng": "Doanh nghiệp",
    "Số điện thoại": "0225 000 111",
    "Phòng ban": "P. QLĐT",
    "Ngày tiếp nhận": datetime(2023, 10, 2, 8, 15),
    "Ngày hẹn trả": "23/10/2023 16:30",
    "Ngày kết thúc xử lý": "25/10/2023 10:00",
    "Ngày trả": "26/10/2023 09:00",
    "Trạng thái": "Đã trả kết quả",
}


def test_a_case_is_the_same_whether_it_comes_by_api_or_in_a_workbook(portal_take, tmp_path, hai_phong):
    book = openpyxl.Workbook()
    book.active.append(list(IN_A_WORKBOOK))
    book.active.append(list(IN_A_WORKBOOK.values()))
    book.save(tmp_path / "a.xlsx")
    profile = load_profile(PROFILES / "one-stop-export.yaml")
    filed = take_in(read_rows(tmp_path / "a.xlsx", profile), profile, source="cases", units=hai_phong.unit_by_name)
    pulled = portal_take(portal_case())
    own = ["source_file", "source_row", "channel"]  # the workbook has no column for the channel
    assert pulled.accepted.drop(columns=own).equals(filed.accepted.drop(columns=own))
