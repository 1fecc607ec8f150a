"""The server answers only to its own names.

Under `make up` every request is an administrator's. A page of another site, whose name is made to resolve to this
machine, could ask for a token in the browser of whoever has the UI open (DNS rebinding): its requests bear that name.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin
from starlette.middleware.trustedhost import TrustedHostMiddleware

THIS_MACHINE = ("localhost", "127.0.0.1")
# Where people reach the UI, and where tasks reach the execution API.
ADDRESSES = (("api", "base_url"), ("core", "execution_api_server_url"))


def own_names() -> list[str]:
    """Return the names under which this server is reached, as Airflow's own settings say."""
    named = (urlsplit(conf.get(section, key, fallback="") or "").hostname for section, key in ADDRESSES)
    return sorted({*THIS_MACHINE, *filter(None, named)})


class DondocHostsPlugin(AirflowPlugin):
    """Puts the check of the name before everything the server does."""

    name = "dondoc_hosts"
    fastapi_root_middlewares = [  # noqa: RUF012  Airflow's own convention
        {
            "name": "Tên máy chủ",
            "middleware": TrustedHostMiddleware,
            "kwargs": {"allowed_hosts": own_names(), "www_redirect": False},
        }
    ]
