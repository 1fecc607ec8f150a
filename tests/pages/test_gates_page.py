"""The gates in the browser: what closed one, and opening it for its day under the login."""

import re
from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from tests.daily.campaign_days import CODE, Play, write_campaign

from dondoc.ledger.gates import Judged, overrides, record_gates
from dondoc.ledger.runs import open_run
from dondoc.ledger.store import open_ledger
from dondoc.ledger.tables import audit
from dondoc.pages.access import Role
from dondoc.pages.app import create_app

MONDAY = date(2025, 4, 28)


@pytest.fixture
def ledger(installation, own_campaigns, tmp_path, monkeypatch):
    write_campaign(own_campaigns, permissions={"open_gates": ["lan"]})
    play = Play(tmp_path / "sources", monkeypatch)
    play.turn_to("04-28T08:00")
    engine = open_ledger(installation.ledger_url)
    day = {"campaign": CODE, "business_date": MONDAY, "kind": "daily"}
    run = open_run(engine, **day, mode="preview", hold_reason="cổng đóng")
    closed = Judged("row_count", "cases", open=False, reason="thiếu một nửa số dòng", figures={})
    record_gates(engine, run.id, [closed], subject=f"{CODE} 2025-04-28")
    return engine


@pytest.fixture
def send(ledger):
    """Return a function by which a login sends the form that the page gave it, changed as told."""
    login = []
    app = create_app(
        lambda: login[0], lambda _user, role, code: code == CODE and role is Role.OPERATOR, str, lambda *_: None
    )
    client = TestClient(app, follow_redirects=False)

    def run(user="lan", **changes):
        login[:] = [user]
        found = re.search(r'name="token" value="(\w+)"', client.get("/gates").text)
        given = {"token": found[1] if found else "", "reason": "đã đối chiếu", "confirmed": "yes"}
        given |= {"campaign": CODE, "day": "2025-04-28", "gate": "row_count"} | changes
        return client.post("/gates/open", headers={"origin": "http://testserver"}, data=given)

    run.client = client
    return run


def decided(ledger):
    return overrides(ledger, campaign=CODE, business_date=MONDAY)


def test_a_closed_gate_is_opened_for_its_day_by_who_is_logged_in(send, ledger):
    assert send().status_code == 303
    assert (decided(ledger)["row_count"].decided_by, decided(ledger)["row_count"].reason) == (
        "tài khoản lan",
        "đã đối chiếu",
    )
    assert "chạy lại cả ngày để thư được gửi" in send.client.get("/gates").text
    # The form is gone with what it opened.
    assert send().status_code == 400
    with ledger.begin() as connection:
        assert connection.scalars(select(audit.c.actor).where(audit.c.action == "gate.overridden")).all() == [
            "tài khoản lan"
        ]


@pytest.mark.parametrize(
    "changes", [{"day": "2025-04-25"}, {"gate": "columns"}, {"gate": "all"}, {"campaign": "boston-311-2015"}]
)
def test_what_is_not_closed_is_not_opened(send, ledger, changes):
    assert send(**changes).status_code == 404
    assert decided(ledger) == {}


def test_who_is_not_named_sees_why_and_opens_none(send, ledger):
    assert send("hai").status_code == 400
    assert "Không có quyền mở cổng kiểm soát" in send.client.get("/gates").text
    assert decided(ledger) == {}
