"""Lateness held against a city's own: Boston's file says of each request whether it was on time.

The committed slice is checked here; for the whole file: `DONDOC_TEST_BOSTON=<file.csv> pytest tests/test_boston.py`.
"""

import csv
import os
from datetime import date
from pathlib import Path

import pytest

from dondoc.campaign import load_calendar, load_campaign
from dondoc.checks.overdue import judge_cases
from dondoc.installation import ROOT
from dondoc.sources.files import read_rows
from dondoc.sources.intake import take_in
from dondoc.sources.profile import load_profile

CAMPAIGN = ROOT / "include" / "campaigns" / "boston-311-2015"
FILE = Path(os.environ.get("DONDOC_TEST_BOSTON") or CAMPAIGN / "sample" / "boston311-2015-slice.csv")


@pytest.fixture(scope="module")
def judged():
    campaign = load_campaign(CAMPAIGN)
    profile = load_profile(ROOT / "include" / "sources" / "boston-311.yaml")
    intake = take_in(read_rows(FILE, profile), profile, source="cases", units=campaign.unit_by_name)
    assert len(intake.accepted) == intake.rows_in
    return judge_cases(
        intake.accepted,
        as_of=date(2016, 1, 12),
        period=campaign.period,
        by_timestamp=True,
        calendar=load_calendar(ROOT / "include" / "calendars" / "us-ma.yaml"),
    ).set_index("case_number")


@pytest.fixture(scope="module")
def said():
    """Return what the city says of each closed request that had a target date."""
    with FILE.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    return {
        row["CASE_ENQUIRY_ID"]: row["OnTime_Status"]
        for row in rows
        if row["CASE_STATUS"] == "Closed" and row["TARGET_DT"] and row["OnTime_Status"]
    }


def test_every_closed_request_is_late_or_not_as_the_city_says(judged, said):
    late = judged.loc[list(said), "state"] == "finished_late"
    assert len(said) > 1000
    assert set(said.values()) == {"ONTIME", "OVERDUE"}
    assert late.to_dict() == {number: word == "OVERDUE" for number, word in said.items()}
