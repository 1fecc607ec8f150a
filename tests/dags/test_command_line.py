"""Who triggered a run from a command line is an account of the machine, whatever name it was given."""

from types import SimpleNamespace

import pytest
from airflow.utils.types import DagRunTriggeredByType as By

from dondoc.actor import Actor


@pytest.mark.fault(88)
@pytest.mark.parametrize(
    ("by", "name", "words"),
    [
        pytest.param(By.CLI, "root", "tài khoản hệ thống root", id="a command"),
        pytest.param(By.CLI, "hai.bn", "tài khoản hệ thống hai.bn", id="a command under a leader's name"),
        pytest.param(By.CLI, "system:root", "tài khoản hệ thống root", id="a command's run that starts again"),
        pytest.param(By.REST_API, "hai.bn", "tài khoản hai.bn", id="a login, by a program"),
        pytest.param(By.UI, "hai.bn", "tài khoản hai.bn", id="a login, in a browser"),
    ],
)
def test_a_command_is_the_machines_account_and_a_login_airflows(by, name, words):
    from dondoc_airflow.command_line import CommandLine

    run = SimpleNamespace(triggered_by=by, triggering_user_name=name)
    CommandLine().on_dag_run_running(run, "started")
    assert Actor.of_login(run.triggering_user_name, rehearsal=False).words == words


def test_airflow_registers_who_hears_of_runs():
    from airflow.listeners.listener import get_listener_manager

    heard = {type(plugin).__name__ for plugin in get_listener_manager().pm.get_plugins()}
    assert "CommandLine" in heard
