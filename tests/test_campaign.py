from datetime import date

import pytest
import yaml

from dondoc.campaign import load_calendar, load_campaign
from dondoc.errors import CampaignError


def changed(folder, change):
    path = folder / "hai-phong-2023" / "campaign.yaml"
    content = yaml.safe_load(path.read_text())
    change(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True))
    return path.parent


def test_the_notice_is_read_as_by_the_end_of_the_day_before(hai_phong):
    assert hai_phong.deadline == date(2023, 11, 16)
    assert "hết ngày 16/11/2023" in hai_phong.deadline_reading
    assert hai_phong.final_report_at.isoformat() == "2023-11-16T16:00:00"
    assert (len(hai_phong.units), hai_phong.target, hai_phong.mail.mode) == (12, 100, "preview")


@pytest.mark.fault(41)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(lambda c: c.pop("deadline"), "Thiếu mục deadline; cần ngày, ví dụ 2023-11-16", id="missing"),
        pytest.param(lambda c: c.update(dealine=1), "Không có mục “dealine”. Có phải deadline?", id="misspelt"),
        pytest.param(
            lambda c: c.update(timezone="Asia/Hanoi"), "Mục timezone: “Asia/Hanoi” không có múi giờ này", id="zone"
        ),
        pytest.param(
            lambda c: c["office"].update(unit="X"), "Mục office.unit: không có đơn vị mã “X”", id="office unit"
        ),
        pytest.param(
            lambda c: c["mail"].update(sender="a b"), "Mục mail.sender: “a b” không phải địa chỉ thư", id="address"
        ),
        pytest.param(
            lambda c: c["mail"].update(mode="on"),
            "Mục mail.mode: “on” không dùng được; cần một trong: preview, armed",
            id="mode",
        ),
        pytest.param(
            lambda c: c["units"][1].update(aliases=["thanh TRA ban"]),
            "Đơn vị “TTR”: tên “Thanh tra Ban” đã dùng cho đơn vị “QLDT”",
            id="alias clash",
        ),
        pytest.param(
            lambda c: c["units"][1].update(code="VP"),
            "Đơn vị “VP”, mục code: mã này đã dùng cho đơn vị thứ 1",
            id="code twice",
        ),
        pytest.param(lambda c: c.update(deadline="2023-01-01"), "trước ngày bắt đầu", id="deadline first"),
        pytest.param(lambda c: c["period"].update(last="2022-01-01"), "đứng trước ngày đầu", id="period"),
        pytest.param(lambda c: c["reminders"]["ladder"].pop(0), "bậc đầu tiên phải là unit", id="ladder without unit"),
        pytest.param(
            lambda c: c["reminders"]["ladder"].reverse(), "bậc đầu tiên phải là unit", id="ladder upside down"
        ),
        pytest.param(lambda c: c["reminders"]["ladder"][1].update(days_left=-3), "giảm dần", id="a rung out of order"),
        pytest.param(lambda c: c["reminders"]["ladder"][1].update(to="unit"), "viết hai lần", id="a rung twice"),
        pytest.param(
            lambda c: c["reminders"]["ladder"][1].update(to="boss"),
            "Bậc thang nhắc việc thứ 2, mục to: “boss” không dùng được",
            id="unknown level",
        ),
        pytest.param(lambda c: c["reminders"].update(leadership=[]), "chưa khai ai nhận", id="no leader"),
        pytest.param(
            lambda c: c.update(apology_evidence=[]),
            "Mục apology_evidence: để trống thì không hồ sơ nào",
            id="no witness",
        ),
        pytest.param(
            lambda c: c.update(apology_evidence=["system", "sytem"]),
            "Mục apology_evidence, giá trị thứ 2: “sytem” không dùng được; cần một trong: system, register, claimed",
            id="unknown witness",
        ),
        pytest.param(
            lambda c: c.update(apology_evidence=["system", "system"]), "ghi hai lần: system", id="a witness twice"
        ),
        pytest.param(
            lambda c: c.update(rules={"find": ["case_overdue"]}), "tỷ lệ và thư nhắc việc cần các mục này", id="rules"
        ),
        pytest.param(
            lambda c: c.update(waivers=[{"kind": "apology_owed", "number": "1", "by": "A", "until": "2023-11-20"}]),
            "thiếu mục reason",
            id="a waiver without a reason",
        ),
        pytest.param(
            lambda c: c["units"][0]["head"].pop("name"), "Đơn vị “VP”, mục head: thiếu mục name", id="head without name"
        ),
        pytest.param(lambda c: c["units"][0].update(code="AUX"), "là tên thiết bị của Windows", id="a device's name"),
    ],
)
def test_a_wrong_campaign_names_file_field_and_remedy(own_campaigns, change, words):
    folder = changed(own_campaigns, change)
    with pytest.raises(CampaignError) as caught:
        load_campaign(folder)
    message = str(caught.value)
    assert words in message
    assert "campaign.yaml" in message
    assert "Cách xử lý:" in message


@pytest.mark.parametrize("content", ["a: [", "\t- x", ""])
def test_a_file_that_is_not_yaml_is_a_clear_error(own_campaigns, content):
    (own_campaigns / "hai-phong-2023" / "campaign.yaml").write_text(content)
    with pytest.raises(CampaignError, match=r"campaign\.yaml"):
        load_campaign(own_campaigns / "hai-phong-2023")


def test_a_campaign_lives_in_a_folder_of_its_own_name(own_campaigns):
    (own_campaigns / "hai-phong-2023").rename(own_campaigns / "other")
    with pytest.raises(CampaignError, match="khác tên thư mục"):
        load_campaign(own_campaigns / "other")


def test_an_unknown_campaign_lists_those_there_are(installation):
    with pytest.raises(CampaignError, match="boston-311-2015, hai-phong-2023"):
        installation.campaign("hanoi")


@pytest.mark.fault(32)
def test_every_spelling_of_a_unit_is_one_unit(hai_phong):
    assert hai_phong.unit_by_name["p qldt"] == hai_phong.unit_by_name["phong quan ly dau tu"] == "QLDT"


def test_a_calendar_of_an_unknown_country_is_a_clear_error(tmp_path):
    (tmp_path / "x.yaml").write_text("{country: XX, years: {first: 2023, last: 2023}}")
    with pytest.raises(CampaignError, match="ISO 3166"):
        load_calendar(tmp_path / "x.yaml")


def test_a_source_path_can_be_set_from_outside(monkeypatch, installation, hai_phong):
    monkeypatch.setenv("DONDOC_SOURCE_CASES", "/data/*.xlsx")
    again = type(installation).from_environment()
    assert str(again.source_pattern(hai_phong, hai_phong.sources[0])) == "/data/*.xlsx"
    assert again.source_pattern(hai_phong, hai_phong.sources[1]).name == "cong-viec-hpnet.xlsx"


def test_a_campaign_can_be_remembered_by(hai_phong):
    permissions = {"sign": ["lanh-dao"], "airflow_ids": {"lanh-dao": "7"}}
    allowed = hai_phong.model_copy(update={"permissions": type(hai_phong.permissions).model_validate(permissions)})
    assert len({hai_phong: 1, allowed: 2}) == 2
