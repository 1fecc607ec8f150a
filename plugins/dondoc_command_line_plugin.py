"""Registers what hears of each run that starts, and marks those that a command line triggered."""

from airflow.plugins_manager import AirflowPlugin

from dondoc_airflow.command_line import CommandLine


class DondocCommandLinePlugin(AirflowPlugin):
    """Registers what the scheduler calls when a run starts."""

    name = "dondoc_command_line"
    listeners = [CommandLine()]  # noqa: RUF012  Airflow's own convention
