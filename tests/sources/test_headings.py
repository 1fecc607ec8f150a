"""Which headings a pull found: told by name, and never a value of a record."""

import pytest
from books import HEADINGS, PROFILES, case, profile_of, write_book
from specimens import portal, portal_case

from dondoc.errors import SourceError
from dondoc.sources.files import read_rows, read_source
from dondoc.sources.headings import columns_of, columns_words
from dondoc.sources.profile import load_profile

EXPORT = "one-stop-export"


def columns(path, **changes):
    profile = profile_of(EXPORT, **changes)
    return columns_of(read_source(path, profile), profile)


def test_headings_found_not_found_and_nobodys_are_told_apart(tmp_path):
    path = write_book(tmp_path / "a.xlsx", {"S": [[*HEADINGS, "Hạn xử lý mới"], [*case(), "x"]]})
    found = columns(path)
    assert found["found"]["due_at"] == "Ngày hẹn trả"
    assert found["absent"]["finished_at"] == ["Ngày kết thúc xử lý", "Ngày có kết quả"]
    assert found["unknown"] == ["STT", "Hạn xử lý mới"]
    assert "không thuộc hồ sơ nguồn: STT, Hạn xử lý mới" in columns_words(found)


def test_a_sheet_of_pauses_is_a_column_of_its_own_and_may_be_absent(tmp_path):
    sheets = {"S": [HEADINGS, case()]}
    assert "pauses" in columns(write_book(tmp_path / "a.xlsx", sheets))["optional"]
    sheets["P"] = [["Số hồ sơ", "Ngày bổ sung"], ["H24-1", "05/10/2023"]]
    assert columns(write_book(tmp_path / "b.xlsx", sheets))["found"]["pauses"]


def test_of_several_files_the_one_without_a_column_is_named(tmp_path):
    write_book(tmp_path / "a.xlsx", {"S": [HEADINGS, case(1)]})
    write_book(tmp_path / "b.xlsx", {"S": [[*HEADINGS[:5], "Cột khác", HEADINGS[6]], case(2)]})
    assert columns(tmp_path, several="all")["lacking"]["due_at"] == "b.xlsx"


def test_keys_of_a_server_are_headings_too(pull, account):
    profile = load_profile(PROFILES / "national-portal.yaml")
    record = portal_case() | {"GhiChu": "x"}
    record.pop("NgayHenTra")
    found = columns_of(pull(portal(record), profile=profile, account=account).raw, profile)
    assert found["absent"]["due_at"] == ["NgayHenTra"]
    assert "GhiChu" in found["unknown"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param(
            [["BẢNG KÊ"], ["Thứ tự", "Mã", "Tên việc", "Nơi làm"], [1, "a", "b", "c"]],
            "Không cột nào khớp; các cột của tệp: Thứ tự, Mã, Tên việc, Nơi làm.",
            id="other headings",
        ),
        pytest.param(
            [["Nguyễn Thị Hoa", "0912 345 678", "02/10/2023"], ["Trần Văn Sơn", "0912 345 679", "03/10/2023"]],
            "Không nhận ra dòng tiêu đề nào.",
            id="records without headings: no value is told",
        ),
    ],
)
def test_where_no_heading_is_known_those_seen_are_told(tmp_path, rows, told):
    with pytest.raises(SourceError) as refused:
        read_rows(write_book(tmp_path / "a.xlsx", {"S": rows}), profile_of(EXPORT))
    assert told in str(refused.value)
    assert "Hoa" not in str(refused.value)
