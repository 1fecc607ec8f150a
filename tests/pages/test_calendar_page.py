"""The calendar of a campaign's days: each as it stands, and what it came to."""

import re

import pytest
from fastapi.testclient import TestClient
from tests.daily.campaign_days import CODE, Play, write_campaign

from dondoc.pages.access import Role
from dondoc.pages.app import create_app


@pytest.fixture
def play(installation, own_campaigns, tmp_path, monkeypatch):
    write_campaign(own_campaigns)
    return Play(tmp_path / "sources", monkeypatch)


@pytest.fixture
def get(play):
    client = TestClient(
        create_app(lambda: "lan", lambda _user, role, code: code == CODE and role is Role.VIEWER, str, lambda *_: None)
    )
    return client.get


def squares(page):
    found = re.findall(r'<td(?: class="(\w+)")?>(?:<a[^>]*>)?(\d\d/\d\d)/2025(.*?)</td>', page)
    return {day: (look, re.findall(r"<p>(.*?)</p>", rest)) for look, day, rest in found}


def test_each_day_says_how_it_stands(get, play):
    play.run("04-23T08:00", {})
    play.missing = {"cases", "work"}
    play.run("04-25T08:00", {})
    found = squares(get("/days").text)
    assert found["22/04"] == ("", ["chưa theo dõi ở đây"])
    assert found["23/04"][0] == "done"
    assert found["24/04"][0] == "missed"
    assert found["25/04"][0] == "failed"
    # Worked instead of the second of May; the day after is a Sunday.
    assert (found["26/04"][0], found["27/04"][0]) == ("", "rest")
    assert "báo cáo cuối cùng, hạn 16:00" in found["29/04"][1]


def test_a_day_opens_its_outcome(get, play):
    play.run("04-23T08:00", {"VP": 5})
    assert f'href="./days/{CODE}/2025-04-23"' in get("/days").text
    page = get(f"/days/{CODE}/2025-04-23").text
    assert "Văn phòng Ban Quản lý: xong" in page
    assert "Công ty A" not in page


@pytest.mark.parametrize("path", [f"/days/{CODE}/2025-04-24", "/days/khac/2025-04-23", f"/days/{CODE}/x"])
def test_what_is_not_there_is_not_found(get, play, path):
    play.run("04-23T08:00", {})
    assert get(path).status_code == 404
