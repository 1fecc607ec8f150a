"""The words of the report: what stands in it only when it is known."""

from dataclasses import replace

import pandas as pd
import pytest

from dondoc.campaign.criteria import Criterion
from dondoc.report.document import report_values
from dondoc.report.specimen import specimen


def criterion(*, all_or_nothing=True):
    return Criterion(code="2.3", name="Xin lỗi", points=1.5, figure="apology_rate", all_or_nothing=all_or_nothing)


@pytest.fixture
def facts(place):
    return specimen(place.day)


@pytest.mark.parametrize(
    ("rate", "all_or_nothing", "points"),
    [
        *((100, True, 1.5), (99.99, True, 0), (50, False, 0.75), (100, False, 1.5)),
        *((None, True, 1.5), (pd.NA, True, 1.5), (float("nan"), False, 1.5)),
    ],
)
def test_points_are_estimated_as_the_criterion_says(rate, all_or_nothing, points):
    assert criterion(all_or_nothing=all_or_nothing).estimate(rate) == points


def test_points_are_spoken_of_only_where_the_campaign_has_criteria(facts):
    campaign = facts.day.campaign.model_copy(update={"criteria": (criterion(),)})
    judged = replace(facts, day=replace(facts.day, campaign=campaign))
    assert report_values(facts)["criteria"] == []
    assert report_values(judged)["criteria"][0] | {"rate": ""} == {
        "name": "2.3 Xin lỗi",
        "rate": "",
        "points": "1,5",
        "estimate": "0",
    }


def test_what_units_claim_stands_beside_what_the_systems_show(facts):
    (first, *rest) = report_values(facts)["claimed"]
    assert (first["filed_claimed"], first["work_filed"]) == ("1", "0")
    assert {row["filed_claimed"] for row in rest} == {"0"}
    assert report_values(replace(facts, claimed=None))["claimed"] == []


def test_the_reason_a_unit_answered_wins_over_the_sources(facts):
    told = report_values(replace(facts, reasons={"1": "Chờ ý kiến liên ngành."}))
    assert [row["reasons"] for row in told["reasons"]] == ["“Chờ ý kiến liên ngành” (1 hồ sơ)"]
    assert told["unexplained"] == ""


def test_a_case_nobody_explained_is_counted(facts):
    silent = replace(facts, cases=facts.cases.assign(reason=pd.array([None], dtype=facts.cases["reason"].dtype)))
    assert (report_values(silent)["reasons"], report_values(silent)["unexplained"]) == ([], "1")


def test_what_is_missing_is_told_and_marks_the_report(facts):
    told = report_values(facts, missing=["nguồn work: số liệu của ngày 15/11/2023"])
    assert (told["incomplete"], told["missing"]) == (True, ["nguồn work: số liệu của ngày 15/11/2023"])
    assert not report_values(facts)["incomplete"]
