"""The same number twice: what is a copy at the campaign's precision, and what is told of a true contradiction."""

import pytest
from books import HEADINGS, case, profile_of, write_book

from dondoc.sources.files import read_rows
from dondoc.sources.intake import take_in

MORNING, NOON, NEXT_DAY = "10/10/2023 08:00", "10/10/2023 11:30", "11/10/2023"
WORK = ["Số đến", "Ngày đến", "Trích yếu", "Đơn vị chủ trì", "Ngày giao", "Trạng thái xử lý"]


@pytest.fixture
def take(tmp_path, hai_phong):
    def take_rows(rows, *, headings=HEADINGS, by_timestamp=False, name="one-stop-export"):
        profile, path = profile_of(name), write_book(tmp_path / "a.xlsx", {"S": [headings, *rows]})
        units = hai_phong.unit_by_name
        intake = take_in(read_rows(path, profile), profile, source="s", units=units, by_timestamp=by_timestamp)
        assert intake.rows_in == len(intake.accepted) + len(intake.quarantined) + intake.duplicates
        return intake

    return take_rows


@pytest.mark.parametrize(
    ("first", "second", "by_timestamp", "counts"),
    [
        pytest.param(MORNING, NOON, False, (1, 0, 1), id="another hour of the day decides nothing by date"),
        pytest.param(MORNING, "10/10/2023", False, (1, 0, 1), id="an hour left out neither"),
        pytest.param(MORNING, NEXT_DAY, False, (0, 2, 0), id="another day does"),
        pytest.param(MORNING, NOON, True, (0, 2, 0), id="by time an hour decides"),
        pytest.param(MORNING, MORNING, True, (1, 0, 1), id="by time the same instant is a copy"),
    ],
)
def test_rows_are_compared_at_the_campaigns_precision(take, first, second, by_timestamp, counts):
    rows = [case(1, **{"Ngày hẹn trả": first}), case(1, **{"Ngày hẹn trả": second, "STT": 2})]
    intake = take(rows, by_timestamp=by_timestamp)
    assert (len(intake.accepted), len(intake.quarantined), intake.duplicates) == counts


def test_a_running_number_and_columns_of_no_field_make_no_difference(take):
    rows = [[*case(1), "in lúc 7:00"], [*case(1, STT=9), "in lúc 8:00"]]
    assert take(rows, headings=[*HEADINGS, "Cập nhật nguồn"]).duplicates == 1


def test_an_item_that_came_twice_on_one_day_is_one_item_by_date(take):
    item = ["12", "02/10/2023 07:00", "Văn bản", "Văn phòng Ban Quản lý", "02/10/2023", "Chưa xử lý"]
    rows = [item, ["12", "02/10/2023 07:05", *item[2:]]]
    assert take(rows, headings=WORK, name="e-office-work-list").duplicates == 1
    assert len(take(rows, headings=WORK, name="e-office-work-list", by_timestamp=True).accepted) == 2


def test_a_contradiction_names_the_columns_and_both_values(take):
    rows = [case(1), case(1, **{"Ngày hẹn trả": NEXT_DAY, "Trạng thái": "Dừng xử lý"}), case(2)]
    told = take(rows).quarantined
    assert told["field"].tolist() == ["Ngày hẹn trả; Trạng thái"] * 2
    assert (
        told["value"].tolist()
        == [
            "Ngày hẹn trả: 10/10/2023 (dòng 2) ↔ 11/10/2023 (dòng 3); "
            "Trạng thái: Đang xử lý (dòng 2) ↔ Dừng xử lý (dòng 3)"
        ]
        * 2
    )
    assert set(told["message"]) == {"trùng số nhưng khác nội dung"}


def test_a_value_that_many_rows_share_is_told_once(take):
    rows = [case(1), case(1, STT=2), case(1, **{"Ngày hẹn trả": NEXT_DAY}), case(1, **{"Ngày hẹn trả": None})]
    told = take(rows).quarantined
    assert (len(told), told["value"].iloc[0]) == (
        *(3, "Ngày hẹn trả: 10/10/2023 (dòng 2) ↔ 11/10/2023 (dòng 4) ↔ trống (dòng 5)"),
    )


def test_a_good_row_beside_a_faulty_one_of_its_number_tells_them_apart(take):
    told = take([case(1), case(1, **{"Ngày hẹn trả": "31/11/2023"})]).quarantined
    assert told["reason"].tolist() == ["conflict", "bad_date"]
    assert told["value"].tolist() == ["Ngày hẹn trả: 10/10/2023 (dòng 2) ↔ 31/11/2023 (dòng 3)", "31/11/2023"]


def test_of_personal_columns_only_the_heading_is_told(take):
    headings = [*HEADINGS, "Chủ hồ sơ"]
    told = take([[*case(1), "Nguyễn Thị Hoa"], [*case(1), "Trần Văn Sơn"]], headings=headings).quarantined
    assert told["value"].tolist() == ["Chủ hồ sơ: khác nhau (dòng 2, dòng 3)"] * 2


def test_a_damaged_row_never_swallows_the_sound_one_of_its_number(tmp_path, hai_phong):
    path, profile = tmp_path / "a.csv", profile_of("one-stop-export")
    sound = ",".join(map(str, case(1)))
    path.write_text("\n".join([",".join(HEADINGS), f"{sound},thừa", sound, ",".join(map(str, case(2)))]))
    intake = take_in(read_rows(path, profile), profile, source="s", units=hai_phong.unit_by_name)
    assert intake.quarantined["reason"].tolist() == ["shifted", "conflict"]
    assert intake.quarantined["value"].tolist() == ["H24-1", "H24-1"]
