"""Registers our pages inside Airflow, and their place in its navigation."""

from airflow.plugins_manager import AirflowPlugin

from dondoc_airflow.pages import pages

PREFIX = "/dondoc"


class DondocPagesPlugin(AirflowPlugin):
    """Mounts the pages and puts them into the main navigation."""

    name = "dondoc_pages"
    fastapi_apps = [{"app": pages, "url_prefix": PREFIX, "name": "Đôn Đốc"}]  # noqa: RUF012  Airflow's own convention
    external_views = [  # noqa: RUF012  Airflow's own convention
        {
            "name": "Đôn Đốc",
            "href": f"{PREFIX}/",
            "url_route": "dondoc",
            "destination": "nav",
            "nav_top_level": True,
        }
    ]
