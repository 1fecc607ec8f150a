"""The e-office's statistics workbook as three sources of one campaign, from the file to the findings."""

import sys
from pathlib import Path

import pytest
import yaml

from dondoc.daily.steps import check, day_ref, gate, open_day, pull
from dondoc.installation.workplace import Workplace
from dondoc.records import FINDINGS
from dondoc.sources.snapshot import read_snapshot

sys.path.append(str(Path(__file__).parents[1] / "sources"))
from books import write_book
from test_profiles import STATISTICS, UNFILED, UNHANDED

SOURCES = {"statistics": "e-office-statistics", "work": "e-office-unfiled", "files": "e-office-unhanded"}


@pytest.fixture
def campaign(own_campaigns):
    path = own_campaigns / "hai-phong-2023" / "campaign.yaml"
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    settings["sources"] = [
        {"name": kind, "kind": kind, "profile": profile, "path": "hpnet.xlsx"} for kind, profile in SOURCES.items()
    ]
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    sheets = {"Biểu mẫu 3": STATISTICS, "Chi tiết VB": [["CHI TIẾT"], *UNFILED], "Chi tiết HS": UNHANDED}
    write_book(path.parent / "hpnet.xlsx", sheets)
    return settings["code"]


def test_one_workbook_gives_the_work_the_files_and_the_sums_to_hold_them_against(campaign):
    day = open_day(day_ref(campaign, "2023-11-14"))
    found = check(day, gate(day, [pull(day, kind) for kind in SOURCES]))
    findings = read_snapshot(Workplace.of(day).out / found["findings"], FINDINGS)
    by_kind = findings.groupby("kind")["number"].apply(list).to_dict()
    assert by_kind["work_unfiled"] == ["CV-2", "CV-1"]
    assert by_kind["work_unreported"] == ["CV-1"]
    assert by_kind["work_overdue"] == ["CV-1"]
    assert len(by_kind["statistics_differ"]) >= 1
    assert findings.loc[findings["number"] == "CV-1", "subject"].tolist() == ["12/UBND"] * 3
