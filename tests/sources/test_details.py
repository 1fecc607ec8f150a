"""List facts on other sheets, hung on the records they belong to."""

from datetime import datetime

import pytest
from books import HEADINGS, case, profile_of, write_book

PAUSES = ["Số hồ sơ", "Ngày bổ sung", "Ngày tiếp nhận bổ sung", "Nội dung bổ sung", "Ngày hẹn trả mới"]
HOLDERS = ["Số hồ sơ", "Phòng ban", "Giữ từ ngày", "Giữ đến ngày"]


@pytest.fixture
def taken(tmp_path, read):
    def taken_of(pauses=(), holders=()):
        sheets = {"Hồ sơ": [HEADINGS, case(1), case(2)]}
        sheets |= {"Bổ sung": [["BỔ SUNG"], PAUSES, *pauses]} if pauses else {}
        sheets |= {"Luân chuyển": [HOLDERS, *holders]} if holders else {}
        return read(write_book(tmp_path / "a.xlsx", sheets))

    return taken_of


def test_pauses_and_holders_are_joined_by_number(taken):
    pauses = [
        ["H24-2", "05/10/2023", "07/10/2023", "Thiếu bản vẽ", "12/10/2023"],
        ["h24-2", "08/10/2023", None, None, None],
    ]
    rows = taken(pauses, [["H24-2", "VP", "02/10/2023", "05/10/2023"]]).accepted.set_index("case_number")
    assert rows["pauses"].isna().to_dict() == {"H24-1": True, "H24-2": False}
    first, second = rows.loc["H24-2", "pauses"]
    assert (first["from_at"], first["reason"]) == (datetime(2023, 10, 5), "Thiếu bản vẽ")
    assert (second["from_at"], second["to_at"]) == (datetime(2023, 10, 8), None)
    assert rows.loc["H24-2", "holders"][0]["unit"] == "VP"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["H24-9", "05/10/2023", None, None, None], "unknown_record"),
        ([None, "05/10/2023", None, None, None], "missing_key"),
        (["H24-1", "31/11/2023", None, None, None], "bad_date"),
        (["H24-1", None, "05/10/2023", None, None], "missing_value"),
        (["H24-1", "05/10/2023", "04/10/2023", None, None], "date_order"),
    ],
)
def test_a_detail_that_does_not_fit_is_refused_with_its_own_place(taken, row, reason):
    refused = taken([["H24-2", "05/10/2023", None, None, None], row]).quarantined.set_index("sheet")
    assert (refused.loc["Bổ sung", "reason"], refused.loc["Bổ sung", "row"]) == (reason, 4)


def test_a_case_with_a_refused_detail_is_no_ground_for_a_claim(taken):
    intake = taken([["H24-1", "31/11/2023", None, None, None]])
    assert intake.accepted["case_number"].tolist() == ["H24-2"]
    assert intake.quarantined["reason"].tolist() == ["bad_detail", "bad_date"]
    assert intake.rows_in == 3


def test_details_may_lie_in_a_file_beside(tmp_path, read):
    details = profile_of("one-stop-export").details
    beside = {"pauses": details["pauses"].model_copy(update={"path": "bo-sung-*.csv"})}
    path = write_book(tmp_path / "a.xlsx", {"S": [HEADINGS, case(1)]})
    (tmp_path / "bo-sung-1.csv").write_text("Số hồ sơ;Ngày bổ sung\nH24-1;05/10/2023\n", encoding="utf-8")
    assert len(read(path, details=beside).accepted["pauses"][0]) == 1
