"""Files as people make them, read from real files written for the purpose."""

import csv
import unicodedata
from datetime import datetime

import openpyxl
import pytest

from dondoc.errors import CampaignError, SourceError
from dondoc.installation import ROOT
from dondoc.sources.files import find_file, read_rows
from dondoc.sources.intake import take_in
from dondoc.sources.profile import load_profile

PROFILES = ROOT / "include" / "sources"
HEADINGS = ["STT", "Số hồ sơ", "Tên thủ tục", "Phòng ban", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý"]
HEADINGS += ["Trạng thái"]
GOOD = ["H24-1", "Cấp phép", "P. QLĐT", "02/10/2023", "10/10/2023", None, "Đang xử lý"]


TITLE = [["DANH SÁCH HỒ SƠ"], []]


def good(**changes):
    row = dict(zip(HEADINGS[1:], GOOD, strict=True))
    return list((row | changes).values())


@pytest.fixture
def take(tmp_path, hai_phong):
    def take_rows(*rows, after=(), headings=HEADINGS, cover=False):
        book = openpyxl.Workbook()
        sheet = book.active
        if cover:
            sheet.append(["Hướng dẫn"])
            sheet = book.create_sheet("Hồ sơ")
        numbered = [[i, *row] for i, row in enumerate(rows, start=1)]
        for row in [*TITLE, headings, *numbered, *after]:
            sheet.append(row)
        book.save(tmp_path / "a.xlsx")
        profile = load_profile(PROFILES / "one-stop-export.yaml")
        return take_in(read_rows(tmp_path / "a.xlsx", profile), profile, source="cases", units=hai_phong.unit_by_name)

    return take_rows


def sums(intake):
    assert intake.rows_in == len(intake.accepted) + len(intake.quarantined) + intake.duplicates
    return intake.rows_in, len(intake.accepted), len(intake.quarantined), intake.duplicates


def test_a_plain_row_is_typed(take):
    row = take(good()).accepted.iloc[0]
    assert (row["case_number"], row["unit"], row["status"]) == ("H24-1", "QLDT", 4)
    assert (row["received_at"], row["due_at"]) == (datetime(2023, 10, 2), datetime(2023, 10, 10))
    assert row["source_row"] == 4


@pytest.mark.fault(28)
def test_the_sheet_with_the_headings_is_read_whatever_comes_first(take):
    assert sums(take(good(), cover=True)) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    "written",
    [datetime(2023, 10, 10, 16, 30), "10/10/2023 16:30", "10/10/2023 16:30:00", "16:30:00 10/10/2023"],
)
def test_a_date_may_be_written_in_several_ways(take, written):
    assert take(good(**{"Ngày hẹn trả": written})).accepted.iloc[0]["due_at"] == datetime(2023, 10, 10, 16, 30)


@pytest.mark.fault(40, 41)
@pytest.mark.parametrize(
    ("changes", "reason", "heading"),
    [
        pytest.param({"Số hồ sơ": None}, "missing_key", "Số hồ sơ", id="no number"),
        pytest.param({"Tên thủ tục": " "}, "missing_value", "Tên thủ tục", id="no procedure"),
        pytest.param({"Ngày hẹn trả": "31/11/2023"}, "bad_date", "Ngày hẹn trả", id="no such day"),
        pytest.param({"Ngày hẹn trả": "09/11/12023"}, "bad_date", "Ngày hẹn trả", id="a slip in the year"),
        pytest.param({"Ngày hẹn trả": "12/25/2023"}, "bad_date", "Ngày hẹn trả", id="never month first"),
        pytest.param({"Ngày hẹn trả": "10/10/0023"}, "bad_date", "Ngày hẹn trả", id="a year no office has seen"),
        pytest.param({"Phòng ban": "Phòng lạ"}, "unknown_unit", "Phòng ban", id="unknown unit"),
        pytest.param({"Trạng thái": "Xong"}, "unknown_value", "Trạng thái", id="unknown status"),
        pytest.param({"Ngày hẹn trả": "01/10/2023"}, "date_order", "Ngày hẹn trả", id="due before received"),
        pytest.param({"Ngày kết thúc xử lý": "01/10/2023"}, "date_order", "Ngày kết thúc xử lý", id="done before"),
        pytest.param({"Trạng thái": "Đã xử lý xong"}, "unfinished", "Ngày kết thúc xử lý", id="done, no day"),
    ],
)
def test_a_row_that_cannot_be_a_case_is_set_aside_with_its_reason(take, changes, reason, heading):
    intake = take(good(), good(**({"Số hồ sơ": "H24-2"} | changes)))
    assert sums(intake) == (2, 1, 1, 0)
    bad = intake.quarantined.iloc[0]
    assert (bad["reason"], bad["field"], bad["row"], bad["file"]) == (reason, heading, 5, "a.xlsx")
    assert bad["message"]
    assert bad["hint"]


def test_a_missing_due_date_is_no_fault(take):
    assert sums(take(good(**{"Ngày hẹn trả": None}))) == (1, 1, 0, 0)


@pytest.mark.fault(35)
def test_an_exact_copy_is_counted_and_dropped(take):
    assert sums(take(good(), good(), good())) == (3, 1, 0, 2)


@pytest.mark.fault(35)
def test_one_number_with_two_contents_is_refused_both_times(take):
    intake = take(good(), good(**{"Tên thủ tục": "Khác"}), good(**{"Số hồ sơ": "H24-2"}))
    assert sums(intake) == (3, 1, 2, 0)
    assert set(intake.quarantined["reason"]) == {"conflict"}


def test_a_copy_of_a_faulty_row_is_a_copy(take):
    faulty = good(**{"Ngày hẹn trả": "31/11/2023"})
    assert sums(take(good(**{"Số hồ sơ": "H24-2"}), faulty, faulty)) == (3, 1, 1, 1)


@pytest.mark.fault(32)
def test_decomposed_vietnamese_is_the_same_text(take):
    decomposed = [unicodedata.normalize("NFD", value) if value else None for value in GOOD]
    headings = [unicodedata.normalize("NFD", heading) for heading in HEADINGS]
    row = take(decomposed, headings=headings).accepted.iloc[0]
    assert (row["unit"], row["procedure"]) == ("QLDT", "Cấp phép")


def test_total_and_signature_are_not_rows(take):
    foot = (
        ["Tổng cộng", None, "2 hồ sơ"],
        [],
        [None, None, None, None, None, None, "Người lập biểu"],
        [None] * 6 + ["A"],
    )
    assert sums(take(good(), good(**{"Số hồ sơ": "H24-2"}), after=foot)) == (2, 2, 0, 0)


def test_a_row_without_a_number_at_the_end_is_not_taken_for_the_foot(take):
    assert sums(take(good(), good(**{"Số hồ sơ": None}))) == (2, 1, 1, 0)


def test_row_order_does_not_matter(take):
    rows = [good(**{"Số hồ sơ": f"H24-{i}"}) for i in range(5)] + [good(**{"Số hồ sơ": "H24-1"})]
    numbers = [sorted(take(*order).accepted["case_number"]) for order in (rows, rows[::-1])]
    assert numbers[0] == numbers[1]


@pytest.mark.fault(45)
def test_control_characters_are_no_text(take):
    assert take(good(**{"Tên thủ tục": "Cấp\u00a0 \u200bphép"})).accepted.iloc[0]["procedure"] == "Cấp phép"


def test_a_file_that_does_not_fit_names_what_it_looked_for_and_found(take):
    with pytest.raises(SourceError, match=r"thiếu Số hồ sơ / Mã hồ sơ.*Đã thấy: Tên thủ tục"):
        take(good(), headings=["STT", "Số", *HEADINGS[2:]])


@pytest.mark.fault(23, 36)
def test_a_file_without_rows_is_an_error_and_not_an_empty_day(take):
    with pytest.raises(SourceError, match="không có dòng dữ liệu"):
        take()


@pytest.mark.fault(23)
@pytest.mark.parametrize("content", [b"", b"<html>login</html>", b"PK\x03\x04 cut"])
def test_a_file_that_is_no_workbook_is_a_clear_error(tmp_path, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(SourceError, match=r"Không đọc được.*\n.*a\.xlsx.*\n.*Cách xử lý"):
        read_rows(tmp_path / "a.xlsx", load_profile(PROFILES / "one-stop-export.yaml"))


def test_a_missing_file_says_how_to_point_elsewhere(tmp_path):
    with pytest.raises(SourceError, match="DONDOC_SOURCE_"):
        find_file(tmp_path / "none-*.xlsx")


def test_among_dated_exports_the_last_is_taken(tmp_path):
    for day in ("2023-11-13", "2023-11-14"):
        (tmp_path / f"ho-so-{day}.csv").write_text(day)
    assert find_file(tmp_path / "ho-so-*.csv").name == "ho-so-2023-11-14.csv"


def test_a_csv_of_another_country_needs_only_a_profile(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(["CASE_ENQUIRY_ID", "TYPE", "Department", "OPEN_DT", "TARGET_DT", "CASE_STATUS"])
        writer.writerow(["1", "Tree,\nfallen", "PARK", "08/15/2015 04:10:00 PM", "", "Open"])
    profile = load_profile(PROFILES / "boston-311.yaml")
    intake = take_in(read_rows(path, profile), profile, source="cases", units={"park": "PARK"})
    row = intake.accepted.iloc[0]
    assert (row["received_at"], row["procedure"]) == (datetime(2015, 8, 15, 16, 10), "Tree, fallen")


def test_a_profile_with_an_unknown_field_names_it(tmp_path):
    text = (PROFILES / "boston-311.yaml").read_text().replace("field: [REASON]", "feild: [REASON]")
    (tmp_path / "p.yaml").write_text(text)
    with pytest.raises(CampaignError, match=r"không có trường feild"):
        load_profile(tmp_path / "p.yaml")
