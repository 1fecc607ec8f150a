"""The account under which a source system is read: an Airflow connection of type HTTP."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

from dondoc.errors import SourceError


class Connection(Protocol):
    """The fields read from an Airflow connection."""

    conn_id: str
    host: str | None
    schema: str | None
    port: int | None
    login: str | None
    password: str | None

    @property
    def extra_dejson(self) -> dict[str, Any]:
        """Return the connection's extra."""


@dataclass(frozen=True, repr=False)
class ApiAccount:
    """Where a source system answers and as whom we ask. Secrets come from the connection and are never printed.

    Attributes:
        name: the connection's id, for messages.
        base_url: scheme, host, port and the path that every path of a profile follows.
        login: user name.
        password: password, token or key, as the profile's authentication takes it.
        extra: `headers` and `params` sent with each request; `plain_http` true where a network of the office's own
            has no https.
    """

    name: str
    base_url: str
    login: str | None = None
    password: str | None = None
    extra: Mapping[str, Any] | None = None

    @classmethod
    def of_connection(cls, found: Connection) -> "ApiAccount":
        """Return the account of an Airflow connection; https unless it says otherwise.

        Raises:
            SourceError: it names no usable server, or one without https that is neither this machine nor allowed.
        """
        host = (found.host or "").strip().rstrip("/")
        extra = found.extra_dejson
        url = host if "://" in host else f"{found.schema or 'https'}://{host}"
        parts = _parts(found.conn_id, url)
        if parts.scheme == "http" and not (is_loopback(parts.hostname or "") or extra.get("plain_http") is True):
            raise _wrong(
                found.conn_id,
                "Kết nối nguồn không dùng https: mật khẩu và hồ sơ sẽ đi trần trên mạng.",
                'đặt Schema là https; chỉ với máy chủ trong mạng riêng mới thêm {"plain_http": true} vào mục Extra.',
            )
        if found.port and parts.port is None:
            parts = parts._replace(netloc=f"{parts.netloc}:{found.port}")
        for section in ("headers", "params"):
            if not _is_text_mapping(extra.get(section, {})):
                raise _wrong(
                    found.conn_id,
                    f"Mục {section} trong Extra của kết nối không đúng dạng.",
                    f'viết {{"{section}": {{"tên": "giá trị"}}}}, giá trị là chữ.',
                )
        return cls(found.conn_id, parts.geturl(), found.login or None, found.password or None, extra)

    def sent(self, section: str) -> dict[str, str]:
        """Return the `headers` or `params` the connection adds to each request."""
        return dict((self.extra or {}).get(section, {}))

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what must never be printed."""
        return tuple(
            text for text in (self.password, *self.sent("headers").values(), *self.sent("params").values()) if text
        )

    def __repr__(self) -> str:
        """Return the account without its secrets."""
        return f"ApiAccount({self.name}, {self.base_url})"


def is_loopback(host: str) -> bool:
    """Return whether `host` is this very machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parts(name: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    # Not every parser ends the host at a backslash: it is refused.
    plain = not (parts.username or parts.password or parts.query or parts.fragment or "\\" in url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not plain:
        raise _wrong(
            name,
            "Kết nối nguồn chưa có máy chủ hợp lệ.",
            "điền mục Host, ví dụ https://truc.co-quan.example.vn; tài khoản điền ở mục Login, Password.",
        )
    return parts


def _is_text_mapping(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for pair in value.items() for text in pair)


def _wrong(name: str, what: str, remedy: str) -> SourceError:
    return SourceError(what, where=f"Airflow, Admin > Connections, {name}", remedy=remedy)
