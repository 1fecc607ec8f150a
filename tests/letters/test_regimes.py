"""The law by date: which form a letter takes on which day, what is cited, and what `check` says of it."""

from datetime import date

import docx
import pandas as pd
import pytest
import yaml
from tests.test_templates import CASE, words

from dondoc.campaign.regime import Regimes, load_regimes
from dondoc.checks.registry import article_of
from dondoc.commands.check import check_campaign
from dondoc.daily.stationery import letter_templates
from dondoc.decree30 import find_departures
from dondoc.errors import CampaignError, TemplateError
from dondoc.installation import ROOT, Installation
from dondoc.installation.workplace import Workplace
from dondoc.letters.draft import COLUMNS, draft_letter
from dondoc.records import FindingKind

CODE = "hai-phong-2023"
LAW = load_regimes(ROOT / "include" / "regimes" / "vn.yaml")
OLD = "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ"
NEW = "PHIẾU XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT"
BURDEN = "có thể gây phiền hà, tốn kém về chi phí, công sức"
DAYS = [
    pytest.param("2025-06-30", OLD, "Điều 19 Nghị định số 61/2018/NĐ-CP", id="the last day of 61/2018"),
    pytest.param("2025-07-01", OLD, "Nghị định số 118/2025/NĐ-CP", id="118/2025, form of 2018"),
    pytest.param("2025-09-15", NEW, "Nghị định số 118/2025/NĐ-CP", id="form of 2025"),
    pytest.param("2026-11-30", NEW, "Nghị định số 118/2025/NĐ-CP", id="today"),
]


@pytest.fixture
def campaign(own_campaigns, installation):
    """Return a function that writes the sample campaign, without templates of its own, over other days."""

    def write(first="2025-06-01", last="2026-12-31", letters=None, **changes):
        path = own_campaigns / CODE / "campaign.yaml"
        described = yaml.safe_load(path.read_text(encoding="utf-8"))
        described["letters"] = letters or {}
        end = f"{last} 16:00"
        described |= {"starts_on": date.fromisoformat(first), "deadline": date.fromisoformat(last)}
        described |= {"final_report_at": end, "deadline_reading": f"đến hết ngày {last[8:]}/{last[5:7]}/{last[:4]}"}
        path.write_text(yaml.safe_dump(described | changes, allow_unicode=True), encoding="utf-8")

    return write


def place_on(day):
    return Workplace.of({"campaign": CODE, "business_date": day, "kind": "daily"})


def letter_on(day, tmp_path, **facts):
    place = place_on(day)
    dates = {
        "received_at": pd.Timestamp(day) - pd.Timedelta(days=40),
        "due_at": pd.Timestamp(day) - pd.Timedelta(days=9),
    }
    promised = {"new_due_at": pd.Timestamp(day) + pd.Timedelta(days=14)}
    draft = draft_letter(dict.fromkeys(COLUMNS) | CASE | dates | promised | facts, place.day)
    path = tmp_path / f"{day}.docx"
    path.write_bytes(letter_templates(place)[draft.returned].render(draft.values))
    return path


@pytest.mark.parametrize(("day", "title", "cited"), DAYS)
def test_a_letter_takes_the_form_of_its_own_day(campaign, tmp_path, day, title, cited):
    campaign()
    path = letter_on(day, tmp_path, applicant_id="031085000123")
    said = words(docx.Document(path))
    assert (OLD in said, NEW in said) == (title == OLD, title == NEW)
    assert (BURDEN in said, "số định danh: 031085000123" in said) == (title == NEW, title == NEW)
    assert find_departures(path) == []
    assert article_of(FindingKind.APOLOGY_OWED, place_on(day).day.regime) == cited


def test_a_case_finished_late_is_told_so_in_the_new_form_too(campaign, tmp_path):
    campaign()
    path = letter_on("2026-11-30", tmp_path, ended_on=pd.Timestamp("2026-11-27"))
    said = words(docx.Document(path))
    assert (BURDEN in said, "mới giải quyết xong" in said, "số định danh" in said) == (True, True, False)
    assert find_departures(path) == []


def test_a_number_that_was_learnt_changes_what_must_hold_of_a_letter_and_none_does_not(campaign):
    campaign()
    day = place_on("2026-11-30").day
    case = dict.fromkeys(COLUMNS) | CASE
    without, with_one = (draft_letter(case | {"applicant_id": one}, day) for one in (None, "031085000123"))
    assert without.facts_sha256 != with_one.facts_sha256
    assert "031085000123" not in str(with_one.facts)


def test_templates_that_a_campaign_names_are_its_own_on_every_day(campaign):
    campaign(letters={"pending": "xin-loi-chua-tra.docx", "returned": "xin-loi-da-tra.docx"})
    assert {one.path.name for one in letter_templates(place_on("2026-11-30")).values()} == {
        "xin-loi-chua-tra.docx",
        "xin-loi-da-tra.docx",
    }


def test_before_the_first_law_known_a_campaign_must_name_its_templates(campaign):
    campaign()
    with pytest.raises(TemplateError, match="Chưa có mẫu thư xin lỗi cho ngày 02/01/2015"):
        letter_templates(place_on("2015-01-02"))
    assert article_of(FindingKind.APOLOGY_OWED, place_on("2015-01-02").day.regime).startswith("quy định về một cửa")


def test_check_says_what_is_not_verified_and_which_form_is_old(campaign):
    campaign(letters={"pending": "xin-loi-chua-tra.docx", "returned": "xin-loi-da-tra.docx"})
    told = check_campaign(Installation.from_environment(), CODE)
    assert "luật từ ngày 01/07/2025 chưa đối chiếu được với văn bản gốc: số điều, khoản" in told.text
    assert "Từ ngày 15/09/2025, Mẫu số 04 (Thông tư số 03/2025/TT-VPCP) có tên" in told.text
    assert "mẫu xin-loi-chua-tra.docx không có" in told.text
    assert not told.errors


def test_check_says_when_no_source_has_what_the_form_asks_for(campaign, monkeypatch, tmp_path):
    profile = yaml.safe_load((ROOT / "include" / "sources" / "one-stop-export.yaml").read_text(encoding="utf-8"))
    del profile["headings"]["applicant_id"]
    include = tmp_path / "include"
    include.mkdir()
    for name in ("templates", "calendars", "regimes"):
        (include / name).symlink_to(ROOT / "include" / name)
    (include / "sources").mkdir()
    for path in (ROOT / "include" / "sources").glob("*.yaml"):
        (include / "sources" / path.name).write_bytes(path.read_bytes())
    (include / "sources" / "one-stop-export.yaml").write_text(yaml.safe_dump(profile, allow_unicode=True), "utf-8")
    campaign()
    installation = Installation.from_environment()
    told = check_campaign(type(installation)(**{**vars(installation), "include": include}), CODE)
    assert "số định danh của người nộp hồ sơ; không hồ sơ nguồn nào có trường applicant_id" in told.text


@pytest.mark.parametrize(
    ("first", "last", "starts"),
    [
        ("2025-06-01", "2025-06-30", ["2021-12-06"]),
        ("2025-06-30", "2025-07-01", ["2021-12-06", "2025-07-01"]),
        ("2025-07-01", "2025-09-15", ["2025-07-01", "2025-09-15"]),
        ("2015-01-01", "2018-06-21", ["2018-06-21"]),
    ],
)
def test_a_campaign_lives_under_each_law_of_its_days(first, last, starts):
    met = LAW.between(date.fromisoformat(first), date.fromisoformat(last))
    assert [regime.starts_on.isoformat() for regime in met] == starts


def test_laws_out_of_order_are_refused_by_name(tmp_path):
    described = yaml.safe_load((ROOT / "include" / "regimes" / "vn.yaml").read_text(encoding="utf-8"))
    described["regimes"][1]["starts_on"] = date(2018, 1, 1)
    path = tmp_path / "vn.yaml"
    path.write_text(yaml.safe_dump(described, allow_unicode=True), encoding="utf-8")
    with pytest.raises(CampaignError, match="phải sau ngày bắt đầu của đoạn trước"):
        load_regimes(path)
    assert Regimes.model_validate({"regimes": LAW.regimes}).on(date(2018, 6, 20)) is None
