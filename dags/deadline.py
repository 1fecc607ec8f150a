"""Canh hạn báo cáo cuối cùng: ngày cuối, từ giờ lập báo cáo, chờ tới khi máy chủ thư nhận báo cáo.

Hai mốc *Deadline* của lượt, 45 phút trước hạn và đúng hạn: báo cáo chưa đi thì người vận hành (`watch.operator_email`)
nhận thư cảnh báo, mỗi việc một thư một ngày. Báo cáo đã đi thì lượt xanh ngay, không báo gì. Hạn dời về
sau thì lượt này bị bỏ qua, và có một lượt mới vào ngày cuối mới.

**Khi có ô đỏ**: hết ngày mà báo cáo vẫn chưa đi. Xem lượt “Đôn đốc hằng ngày” của ngày đó, ô “Gửi báo cáo”.
Airflow hỏng thì dòng này cũng im: lệnh `watch` chạy ngoài Airflow canh cùng những mốc này.
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG, DeadlineAlert, DeadlineReference, SyncCallback, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from dondoc.campaign import Campaign
from dondoc.campaign.ending import Ending, ending_of
from dondoc.installation import Installation
from dondoc_airflow.campaigns import calendar_of, common, register
from dondoc_airflow.retries import PATIENCE, WATCHFUL
from dondoc_airflow.timetable import WorkingDayTimetable

ALARM = "dondoc_airflow.alarm.tell_by_deadline"


@task.sensor(
    task_display_name="Chờ báo cáo cuối cùng đi",
    mode="reschedule",
    poke_interval=60,
    timeout=PATIENCE.total_seconds(),
)
def final_report(campaign: str) -> bool:
    # pandas loads where the task runs, not each time the scheduler reads this file.
    from dondoc.daily import final_report as final

    installation = Installation.from_environment()
    slot = get_current_context()["dag_run"].logical_date
    if slot and final.is_of_an_earlier_end(installation, campaign, slot):
        raise AirflowSkipException("Ngày cuối của đợt đã dời về sau: lượt của ngày ấy canh báo cáo.")
    return final.has_left(installation, campaign)


def alerts(campaign: Campaign, ending: Ending) -> list[DeadlineAlert]:
    due = DeadlineReference.FIXED_DATETIME(pendulum.instance(ending.due_at))
    callback = SyncCallback(ALARM, kwargs={"campaign": campaign.code})
    warning = timedelta(minutes=campaign.watch.warn_minutes)
    return [
        DeadlineAlert(due, -warning, callback, name="Sắp tới hạn báo cáo"),
        DeadlineAlert(due, timedelta(), callback, name="Quá hạn báo cáo"),
    ]


def deadline(campaign: Campaign) -> DAG:
    """Return the DAG whose one run of the campaign's last day ends when the final report has left.

    Not part of the daily DAG: there every run would carry the alert, and `dags test` fails on a DAG that has one.
    """
    ending = ending_of(campaign, calendar_of(campaign))

    @dag(
        dag_id=f"{campaign.code}.deadline",
        dag_display_name=f"Canh hạn báo cáo cuối cùng: {campaign.title}",
        description=f"Hạn: {ending.due_at:%H:%M ngày %d/%m/%Y}",
        schedule=WorkingDayTimetable.at([ending.run_at], f"{ending.run_at:%H:%M %d/%m/%Y}"),
        tags=["Đôn Đốc", campaign.code, "báo cáo"],
        deadline=alerts(campaign, ending),
        **common(__doc__, WATCHFUL),
    )
    def flow() -> None:
        final_report(campaign.code)

    return flow()


register(globals(), "deadline", deadline)
