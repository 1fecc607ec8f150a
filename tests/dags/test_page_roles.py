"""Which of our pages a person may open, by the roles of Airflow's own login."""

import pytest
from fastapi.testclient import TestClient

# What each role of Airflow's opens.
OPENED = {
    "viewer": {"/dondoc/": 200, "/dondoc/days": 200, "/dondoc/mails": 403, "/dondoc/batches": 403},
    "user": {"/dondoc/": 200, "/dondoc/days": 200, "/dondoc/mails": 200, "/dondoc/batches": 200},
    "admin": {"/dondoc/": 200, "/dondoc/days": 200, "/dondoc/mails": 200, "/dondoc/batches": 200},
}


@pytest.fixture
def airflow(installation, new_ledger):
    """Return a reader of Airflow's server, with our pages in it."""
    from airflow.api_fastapi.app import create_app

    return TestClient(create_app(apps="core"), base_url="http://127.0.0.1:8080")


def login(role):
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    token = get_auth_manager().generate_jwt(SimpleAuthManagerUser(username="lan", role=role))
    return {"authorization": f"Bearer {token}"}


@pytest.mark.parametrize("role", OPENED)
def test_a_role_of_airflows_opens_the_pages_of_its_work(airflow, role):
    headers = login(role)
    assert {path: airflow.get(path, headers=headers).status_code for path in OPENED[role]} == OPENED[role]


def test_nobody_is_let_in_without_a_login(airflow):
    assert {airflow.get(path).status_code for path in OPENED["viewer"]} == {401}
