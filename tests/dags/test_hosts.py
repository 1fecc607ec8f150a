"""A real api-server answers its own names alone: another name that resolves to this machine gets no token."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
import requests

NAMES = {"AIRFLOW__API__BASE_URL": "http://don-doc.example.vn", "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "true"}


@pytest.fixture(scope="module")
def server(_airflow_database):
    """Return the address of an api-server in which, as under `make up`, everybody is an administrator."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own = {"AIRFLOW__API__PORT": str(port), "AIRFLOW__API__HOST": "127.0.0.1", "AIRFLOW__API__WORKERS": "1"}
    own |= {"AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://api-server:{port}/execution/"}
    command = [sys.executable, "-m", "airflow", "api-server"]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=os.environ | NAMES | own, start_new_session=True, **pipes)
    try:
        yield wait_for(f"http://127.0.0.1:{port}", process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(url, process):
    for _ in range(600):
        try:
            requests.get(f"{url}/api/v2/version", timeout=2).raise_for_status()
        except requests.RequestException:
            assert process.poll() is None, "the api-server ended"
            time.sleep(0.2)
        else:
            return url
    raise AssertionError("the api-server did not come up")


# Starting Airflow's server takes several seconds: only the real one shows that nothing answers before the check.
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 400),
        ("evil.example:{port}", 400),
        ("localhost.evil.example", 400),
        ("127.0.0.1.evil.example:{port}", 400),
        ("", 400),
        ("localhost:{port}", 201),
        ("127.0.0.1:{port}", 201),
        ("don-doc.example.vn", 201),
        ("api-server:{port}", 201),
    ],
)
def test_a_token_is_given_under_the_servers_own_names_alone(server, host, status):
    port = server.rpartition(":")[2]
    answer = requests.get(f"{server}/auth/token", headers={"Host": host.format(port=port)}, timeout=10)
    assert answer.status_code == status
    assert ("access_token" in answer.text) is (status == 201)
