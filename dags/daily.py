"""Việc hằng ngày của một đợt: mỗi ngày làm việc một lần, vào giờ của đợt.

Máy chủ, cơ sở dữ liệu hay Airflow ngừng ít phút thì ô tự chạy lại, tối đa năm lần, lâu dần.

**Khi có ô đỏ**: mở ô đó, xem nhật ký và tìm dòng nói sai ở đâu, cách xử lý. Sửa xong, bấm *Clear* ở ô đó để chạy tiếp:
chạy lại không soạn trùng thư xin lỗi và không gửi thư lần hai. Sửa `campaign.yaml`, lịch, hồ sơ nguồn hay mẫu thì
*Clear* từ ô “Mở ngày”: các ô sau chỉ đọc bản đã ghim lúc mở ngày.

**Ô “Gửi …” bị bỏ qua** là bình thường khi đợt ở chế độ xem trước: mở
`out/<đợt>/<ngày>/mail/index.html` để xem mọi thư của ngày. Thư mà máy chủ hẹn lại không làm ô đỏ:
dòng “Thư hẹn lại” gửi tiếp, nhật ký của ô ghi còn mấy thư chờ.

**Ô “Cổng kiểm soát” bị bỏ qua** nghĩa là cổng đóng: thư bị giữ, báo cáo và thư xin lỗi vẫn được soạn. Mở ô đó, mục
*Mapped Tasks*: mỗi dòng là một cổng và lý do. Sửa nguồn rồi chạy lại cả ngày; hoặc, khi dữ liệu vốn đúng, *Trigger*
lại ngày đó và điền phần “Mở cổng”.

**Ngày cuối** chạy hai lượt: lượt sáng như mọi ngày, lượt sau lập **báo cáo cuối cùng**. Ở lượt sau, ô “Lấy nguồn” đỏ
thì ô “Bù nguồn thiếu” lấy số liệu gần nhất, báo cáo vẫn đi, trang đầu ghi CHƯA ĐỦ; ô “Canh lỗi” đỏ để lượt không xanh.
Quá giờ mà báo cáo chưa đi, dòng “Canh hạn báo cáo cuối cùng” báo cho người vận hành.
"""

import re
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pendulum
from airflow.sdk import (
    DAG,
    Asset,
    BaseHook,
    Connection,
    Param,
    dag,
    get_current_context,
    task,
)
from airflow.sdk.exceptions import AirflowFailException, AirflowNotFoundException, AirflowSkipException

from dondoc.actor import Actor
from dondoc.campaign import ALL_GATES, EVERY_GATE, GATES, Campaign, campaign_folders, load_calendar, load_campaign
from dondoc.campaign.ending import run_slots
from dondoc.errors import DondocError, MailError, SourceError
from dondoc.installation import Installation
from dondoc_retries_plugin import PATIENT
from dondoc_timetable_plugin import WorkingDayTimetable

if TYPE_CHECKING:
    from dondoc.mail.account import SmtpAccount
    from dondoc.sources.account import ApiAccount

INSTALLATION = Installation.from_environment()
SMTP_CONNECTION = "dondoc_smtp"
COMMON = {
    "max_active_runs": 1,
    "catchup": False,
    "default_args": {"owner": "Văn phòng", **PATIENT},
    "doc_md": __doc__,
}
# Who triggers what `airflow dags test` runs: that is for looking, and mails nobody but a rehearsal's catcher.
DAG_TEST = "dag_test"
OVERRIDE = "Mở cổng kiểm soát đang đóng"
PARAMS = {
    "business_date": Param(
        None, type=["null", "string"], format="date", title="Ngày làm việc", description="Để trống: ngày của lượt chạy."
    ),
    "mode": Param(
        "campaign",
        enum=["campaign", "preview", "armed"],
        values_display={"campaign": "Theo cấu hình đợt", "preview": "Xem trước", "armed": "Gửi thư"},
        title="Chế độ thư",
    ),
    "override_gates": Param(
        [],
        type="array",
        items={"type": "string", "enum": [*GATES, ALL_GATES]},
        examples=[*GATES, ALL_GATES],
        values_display=GATES | {ALL_GATES: EVERY_GATE},
        title="Mở cổng: những cổng nào",
        description="Chỉ cho ngày này. Để trống: theo kết quả kiểm soát.",
        section=OVERRIDE,
    ),
    "override_by": Param(
        None,
        type=["null", "string"],
        title="Mở cổng: tên người quyết định",
        description="Ghi thêm bên cạnh tài khoản đang đăng nhập.",
        section=OVERRIDE,
    ),
    "override_reason": Param(None, type=["null", "string"], title="Mở cổng: lý do", section=OVERRIDE),
    "armed_by": Param(
        None,
        type=["null", "string"],
        title="Người cho phép gửi thư",
        description="Họ tên, ghi thêm bên cạnh tài khoản đang đăng nhập; tài khoản ấy mới là người cho phép.",
    ),
}


def steps() -> ModuleType:
    # pandas and Word load where a task runs, not each time the scheduler reads this file.
    from dondoc.daily import steps

    return steps


@task(task_display_name="Mở ngày")
def open_day(campaign: str, timezone: str) -> dict:
    context = get_current_context()
    run, params = context["dag_run"], context["params"]
    slot = pendulum.instance(run.logical_date or run.run_after).in_timezone(timezone)
    day = steps().day_ref(
        campaign, params["business_date"] or slot.to_date_string(), backfill=run.run_type == "backfill"
    )
    trial, remark = run.triggering_user_name == DAG_TEST, params["armed_by"] or ""
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


@task(task_display_name="Canh lỗi", trigger_rule="one_failed")
def watcher() -> None:
    raise AirflowFailException("Có ô hỏng: lượt chạy không được coi là xong, dù báo cáo đã lập. Xem ô đỏ phía trước.")


# What waits behind it goes on whatever became of what stands before it: one unit's trouble keeps no other back.
@task(trigger_rule="all_done")
def settled() -> None:
    return None


@task(task_display_name="Kiểm tra dữ liệu nguồn")
def gate(day: dict, snapshots: list) -> list:
    return steps().gate(day, snapshots)


@task(task_display_name="Rà soát", multiple_outputs=False)
def check(day: dict, snapshots: list) -> dict:
    return steps().check(day, snapshots)


@task(task_display_name="Cổng kiểm soát", map_index_template="{{ gate_label }}")
def show_gate(note: dict) -> None:
    get_current_context()["gate_label"] = note["label"]
    if note["closed"]:
        raise AirflowSkipException(note["label"])


@task(task_display_name="Trả lại dòng bị loại")
def return_rejected(day: dict, snapshots: list) -> dict:
    return steps().return_rejected(day, snapshots)


@task
def listed(found: dict, what: str) -> list:
    return found[what]


@task(task_display_name="Soạn thư xin lỗi", map_index_template="{{ unit_name }}")
def draft_letters(day: dict, found: dict, batch: dict) -> dict:
    get_current_context()["unit_name"] = batch["label"]
    return steps().draft_letters(day, found, batch["units"])


@task(task_display_name="Soạn thư nhắc việc", map_index_template="{{ unit_name }}")
def compose_reminders(day: dict, found: dict, batch: dict) -> int:
    get_current_context()["unit_name"] = batch["label"]
    return steps().compose_reminders(day, found, batch["units"])


@task(task_display_name="Soạn thư tổng hợp cho lãnh đạo", trigger_rule="none_failed")
def compose_digest(day: dict, found: dict) -> int:
    return steps().compose_digest(day, found)


@task(task_display_name="Lập báo cáo", trigger_rule="none_failed")
def write_report(day: dict, found: dict) -> list:
    return steps().write_report(day, found)


@task(task_display_name="Soạn thư kết thúc đợt")
def compose_closing(day: dict, found: dict) -> int:
    if not (written := steps().compose_closing(day, found)):
        raise AirflowSkipException("Chưa qua hạn của đợt, hoặc mọi đơn vị đã nhận thư kết thúc.")
    return written


@task(task_display_name="Nhắc trình ký")
def remind_leader(day: dict) -> int:
    return steps().remind_leader(day)


# What the server puts off is offered again by `waiting_mail.py`, so that no mail keeps the day's run alive.
@task(trigger_rule="none_failed")
def send(day: dict, kind: str) -> dict:
    if held := steps().why_held(day, kind):
        raise AirflowSkipException(f"Không gửi thư: {held}.")
    return steps().send_mail(day, kind, mail_account)


@task(task_display_name="Đóng ngày", trigger_rule="none_failed")
def close_day(day: dict, found: dict, report: list) -> dict:
    return steps().close_day(day, found, report)


def connection(name: str, error: type[DondocError], what: str, remedy: str) -> Connection:
    try:
        return BaseHook.get_connection(name)
    except AirflowNotFoundException as missing:
        raise error(what, where=f"Airflow, Admin > Connections, {name}", remedy=remedy) from missing


def mail_account() -> "SmtpAccount":
    from dondoc.mail.account import SmtpAccount

    remedy = "thêm kết nối loại SMTP với tên này: máy chủ, cổng, tài khoản."
    found = connection(SMTP_CONNECTION, MailError, "Chưa khai báo tài khoản gửi thư.", remedy)
    return SmtpAccount.of_connection(found.host, found.port, found.login, found.password, found.extra_dejson)


def source_account(name: str) -> "ApiAccount":
    from dondoc.sources.account import ApiAccount

    remedy = "thêm kết nối loại HTTP với tên này: máy chủ, tài khoản, mật khẩu hoặc mã truy cập."
    return ApiAccount.of_connection(connection(name, SourceError, "Chưa khai báo kết nối tới nguồn.", remedy))


def daily(campaign: Campaign, slots: list[datetime]) -> DAG:
    """Return the campaign's daily DAG, run at `slots`."""

    @dag(
        dag_id=f"{campaign.code}.daily",
        dag_display_name=f"Đôn đốc hằng ngày: {campaign.title}",
        description=f"Hạn: {campaign.deadline_reading}",
        schedule=WorkingDayTimetable(slots, presorted=True, description=f"Ngày làm việc {campaign.daily_at:%H:%M}"),
        tags=["Đôn Đốc", campaign.code],
        params=PARAMS,
        **COMMON,
    )
    def flow() -> None:
        day = open_day(campaign.code, campaign.timezone)
        pulled = pull.partial(day=day).expand(source=[source.name for source in campaign.sources])
        taken = gate(day, stand_in(day, pulled))
        found = check(day, taken)
        show_gate.expand(note=listed.override(task_id="gates", task_display_name="Kết quả các cổng")(found, "gates"))
        owing = listed.override(task_id="units_owing", task_display_name="Đơn vị phải xin lỗi")(found, "letters")
        behind = listed.override(task_id="units_behind", task_display_name="Đơn vị nhận thư")(found, "reminders")
        letters = draft_letters.partial(day=day, found=found).expand(batch=owing)
        reminders = compose_reminders.partial(day=day, found=found).expand(batch=behind)
        # What the letters' drafting holds back is told to the leaders on the same day.
        drafting_done = settled.override(task_id="letters_done", task_display_name="Soạn xong thư xin lỗi")()
        reminding_done = settled.override(task_id="reminders_done", task_display_name="Soạn xong thư nhắc việc")()
        reminders >> reminding_done
        [reminding_done, drafting_done] >> (digest := compose_digest(day, found))
        returned = return_rejected(day, taken)
        drafted = Asset(name=f"{campaign.code}.letters", uri=f"dondoc://{campaign.code}/letters")
        closing = compose_closing(day, found)
        # The report counts the letters, no mail; and a letter that cannot be drafted does not hold it back: the watcher
        # keeps the run from being green.
        letters >> drafting_done >> (report := write_report.override(outlets=[drafted])(day, found))
        composed = settled.override(task_id="mails_composed", task_display_name="Soạn xong thư trong ngày")()
        sent = send.override(task_id="send_reminders", task_display_name="Gửi thư nhắc việc")(day, "reminder")
        filed = send.override(task_id="send_report", task_display_name="Gửi báo cáo")(day, "report")
        back = send.override(task_id="send_returns", task_display_name="Gửi trả dòng bị loại")(day, "quarantine")
        given_back = settled.override(task_id="returns_written", task_display_name="Soạn xong thư trả dòng")()
        asked = send.override(task_id="send_signoff", task_display_name="Gửi nhắc trình ký")(day, "signoff")
        told = send.override(task_id="send_closing", task_display_name="Gửi thư kết thúc đợt")(day, "closing")
        found >> returned >> given_back
        drafting_done >> (leader := remind_leader(day))
        [digest, closing] >> composed
        # What an earlier attempt planned does not leave where the checks fail.
        [found, composed] >> sent, report >> filed, leader >> asked, [found, composed] >> told
        [found, given_back] >> back
        [sent, filed, back, asked, told] >> close_day(day, found, report)
        [pulled, letters, reminders, digest, closing, returned] >> watcher()

    return flow()


def broken(code: str, error: DondocError) -> DAG:
    """Return a DAG that stands in for a campaign whose configuration is wrong: the others run on, and this is seen."""

    @dag(
        # A folder may bear any name; a DAG may not, and one that cannot be made would take the others with it.
        dag_id=f"{re.sub(r'[^A-Za-z0-9.-]', '-', code)}.daily",
        dag_display_name=f"⚠ {code}: cấu hình sai",
        schedule=None,
        tags=["Đôn Đốc", "cấu hình sai"],
        **COMMON | {"doc_md": f"```\n{error}\n```\nGõ lệnh `check {code}` để xem mọi lỗi."},
    )
    def flow() -> None:
        @task(task_display_name="Cấu hình sai")
        def configuration() -> None:
            # Word and the readers of sources load where the task runs.
            from dondoc.commands.check import check_campaign

            told = check_campaign(Installation.from_environment(), code)
            raise AirflowFailException(told.refusal or "Cấu hình đã sửa xong: đợi ít phút để Airflow đọc lại.")

        configuration()

    return flow()


def build(folder: Path) -> DAG:
    """Return the DAG of the campaign in `folder`."""
    try:
        campaign = load_campaign(folder)
        calendar = load_calendar(INSTALLATION.include / "calendars" / f"{campaign.calendar}.yaml")
        slots = run_slots(campaign, calendar)
    except DondocError as error:
        return broken(folder.name, error)
    return daily(campaign, [pendulum.instance(slot) for slot in slots])


for folder in campaign_folders(INSTALLATION.campaigns):
    globals()[folder.name] = build(folder)
