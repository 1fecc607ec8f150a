"""From the connection an operator declares to the snapshot of the day."""

import re
from types import SimpleNamespace

import pytest
import yaml
from specimens import PROFILES, SECRET, portal, portal_case

from dondoc.daily import steps
from dondoc.errors import CampaignError, SettingsError, SourceError
from dondoc.installation import ROOT
from dondoc.sources.account import ApiAccount
from dondoc.sources.endpoint import Endpoint, PauseKeys
from dondoc.sources.profile import load_profile


def connection(**changes):
    plain = {"conn_id": "nguon", "host": "truc.example.vn", "schema": None, "port": None}
    return SimpleNamespace(**(plain | {"login": "a", "password": SECRET, "extra_dejson": {}} | changes))


@pytest.mark.parametrize(
    ("changes", "url"),
    [
        ({}, "https://truc.example.vn"),
        ({"host": "https://truc.example.vn/api/"}, "https://truc.example.vn/api"),
        ({"port": 8443}, "https://truc.example.vn:8443"),
        ({"host": "127.0.0.1", "schema": "http", "port": 80}, "http://127.0.0.1:80"),
        ({"host": "http://[::1]:8080"}, "http://[::1]:8080"),
        ({"host": "http://10.0.0.9", "extra_dejson": {"plain_http": True}}, "http://10.0.0.9"),
    ],
)
def test_a_connection_names_its_server_by_https_unless_told_otherwise(changes, url):
    assert ApiAccount.of_connection(connection(**changes)).base_url == url


@pytest.mark.fault(94)
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"host": None}, "chưa có máy chủ"),
        ({"host": "file:///etc/passwd"}, "chưa có máy chủ"),
        ({"host": f"https://a:{SECRET}@truc.example.vn"}, "chưa có máy chủ"),
        ({"host": f"https://truc.example.vn?k={SECRET}"}, "chưa có máy chủ"),
        ({"host": "https://truc.example.vn:port"}, "chưa có máy chủ"),
        ({"host": "https://evil.example\\.truc.example.vn"}, "chưa có máy chủ"),
        ({"schema": "http"}, "không dùng https"),
        ({"schema": "http", "extra_dejson": {"plain_http": "no"}}, "không dùng https"),
        ({"host": "http://localhost.example.vn"}, "không dùng https"),
        ({"extra_dejson": {"headers": {"a": 1}}}, "Mục headers"),
        ({"extra_dejson": {"params": SECRET}}, "Mục params"),
    ],
)
def test_a_connection_that_cannot_be_used_says_where_to_mend_it(changes, message):
    with pytest.raises(SourceError, match=message) as caught:
        ApiAccount.of_connection(connection(**changes))
    assert "Admin > Connections, nguon" in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.fixture
def api_campaign(own_campaigns):
    """Return a function that makes the first source of the campaign of 2023 another."""
    path = own_campaigns / "hai-phong-2023" / "campaign.yaml"

    def change(source):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        content["sources"][0] = {"name": "cases", "kind": "cases"} | source
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return steps.day_ref("hai-phong-2023", "2023-11-14")

    return change


API_SOURCE = {"profile": "national-portal", "connection": "truc_lien_thong"}


def test_the_day_s_step_pulls_through_the_connection_the_campaign_names(api_campaign, installation, server, account):
    day = steps.open_day(api_campaign(API_SOURCE))
    server.play(portal(portal_case(), portal_case(MaHoSo="H24-2", DonViXuLy="Phòng lạ")))
    snapshot = steps.pull(day, "cases", {"truc_lien_thong": account}.__getitem__)
    assert (snapshot["rows_in"], snapshot["accepted"], snapshot["quarantined"]) == (2, 1, 1)
    assert snapshot["file"] == f"127.0.0.1:{server.server_port}/mapi/g"
    assert len(snapshot["sha256"]) == 64
    assert steps.pull(day, "cases", {"truc_lien_thong": account}.__getitem__) == snapshot


def test_without_airflow_an_api_source_says_so(api_campaign):
    day = steps.open_day(api_campaign(API_SOURCE))
    with pytest.raises(SourceError, match="chỉ lấy được khi chạy trong Airflow"):
        steps.pull(day, "cases")


def test_a_file_may_stand_in_for_the_server(api_campaign, tmp_path, monkeypatch):
    day = steps.open_day(api_campaign(API_SOURCE))
    row = {key: value for key, value in portal_case().items() if isinstance(value, str)}
    (tmp_path / "a.csv").write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    monkeypatch.setenv("DONDOC_SOURCE_CASES", str(tmp_path / "a.csv"))
    assert steps.pull(day, "cases")["accepted"] == 1


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"profile": "one-stop-export", "connection": "a"}, "nguồn có kết nối, hồ sơ nguồn lại đọc tệp"),
        ({"profile": "national-portal", "path": "a.xlsx"}, "hồ sơ nguồn lấy qua API, nguồn lại chỉ tệp"),
        ({"profile": "one-stop-export"}, "đúng một trong hai mục"),
        ({"profile": "national-portal", "path": "a", "connection": "b"}, "đúng một trong hai mục"),
    ],
)
def test_a_source_is_a_file_or_a_server_and_its_profile_agrees(api_campaign, source, message):
    with pytest.raises((CampaignError, SettingsError), match=message):
        steps.open_day(api_campaign(source))


def test_the_example_in_the_guide_is_a_valid_endpoint():
    guide = (ROOT / "docs" / "huong-dan" / "quan-tri.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(api:.*?)```", guide, re.DOTALL)
    assert Endpoint.model_validate(yaml.safe_load(example)["api"]).paging.rows == 500


@pytest.fixture
def own_profile(tmp_path):
    def write(name, api):
        content = yaml.safe_load((PROFILES / f"{name}.yaml").read_text(encoding="utf-8"))
        (tmp_path / "p.yaml").write_text(yaml.safe_dump(content | {"api": api}), encoding="utf-8")
        return tmp_path / "p.yaml"

    return write


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"paging": {"by": "link"}, "method": "POST"}, "chỉ dùng với method GET"),
        ({"authentication": {"kind": "session", "path": "/a", "field": "s"}}, "chỉ dùng với method POST"),
        ({"path": "https://evil.example/x"}, "path"),
        ({"paging": {"by": "page", "number": "p", "size": "s", "rows": 0}}, "paging"),
    ],
)
def test_an_endpoint_that_cannot_work_is_refused_when_it_is_loaded(own_profile, changes, message):
    api = {"path": "/a", "method": "GET", "rows": "r"} | changes
    with pytest.raises(CampaignError, match=message):
        load_profile(own_profile("national-portal", api))


def test_only_cases_have_pauses(own_profile):
    api = {"path": "/a", "rows": "r", "pauses": dict.fromkeys(PauseKeys.model_fields, "x")}
    with pytest.raises(CampaignError, match=r"api\.pauses"):
        load_profile(own_profile("e-office-work-list", api))
