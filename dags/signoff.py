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

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import DAG, Asset, Context, Param, dag, get_current_context, task, task_group
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowFailException

from dondoc.campaign import Campaign, campaign_folders, load_campaign
from dondoc.errors import DondocError, LetterError
from dondoc.installation import Installation
from dondoc_retries_plugin import PATIENT

if TYPE_CHECKING:
    from airflow.sdk.execution_time.hitl import HITLUser

    from dondoc.signoff.steps import LeaderAnswer

INSTALLATION = Installation.from_environment()
# It knows accounts by their number, not by the name they log in by.
FAB = "FabAuthManager"
# A label in the Airflow UI holds 250 characters.
MAX_LABEL = 240
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


def answer_of(given: Mapping[str, Any]) -> "LeaderAnswer":
    """Return what was answered, by the account Airflow let in."""
    who = given["responded_by_user"] or {}
    return steps().LeaderAnswer(
        choice=given["chosen_options"][0],
        reason=given["params_input"].get("reason") or "",
        by=Installation.from_environment().actor(who.get("name")),
        at=given["responded_at"],
    )


class SignOffOperator(HITLOperator):
    """Asks the leader about some batches; what is no answer yet is asked again at once, with the reason on the label.

    Airflow keeps the text of a request for good and its form cannot demand a reason of one choice alone.
    """

    template_fields = (*HITLOperator.template_fields, "batches")

    def __init__(self, *, campaign: str, batches: list, **asked: Any) -> None:
        """Keep which batches the request is about."""
        super().__init__(**asked)
        self.campaign, self.batches = campaign, batches

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        """Return what was answered, or ask again."""
        given = super().execute_complete(context, event)
        why = steps().ask_again(self.campaign, self.batches, answer_of(given), asked_in=context["run_id"])
        if why:
            self.log.warning("hỏi lại: %s", why)
            show_label(f"⚠ {self.subject} – chưa nhận: {why}"[:MAX_LABEL])
            self.execute(context)
        return given


def show_label(label: str) -> None:
    """Show `label` on this instance of a mapped task: Airflow writes no new one where a task waits for an answer."""
    from airflow.sdk.execution_time.comms import SetRenderedMapIndex
    from airflow.sdk.execution_time.task_runner import SUPERVISOR_COMMS

    SUPERVISOR_COMMS.send(SetRenderedMapIndex(rendered_map_index=label))


@task(task_display_name="Nhận bản ký giấy", multiple_outputs=False)
def take_in(campaign: str) -> dict:
    return steps().take_in(campaign)


@task(task_display_name="Trình ký", max_active_tis_per_dag=1)
def put_up(campaign: str) -> list:
    context = get_current_context()
    pages = f"{conf.get('api', 'base_url', fallback='').rstrip('/')}/dondoc"
    again, most = context["params"]["again"], conf.getint("core", "max_map_length")
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


def assignees(campaign: Campaign) -> list["HITLUser"]:
    """Return whose the requests are, as Airflow's login knows them; of nobody in particular where none are named."""
    numbered = conf.get("core", "auth_manager").endswith(FAB)
    return [{"id": key, "name": name} for key, name in campaign.permissions.assignees(numbered=numbered)]


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
            decide = SignOffOperator(
                task_id="decide",
                task_display_name="Lãnh đạo duyệt",
                subject=subject,
                body=body,
                options=[APPROVE, RETURN],
                params=FORM,
                assigned_users=assignees(campaign),
                map_index_template="{{ task.subject }}",
                campaign=campaign.code,
                batches=batches,
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
