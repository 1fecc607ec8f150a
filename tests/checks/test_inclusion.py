"""Whether a source moves its due dates by the days waited itself, told from its cases."""

import pytest
from tests.checks.conftest import at, case, pause, table

from dondoc.checks.explain import explain
from dondoc.checks.inclusion import InclusionCounts, weigh
from dondoc.checks.registry import find_all
from dondoc.records import CASES, FIRST_DATES

# Received on Monday 30/10/2023 for eight working days, so due on 09/11; three days of it waited, so 14/11.
WAITED = pause("31/10/2023", "03/11/2023")
TERM = {"received": "30/10/2023 09:00", "term_length": 8, "term_unit": "working_day"}


def weighed(calendar, *cases, known=()):
    return weigh(table(CASES, *cases), calendar=calendar, first_dates=table(FIRST_DATES, *known))


@pytest.mark.parametrize(
    ("given", "known", "told"),
    [
        pytest.param({"due": "09/11/2023", **TERM}, None, InclusionCounts(0, 1), id="the term's date was kept"),
        pytest.param({"due": "14/11/2023", **TERM}, None, InclusionCounts(1, 0), id="the term's date was moved"),
        pytest.param({"due": "13/11/2023", **TERM}, None, InclusionCounts(1, 0), id="moved, give or take a day"),
        pytest.param({"due": "30/11/2023", **TERM}, None, InclusionCounts(0, 0), id="neither"),
        pytest.param({"due": "14/11/2023"}, "09/11/2023", InclusionCounts(1, 0), id="an earlier day saw another date"),
        pytest.param({"due": "14/11/2023"}, "14/11/2023", InclusionCounts(0, 0), id="an earlier day saw the same date"),
        pytest.param({"due": "14/11/2023"}, None, InclusionCounts(0, 0), id="nothing says what was promised first"),
    ],
)
def test_a_case_tells_how_its_source_counts(vietnam, given, known, told):
    seen = [{"case_number": "A", "due_at": at(known), "new_due_at": None}] if known else []
    assert weighed(vietnam, case(**given, pauses=[WAITED]), known=seen) == told


def test_a_source_that_gives_the_date_before_tells_by_it(vietnam):
    moved = pause("31/10/2023", "03/11/2023", before="09/11/2023")
    assert weighed(vietnam, case(due="14/11/2023", pauses=[moved])) == InclusionCounts(1, 0)


def test_a_case_that_never_waited_tells_nothing(vietnam):
    lasting, empty = pause("31/10/2023"), pause("03/11/2023", "03/11/2023")
    cases = [case(due="14/11/2023", **TERM, number=str(n), pauses=one) for n, one in enumerate(([lasting], [empty]))]
    assert weighed(vietnam, *cases) == InclusionCounts(0, 0)


@pytest.mark.parametrize(("moved", "kept", "included"), [(0, 0, False), (1, 1, False), (2, 1, True), (1, 2, False)])
def test_more_cases_decide(moved, kept, included):
    assert InclusionCounts(moved, kept).included == included


def test_the_story_names_the_rows_that_decided(office):
    pauses = [pause("06/11/2023", "08/11/2023", after="01/11/2023"), pause("25/09/2023", "27/09/2023")]
    facts = office.judge(case(due="10/11/2023", extension_due_at=at("13/11/2023"), pauses=pauses))
    told = "\n".join(explain(facts, find_all(facts), "A"))
    assert "Ngày hẹn trả đầu tiên 10/11/2023 là ngày nguồn ghi (dòng 4)." in told
    assert "Được gia hạn đến 13/11/2023 (dòng 7)." in told
    assert "Tạm dừng từ 25/09/2023 đến 27/09/2023: ở trước ngày tiếp nhận, không tính (dòng 10)." in told
    assert "cộng 2 ngày làm việc đã chờ (dòng 21); ngày hẹn trả là 15/11/2023." in told
    assert "Ngày hẹn trả quyết định: 15/11/2023." in told


def test_the_story_counts_no_working_day_where_none_was_late(office):
    facts = office.judge(case(status=5, pauses=[pause("11/11/2023")]))
    told = "\n".join(explain(facts, find_all(facts), "A"))
    assert "khoản 6 Điều 148" in told
    assert "Chưa qua ngày làm việc nào sau hạn, vẫn ghi chậm 1 ngày." in told
