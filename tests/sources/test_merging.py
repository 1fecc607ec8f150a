"""One case in two systems: one case, as the first system has it, and a word of both where they differ."""

from datetime import datetime

import pandas as pd
import pytest

from dondoc.records import CASES, CaseStatus, conform, empty_frame
from dondoc.sources.merging import merge_cases

PROVINCE, MINISTRY = "Kết xuất hồ sơ một cửa", "Hệ thống của Bộ"
DUE = datetime(2023, 11, 10)


def cases(*numbers, **facts):
    given = {"procedure": "Cấp phép", "unit": "VP", "status": CaseStatus.IN_PROCESS, "due_at": DUE}
    given |= {"received_at": datetime(2023, 10, 2), "source_file": "a.xlsx", "source_row": 4} | facts
    return conform(empty_frame(CASES).reindex(range(len(numbers))).assign(case_number=list(numbers), **given), CASES)


def merge(*frames, **facts):
    return merge_cases(frames, [PROVINCE, MINISTRY], units={"VP": "Văn phòng", "QLDT": "Phòng Đầu tư"}, **facts)


@pytest.mark.fault(99)
def test_each_number_is_one_case_as_the_first_system_has_it():
    merged, differences = merge(cases("H24-1", "H24-2"), cases("h24-2", "H24-3", procedure="Khác"))
    assert merged["case_number"].tolist() == ["H24-1", "H24-2", "H24-3"]
    assert merged["procedure"].tolist() == ["Cấp phép", "Cấp phép", "Khác"]
    assert len(differences) == 0


@pytest.mark.fault(99)
@pytest.mark.parametrize(
    ("facts", "note"),
    [
        ({"status": 9}, f"trạng thái: Đang xử lý ({PROVINCE}) ↔ Đã xử lý xong ({MINISTRY})"),
        ({"unit": "QLDT"}, f"đơn vị: Văn phòng ({PROVINCE}) ↔ Phòng Đầu tư ({MINISTRY})"),
        ({"due_at": None}, f"ngày hẹn trả: 10/11/2023 ({PROVINCE}) ↔ không ghi ({MINISTRY})"),
        (
            {"finished_at": datetime(2023, 11, 9, 8, 30)},
            f"ngày kết thúc xử lý: không ghi ({PROVINCE}) ↔ 09/11/2023 08:30 ({MINISTRY})",
        ),
    ],
)
def test_what_differs_is_told_with_both_systems_names(facts, note):
    _, differences = merge(cases("H24-1"), cases("H24-1", **facts))
    assert differences.to_dict("records") == [{"case_number": "H24-1", "note": note}]


def test_an_hour_differs_only_where_hours_count():
    later = cases("H24-1", due_at=datetime(2023, 11, 10, 16))
    assert len(merge(cases("H24-1"), later)[1]) == 0
    assert len(merge(cases("H24-1"), later, by_timestamp=True)[1]) == 1


def test_persons_are_never_compared():
    _, differences = merge(cases("H24-1", applicant="A", phone="1"), cases("H24-1", applicant="B", phone="2"))
    assert len(differences) == 0


def test_one_system_is_left_as_it_is():
    alone = cases("H24-1", "H24-2")
    pd.testing.assert_frame_equal(merge_cases([alone], [PROVINCE])[0], alone)
