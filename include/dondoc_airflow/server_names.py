"""The server answers only to its own names.

Under `make up` every request is an administrator's. A page of another site, whose name is made to resolve to this
machine, could ask for a token in the browser of whoever has the UI open (DNS rebinding): its requests bear that name.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from airflow.configuration import conf

THIS_MACHINE = ("localhost", "127.0.0.1")
# Where people reach the UI, and where tasks reach the execution API.
ADDRESSES = (("api", "base_url"), ("core", "execution_api_server_url"))


def own_names() -> list[str]:
    """Return the names under which this server is reached, as Airflow's own settings say."""
    named = (urlsplit(conf.get(section, key, fallback="") or "").hostname for section, key in ADDRESSES)
    return sorted({*THIS_MACHINE, *filter(None, named)})
