"""Thư hẹn lại: cứ mười phút gửi tiếp những thư mà máy chủ thư hoãn, không trả lời, hoặc chưa kịp nhận ở lượt của ngày.

Lượt “Đôn đốc hằng ngày” gửi mỗi thư một lần rồi xong việc, để lượt sau và báo cáo cuối cùng không phải đợi. Thư còn chờ
được gửi ở đây, trong giờ gửi của nó (báo cáo cuối cùng: tới nửa đêm), không thư nào đi hai lần. Mỗi dòng của *Mapped
Tasks* là một đợt: đã gửi mấy thư, còn chờ mấy thư.

**Ô bị bỏ qua** là bình thường: không thư nào chờ. **Khi có ô đỏ**: có thư hết giờ gửi mà chưa đi, hoặc máy chủ thư từ
chối tài khoản. Mở nhật ký của ô, làm theo dòng *Cách xử lý*; lệnh `mail list` in từng thư.
"""

from types import ModuleType

import pendulum
from airflow.sdk import DAG, CronTriggerTimetable, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from dondoc.installation import ZONE
from dondoc_airflow.accounts import mail_account
from dondoc_airflow.campaigns import common, sound_campaigns
from dondoc_airflow.retries import BRIEF


def put_off() -> ModuleType:
    # pandas and the mail's code load where a task runs, not each time the scheduler reads this file.
    from dondoc.daily import put_off

    return put_off


# A sender that was killed left its mails under a lease: the next try, or the next round, takes them up.
@task(
    task_display_name="Gửi thư hẹn lại",
    map_index_template="{{ campaign_label }}",
)
def offer_again(campaign: str) -> str:
    context = get_current_context()
    context["campaign_label"] = campaign
    done = put_off().offer_again(campaign, mail_account)
    if done is None:
        raise AirflowSkipException("Không thư nào chờ.")
    context["campaign_label"] = f"{campaign}: {done.words}"
    return done.words


@dag(
    dag_id="waiting_mail",
    dag_display_name="Thư hẹn lại: gửi tiếp thư máy chủ chưa nhận",
    description="Gửi tiếp thư máy chủ hoãn, trong giờ gửi",
    schedule=CronTriggerTimetable("*/10 7-23 * * *", timezone=str(ZONE)),
    start_date=pendulum.datetime(2023, 1, 1, tz=str(ZONE)),
    tags=["Đôn Đốc", "thư"],
    # Nobody must have to think of it: without it, what a server puts off would wait until its window is over.
    is_paused_upon_creation=False,
    **common(__doc__, BRIEF),
)
def waiting_mail() -> None:
    offer_again.expand(campaign=list(sound_campaigns()))


WAITING_MAIL: DAG = waiting_mail()
