"""The last day, backfills and the mailroom, as Airflow runs them."""

from datetime import date

import pendulum
import pytest
from tests.dags.mails import SENDING
from tests.daily.campaign_days import write_campaign
from tests.mail import post
from tests.people import LE_VAN_A
from tests.report.conftest import check_day

from dondoc.installation import Installation
from dondoc.ledger import outbox, runs
from dondoc.ledger.runs import find_run
from dondoc.ledger.store import open_ledger

CODE, LAST = "hai-phong-2023", "2023-11-16"


def states(run):
    return {ti.task_id: str(ti.state) for ti in run.get_task_instances()}


@pytest.mark.fault(57, 78)
def test_on_the_last_day_a_missing_source_colours_the_run_red_and_the_report_leaves_marked(
    run_day, catcher, rehearse, monkeypatch
):
    rehearsed = rehearse("2023-11-15")
    check_day("2023-11-15")
    rehearse(LAST)
    monkeypatch.setenv("DONDOC_SOURCE_WORK", "/nowhere/work.xlsx")
    run = run_day(CODE, LAST, mode="armed")
    shown = states(run)
    assert str(run.state) == "failed"
    assert {name: shown[name] for name in ("watcher", "stand_in", "send_report", "close_day")} == {
        "watcher": "failed", "stand_in": "success", "send_report": "success", "close_day": "success",
    }  # fmt: skip
    assert sorted(str(ti.state) for ti in run.get_task_instances() if ti.task_id == "pull") == ["failed", "success"]
    assert {shown[name] for name in SENDING if name != "send_report"} == {"skipped"}
    [report] = catcher
    assert report["Subject"].startswith("[DIỄN TẬP] [Báo cáo cuối cùng] [CHƯA ĐỦ]")
    ended = find_run(open_ledger(rehearsed.ledger_url), campaign=CODE, business_date=date(2023, 11, 16), kind="daily")
    assert (ended.state, ended.final_hold_reason) == ("failed", None), "a box is red: the run is not done"


@pytest.mark.fault(13, 113)
def test_a_backfill_run_in_airflow_sends_nothing_even_about_today(dags, catcher, replayed, rehearse):
    from airflow.utils.types import DagRunType

    def backfilled(*, dag, session, run_id, triggered_by, **values):
        values |= {"run_type": DagRunType.BACKFILL_JOB, "state": "running", "triggered_by": triggered_by}
        return dag.create_dagrun(run_id=f"backfill__{values['logical_date'].isoformat()}", session=session, **values)

    rehearsed = rehearse(LAST)
    replayed(backfilled)
    at = pendulum.datetime(2023, 11, 16, 7, 30, tz="Asia/Ho_Chi_Minh")
    run = dags[f"{CODE}.daily"].test(logical_date=at, run_conf={"mode": "armed", "armed_by": "Lê Văn A"})
    assert (str(run.run_type), str(run.state)) == ("backfill", "success")
    assert {states(run)[name] for name in SENDING} == {"skipped"}
    assert list(catcher) == []
    kinds = [find_run(open_ledger(rehearsed.ledger_url), campaign=CODE, business_date=at.date(), kind=kind)
             for kind in ("backfill", "daily")]  # fmt: skip
    assert (kinds[0].hold_reason, kinds[1]) == ("chạy bù: chỉ tính toán, không gửi thư", None)


def test_the_deadline_stands_in_airflow_when_the_last_days_run_begins(dags, installation):
    from airflow.models.deadline import Deadline
    from airflow.utils.session import create_session
    from airflow.utils.types import DagRunTriggeredByType, DagRunType
    from sqlalchemy import select
    from tests.dags.stored import stored

    at = pendulum.datetime(2023, 11, 16, 14, 0, tz="Asia/Ho_Chi_Minh")
    with create_session() as session:
        run = stored(f"{CODE}.deadline", session).create_dagrun(
            run_id="scheduled__last", logical_date=at, data_interval=(at, at), run_after=at, state="queued",
            run_type=DagRunType.SCHEDULED, triggered_by=DagRunTriggeredByType.TEST, session=session,
        )  # fmt: skip
        session.flush()
        found = session.scalars(select(Deadline).where(Deadline.dagrun_id == run.id)).all()
        times = sorted(one.deadline_time.astimezone(at.tzinfo).strftime("%d %H:%M") for one in found)
        paths = {one.callback.data["path"] for one in found}
        session.rollback()
    assert (times, paths) == (["16 15:15", "16 16:00"], {"dondoc_airflow.alarm.tell_by_deadline"})


@pytest.mark.fault(104)
def test_a_moved_deadline_wakes_the_schedule_of_a_campaign_that_was_over(own_campaigns, monkeypatch):
    from airflow.models.dag import DagModel
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from airflow.utils.types import DagRunTriggeredByType, DagRunType
    from sqlalchemy import delete
    from tests.dags.stored import stored

    write_campaign(own_campaigns)
    now = pendulum.datetime(2025, 5, 6, 8, 0, tz="Asia/Ho_Chi_Minh")
    last_slots = {"daily": now.replace(day=5, hour=7, minute=30), "deadline": now.replace(month=4, day=29, hour=14)}
    monkeypatch.setattr(pendulum, "now", lambda: now)
    with create_session() as session:
        for name, at in last_slots.items():
            stored(f"{CODE}.{name}", session).create_dagrun(
                run_id="scheduled__over", logical_date=at, data_interval=(at, at), run_after=at, state="success",
                run_type=DagRunType.SCHEDULED, triggered_by=DagRunTriggeredByType.TEST, session=session,
            )  # fmt: skip
        session.commit()
        write_campaign(own_campaigns, deadline=date(2025, 5, 9), final_report_at="2025-05-09 16:00")
        stored(f"{CODE}.daily", session)
        session.expire_all()
        found = {name: session.get(DagModel, f"{CODE}.{name}").next_dagrun_create_after for name in last_slots}
        session.execute(delete(DagRun).where(DagRun.run_id == "scheduled__over"))
        session.commit()
    shown = {name: f"{at.astimezone(now.tzinfo):%d %H:%M}" for name, at in found.items()}
    assert shown == {"daily": "06 07:30", "deadline": "09 14:00"}


def test_a_days_test_run_mails_nobody_even_about_today(run_day, catcher, installation, monkeypatch):
    at = pendulum.datetime(2023, 11, 14, 9, 0, tz="Asia/Ho_Chi_Minh")
    monkeypatch.setattr(Installation, "now", lambda _self, _zone: at)
    run = run_day(CODE, "2023-11-14", mode="armed")
    ended = find_run(open_ledger(installation.ledger_url), campaign=CODE, business_date=at.date(), kind="daily")
    assert (str(run.state), ended.hold_reason) == ("success", "chạy thử (dags test): không gửi thư")
    assert list(catcher) == []


def test_the_mailroom_settles_by_the_relays_log_and_tells_what_it_found(installation, tmp_path, monkeypatch, request):
    log = tmp_path / "mail.log"
    log.write_text("Nov 14 08:00:00 mx postfix/smtp[1]: starting\n")
    monkeypatch.setenv("DONDOC_RELAY_LOG", str(log))
    found = states(request.getfixturevalue("dags")["mailroom"].test())
    assert found == {"settle": "success", "take_bounces": "skipped"}


def test_what_a_server_put_off_leaves_by_a_dag_of_its_own(dags, catcher, installation, monkeypatch):
    at = pendulum.datetime(2023, 11, 14, 9, 0, tz="Asia/Ho_Chi_Minh")
    monkeypatch.setattr(Installation, "now", lambda _self, _zone: at)
    ledger = open_ledger(installation.ledger_url)
    opened = {"campaign": CODE, "business_date": at.date(), "kind": "daily", "mode": "armed", "hold_reason": None}
    runs.close_run(ledger, runs.open_run(ledger, armed_by=LE_VAN_A, **opened).id)
    window = {"not_before": at.in_timezone("UTC"), "not_after": at.add(hours=1).in_timezone("UTC")}
    to = {"campaign": CODE, "business_date": at.date(), "recipient": "van-phong@bql-haiphong.example.vn"}
    outbox.plan_mails(ledger, [outbox.Entry(post.a_mail(installation.out, "k", **to, **window), None, "x")])
    run = dags["waiting_mail"].test()
    assert {str(ti.rendered_map_index): str(ti.state) for ti in run.get_task_instances()} == {
        f"{CODE}: đã gửi 1, còn chờ 0": "success", "boston-311-2015": "skipped",
    }  # fmt: skip
    assert len(list(catcher)) == 1


def test_the_mailroom_skips_what_the_office_did_not_declare(dags, installation):
    assert states(dags["mailroom"].test()) == {"settle": "skipped", "take_bounces": "skipped"}
