"""Asking a leader to sign in Airflow: what the form holds, whose the request is, and what makes an answer one."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Context, Param
from airflow.sdk.configuration import conf

from dondoc.campaign import Campaign
from dondoc.installation import Installation

if TYPE_CHECKING:
    from airflow.sdk.execution_time.hitl import HITLUser

    from dondoc.signoff.steps import LeaderAnswer

# It knows accounts by their number, not by the name they log in by.
FAB = "FabAuthManager"
# A label in the Airflow UI holds 250 characters.
MAX_LABEL = 240
APPROVE = "Duyệt"
RETURN = "Trả lại"
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


class SignOffOperator(HITLOperator):
    """Asks the leader about some batches; what is no answer yet is asked again at once, with the reason on the label.

    Airflow keeps the text of a request for good and its form cannot demand a reason of one choice alone.
    """

    template_fields = (*HITLOperator.template_fields, "batches")

    def __init__(self, *, campaign: Campaign, batches: list, **asked: Any) -> None:
        """Keep which batches the request is about."""
        super().__init__(options=[APPROVE, RETURN], assigned_users=assignees(campaign), **asked)
        self.campaign = campaign.code
        self.batches = batches

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        """Return what was answered, or ask again."""
        from dondoc.signoff import steps

        given = super().execute_complete(context, event)
        why = steps.ask_again(self.campaign, self.batches, answer_of(given), asked_in=context["run_id"])
        if why:
            self.log.warning("hỏi lại: %s", why)
            show_label(f"⚠ {self.subject} – chưa nhận: {why}"[:MAX_LABEL])
            self.execute(context)
        return given


def answer_of(given: Mapping[str, Any]) -> "LeaderAnswer":
    """Return what was answered, by the account Airflow let in."""
    from dondoc.signoff.steps import LeaderAnswer

    who = given["responded_by_user"] or {}
    return LeaderAnswer(
        choice=given["chosen_options"][0],
        reason=given["params_input"].get("reason") or "",
        by=Installation.from_environment().actor(who.get("name")),
        at=given["responded_at"],
    )


def assignees(campaign: Campaign) -> list["HITLUser"]:
    """Return whose the requests are, as Airflow's login knows them; of nobody in particular where none are named."""
    numbered = conf.get("core", "auth_manager").endswith(FAB)
    return [{"id": key, "name": name} for key, name in campaign.permissions.assignees(numbered=numbered)]


def show_label(label: str) -> None:
    """Show `label` on this instance of a mapped task: Airflow writes no new one where a task waits for an answer."""
    from airflow.sdk.execution_time.comms import SetRenderedMapIndex
    from airflow.sdk.execution_time.task_runner import SUPERVISOR_COMMS

    SUPERVISOR_COMMS.send(SetRenderedMapIndex(rendered_map_index=label))
