"""Phòng thư: trong giờ làm việc, cứ nửa giờ xem thư nào chưa rõ đã tới chưa, thư nào bị trả lại. Không gửi thư nào.

**Khi có ô đỏ**: mở nhật ký của ô, sửa theo dòng *Cách xử lý* (thường là mật khẩu hộp thư, tệp nhật ký máy chủ thư), rồi
bấm *Clear*. **Ô bị bỏ qua** nghĩa là chưa khai báo nơi để xem: biến `DONDOC_RELAY_LOG`, `DONDOC_ARCHIVE_MAILBOX`,
`DONDOC_BOUNCE_MAILBOX`. Thư còn lại chờ người quyết: lệnh `mail list`.
"""

from types import ModuleType

import pendulum
from airflow.sdk import DAG, CronTriggerTimetable, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from dondoc.installation import ZONE, Installation
from dondoc_airflow.campaigns import common
from dondoc_airflow.retries import BRIEF


def desk() -> ModuleType:
    # The ledger and the mailboxes' code load where a task runs, not each time the scheduler reads this file.
    from dondoc.daily import mail_administration

    return mail_administration


@task(task_display_name="Đối chiếu thư chưa rõ")
def settle() -> str:
    installation = Installation.from_environment()
    if not (installation.relay_logs or installation.archive_mailbox):
        raise AirflowSkipException("Chưa khai báo DONDOC_RELAY_LOG, DONDOC_ARCHIVE_MAILBOX.")
    return desk().settle(installation, logs=[])


@task(task_display_name="Đọc thư bị trả lại")
def take_bounces() -> str:
    installation = Installation.from_environment()
    if not installation.bounce_mailbox:
        raise AirflowSkipException("Chưa khai báo DONDOC_BOUNCE_MAILBOX.")
    return desk().bounces(installation, folder=None)


@dag(
    dag_id="mailroom",
    dag_display_name="Phòng thư: thư chưa rõ, thư bị trả lại",
    description="Đối chiếu và đọc thư, không gửi thư",
    schedule=CronTriggerTimetable("*/30 7-18 * * *", timezone=str(ZONE)),
    start_date=pendulum.datetime(2023, 1, 1, tz=str(ZONE)),
    tags=["Đôn Đốc", "thư"],
    **common(__doc__, BRIEF),
)
def mailroom() -> None:
    settle()
    take_bounces()


MAILROOM: DAG = mailroom()
