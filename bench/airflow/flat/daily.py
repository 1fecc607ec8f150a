"""The day as it was once laid out: no groups, each campaign's DAG made for every task, the run's form in each task.

The other side of `bench airflow`; its tasks are ours.
"""

from airflow.sdk import DAG, dag

from dondoc.campaign import Campaign, campaign_folders, load_campaign
from dondoc.campaign.ending import run_slots
from dondoc.installation import Installation
from dondoc_airflow import office_day as day_tasks
from dondoc_airflow.campaigns import calendar_of, common
from dondoc_airflow.day_parameters import DAY_PARAMETERS
from dondoc_airflow.retries import PATIENT
from dondoc_airflow.timetable import WorkingDayTimetable


def daily(campaign: Campaign) -> DAG:
    """Return the campaign's daily DAG, two dozen boxes side by side."""
    slots = run_slots(campaign, calendar_of(campaign))

    @dag(
        dag_id=f"{campaign.code}.daily",
        schedule=WorkingDayTimetable.at(slots, f"Ngày làm việc {campaign.daily_at:%H:%M}"),
        params=DAY_PARAMETERS,
        **common(__doc__, PATIENT),
    )
    def flow() -> None:
        day = day_tasks.open_day(campaign.code, campaign.timezone)
        pulled = day_tasks.pull.partial(day=day).expand(source=[source.name for source in campaign.sources])
        snapshots = day_tasks.gate(day, day_tasks.stand_in(day, pulled))
        found = day_tasks.check(day, snapshots)
        day_tasks.show_gate.expand(note=day_tasks.listed.override(task_id="gates")(found, "gates"))
        owing = day_tasks.listed.override(task_id="units_owing")(found, "letters")
        behind = day_tasks.listed.override(task_id="units_behind")(found, "reminders")
        letters = day_tasks.draft_letters.partial(day=day, found=found).expand(batch=owing)
        reminders = day_tasks.compose_reminders.partial(day=day, found=found).expand(batch=behind)
        letters_done = day_tasks.settled.override(task_id="letters_done")()
        reminders_done = day_tasks.settled.override(task_id="reminders_done")()
        digest = day_tasks.compose_digest(day, found)
        closing = day_tasks.compose_closing(day, found)
        composed = day_tasks.settled.override(task_id="mails_composed")()
        report = day_tasks.write_report.override(outlets=[day_tasks.letters_of(campaign)])(day, found)
        leader = day_tasks.remind_leader(day)
        returned = day_tasks.return_rejected(day, snapshots)
        returns = day_tasks.settled.override(task_id="returns_written")()
        letters >> letters_done >> [report, leader, digest]
        reminders >> reminders_done >> digest
        [digest, closing] >> composed
        found >> returned >> returns
        sent = day_tasks.send.override(task_id="send_reminders")(day, "reminder")
        filed = day_tasks.send.override(task_id="send_report")(day, "report")
        back = day_tasks.send.override(task_id="send_returns")(day, "quarantine")
        asked = day_tasks.send.override(task_id="send_signoff")(day, "signoff")
        told = day_tasks.send.override(task_id="send_closing")(day, "closing")
        found >> [sent, back, told]
        composed >> [sent, told]
        report >> filed
        leader >> asked
        returns >> back
        [sent, filed, back, asked, told] >> day_tasks.close_day(day, found, report)
        [pulled, letters, reminders, digest, closing, returned] >> day_tasks.watcher()

    return flow()


for folder in campaign_folders(Installation.from_environment().campaigns):
    globals()[folder.name] = daily(load_campaign(folder))
