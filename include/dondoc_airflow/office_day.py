"""The tasks of a campaign's day, in the groups in which Airflow shows them; each task is one step of `dondoc.daily`.

A group's docstring is what a person reads over its box.
"""

from types import ModuleType
from typing import Any, NamedTuple

import pendulum
from airflow.sdk import Asset, XComArg, get_current_context, task, task_group
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from dondoc.actor import Actor
from dondoc.campaign import Campaign
from dondoc.installation import Installation
from dondoc_airflow.accounts import mail_account, source_account

# Who triggers what `airflow dags test` runs: that is for looking, and mails nobody but a rehearsal's catcher.
DAG_TEST = "dag_test"


class Taken(NamedTuple):
    """What the sources gave: each one's pull, and all of them with what stands in for a missing one."""

    pulled: XComArg
    snapshots: XComArg


class Written(NamedTuple):
    """What was composed, each ready to be sent, and what a red run must not hide."""

    mails: XComArg
    report: XComArg
    returns: XComArg
    leader: XComArg
    watched: list[XComArg]


def steps() -> ModuleType:
    # pandas and Word load where a task runs, not each time Airflow reads a DAG file.
    from dondoc.daily import steps

    return steps


def group(name: str, label: str) -> Any:
    """Return a decorator that shows the tasks of a function in one box; their ids stay as they are."""
    return task_group(group_id=name, group_display_name=label, prefix_group_id=False)


@task(task_display_name="Mở ngày")
def open_day(campaign: str, timezone: str) -> dict:
    context = get_current_context()
    run = context["dag_run"]
    params = context["params"]
    slot = pendulum.instance(run.logical_date or run.run_after).in_timezone(timezone)
    day = steps().day_ref(
        campaign, params["business_date"] or slot.to_date_string(), backfill=run.run_type == "backfill"
    )
    trial = run.triggering_user_name == DAG_TEST
    remark = params["armed_by"] or ""
    login = Installation.from_environment().actor(run.triggering_user_name, remark=remark)
    return steps().open_day(
        day,
        trial=trial,
        mode=None if params["mode"] == "campaign" else params["mode"],
        by=Actor.of_process(remark) if trial else login,
        decision={
            "gates": params["override_gates"],
            "decided_by": params["override_by"],
            "reason": params["override_reason"],
        },
    )


# A source's server may take a quarter of an hour each time, and the final report is due two hours after its run begins.
@task(task_display_name="Lấy nguồn", map_index_template="{{ source_name }}", retries=3)
def pull(day: dict, source: str) -> dict:
    get_current_context()["source_name"] = source
    return steps().pull(day, source, source_account)


@task(task_display_name="Bù nguồn thiếu", trigger_rule="all_done")
def stand_in(day: dict, snapshots: list) -> list:
    if day is None:
        raise AirflowFailException("Ngày chưa mở được: xem ô “Mở ngày”.")
    return steps().stand_in(day, list(snapshots))


@group("sources", "Lấy nguồn")
def take_sources(day: XComArg, sources: list[str]) -> Taken:
    """Mỗi nguồn một ô; ngày cuối, nguồn thiếu được bù bằng số liệu gần nhất."""
    pulled = pull.partial(day=day).expand(source=sources)
    return Taken(pulled, stand_in(day, pulled))


@task(task_display_name="Kiểm tra dữ liệu nguồn")
def gate(day: dict, snapshots: list) -> list:
    return steps().gate(day, snapshots)


@task(task_display_name="Rà soát", multiple_outputs=False)
def check(day: dict, snapshots: list) -> dict:
    return steps().check(day, snapshots)


@task
def listed(found: dict, what: str) -> list:
    return found[what]


@task(task_display_name="Cổng kiểm soát", map_index_template="{{ gate_label }}")
def show_gate(note: dict) -> None:
    get_current_context()["gate_label"] = note["label"]
    if note["closed"]:
        raise AirflowSkipException(note["label"])


@group("review", "Rà soát")
def review(day: XComArg, snapshots: XComArg) -> XComArg:
    """Tìm việc quá hạn, sắp hạn; mỗi cổng kiểm soát một ô, ô bị bỏ qua là cổng đóng."""
    found = check(day, snapshots)
    show_gate.expand(note=listed.override(task_id="gates", task_display_name="Kết quả các cổng")(found, "gates"))
    return found


# What waits behind it goes on whatever became of what stands before it: one unit's trouble keeps no other back.
@task(trigger_rule="all_done")
def settled() -> None:
    return None


@task(task_display_name="Soạn thư xin lỗi", map_index_template="{{ unit_name }}")
def draft_letters(day: dict, found: dict, batch: dict) -> dict:
    get_current_context()["unit_name"] = batch["label"]
    return steps().draft_letters(day, found, batch["units"])


@task(task_display_name="Nhắc trình ký")
def remind_leader(day: dict) -> int:
    return steps().remind_leader(day)


@group("letters", "Thư xin lỗi")
def write_letters(day: XComArg, found: XComArg) -> tuple[XComArg, XComArg, XComArg]:
    """Mỗi đơn vị còn phải xin lỗi một ô; rồi nhắc lãnh đạo về thư đang chờ ký."""
    owing = listed.override(task_id="units_owing", task_display_name="Đơn vị phải xin lỗi")(found, "letters")
    letters = draft_letters.partial(day=day, found=found).expand(batch=owing)
    done = settled.override(task_id="letters_done", task_display_name="Soạn xong thư xin lỗi")()
    leader = remind_leader(day)
    letters >> done >> leader
    return letters, done, leader


@task(task_display_name="Soạn thư nhắc việc", map_index_template="{{ unit_name }}")
def compose_reminders(day: dict, found: dict, batch: dict) -> int:
    get_current_context()["unit_name"] = batch["label"]
    return steps().compose_reminders(day, found, batch["units"])


@task(task_display_name="Soạn thư tổng hợp cho lãnh đạo", trigger_rule="none_failed")
def compose_digest(day: dict, found: dict) -> int:
    return steps().compose_digest(day, found)


@task(task_display_name="Soạn thư kết thúc đợt")
def compose_closing(day: dict, found: dict) -> int:
    if not (written := steps().compose_closing(day, found)):
        raise AirflowSkipException("Chưa qua hạn của đợt, hoặc mọi đơn vị đã nhận thư kết thúc.")
    return written


@group("reminders", "Thư nhắc việc")
def write_reminders(day: XComArg, found: XComArg, letters_done: XComArg) -> tuple[XComArg, list[XComArg]]:
    """Mỗi đơn vị chậm việc một ô; thư tổng hợp cho lãnh đạo; thư kết thúc đợt, khi đã qua hạn."""
    behind = listed.override(task_id="units_behind", task_display_name="Đơn vị nhận thư")(found, "reminders")
    reminders = compose_reminders.partial(day=day, found=found).expand(batch=behind)
    done = settled.override(task_id="reminders_done", task_display_name="Soạn xong thư nhắc việc")()
    digest = compose_digest(day, found)
    closing = compose_closing(day, found)
    composed = settled.override(task_id="mails_composed", task_display_name="Soạn xong thư trong ngày")()
    reminders >> done
    # What the letters' drafting holds back is told to the leaders on the same day.
    [done, letters_done] >> digest
    [digest, closing] >> composed
    return composed, [reminders, digest, closing]


@task(task_display_name="Lập báo cáo", trigger_rule="none_failed")
def write_report(day: dict, found: dict) -> list:
    return steps().write_report(day, found)


@task(task_display_name="Trả lại dòng bị loại")
def return_rejected(day: dict, snapshots: list) -> dict:
    return steps().return_rejected(day, snapshots)


@group("returns", "Trả dòng bị loại")
def write_returns(day: XComArg, snapshots: XComArg, found: XComArg) -> tuple[XComArg, XComArg]:
    """Dòng không đọc được của mỗi nguồn, trả về nơi đã gửi."""
    returned = return_rejected(day, snapshots)
    done = settled.override(task_id="returns_written", task_display_name="Soạn xong thư trả dòng")()
    found >> returned >> done
    return returned, done


@group("writing", "Soạn")
def write(day: XComArg, snapshots: XComArg, found: XComArg, *, drafted: Asset) -> Written:
    """Thư xin lỗi, thư nhắc việc, báo cáo, thư trả dòng bị loại; chưa gửi gì."""
    letters, letters_done, leader = write_letters(day, found)
    mails, composed = write_reminders(day, found, letters_done)
    # The report counts the letters, no mail; and a letter that cannot be drafted does not hold it back: the watcher
    # keeps the run from being green.
    letters_done >> (report := write_report.override(outlets=[drafted])(day, found))
    returned, returns = write_returns(day, snapshots, found)
    return Written(mails, report, returns, leader, [letters, *composed, returned])


# What the server puts off is offered again by `dags/waiting_mail.py`, so that no mail keeps the day's run alive.
@task(trigger_rule="none_failed")
def send(day: dict, kind: str) -> dict:
    if held := steps().why_held(day, kind):
        raise AirflowSkipException(f"Không gửi thư: {held}.")
    return steps().send_mail(day, kind, mail_account)


@group("sending", "Gửi")
def send_mails(day: XComArg, found: XComArg, written: Written) -> list[XComArg]:
    """Mỗi loại thư một ô; thư không được gửi thì ô bị bỏ qua, lý do trong nhật ký của ô."""
    sent = send.override(task_id="send_reminders", task_display_name="Gửi thư nhắc việc")(day, "reminder")
    filed = send.override(task_id="send_report", task_display_name="Gửi báo cáo")(day, "report")
    back = send.override(task_id="send_returns", task_display_name="Gửi trả dòng bị loại")(day, "quarantine")
    asked = send.override(task_id="send_signoff", task_display_name="Gửi nhắc trình ký")(day, "signoff")
    told = send.override(task_id="send_closing", task_display_name="Gửi thư kết thúc đợt")(day, "closing")
    # What an earlier attempt planned does not leave where the checks fail.
    found >> [sent, back, told]
    written.mails >> [sent, told]
    written.report >> filed
    written.leader >> asked
    written.returns >> back
    return [sent, filed, back, asked, told]


@task(task_display_name="Đóng ngày", trigger_rule="none_failed")
def close_day(day: dict, found: dict, report: list) -> dict:
    return steps().close_day(day, found, report)


@task(task_display_name="Canh lỗi", trigger_rule="one_failed")
def watcher() -> None:
    raise AirflowFailException("Có ô hỏng: lượt chạy không được coi là xong, dù báo cáo đã lập. Xem ô đỏ phía trước.")


def letters_of(campaign: Campaign) -> Asset:
    """Return what says that a day's letters are drafted: the sign-off runs on it."""
    return Asset(name=f"{campaign.code}.letters", uri=f"dondoc://{campaign.code}/letters")
