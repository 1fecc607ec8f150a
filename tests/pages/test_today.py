"""The first page: where a campaign stands, what needs a person, and nobody's personal data."""

import re

import pytest
from fastapi.testclient import TestClient
from tests.daily.campaign_days import CODE, Play, write_campaign
from tests.mail.sink import Sink
from tests.people import LE_VAN_A

from dondoc.ledger.control import set_switch
from dondoc.ledger.store import open_ledger
from dondoc.pages.access import Role
from dondoc.pages.app import create_app

MONDAY = "04-28T08:00"
PERSONAL = ("Công ty A", "000.00.12.H24", "@")


@pytest.fixture
def play(installation, own_campaigns, tmp_path, monkeypatch):
    write_campaign(own_campaigns)
    return Play(tmp_path / "sources", monkeypatch)


@pytest.fixture
def page(play):
    client = TestClient(
        create_app(lambda: "lan", lambda _user, role, code: code == CODE and role is Role.VIEWER, str, lambda *_: None)
    )

    def get(path="/"):
        answer = client.get(path)
        assert answer.status_code == 200
        return answer.text

    return get


def test_before_the_first_day_it_says_so(page, play):
    play.turn_to("04-21T08:00")
    assert "chưa chạy ngày nào" in page()


def test_a_day_shows_each_unit_and_what_left(page, play):
    with Sink() as server:
        play.port = server.port
        play.run(MONDAY, {"VP": 5, "QLDT": 2})
    shown = page()
    assert "còn 1 ngày làm việc" in shown
    assert "Phòng Quản lý đầu tư: xong 2 trên 5" in shown
    assert re.search(r"thư nhắc việc</strong>: đã gửi\s*<small>[^<]*Phòng Quản lý đầu tư", shown)


@pytest.mark.parametrize("path", ["/", "/?view=hall"])
def test_no_citizen_and_no_address_is_told(page, play, path):
    play.run(MONDAY, {})
    assert [found for found in PERSONAL if found in page(path)] == []


def test_the_hall_looks_again_by_itself(page, play):
    play.run(MONDAY, {})
    assert '<meta http-equiv="refresh" content="60">' in page("/?view=hall")
    assert "http-equiv" not in page()


def test_a_day_that_failed_and_mail_that_is_stopped_need_a_person(page, play, installation):
    play.missing = {"cases", "work"}
    play.run(MONDAY, {})
    set_switch(open_ledger(installation.ledger_url), stopped=True, by=LE_VAN_A, why="sai mẫu thư")
    needs = re.search(r'<ul class="needs">.*?</ul>', page(), re.DOTALL)[0]
    assert "Đang dừng gửi mọi thư" in needs
    assert "Ngày 28/04/2025 không hoàn thành" in needs


def test_a_working_day_without_a_run_needs_a_person_once_it_is_late(page, play):
    play.turn_to("04-28T09:00")
    assert "Hôm nay chưa có lượt chạy" not in page()
    play.turn_to("04-28T10:01")
    assert "Hôm nay chưa có lượt chạy (muộn nhất 10:00)" in page()
