"""Registers the timetable of a campaign, so that the scheduler can read it back."""

from airflow.plugins_manager import AirflowPlugin

from dondoc_airflow import timetable


class WorkingDayTimetable(timetable.WorkingDayTimetable):
    """The timetable under the name in DAGs that were stored before: people still look at their old runs."""


class DondocTimetablePlugin(AirflowPlugin):
    """Registers the timetable with the scheduler."""

    name = "dondoc_timetable"
    timetables = [timetable.WorkingDayTimetable, WorkingDayTimetable]  # noqa: RUF012  Airflow's own convention
