"""Our token goes to one server: whatever an address looks like, what the client connects to is held against it."""

import contextlib
import random
import re
import socket

import pytest
import requests

from dondoc.errors import SourceError
from dondoc.sources.account import ApiAccount
from dondoc.sources.exchange import Exchange, Patience
from dondoc.sources.response import Call, linked
from dondoc.sources.server import OneServer, Server, is_private, server_of

OURS, OTHER = "truc.example.vn", "evil.example"
BASE = f"http://{OURS}/api"
PIECES = [OURS, OTHER, OURS.upper(), "127.0.0.1", "2130706433", "[::1]", "[::1", "]", "ⓔvil.example", "trục.vn"]
PIECES += ["http:", "https:", "HTTP:", "//", "///", "/", "\\", "\\\\", "@", ":", ":80", ":443", ":8080", "?", "#", ";"]
PIECES += ["%40", "%2f", "%5c", "%00", "%", " ", "\t", "\n", "\r", "\x00", "\x0b", "\xa0", "\u2028", "\uff0f", "\uff20"]
PIECES += ["a", "a:b@", ".", "..", "\u3002", ":0", "/v1", "&", "=", "javascript:", "file:"]
STARTS = ["", "http://", f"//{OURS}", f"http://{OURS}", f"http://{OTHER}"]


def urls(count):
    chance = random.Random(94)
    return [chance.choice(STARTS) + "".join(chance.choices(PIECES, k=chance.randint(1, 7))) for _ in range(count)]


CLIENT = OneServer(BASE)
EXCHANGE = Exchange(ApiAccount("nguon", BASE), Patience())


def as_browsers_read(url):
    """Return the host by the URL standard's rules, in so far as they differ from Python's: a third opinion."""
    cleaned = re.sub(r"[\t\n\r]", "", url.strip("".join(map(chr, range(33))))).replace("\\", "/")
    found = re.fullmatch(r"https?:/*(?P<authority>[^/?#]*).*", cleaned, re.DOTALL | re.IGNORECASE)
    return found["authority"].rpartition("@")[2].lower() if found else None


@pytest.mark.fault(94)
def test_whatever_link_is_followed_every_parser_and_the_client_itself_go_to_our_server():
    followed = 0
    for link in urls(3_000):
        call = Call("GET", f"{BASE}/cases")
        try:
            target = linked(call, link)
            EXCHANGE.check_server(call, target)
        except SourceError:
            continue
        followed += 1
        to, _ = CLIENT.build_connection_pool_key_attributes(requests.Request("GET", target).prepare(), True, None)
        assert (to["scheme"], to["host"].lower(), to["port"] or 80) == server_of(BASE), link
        assert as_browsers_read(target) in {OURS, f"{OURS}:80", f"{OURS}:"}, link
    assert followed > 200


@pytest.mark.fault(94)
def test_the_client_connects_to_no_other_server_whoever_asks():
    reached = set()
    for url in urls(2_000):
        with contextlib.suppress(requests.RequestException, SourceError, ValueError):
            to, _ = CLIENT.build_connection_pool_key_attributes(requests.Request("GET", url).prepare(), True, None)
            reached.add((to["scheme"], to["host"].lower(), to["port"] or 80))
    assert reached == {server_of(BASE)}


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://truc.example.vn", Server("https", "truc.example.vn", 443)),
        ("https://TRUC.example.vn:8443/x?y=http://evil.example", Server("https", "truc.example.vn", 8443)),
        ("http://[::1]:8080/", Server("http", "::1", 8080)),
        ("https://trục.vn/", Server("https", "xn--trc-loz.vn", 443)),
        ("http://evil.example\\@truc.example.vn/", None),
        ("http://truc.example.vn\\@evil.example/", None),
        ("http://a:b@truc.example.vn/", None),
        ("http://@truc.example.vn/", None),
        ("http://truc.example.vn\t.evil.example/", None),
        ("http://truc.example.vn:65536/", None),
        ("http://[truc.example.vn/", None),
        ("ftp://truc.example.vn/", None),
        ("", None),
    ],
)
def test_an_address_names_one_server_or_none(url, found):
    assert server_of(url) == found


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("192.168.1.9", True),
        ("::1", True),
        ("fd00::9", True),
        ("::ffff:10.0.0.1", True),
        ("8.8.8.8", False),
        ("::ffff:8.8.8.8", False),
        ("2001:4860:4860::8888", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),  # noqa: S104
    ],
)
def test_which_addresses_are_of_a_private_network(address, ours):
    assert is_private(address) is ours


@pytest.mark.fault(94)
def test_nothing_is_said_in_plain_to_an_address_outside_however_the_name_resolves(monkeypatch):
    here, there = socket.socketpair()

    class Reached:
        def getpeername(self):
            return "8.8.8.8", 80

        def close(self):
            here.close()

    monkeypatch.setattr("urllib3.connection.connection.create_connection", lambda *_args, **_kwargs: Reached())
    session = requests.Session()
    session.mount("http://", OneServer(BASE))
    with pytest.raises(SourceError, match=r"8\.8\.8\.8 ngoài mạng riêng"):
        session.get(f"{BASE}/cases", headers={"Authorization": "Bearer secret"}, timeout=1)
    assert there.recv(10) == b""
    there.close()
