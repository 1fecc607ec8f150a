"""What remains: one number, of things, that reconciles with the rate."""

import pandas as pd
import pyarrow as pa
import pytest

from dondoc.figures import (
    COUNTS,
    FIGURES,
    beside_sentence,
    completed,
    is_behind,
    owed,
    owed_sentence,
    remaining,
    with_rates,
)
from dondoc.records import conform
from dondoc.sources.snapshot import read_snapshot, write_snapshot

# Counts of later versions than the first.
YOUNGER = ["cases_overdue_apologised", "apologies_waiting", "apologies_waived", "work_waived"]


def figures(**given):
    return dict.fromkeys(COUNTS, 0) | given


LATE = {"cases_late": 5, "apologies_due": 5, "cases_overdue": 4}
WORK = {"work_total": 10, "work_reported": 6, "work_filed": 5, "work_done": 4}


@pytest.mark.parametrize(
    ("given", "left"),
    [
        pytest.param({}, 0, id="nothing arises"),
        pytest.param(LATE, 5, id="a case overdue and not apologised for is one thing"),
        pytest.param(LATE | {"apologies_done": 5, "cases_overdue_apologised": 4}, 0, id="apologised for, still open"),
        pytest.param(WORK, 6, id="an item that lacks both is one thing"),
        pytest.param(LATE | WORK | {"apologies_done": 2}, 9, id="together"),
    ],
)
def test_what_remains_is_what_the_rate_lacks(given, left):
    counted = figures(**given)
    told = owed(counted)
    assert remaining(counted) == told["remaining"] == told["apologies_owed"] + told["work_owed"] == left


def test_a_sentence_adds_up_and_tells_apart_what_is_apologised_for_and_open():
    told = figures(**LATE | WORK | {"apologies_done": 2, "cases_overdue_apologised": 1})
    assert owed_sentence(told) == (
        "còn lại 9 việc: 3 hồ sơ quá hạn chưa xin lỗi (3 đang giải quyết), 6 công việc chưa đạt cả hai yêu cầu "
        "(4 chưa báo cáo hoàn thành, lưu trữ; 5 chưa lập hồ sơ); 1 hồ sơ đã xin lỗi, còn đang giải quyết quá hạn"
    )


def test_what_stands_beside_is_told_and_with_what_remains_is_what_the_rate_lacks():
    told = figures(**LATE | WORK | {"apologies_done": 1, "apologies_waiting": 2, "cases_overdue_waiting": 1})
    told |= {"apologies_waived": 1, "cases_overdue_excused": 1, "work_waived": 2}
    assert beside_sentence(told) == (
        "2 hồ sơ có thư xin lỗi chờ ký (1 hồ sơ còn đang giải quyết quá hạn); "
        "3 việc được tạm miễn (1 hồ sơ còn đang giải quyết quá hạn)"
    )
    assert remaining(told) + 2 + 3 == 15 - 5


def test_nothing_owed_is_no_sentence_and_nobody_is_behind():
    done = figures(apologies_due=2, apologies_done=2, work_total=1, work_reported=1, work_filed=1, work_done=1)
    assert (owed_sentence(done), is_behind(done)) == ("", False)


def test_a_unit_whose_case_is_apologised_for_and_open_is_behind_with_nothing_that_remains():
    told = figures(apologies_due=1, apologies_done=1, cases_overdue=1, cases_overdue_apologised=1)
    assert (remaining(told), is_behind(told)) == (0, True)
    assert owed_sentence(told) == "1 hồ sơ đã xin lỗi, còn đang giải quyết quá hạn"


def test_figures_of_an_older_version_lack_counts_and_are_read_as_none(tmp_path):
    named = {"scope": "office", "unit": None, "code": "office", "name": "Tổng cộng"}
    whole = conform(with_rates(pd.DataFrame([named | figures(**LATE)])), FIGURES)
    older = pa.schema([field for field in FIGURES if field.name not in YOUNGER])
    path = write_snapshot(whole[older.names], older, folder=tmp_path, name="figures")
    assert remaining(completed(read_snapshot(path, FIGURES)).iloc[0]) == 5
