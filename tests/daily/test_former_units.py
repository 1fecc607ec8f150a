"""A unit renamed, merged or dissolved in the middle of a campaign: nothing of it is lost, and the days go on."""

import shutil
from datetime import date

import openpyxl
import pytest
import yaml
from tests.daily.campaign_days import CODE, UNITS, Play, write_campaign
from tests.daily.reminded import figures_of
from tests.organisation import changed

from dondoc.campaign import load_campaign
from dondoc.daily import steps
from dondoc.daily.day_records import records_of
from dondoc.daily.standing import changes_since, standing_of
from dondoc.daily.succession import with_successors
from dondoc.errors import CampaignError
from dondoc.figures import UNIT, Earlier, only, require_sums
from dondoc.installation import ROOT, Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger.letters import latest_letters
from dondoc.ledger.outbox import list_mails
from dondoc.ledger.runs import snapshots_of_day
from dondoc.ledger.store import upgrade_ledger
from dondoc.records import FINDINGS
from dondoc.sources.snapshot import read_snapshot

RENAMED = {"code": "KTGS", "name": "Phòng Kinh tế và Giám sát", "aliases": [UNITS["DNGS"]], "succeeds": ["DNGS"]}
RENAMED |= {"emails": ["kinh-te@bql-haiphong.example.vn"]}


def change(folder, units):
    path = folder / CODE / "campaign.yaml"
    described = yaml.safe_load(path.read_text(encoding="utf-8"))
    described["units"] = units(described["units"])
    path.write_text(yaml.safe_dump(described, allow_unicode=True), encoding="utf-8")


def rename(units):
    return [one for one in units if one["code"] != "DNGS"] + [RENAMED]


@pytest.fixture(scope="module")
def renamed(tmp_path_factory):
    """Play two days, rename a unit, and play the second again; return the day's place and findings."""
    folder = tmp_path_factory.mktemp("campaign")
    shutil.copytree(ROOT / "include" / "campaigns" / CODE, folder / "campaigns" / CODE)
    write_campaign(folder / "campaigns", mail={"mode": "preview", "sender": "don-doc@bql-haiphong.example.vn"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DONDOC_CAMPAIGNS", str(folder / "campaigns"))
        patch.setenv("DONDOC_OUT", str(folder / "out"))
        upgrade_ledger(Installation.from_environment().ledger_url)
        play = Play(folder / "sources", patch)
        assert play.run("04-25 07:30", {"VP": 1})
        assert play.run("04-28 07:30", {"VP": 1})
        change(folder / "campaigns", rename)
        found = play.run("04-28 08:30", {"VP": 1})
        steps.compose_digest(steps.day_ref(CODE, "2025-04-28"), found)
        place = Workplace.of(steps.day_ref(CODE, "2025-04-28"))
        yield place, read_snapshot(place.out / found["findings"], FINDINGS)


def test_what_was_planned_for_a_unit_that_is_no_more_does_not_leave(renamed):
    place, _ = renamed
    rows = list_mails(place.ledger, campaign=CODE, business_date=date(2025, 4, 28), withdrawn=True)
    assert {row.unit for row in rows if row.kind == "reminder"} == {"DNGS"}


@pytest.mark.fault(109)
def test_its_letters_are_drafted_for_the_successor(renamed):
    place, _ = renamed
    [letter] = latest_letters(place.ledger, campaign=CODE).values()
    assert (letter.unit, letter.path.split("/")[-2]) == ("KTGS", "KTGS")


def test_a_file_of_before_stands_in_under_the_units_of_today(renamed):
    place, _ = renamed
    taken = snapshots_of_day(place.ledger, campaign=CODE, business_date=date(2025, 4, 25))
    assert [set(records_of(place, taken, kind)["unit"]) for kind in ("cases", "work")] == [
        {"KTGS"},
        {"VP", "QLDT", "KTGS"},
    ]


def test_who_was_reminded_is_known_to_the_successor(renamed):
    place, _ = renamed
    assert standing_of(place).reminded == {"VP", "QLDT", "KTGS"}


def test_what_remains_is_not_new_because_its_unit_has_another_name(renamed):
    place, findings = renamed
    changes = changes_since(place, findings)
    assert [list(part) for part in (changes.of("KTGS").new, changes.of("KTGS").done)] == [[], []]


def test_the_report_says_whose_figures_the_successors_hold(renamed):
    place, _ = renamed
    [path] = place.folder.glob("report/*.xlsx")
    text = str([list(sheet.values) for sheet in openpyxl.load_workbook(path, read_only=True)])
    assert f"Phòng Kinh tế và Giám sát gồm số liệu của {UNITS['DNGS']} trước ngày 28/04/2025" in text


def test_the_figures_of_units_that_are_no_more_are_counted_for_their_successors(place, hai_phong):
    campaign = changed(place, "TTR", "QLDT", DNGS=["QLDT"]).day.campaign
    before = figures_of(hai_phong.units, {"QLDT": ["1"], "TTR": ["2", "3"], "DNGS": ["4"]}, 9)
    after = with_successors(Earlier(date(2023, 11, 13), before), campaign).figures
    require_sums(after)
    told = only(after, UNIT).set_index("code")
    assert list(told.loc[["VP", "DNGS"], "cases_overdue"]) == [2, 2]
    assert list(told.loc[["VP", "DNGS"], "apologies_due"]) == [18, 18]
    assert round(told.loc["DNGS", "rate"], 2) == round(100 * 16 / 18, 2)


@pytest.mark.parametrize(
    ("succeeds", "words"),
    [
        pytest.param(["KTGS"], "“KTGS” là mã của chính đơn vị này", id="itself"),
        pytest.param(["VP"], "đơn vị “VP” vẫn còn trong units", id="one that is still there"),
        pytest.param(["DNGS", "DNGS"], "mã “DNGS” ghi hai lần", id="twice"),
    ],
)
def test_a_unit_that_cannot_be_succeeded_is_told(own_campaigns, succeeds, words):
    change(own_campaigns, lambda units: [*rename(units)[:-1], RENAMED | {"succeeds": succeeds}])
    with pytest.raises(CampaignError) as caught:
        load_campaign(own_campaigns / CODE)
    assert f"Đơn vị “KTGS”, mục succeeds, giá trị thứ {len(succeeds)}: {words}" in str(caught.value)


def test_two_units_that_succeed_each_other_are_told_of_both(own_campaigns):
    def circle(units):
        return [one | {"succeeds": [other]} for one, other in zip(units[:2], ("QLDT", "VP"), strict=True)]

    change(own_campaigns, circle)
    with pytest.raises(CampaignError) as caught:
        load_campaign(own_campaigns / CODE)
    assert str(caught.value).count("vẫn còn trong units") == 2


def test_after_a_split_the_first_unit_is_the_successor(own_campaigns):
    write_campaign(own_campaigns)
    second = {"code": "GSDT", "name": "Phòng Giám sát", "succeeds": ["DNGS"]}
    change(own_campaigns, lambda units: [*rename(units), second])
    campaign = load_campaign(own_campaigns / CODE)
    assert [campaign.heir(code).code for code in ("DNGS", "GSDT", "TTR")] == ["KTGS", "GSDT", "VP"]
    assert campaign.unit_by_name["dngs"] == "KTGS"
