"""Who may open which page: every route there is, for every role, for nobody."""

import re
import subprocess
import sys

import pytest
from fastapi import HTTPException, Request
from fastapi.testclient import TestClient
from tests.pages.routes import routes_of

from dondoc.pages.access import SECTIONS, Role
from dondoc.pages.app import create_app

CODE = "hai-phong-2023"
# Each route with the role it asks for; none for what whoever is logged in may have.
ROLES = {
    "/": Role.VIEWER,
    "/batches": Role.LEADER,
    "/batches/{batch_id}": Role.LEADER,
    "/batches/{batch_id}/letters/{letter_id}": Role.LEADER,
    "/batches/{batch_id}/letters/{letter_id}/docx": Role.LEADER,
    "/batches/{batch_id}/letters/{letter_id}/pdf": Role.LEADER,
    "/batches/{batch_id}/letters/{letter_id}/sheets/{number}": Role.LEADER,
    "/days": Role.VIEWER,
    "/days/{code}/{on}": Role.VIEWER,
    "/mails": Role.OPERATOR,
    "/mails/{code}/{on}": Role.OPERATOR,
    "/mails/{code}/{on}/{mail_id}": Role.OPERATOR,
    "/mails/{code}/{on}/{mail_id}/body": Role.OPERATOR,
    "/gates": Role.OPERATOR,
    "/style.css": None,
}
# Each route that changes something, likewise.
ACTS = dict.fromkeys(["/mails/stop", "/mails/resume", "/mails/resolve", "/gates/open"], Role.OPERATOR)
ACTS |= dict.fromkeys([f"/batches/{{batch_id}}/{act}" for act in ("approval", "return", "undo")], Role.LEADER)
# A campaign that nobody here has; a day without mails is a page as any.
FILLED = {"batch_id": 1, "letter_id": 1, "number": 1, "code": "khong-co", "on": "2023-11-14", "mail_id": 1}
OWN_PAGE = {"origin": "http://testserver"}


def who(request: Request):
    if "x-user" not in request.headers:
        raise HTTPException(401)
    return request.headers["x-user"]


@pytest.fixture
def client(installation, new_ledger):
    """Return the pages for users who are named as the one role they have."""
    return TestClient(
        create_app(who, lambda user, role, _campaign: user == role, str, lambda *_: None), follow_redirects=False
    )


def test_every_route_is_walked(client):
    found = {(method, route.path) for route in routes_of(client.app) for method in route.methods}
    assert found == {("GET", path) for path in ROLES} | {("POST", path) for path in ACTS}


@pytest.mark.parametrize("user", [None, "Anonymous", *Role])
@pytest.mark.parametrize("path", ROLES)
def test_a_page_opens_for_its_role_alone(client, path, user):
    status = client.get(path.format(**FILLED), headers={"x-user": user} if user else {}).status_code
    if user is None:
        assert status == 401
    elif ROLES[path] in (None, user):
        # There is nothing in this ledger: what asks for one thing of many does not find it.
        assert status == (404 if "{" in path else 200)
    else:
        assert status == 403


def test_the_navigation_shows_what_a_person_may_open(client):
    for role in {one.role for one in SECTIONS}:
        mine = [one for one in SECTIONS if one.role is role]
        page = client.get(f"/{mine[0].path}", headers={"x-user": role}).text
        header = re.search(r"<header.*?</header>", page, re.DOTALL)[0]
        assert [one.name for one in SECTIONS if one.name in header] == [one.name for one in mine]


def test_addresses_are_relative_so_that_any_prefix_will_do(client):
    for path in ("/", "/batches", "/batches/1", "/x/y/z"):
        page = client.get(path, headers={"x-user": Role.LEADER}).text
        links = re.findall(r'(?:href|src|action)="([^"]*)"', page)
        assert links
        assert all(link.startswith((".", "#")) for link in links)


LIGHT = """
import sys
from dondoc.pages.app import create_app
create_app(lambda: None, lambda *_: True, str, lambda *_: None)
print(*sorted({"pandas", "matplotlib", "openpyxl", "airflow"} & set(sys.modules)))
"""


def test_the_pages_load_nothing_heavy():
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def test_the_browser_is_told_to_say_which_page_a_form_is_of(client):
    answer = client.get("/", headers={"x-user": Role.VIEWER})
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "form-action 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("user", [None, "Anonymous", *Role])
@pytest.mark.parametrize("path", ACTS)
def test_an_act_is_for_its_role_alone_and_asks_for_a_token(client, path, user):
    headers = OWN_PAGE | ({"x-user": user} if user else {})
    status = client.post(path.format(**FILLED), headers=headers, data={"reason": "x", "confirmed": "yes"}).status_code
    if user is None:
        assert status == 401
    else:
        # Of the right role, but of a form that was never given, or about what is not there.
        assert status == ((404 if "{" in path else 400) if ACTS[path] == user else 403)


@pytest.mark.parametrize("origin", [{}, {"origin": "https://elsewhere.example"}, {"origin": "null"}])
@pytest.mark.parametrize("path", ACTS)
def test_a_form_of_another_sites_page_is_refused(client, path, origin):
    sent = {"reason": "x", "confirmed": "yes"}
    answer = client.post(path.format(**FILLED), headers={"x-user": ACTS[path]} | origin, data=sent)
    assert answer.status_code == 400
