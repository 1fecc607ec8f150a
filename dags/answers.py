"""Nhận câu trả lời của các đơn vị trong một đợt: cứ ít phút một lần, trong giờ làm việc.

Đơn vị điền tệp Excel đã nhận rồi gửi lại: gửi thư tới hộp thư của đợt (mục `answers.mailbox` trong `campaign.yaml`),
hoặc đặt tệp vào thư mục `out/<đợt>/tra-loi/`. Lượt này đọc, xét từng ô, ghi vào sổ, rồi gửi thư báo đơn vị ô nào đã
nhận, ô nào chưa nhận và vì sao. Một tệp đọc bao nhiêu lần cũng chỉ ghi một lần; trong hộp thư không gì bị đánh
dấu hay xóa.

**Khi có ô đỏ**: mở nhật ký của ô. “Nhận thư trả lời” đỏ thường là hộp thư không mở được: sửa kết nối rồi bấm *Clear*.
Không tệp nào mất: tệp chưa ghi xong vẫn nằm trong thư mục, trong hộp thư, lượt sau đọc lại.

**Ô bị bỏ qua** là bình thường: đợt không có hộp thư; đợt đang xem trước; hoặc không có gì để báo. Câu trả lời đến ngoài
giờ được nhận ngay, thư báo nhận đi vào ngày làm việc sau.
"""

from types import ModuleType

from airflow.sdk import DAG, CronTriggerTimetable, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from dondoc.campaign import Campaign
from dondoc_airflow.accounts import mail_account, mailbox
from dondoc_airflow.campaigns import common, register
from dondoc_airflow.retries import BRIEF


def steps() -> ModuleType:
    # pandas and Excel load where a task runs, not each time the scheduler reads this file.
    from dondoc.daily import replies

    return replies


@task(task_display_name="Nhận tệp trong thư mục", multiple_outputs=False)
def take_folder(campaign: str) -> dict:
    return steps().take_folder(campaign)


@task(task_display_name="Nhận thư trả lời", multiple_outputs=False)
def take_mail(campaign: str) -> dict:
    taken = steps().take_mail(campaign, mailbox)
    if taken is None:
        raise AirflowSkipException("Đợt không khai hộp thư nhận trả lời (answers.mailbox), hoặc đang diễn tập.")
    return taken


# A mailbox out of order must not keep those waiting who used the folder.
@task(task_display_name="Soạn thư báo nhận", trigger_rule="all_done")
def write_receipts(campaign: str) -> int:
    return steps().write_receipts(campaign)


# What could not be written for one unit keeps no other's receipt from leaving.
@task(task_display_name="Gửi thư báo nhận", multiple_outputs=False, trigger_rule="all_done")
def send_receipts(campaign: str) -> dict:
    sent = steps().send_receipts(campaign, mail_account)
    if isinstance(sent, str):
        raise AirflowSkipException(f"Không gửi thư: {sent}.")
    return sent


# Red when any task is: receipts are written and sent whatever became of the mailbox.
@task(task_display_name="Kết thúc", trigger_rule="none_failed")
def finish() -> None:
    return None


def answers(campaign: Campaign) -> DAG:
    """Return the campaign's DAG that takes in answers, run every few minutes of office hours."""

    @dag(
        dag_id=f"{campaign.code}.answers",
        dag_display_name=f"Nhận trả lời của đơn vị: {campaign.title}",
        description="Đọc tệp đơn vị gửi lại, ghi từng ô, báo đơn vị kết quả",
        schedule=CronTriggerTimetable(f"*/{campaign.answers.every_minutes} 7-18 * * *", timezone=campaign.timezone),
        tags=["Đôn Đốc", campaign.code, "trả lời"],
        **common(__doc__, BRIEF),
    )
    def flow() -> None:
        taken = [take_folder(campaign.code), take_mail(campaign.code)]
        taken >> (written := write_receipts(campaign.code)) >> (sent := send_receipts(campaign.code))
        [*taken, written, sent] >> finish()

    return flow()


register(globals(), "answers", answers)
