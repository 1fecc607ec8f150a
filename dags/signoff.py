"""Trình ký thư xin lỗi của một đợt: sau mỗi ngày soạn thư, mỗi đơn vị một tập, lãnh đạo duyệt hoặc trả lại.

**Lãnh đạo**: mở *Browse > Required Actions*, bấm liên kết trong yêu cầu để đọc từng thư, rồi chọn “Duyệt” hoặc
“Trả lại” (ghi lý do). Mỗi tập được ghi nhận ngay, không chờ tập khác. Yêu cầu hiện lại ngay sau khi trả lời là
câu trả lời chưa được nhận (trả lại mà thiếu lý do, người trả lời không có quyền …): lý do ghi ở nhãn *Map Index*.

**Khi có ô đỏ**: mở nhật ký của ô. Ô “Ghi quyết định” đỏ nghĩa là quyết định **không được thực hiện** (thư đã thay
đổi sau khi trình …): thư vẫn chờ duyệt, lượt sau trình lại.

Lượt đang chờ lãnh đạo không chặn lượt sau: lượt sau chỉ trình thêm thư mới. Lượt bị xóa khi đang chờ: *Trigger*,
chọn “Trình lại cả những tập đang chờ”. Ô “Lãnh đạo duyệt” đã có câu trả lời mà vẫn chờ: bấm *Clear* ở ô đó, yêu cầu
hiện lại để trả lời. Bản ký trên giấy hoặc ký số đặt ở `out/<đợt>/inbox/`, ô đầu tiên nhận vào.
"""

from types import ModuleType

from airflow.sdk import DAG, Param, dag, get_current_context, task, task_group
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowFailException

from dondoc.campaign import Campaign
from dondoc.errors import LetterError
from dondoc.installation import Installation
from dondoc_airflow.campaigns import common, register
from dondoc_airflow.office_day import letters_of
from dondoc_airflow.retries import PATIENT
from dondoc_airflow.signing import FORM, SignOffOperator, answer_of

PARAMS = {
    "again": Param(
        False,
        type="boolean",
        title="Trình lại cả những tập đang chờ",
        description="Chỉ khi lượt đang chờ đã bị xóa hoặc hỏng: các tập đang chờ được đóng và trình lại từ đầu.",
    ),
}


def steps() -> ModuleType:
    # Excel and Word load where a task runs, not each time the scheduler reads this file.
    from dondoc.signoff import steps

    return steps


@task(task_display_name="Nhận bản ký giấy", multiple_outputs=False)
def take_in(campaign: str) -> dict:
    return steps().take_in(campaign)


@task(task_display_name="Trình ký", max_active_tis_per_dag=1)
def put_up(campaign: str) -> list:
    context = get_current_context()
    pages = f"{conf.get('api', 'base_url', fallback='').rstrip('/')}/dondoc"
    again = context["params"]["again"]
    most = conf.getint("core", "max_map_length")
    by = Installation.from_environment().actor(context["dag_run"].triggering_user_name)
    return steps().put_up(campaign, asked_in=context["run_id"], pages=pages, most=most, again=again, by=by)


@task(task_display_name="Ghi quyết định", map_index_template="{{ told }}")
def record(campaign: str, batches: list, given: dict) -> str:
    context = get_current_context()
    try:
        context["told"] = steps().answer(campaign, batches, answer_of(given), asked_in=context["run_id"])
    except LetterError as error:
        context["told"] = str(error).splitlines()[0]
        raise AirflowFailException(str(error)) from error
    return context["told"]


def signoff(campaign: Campaign) -> DAG:
    """Return the campaign's sign-off DAG, run after each day's letters are drafted."""

    @dag(
        dag_id=f"{campaign.code}.signoff",
        dag_display_name=f"Trình ký thư xin lỗi: {campaign.title}",
        description="Mỗi đơn vị một tập thư; lãnh đạo duyệt hoặc trả lại",
        schedule=letters_of(campaign),
        tags=["Đôn Đốc", campaign.code, "trình ký"],
        params=PARAMS,
        # A run lasts as long as the leader thinks; those of the next days go on beside it.
        **common(__doc__, PATIENT) | {"max_active_runs": 100},
    )
    def flow() -> None:
        @task_group(group_display_name="Từng tập thư")
        def sign(batches: list, subject: str, body: str) -> None:
            # In a mapped group each batch goes on by itself: an answer is recorded while other batches still wait.
            decide = SignOffOperator(
                task_id="decide",
                task_display_name="Lãnh đạo duyệt",
                subject=subject,
                body=body,
                params=FORM,
                map_index_template="{{ task.subject }}",
                campaign=campaign,
                batches=batches,
            )
            record(campaign.code, batches, decide.output)

        requests = put_up(campaign.code)
        take_in(campaign.code) >> requests
        sign.expand_kwargs(requests)

    return flow()


register(globals(), "signoff", signoff)
