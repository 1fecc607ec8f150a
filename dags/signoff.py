"""Trình ký thư xin lỗi của một đợt: sau mỗi ngày soạn thư, mỗi đơn vị một tập, lãnh đạo duyệt hoặc trả lại.

**Lãnh đạo**: mở *Browse > Required Actions*, bấm liên kết trong yêu cầu để đọc từng thư, rồi chọn “Duyệt” hoặc
“Trả lại” (ghi lý do). Mỗi tập được ghi nhận ngay, không chờ tập khác.

**Khi có ô đỏ**: mở nhật ký của ô. Ô “Ghi quyết định” đỏ nghĩa là quyết định **không được thực hiện** (thư đã thay
đổi sau khi trình, trả lại mà thiếu lý do …): thư vẫn chờ duyệt, lượt sau trình lại.

Lượt đang chờ lãnh đạo không chặn lượt sau: lượt sau chỉ trình thêm thư mới. Lượt bị xóa khi đang chờ: *Trigger*,
chọn “Trình lại cả những tập đang chờ”. Ô “Lãnh đạo duyệt” đã có câu trả lời mà vẫn chờ: bấm *Clear* ở ô đó, yêu cầu
hiện lại để trả lời. Bản ký trên giấy hoặc ký số đặt ở `out/<đợt>/inbox/`, ô đầu tiên nhận vào.
"""

from pathlib import Path
from types import ModuleType

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import DAG, Asset, Param, dag, get_current_context, task, task_group
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowFailException

from dondoc.campaign import Campaign, campaign_folders, load_campaign
from dondoc.errors import DondocError, LetterError
from dondoc.installation import Installation
from dondoc_retries_plugin import PATIENT

INSTALLATION = Installation.from_environment()
APPROVE, RETURN = "Duyệt", "Trả lại"
COMMON = {
    # A run lasts as long as the leader thinks; those of the next days go on beside it.
    "max_active_runs": 100,
    "catchup": False,
    "default_args": {"owner": "Văn phòng", **PATIENT},
    "doc_md": __doc__,
}
PARAMS = {
    "again": Param(
        False,
        type="boolean",
        title="Trình lại cả những tập đang chờ",
        description="Chỉ khi lượt đang chờ đã bị xóa hoặc hỏng: các tập đang chờ được đóng và trình lại từ đầu.",
    ),
}
FORM = {
    "reason": Param(
        "",
        type=["null", "string"],
        format="multiline",
        maxLength=1000,
        title="Lý do trả lại",
        description="Bắt buộc khi trả lại. Không ghi thông tin cá nhân của người dân.",
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
    again, most = context["params"]["again"], conf.getint("core", "max_map_length")
    return steps().put_up(campaign, asked_in=context["run_id"], pages=pages, most=most, again=again)


@task(task_display_name="Ghi quyết định", map_index_template="{{ told }}")
def record(campaign: str, batches: list, given: dict) -> str:
    context, who = get_current_context(), given["responded_by_user"] or {}
    answer = steps().Answer(
        choice=given["chosen_options"][0],
        reason=given["params_input"].get("reason") or "",
        by=who.get("name") or who.get("id") or "",
        login=who.get("id") or "",
        at=given["responded_at"],
    )
    try:
        context["told"] = steps().answer(campaign, batches, answer, asked_in=context["run_id"])
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
        schedule=Asset(name=f"{campaign.code}.letters", uri=f"dondoc://{campaign.code}/letters"),
        tags=["Đôn Đốc", campaign.code, "trình ký"],
        params=PARAMS,
        **COMMON,
    )
    def flow() -> None:
        @task_group(group_display_name="Từng tập thư")
        def sign(batches: list, subject: str, body: str) -> None:
            # In a mapped group each batch goes on by itself: an answer is recorded while other batches still wait.
            decide = HITLOperator(
                task_id="decide",
                task_display_name="Lãnh đạo duyệt",
                subject=subject,
                body=body,
                options=[APPROVE, RETURN],
                params=FORM,
                map_index_template="{{ task.subject }}",
            )
            record(campaign.code, batches, decide.output)

        requests = put_up(campaign.code)
        take_in(campaign.code) >> requests
        sign.expand_kwargs(requests)

    return flow()


def build(folder: Path) -> DAG | None:
    """Return the sign-off DAG of the campaign in `folder`; a broken configuration is shown by its daily DAG."""
    try:
        return signoff(load_campaign(folder))
    except DondocError:
        return None


for folder in campaign_folders(INSTALLATION.campaigns):
    if found := build(folder):
        globals()[folder.name] = found
