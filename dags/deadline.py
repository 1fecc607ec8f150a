"""Canh hạn báo cáo cuối cùng: ngày cuối, từ giờ lập báo cáo, chờ tới khi máy chủ thư nhận báo cáo.

Hai mốc *Deadline* của lượt, 45 phút trước hạn và đúng hạn: báo cáo chưa đi thì người vận hành (`watch.operator_email`)
nhận thư cảnh báo, mỗi việc một thư một ngày. Báo cáo đã đi thì lượt xanh ngay, không báo gì. Hạn dời về
sau thì lượt này bị bỏ qua, và có một lượt mới vào ngày cuối mới.

**Khi có ô đỏ**: hết ngày mà báo cáo vẫn chưa đi. Xem lượt “Đôn đốc hằng ngày” của ngày đó, ô “Gửi báo cáo”.
Airflow hỏng thì dòng này cũng im: lệnh `watch` chạy ngoài Airflow canh cùng những mốc này.
"""

from datetime import timedelta
from pathlib import Path

import pendulum
from airflow.sdk import DAG, DeadlineAlert, DeadlineReference, SyncCallback, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from dondoc.campaign import Campaign, campaign_folders, load_calendar, load_campaign
from dondoc.campaign.ending import Ending, ending_of
from dondoc.errors import DondocError
from dondoc.installation import Installation
from dondoc_retries_plugin import POLICY
from dondoc_timetable_plugin import WorkingDayTimetable

INSTALLATION = Installation.from_environment()
# As often as it looks: whatever is away, it goes on until the hours it waits are over.
PATIENCE = timedelta(hours=12)
WATCHFUL = {
    "retries": PATIENCE // timedelta(minutes=1),
    "retry_delay": timedelta(minutes=1),
    "retry_policy": POLICY,
}
ALARM = "dondoc.watch.alarm.tell_by_deadline"


@task.sensor(
    task_display_name="Chờ báo cáo cuối cùng đi",
    mode="reschedule",
    poke_interval=60,
    timeout=PATIENCE.total_seconds(),
)
def final_report(campaign: str) -> bool:
    # pandas loads where the task runs, not each time the scheduler reads this file.
    from dondoc.daily import final_report as final

    slot = get_current_context()["dag_run"].logical_date
    if slot and final.is_of_an_earlier_end(INSTALLATION, campaign, slot):
        raise AirflowSkipException("Ngày cuối của đợt đã dời về sau: lượt của ngày ấy canh báo cáo.")
    return final.has_left(INSTALLATION, campaign)


def alerts(campaign: Campaign, ending: Ending) -> list[DeadlineAlert]:
    due = DeadlineReference.FIXED_DATETIME(pendulum.instance(ending.due_at))
    callback = SyncCallback(ALARM, kwargs={"campaign": campaign.code})
    warning = timedelta(minutes=campaign.watch.warn_minutes)
    return [
        DeadlineAlert(due, -warning, callback, name="Sắp tới hạn báo cáo"),
        DeadlineAlert(due, timedelta(), callback, name="Quá hạn báo cáo"),
    ]


def deadline(campaign: Campaign, ending: Ending) -> DAG:
    """Return the DAG whose one run of the campaign's last day ends when the final report has left.

    Not part of the daily DAG: there every run would carry the alert, and `dags test` fails on a DAG that has one.
    """

    @dag(
        dag_id=f"{campaign.code}.deadline",
        dag_display_name=f"Canh hạn báo cáo cuối cùng: {campaign.title}",
        description=f"Hạn: {ending.due_at:%H:%M ngày %d/%m/%Y}",
        schedule=WorkingDayTimetable(
            [pendulum.instance(ending.run_at)], presorted=True, description=f"{ending.run_at:%H:%M %d/%m/%Y}"
        ),
        tags=["Đôn Đốc", campaign.code, "báo cáo"],
        deadline=alerts(campaign, ending),
        max_active_runs=1,
        catchup=False,
        default_args={"owner": "Văn phòng", **WATCHFUL},
        doc_md=__doc__,
    )
    def flow() -> None:
        final_report(campaign.code)

    return flow()


def build(folder: Path) -> DAG | None:
    """Return the DAG of the campaign in `folder`; a broken configuration is shown by its daily DAG."""
    try:
        campaign = load_campaign(folder)
        calendar = load_calendar(INSTALLATION.include / "calendars" / f"{campaign.calendar}.yaml")
        return deadline(campaign, ending_of(campaign, calendar))
    except DondocError:
        return None


for folder in campaign_folders(INSTALLATION.campaigns):
    if found := build(folder):
        globals()[folder.name] = found
