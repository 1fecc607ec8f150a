"""The office's mail account: where, how protected, how it proves who we are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dondoc.errors import MailError

MICROSOFT_TOKENS = "https://login.microsoftonline.com/{tenant_id}/oauth2/v2.0/token"
MICROSOFT_SCOPE = "https://outlook.office365.com/.default"


class Security(StrEnum):
    """How the connection is protected; a certificate that does not verify is always an error."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


DEFAULT_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


@dataclass(frozen=True)
class TokenGrant:
    """How to get an OAuth2 access token: one given, or client credentials and where to bring them."""

    access_token: str | None = field(default=None, repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    token_url: str = ""
    scope: str = MICROSOFT_SCOPE

    @classmethod
    def of_extra(cls, extra: Mapping[str, Any]) -> "TokenGrant":
        """Return the grant an Airflow SMTP connection describes.

        Raises:
            MailError: it gives neither a token nor client credentials.
        """
        if token := extra.get("access_token"):
            return cls(access_token=token)
        if extra.get("client_id") and extra.get("client_secret") and (extra.get("tenant_id") or extra.get("token_url")):
            url = extra.get("token_url") or MICROSOFT_TOKENS.format(tenant_id=extra["tenant_id"])
            return cls(None, extra["client_id"], extra["client_secret"], url, extra.get("scope") or MICROSOFT_SCOPE)
        raise MailError(
            "Tài khoản thư đặt auth_type là oauth2 nhưng thiếu thông tin xác thực.",
            where="dondoc_smtp, mục Extra",
            remedy="điền access_token; hoặc client_id, client_secret và tenant_id (hay token_url).",
        )


@dataclass(frozen=True)
class SmtpAccount:
    """The office's mail account. Its secrets come from an Airflow connection or the environment, never printed."""

    host: str
    port: int
    security: Security
    login: str | None = None
    password: str | None = field(default=None, repr=False)
    grant: TokenGrant | None = field(default=None, repr=False)
    ca_file: str | None = None

    @classmethod
    def of_json(cls, text: str, *, variable: str = "AIRFLOW_CONN_DONDOC_SMTP") -> "SmtpAccount":
        """Return the account of a connection in Airflow's JSON form, as found in the environment's `variable`.

        Raises:
            MailError: it is no such JSON, or the connection is wrong.
        """
        try:
            found = json.loads(text)
            extra = found.get("extra") or {}
            extra = json.loads(extra) if isinstance(extra, str) else extra
        except (ValueError, AttributeError) as error:
            raise MailError(
                "Chưa khai báo tài khoản gửi thư, hoặc khai báo sai.",
                where=f"biến {variable}",
                remedy="viết dạng JSON của một kết nối Airflow: host, port, login, password, extra.",
            ) from error
        return cls.of_connection(found.get("host"), found.get("port"), found.get("login"), found.get("password"), extra)

    @classmethod
    def of_connection(
        cls, host: str | None, port: int | None, login: str | None, password: str | None, extra: Mapping[str, Any]
    ) -> "SmtpAccount":
        """Return the account of an Airflow connection of type SMTP, read as Airflow's own mail does.

        Raises:
            MailError: the connection names no server, asks not to verify its certificate, or lacks its credentials.
        """
        if not host:
            raise MailError(
                "Kết nối gửi thư chưa có máy chủ.", where="dondoc_smtp, mục Host", remedy="điền máy chủ thư."
            )
        if extra.get("ssl_context") == "none":
            raise MailError(
                "Kết nối gửi thư tắt kiểm tra chứng thư máy chủ.",
                where="dondoc_smtp, mục ssl_context",
                remedy="bỏ mục này; máy chủ dùng chứng thư riêng thì đặt ca_file là tệp chứng thư gốc của cơ quan.",
            )
        if not extra.get("disable_ssl"):
            security = Security.TLS
        else:
            security = Security.NONE if extra.get("disable_tls") else Security.STARTTLS
        grant = TokenGrant.of_extra(extra) if extra.get("auth_type") == "oauth2" else None
        return cls(
            host,
            port or DEFAULT_PORTS[security],
            security,
            login or None,
            password or None,
            grant,
            extra.get("ca_file") or None,
        )
