"""Thư hẹn lại: cứ mười phút gửi tiếp những thư mà máy chủ thư hoãn, không trả lời, hoặc chưa kịp nhận ở lượt của ngày.

Lượt “Đôn đốc hằng ngày” gửi mỗi thư một lần rồi xong việc, để lượt sau và báo cáo cuối cùng không phải đợi. Thư còn chờ
được gửi ở đây, trong giờ gửi của nó (báo cáo cuối cùng: tới nửa đêm), không thư nào đi hai lần. Mỗi dòng của *Mapped
Tasks* là một đợt: đã gửi mấy thư, còn chờ mấy thư.

**Ô bị bỏ qua** là bình thường: không thư nào chờ. **Khi có ô đỏ**: có thư hết giờ gửi mà chưa đi, hoặc máy chủ thư từ
chối tài khoản. Mở nhật ký của ô, làm theo dòng *Cách xử lý*; lệnh `mail list` in từng thư.
"""

from types import ModuleType
from typing import TYPE_CHECKING

import pendulum
from airflow.sdk import DAG, BaseHook, CronTriggerTimetable, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowNotFoundException, AirflowSkipException

from dondoc.campaign import campaign_folders, load_campaign
from dondoc.errors import DondocError, MailError
from dondoc.installation import ZONE, Installation
from dondoc_retries_plugin import BRIEF

if TYPE_CHECKING:
    from dondoc.mail.account import SmtpAccount

INSTALLATION = Installation.from_environment()
SMTP_CONNECTION = "dondoc_smtp"


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


def mail_account() -> "SmtpAccount":
    from dondoc.mail.account import SmtpAccount

    try:
        found = BaseHook.get_connection(SMTP_CONNECTION)
    except AirflowNotFoundException as missing:
        raise MailError(
            "Chưa khai báo tài khoản gửi thư.",
            where=f"Airflow, Admin > Connections, {SMTP_CONNECTION}",
            remedy="thêm kết nối loại SMTP với tên này: máy chủ, cổng, tài khoản.",
        ) from missing
    return SmtpAccount.of_connection(found.host, found.port, found.login, found.password, found.extra_dejson)


def sound_campaigns() -> list[str]:
    """Return the campaigns that can be read; a broken one is shown by its daily DAG."""
    codes = []
    for folder in campaign_folders(INSTALLATION.campaigns):
        try:
            codes.append(load_campaign(folder).code)
        except DondocError:
            continue
    return codes


@dag(
    dag_id="waiting_mail",
    dag_display_name="Thư hẹn lại: gửi tiếp thư máy chủ chưa nhận",
    description="Gửi tiếp thư máy chủ hoãn, trong giờ gửi",
    schedule=CronTriggerTimetable("*/10 7-23 * * *", timezone=str(ZONE)),
    start_date=pendulum.datetime(2023, 1, 1, tz=str(ZONE)),
    tags=["Đôn Đốc", "thư"],
    max_active_runs=1,
    catchup=False,
    # Nobody must have to think of it: without it, what a server puts off would wait until its window is over.
    is_paused_upon_creation=False,
    default_args={"owner": "Văn phòng", **BRIEF},
    doc_md=__doc__,
)
def waiting_mail() -> None:
    offer_again.expand(campaign=sound_campaigns())


WAITING_MAIL: DAG = waiting_mail()
