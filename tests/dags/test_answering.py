"""Requests answered from our pages, through Airflow's own API: as whoever is logged in, and only where one waits."""

import asyncio
import re

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from tests.dags import test_signoff
from tests.dags.test_signoff import batches, complete

from dondoc.errors import LetterError
from dondoc_airflow.answering import AIRFLOW_APP, answer_request

draft, sign = test_signoff.draft, test_signoff.sign


@pytest.fixture
def airflow_app():
    """Return Airflow's API server as an app, with our pages in it."""
    from airflow.api_fastapi.app import create_app

    return create_app(apps="core")


@pytest.fixture
def page_of(airflow_app):
    """Return a function that gives the request of a page's reader, logged in with a role of Airflow's."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    def run(name, role="user"):
        token = get_auth_manager().generate_jwt(SimpleAuthManagerUser(username=name, role=role))
        headers = [(b"host", b"127.0.0.1:8080"), (b"authorization", f"Bearer {token}".encode())]
        scope = {
            "type": "http",
            "method": "POST",
            "scheme": "http",
            "path": "/",
            "query_string": b"",
            "headers": headers,
        }
        return Request(scope | {"server": ("127.0.0.1", 8080), AIRFLOW_APP: airflow_app})

    return run


def answer(request, batch, choice="Duyệt", reason=""):
    asyncio.run(answer_request(request, batch, choice, reason))


def test_a_second_answer_and_one_by_who_may_not_are_refused_in_words(draft, sign, installation, page_of):
    draft("QLDT")
    told = []

    def decide(ti):
        batch = batches(installation)["QLDT"]
        for request in (page_of("khach", "viewer"), page_of("hai.bn"), page_of("ai.do")):
            try:
                answer(request, batch, "Trả lại", "sai tên")
            except LetterError as error:
                told.append(str(error).splitlines()[0])
        return True

    run, _, letters = sign(meanwhile=decide)
    assert run.state == "success"
    assert {found.reason for found in complete(letters, "QLDT")} == {"sai tên"}
    assert told == [
        "Airflow giao yêu cầu này cho người khác trả lời.",
        "Airflow không có yêu cầu nào đang chờ trả lời về tập này.",
    ]


def test_a_leader_approves_on_the_page_though_the_database_was_busy(
    draft, sign, installation, airflow_app, page_of, monkeypatch
):
    draft("QLDT")
    monkeypatch.setattr("dondoc_airflow.answering.PAUSE_SECONDS", 0)
    busy = []

    async def now_and_then(scope, receive, send):
        if scope["path"].startswith("/api/") and busy:
            await send({"type": "http.response.start", "status": busy.pop(), "headers": []})
            await send({"type": "http.response.body", "body": b"Database error"})
            return
        await airflow_app(scope, receive, send)

    def decide(ti):
        login = dict(page_of("hai.bn").headers)
        client = TestClient(airflow_app, base_url="http://127.0.0.1:8080", headers=login, follow_redirects=False)
        address = f"/dondoc/batches/{batches(installation)['QLDT'].id}"
        fields = dict(re.findall(r'name="(token|shown)" value="([0-9a-f]+)"', client.get(address).text))
        busy.extend([500, 500])
        monkeypatch.setattr("dondoc_airflow.answering.airflow_of", lambda _request: now_and_then)
        sent = client.post(
            f"{address}/approval", data=fields | {"confirmed": "yes"}, headers={"origin": "http://127.0.0.1:8080"}
        )
        assert (sent.status_code, busy) == (303, [])
        return True

    run, _, letters = sign(meanwhile=decide)
    assert run.state == "success"
    assert {found.state for found in complete(letters, "QLDT")} == {"approved"}
    assert batches(installation)["QLDT"].decided_by == "tài khoản hai.bn"
