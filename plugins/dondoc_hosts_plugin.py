"""Registers the check that the server is asked under its own names alone."""

from airflow.plugins_manager import AirflowPlugin
from starlette.middleware.trustedhost import TrustedHostMiddleware

from dondoc_airflow.server_names import own_names


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
