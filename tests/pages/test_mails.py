"""The mails in the browser: read as they are, stopped and resumed by who is logged in, each decided once."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from tests.daily.campaign_days import CODE, Play, mails, write_campaign

from dondoc.ledger.control import read_switch
from dondoc.ledger.store import open_ledger
from dondoc.ledger.tables import audit, outbox
from dondoc.pages.access import Role
from dondoc.pages.app import create_app

ORIGIN = {"origin": "http://testserver"}
TICKED = {"reason": "sai mẫu thư", "confirmed": "yes"}


@pytest.fixture
def play(installation, own_campaigns, tmp_path, monkeypatch):
    write_campaign(own_campaigns, permissions={})
    found = Play(tmp_path / "sources", monkeypatch)
    found.run("04-28T08:00", {})
    return found


@pytest.fixture
def ledger(play, installation):
    return open_ledger(installation.ledger_url)


@pytest.fixture
def client(play):
    login = ["lan"]
    app = create_app(
        lambda: login[0], lambda _user, role, code: code == CODE and role is Role.OPERATOR, str, lambda *_: None
    )
    client = TestClient(app, follow_redirects=False)
    client.login = login
    return client


def token(client):
    return re.search(r'name="token" value="(\w+)"', client.get("/mails").text)[1]


def acts(ledger, action):
    with ledger.begin() as connection:
        return connection.scalars(select(audit.c.actor).where(audit.c.action == action)).all()


def test_mail_is_stopped_and_resumed_by_who_is_logged_in(client, ledger):
    answer = client.post("/mails/stop", headers=ORIGIN, data=TICKED | {"token": token(client)})
    assert (answer.status_code, answer.headers["location"]) == (303, "../mails")
    assert (read_switch(ledger).stopped, acts(ledger, "mail.stop")) == (True, ["tài khoản lan"])
    assert "Đang dừng gửi mọi thư" in client.get("/mails").text
    assert client.post("/mails/resume", headers=ORIGIN, data=TICKED | {"token": token(client)}).status_code == 303
    assert (read_switch(ledger).stopped, acts(ledger, "mail.resume")) == (False, ["tài khoản lan"])


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"token": "0" * 64}, 400, id="another token"),
        pytest.param({"confirmed": ""}, 422, id="not confirmed"),
        pytest.param({"reason": "  "}, 422, id="no reason"),
    ],
)
def test_what_is_not_confirmed_changes_nothing(client, ledger, changes, status):
    given = TICKED | {"token": token(client)} | changes
    assert client.post("/mails/stop", headers=ORIGIN, data={k: v for k, v in given.items() if v}).status_code == status
    assert read_switch(ledger) is None


def test_a_form_given_to_one_login_does_not_serve_another(client, ledger):
    given = TICKED | {"token": token(client)}
    client.login[0] = "hai"
    assert client.post("/mails/stop", headers=ORIGIN, data=given).status_code == 400
    assert read_switch(ledger) is None


def test_a_mail_in_doubt_is_decided_once(client, ledger, installation):
    key = mails(installation)[0].dedupe_key
    with ledger.begin() as connection:
        connection.execute(update(outbox).where(outbox.c.dedupe_key == key).values(state="unknown"))
    given = TICKED | {"token": token(client), "key": key, "word": "sent"}
    assert client.post("/mails/resolve", headers=ORIGIN, data=given).status_code == 303
    assert client.post("/mails/resolve", headers=ORIGIN, data=given).status_code in (404, 409)
    assert acts(ledger, "mail.sent") == ["tài khoản lan"]


def test_a_mail_is_read_in_a_sandbox(client, installation):
    row = mails(installation)[0]
    at = f"/mails/{CODE}/2025-04-28/{row.id}"
    assert "<iframe" in client.get(at).text
    body = client.get(f"{at}/body")
    assert body.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert row.recipient in client.get(f"/mails/{CODE}/2025-04-28").text


def test_a_mail_whose_file_was_changed_is_not_shown(client, installation):
    row = mails(installation)[0]
    (installation.out / row.path).write_bytes(b"Subject: x\r\n\r\nother words")
    answer = client.get(f"/mails/{CODE}/2025-04-28/{row.id}/body")
    assert (answer.status_code, "other words" in answer.text) == (500, False)


def test_a_mail_of_another_day_is_not_found(client, installation):
    row = mails(installation)[0]
    assert client.get(f"/mails/{CODE}/2025-04-29/{row.id}").status_code == 404
