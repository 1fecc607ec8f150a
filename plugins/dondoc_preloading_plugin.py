"""Registers what loads our steps before Airflow forks the processes that need them."""

from airflow.plugins_manager import AirflowPlugin

from dondoc_airflow.preloading import Preloading


class DondocPreloadingPlugin(AirflowPlugin):
    """Registers what Airflow's programs call when they start."""

    name = "dondoc_preloading"
    listeners = [Preloading()]  # noqa: RUF012  Airflow's own convention
