"""The daily DAG, run by Airflow on the sample."""

import io
import json
import re
import shutil
from contextlib import redirect_stdout
from datetime import date, timedelta

import pytest
from tests.dags.mails import SENDING, caught, read_message

from dondoc.actor import Actor
from dondoc.commands.outcome import print_outcome
from dondoc.ledger.runs import find_run
from dondoc.ledger.store import open_ledger

DAY = "2023-11-14"


@pytest.fixture
def folder(installation):
    return installation.out / "hai-phong-2023" / DAY


@pytest.fixture
def truth(installation):
    path = installation.campaigns / "hai-phong-2023" / "sample" / "truth.json"
    return json.loads(path.read_text(encoding="utf-8"))


def states(run):
    return {ti.task_id: ti.state for ti in run.get_task_instances()}


def summary(folder):
    return json.loads((folder / "summary.json").read_text(encoding="utf-8"))


def files(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


@pytest.mark.fault(54, 56)
def test_every_dag_says_whose_it_is_and_what_to_do(dags):
    campaigns = ("hai-phong-2023", "boston-311-2015")
    mine = ("daily", "signoff", "answers", "deadline")
    assert set(dags) == {f"{code}.{name}" for code in campaigns for name in mine} | {"mailroom", "waiting_mail"}
    assert {dag.max_active_runs for name, dag in dags.items() if name.endswith(".daily")} == {1}
    for daily in (dag for name, dag in dags.items() if name.endswith(".daily")):
        # What tests/daily/test_due_hours.py plays: no source of a day is asked again for longer.
        pull = daily.get_task("pull")
        assert (pull.retries, pull.retry_delay) == (3, timedelta(minutes=1))
    for dag in dags.values():
        assert (dag.owner, dag.catchup) == ("Văn phòng", False)
        assert "Đôn Đốc" in dag.tags
        assert "ô đỏ" in dag.doc_md
        assert all(re.search("[À-ỹ]", task.task_display_name) for task in dag.tasks)


@pytest.fixture(scope="module")
def day_run(one_day):
    return one_day("hai-phong-2023", DAY)


def test_a_day_leaves_what_the_generator_knows_to_be_true(day_run, truth):
    run, out = day_run
    folder = out / "hai-phong-2023" / DAY
    found = summary(folder)
    assert run.state == "success"
    assert states(run)["send_reminders"] == states(run)["send_report"] == "skipped"
    for source in found["sources"]:
        assert {name: source[name] for name in truth["sources"][source["name"]]} == truth["sources"][source["name"]]
    units = {unit["code"]: unit for unit in found["units"]}
    for code, expected in truth["units"].items():
        assert {name: units[code][name] for name in expected} == expected, code
    assert {path.stem for path in folder.glob("letters/*/*.docx")} == set(truth["apology_owed"])
    assert found["mails"]["held"] == found["mails"]["planned"] == len(list(folder.glob("mail/*.eml")))
    assert all((folder / path).exists() for path in found["report"])


def test_a_day_run_again_changes_nothing(day_run, run_day, installation, folder):
    shutil.copytree(day_run[1], installation.out, dirs_exist_ok=True)
    before = files(folder)
    run_day("hai-phong-2023", DAY)
    assert files(folder) == before


@pytest.fixture(scope="module")
def armed_day(one_day, tmp_path_factory):
    """Run an armed rehearsal of the day; return its run, what it left, and what a server took."""
    with caught(tmp_path_factory.mktemp("armed") / "mailbox") as box:
        run, out = one_day("hai-phong-2023", DAY, mode="armed")
        return run, out, list(box)


@pytest.fixture
def rehearsed(rehearse):
    """Return the installation of a rehearsal of the sample day."""
    return rehearse(DAY)


@pytest.fixture
def rehearsed_folder(rehearsed):
    return rehearsed.out / "hai-phong-2023" / DAY


@pytest.fixture
def after_armed(armed_day, rehearsed):
    """Let the test begin where the armed rehearsal ended; return its run."""
    shutil.copytree(armed_day[1], rehearsed.out, dirs_exist_ok=True)
    return armed_day[0]


def test_an_armed_rehearsal_sends_each_mail_once(armed_day, after_armed, run_day, rehearsed_folder, catcher):
    folder, sent = rehearsed_folder, armed_day[2]
    assert len(sent) == summary(folder)["mails"]["sent"] == summary(folder)["mails"]["planned"] > 5
    assert all(message["Subject"].startswith("[DIỄN TẬP]") for message in sent)
    assert len({message["Message-ID"] for message in sent}) == len(sent)
    for mode in ("preview", "armed"):
        run_day("hai-phong-2023", DAY, mode=mode)
    assert list(catcher) == []


@pytest.mark.fault(12)
def test_clearing_the_mail_tasks_twice_sends_nothing_more(after_armed, dags, catcher, replayed):
    from airflow.models.dagrun import DagRun
    from airflow.models.taskinstance import clear_task_instances

    def cleared(*, dag, session, **_):
        again = session.get(DagRun, after_armed.id)
        again.dag = dag
        mails = [ti for ti in again.get_task_instances(session=session) if ti.task_id in SENDING]
        clear_task_instances(mails, session, dag_run_state="running")
        session.commit()
        return again

    replayed(cleared)
    for _ in range(2):
        again = dags["hai-phong-2023.daily"].test()
        assert {ti.task_id: ti.try_number for ti in again.get_task_instances()}["send_reminders"] > 1
        assert str(again.state) == "success"
    assert list(catcher) == []


@pytest.mark.fault(13)
def test_an_old_day_run_again_never_mails(run_day, folder, catcher):
    run_day("hai-phong-2023", DAY, mode="armed")
    assert list(catcher) == []
    assert "không phải hôm nay" in summary(folder)["mails"]["hold_reason"]


@pytest.fixture(scope="module")
def stale_day(one_day, tmp_path_factory):
    """Rehearse the day after a day that left the very same files; return its run, what it left, took, and told."""
    _, before = one_day("hai-phong-2023", "2023-11-13")
    told = io.StringIO()
    with caught(tmp_path_factory.mktemp("stale") / "mailbox") as box, redirect_stdout(told):
        run, out = one_day("hai-phong-2023", DAY, after=before, mode="armed")
        return run, out / "hai-phong-2023" / DAY, list(box), told.getvalue()


def test_a_closed_gate_holds_the_mail_and_is_seen(stale_day, truth):
    run, folder, sent, told = stale_day
    assert run.state == "success"
    sending = {name: state for name, state in states(run).items() if name.startswith("send_")}
    assert (set(sending.values()), len(sending)) == ({"skipped"}, 5)
    shown = [ti for ti in run.get_task_instances() if ti.task_id == "show_gate"]
    assert {ti.state for ti in shown} == {"skipped"}
    assert {ti.rendered_map_index.split(":")[0] for ti in shown} == {"ĐÓNG – nguồn cases", "ĐÓNG – nguồn work"}
    assert "Không gửi thư: cổng dữ liệu mới đóng: nguồn cases: dữ liệu giống hệt" in told
    assert list(folder.glob("letters/*/*.docx"))
    assert {path.stem for path in folder.parent.glob("*/letters/*/*.docx")} >= set(truth["apology_owed"])
    assert all((folder / path).exists() for path in summary(folder)["report"])
    assert sent == []


def test_a_held_report_says_why_it_is_held(stale_day):
    folder = stale_day[1]
    [path] = folder.glob("mail/bao-cao-*.eml")
    with path.open("rb") as file:
        body = read_message(file).get_body(("plain",)).get_content()
    assert "- nguồn work: dữ liệu giống hệt ngày 13/11/2023 (cùng một tệp)" in body
    closed = [gate for gate in summary(folder)["gates"] if not gate["open"]]
    assert {(gate["gate"], gate["overridden_by"]) for gate in closed} == {("freshness", None)}
    assert "cổng dữ liệu mới đóng" in summary(folder)["mails"]["hold_reason"]


def test_a_named_person_opens_the_gate_for_that_day(stale_day, run_day, rehearsed, rehearsed_folder, catcher, capsys):
    folder = rehearsed_folder
    shutil.copytree(stale_day[1].parents[1], rehearsed.out, dirs_exist_ok=True)
    reason = {"override_by": "Nguyễn Văn A", "override_reason": "một cửa không phát sinh"}
    run = run_day("hai-phong-2023", DAY, mode="armed", override_gates=["freshness"], **reason)
    assert {state for name, state in states(run).items() if name.startswith("send_")} == {"success"}
    labels = {ti.rendered_map_index for ti in run.get_task_instances() if ti.task_id == "show_gate"}
    by = Actor.of_process("Nguyễn Văn A").words
    assert all(f"mở theo quyết định của {by}: một cửa không phát sinh" in label for label in labels)
    mails = summary(folder)["mails"]
    assert (mails["hold_reason"], mails["sent"]) == (None, mails["planned"])
    assert len(list(catcher)) == mails["planned"] > 5
    assert print_outcome(rehearsed, "hai-phong-2023", date(2023, 11, 14)) == 0
    assert f"Cổng dữ liệu mới: mở theo quyết định của {by}" in capsys.readouterr().out


def test_a_decision_without_a_reason_stops_the_run(run_day, folder):
    run = run_day("hai-phong-2023", DAY, override_gates=["all"], override_by="Nguyễn Văn A")
    assert (run.state, states(run)["open_day"]) == ("failed", "failed")
    assert not (folder / "mail").exists()


def test_another_source_needs_no_code(run_day, installation):
    assert run_day("boston-311-2015", "2016-01-12").state == "success"
    found = summary(installation.out / "boston-311-2015" / "2016-01-12")
    assert found["units"][0]["cases_late"] > 100
    assert found["units"][0]["work_total"] == 0
    assert found["units"][1]["rate"] is None


@pytest.mark.fault(23)
def test_a_missing_source_stops_the_day_with_one_message(run_day, installation, folder, monkeypatch, capsys):
    monkeypatch.setenv("DONDOC_SOURCE_WORK", "/nowhere/work.xlsx")
    assert run_day("hai-phong-2023", DAY).state == "failed"
    row = find_run(
        open_ledger(installation.ledger_url), campaign="hai-phong-2023", business_date=date(2023, 11, 14), kind="daily"
    )
    assert (row.state, "/nowhere/work.xlsx" in row.error) == ("failed", True)
    assert not (folder / "letters").exists()
    assert not (folder / "mail").exists()
    assert print_outcome(installation, "hai-phong-2023", date(2023, 11, 14)) == 1
    told = capsys.readouterr().err
    assert "Không tìm thấy tệp nguồn" in told
    assert "Traceback" not in told


def test_a_wrong_campaign_is_seen_and_the_others_run(own_campaigns):
    from airflow.dag_processing.dagbag import DagBag

    path = own_campaigns / "boston-311-2015" / "campaign.yaml"
    path.write_text(path.read_text().replace("deadline: 2016", "dealine: 2016"))
    found = DagBag().dags
    assert found["boston-311-2015.daily"].dag_display_name.startswith("⚠")
    assert found["boston-311-2015.daily"].test().state == "failed"
    assert len(found["hai-phong-2023.daily"].tasks) > 5
