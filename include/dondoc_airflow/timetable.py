"""The timetable of a campaign: its working days, at its hour, and today's slot kept open until midnight."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Self

import pendulum
from airflow.timetables.base import DagRunInfo, DataInterval, TimeRestriction
from airflow.timetables.events import EventsTimetable


class WorkingDayTimetable(EventsTimetable):
    """Runs on listed days, and still runs today's when the machine was off at the hour.

    Airflow's own list of events drops a slot that passed while the scheduler was down. An office that switches its
    machine on at nine would then have no reminders that day. Earlier days are never caught up: they show as missed.
    """

    @classmethod
    def at(cls, slots: Iterable[datetime], words: str) -> Self:
        """Return the timetable of these instants; people read `words` as the schedule."""
        return cls([pendulum.instance(slot) for slot in slots], presorted=True, description=words)

    def next_dagrun_info(
        self, *, last_automated_data_interval: DataInterval | None, restriction: TimeRestriction
    ) -> DagRunInfo | None:
        """Return the next slot, or today's if it has not run yet."""
        if restriction.catchup or not self.event_dates:
            return super().next_dagrun_info(
                last_automated_data_interval=last_automated_data_interval, restriction=restriction
            )
        # Out of the database an event carries a plain offset, which pendulum's own day arithmetic drops.
        zone = self.event_dates[0].tzinfo
        opened = pendulum.instance(datetime.combine(pendulum.now().astimezone(zone).date(), time.min, zone))
        earliest = max(opened, restriction.earliest) if restriction.earliest else opened
        return super().next_dagrun_info(
            last_automated_data_interval=last_automated_data_interval,
            restriction=TimeRestriction(earliest=earliest, latest=restriction.latest, catchup=True),
        )
