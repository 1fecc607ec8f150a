"""What we take from Airflow about who is logged in: both ways of login give the login as the name."""

import inspect

import pytest


def simple():
    from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    return SimpleAuthManager, SimpleAuthManagerUser(username="hai.bn", role="user")


def fab():
    from airflow.providers.fab.auth_manager.fab_auth_manager import FabAuthManager
    from airflow.providers.fab.auth_manager.models import User

    return FabAuthManager, User(id=7, username="hai.bn", first_name="Hải", last_name="Bùi", email="hai@x.vn")


@pytest.mark.parametrize(("login", "key"), [(simple, "hai.bn"), (fab, "7")])
def test_the_name_is_the_login_and_the_id_is_whom_a_request_is_assigned_to(login, key):
    manager, user = login()
    assert (user.get_name(), str(user.get_id())) == ("hai.bn", key)
    may = manager.__new__(manager).is_authorized_hitl_task
    assert may(assigned_users={key}, user=user)
    assert not may(assigned_users={"ai.do"}, user=user)


def test_whoever_needs_no_login_is_called_what_we_take_for_nobody():
    from airflow.api_fastapi.auth.managers.simple.services.login import SimpleAuthManagerLogin
    from airflow.providers.fab.auth_manager.models.anonymous_user import AnonymousUser

    from dondoc.actor import ANONYMOUS

    assert AnonymousUser().get_name() == ANONYMOUS
    assert f'username="{ANONYMOUS}"' in inspect.getsource(SimpleAuthManagerLogin)
