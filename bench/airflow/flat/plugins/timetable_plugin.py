"""Registers the timetable; nothing is loaded before Airflow forks."""

from airflow.plugins_manager import AirflowPlugin

from dondoc_airflow.timetable import WorkingDayTimetable


class FlatTimetablePlugin(AirflowPlugin):
    """Makes the timetable known to Airflow."""

    name = "flat_timetable"
    timetables = [WorkingDayTimetable]  # noqa: RUF012  Airflow's own convention
