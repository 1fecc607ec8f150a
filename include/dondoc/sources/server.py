"""The one server a pull speaks to: what is its address, held again where the HTTP client connects."""

import ipaddress
import re
import socket
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from dondoc.errors import SourceError

PORTS = {"http": 80, "https": 443}
# Parsers differ on where a host ends at a backslash, and on whether blanks and control characters are part of it.
UNSURE = re.compile(r"[\\\x00-\x20\x7f-\xa0\u2028\u2029]")


class Server(NamedTuple):
    """Where requests go: everything by which one server is told from another."""

    scheme: str
    host: str
    port: int


def server_of(url: str) -> Server | None:
    """Return the server that `url` names; None where it names none, or where two parsers read it differently.

    What counts is what the client connects to: the address as it prepares it.
    """
    if UNSURE.search(url):
        return None
    try:
        prepared = requests.Request("GET", url).prepare().url or ""
        readings = {_by_urllib3(prepared), _by_urlsplit(prepared), _by_urllib3(url)}
        # Python leaves a host in letters of other scripts as it is; the others spell it in ASCII.
        readings |= {_by_urlsplit(url)} if url.isascii() else set()
    except (ValueError, requests.RequestException):
        return None
    return readings.pop() if len(readings) == 1 else None


def _by_urllib3(url: str) -> Server | None:
    parts = urllib3.util.parse_url(url)
    return _server(parts.scheme, parts.host, parts.port, signed_in=parts.auth is not None)


def _by_urlsplit(url: str) -> Server | None:
    parts = urlsplit(url)
    return _server(parts.scheme, parts.hostname, parts.port, signed_in="@" in parts.netloc)


def _server(scheme: str | None, host: str | None, port: int | None, *, signed_in: bool) -> Server | None:
    if scheme not in PORTS or not host or signed_in:
        return None
    return Server(scheme, host.strip("[]").lower(), port if port is not None else PORTS[scheme])


class OneServer(HTTPAdapter):
    """Connects to one server and, without TLS, to an address of a private network alone."""

    def __init__(self, base_url: str) -> None:
        """Take the server that `base_url` names."""
        self._only = server_of(base_url)
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Let plain connections look at whom they reached before anything is said."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PrivatePool, "https": HTTPSConnectionPool}

    def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> Any:
        """Return what requests connects by; refuse another server than ours, however its address was written.

        Raises:
            SourceError: it is another server.
        """
        to, context = super().build_connection_pool_key_attributes(*args, **kwargs)
        if self._only is None or _server(to["scheme"], to["host"], to["port"], signed_in=False) != self._only:
            raise SourceError(
                f"Địa chỉ dẫn sang máy chủ khác ({to['host'] or 'không rõ'}).",
                where=self._only.host if self._only else "kết nối nguồn",
                remedy="nếu hệ thống nguồn đã đổi địa chỉ, sửa mục Host của kết nối.",
            )
        return to, context


class _PrivateConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        found = super()._new_conn()
        address = str(found.getpeername()[0])
        if not is_private(address):
            found.close()
            raise SourceError(
                f"Tên máy chủ nguồn dẫn tới địa chỉ {address} ngoài mạng riêng mà kết nối không dùng https.",
                where=self.host,
                remedy="kiểm tra máy chủ tên miền (DNS); máy chủ nguồn ở ngoài mạng riêng thì phải dùng https.",
            )
        return found


class _PrivatePool(HTTPConnectionPool):
    ConnectionCls = _PrivateConnection


def is_private(address: str) -> bool:
    """Return whether `address` is this machine's or of a private network."""
    found = ipaddress.ip_address(address)
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_private and not (found.is_link_local or found.is_unspecified)
