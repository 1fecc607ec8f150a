"""What tests of sources behind an API lean on: a scripted server, an account on it, a clock that waits at once."""

import threading
import time

import pytest
from scripted_server import Server
from specimens import PORTAL, SECRET, portal, profile_of

from dondoc.sources.account import ApiAccount
from dondoc.sources.api import pull_records
from dondoc.sources.exchange import Patience
from dondoc.sources.intake import take_in


@pytest.fixture(scope="session")
def live_server():
    server = Server()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def server(live_server, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    live_server.asked.clear()
    return live_server


@pytest.fixture
def account(server):
    return ApiAccount("nguon", server.url, "van-phong", SECRET)


class Waiting:
    """Sleeps at once; its clock still runs on."""

    def __init__(self):
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)

    def clock(self):
        return time.monotonic() + sum(self.slept)


@pytest.fixture
def waiting():
    return Waiting()


@pytest.fixture
def patience(waiting):
    return Patience(total_seconds=600, sleep=waiting.sleep, clock=waiting.clock, chance=lambda: 1.0)


@pytest.fixture
def pull(server, account, patience):
    def pull_list(*replies, patience=patience, account=account, profile=None, **api):
        server.play(*replies)
        accounts = account if callable(account) else lambda: account
        return pull_records(profile or profile_of(**api), accounts, patience=patience)

    return pull_list


@pytest.fixture
def portal_take(pull, account, hai_phong):
    def take(*cases):
        pulled = pull(portal(*cases), profile=PORTAL, account=account)
        return take_in(pulled.raw, PORTAL, source="cases", units=hai_phong.unit_by_name)

    return take
