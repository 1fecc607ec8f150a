"""A campaign whose cases come from two systems that share some of them."""

import json
import shutil

import pytest
import yaml
from tests.daily.campaign_days import CODE, Play, write_campaign

from dondoc.daily import steps
from dondoc.installation.workplace import Workplace
from dondoc.records import FINDINGS
from dondoc.sources.snapshot import read_snapshot

DAY = "2025-04-24"


@pytest.fixture
def two_systems(tmp_path, monkeypatch, own_campaigns, installation):
    """Run a day of two systems with the same cases, one of them finished in the second alone; return its place."""
    write_campaign(own_campaigns, mail={"mode": "preview", "sender": "don-doc@bql-haiphong.example.vn"})
    path = own_campaigns / CODE / "campaign.yaml"
    described = yaml.safe_load(path.read_text(encoding="utf-8"))
    described["sources"].insert(1, described["sources"][0] | {"name": "ministry"})
    path.write_text(yaml.safe_dump(described, allow_unicode=True), encoding="utf-8")
    play = Play(tmp_path / "sources", monkeypatch)
    monkeypatch.setenv("DONDOC_SOURCE_MINISTRY", str(play.folder / "ministry.csv"))
    play.turn_to("04-24T08:00")
    play.export({"cases": 1})
    shutil.copyfile(play.folder / "cases.csv", play.folder / "ministry.csv")
    play.export({})
    ref = steps.open_day(steps.day_ref(CODE, DAY))
    snapshots = steps.gate(ref, [steps.pull(ref, name) for name in ("ministry", "work", "cases")])
    found = steps.check(ref, snapshots)
    for batch in found["letters"]:
        steps.draft_letters(ref, found, batch["units"])
    steps.close_day(ref, found, steps.write_report(ref, found))
    return Workplace.of(ref), found


@pytest.mark.fault(99)
def test_a_case_in_two_systems_is_one_case_and_one_finding_of_both(two_systems):
    place, found = two_systems
    summary = json.loads((place.folder / "summary.json").read_text(encoding="utf-8"))
    assert (summary["total"]["cases_total"], summary["total"]["cases_late"]) == (2, 1)
    findings = read_snapshot(place.out / found["findings"], FINDINGS)
    told = findings.loc[findings["kind"] == "sources_differ"].iloc[0]
    title = "Kết xuất hồ sơ một cửa, nguồn"
    assert f"trạng thái: Đang xử lý ({title} cases) ↔ Đã xử lý xong ({title} ministry)" in told["note"]
    assert len(list((place.folder / "letters").rglob("*.docx"))) == 1
