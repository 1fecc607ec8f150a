"""The daily DAG, run by Airflow on the sample."""

import email
import email.policy
import json
import mailbox
import re
from datetime import date

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from dondoc.ledger.runs import find_run
from dondoc.ledger.store import open_ledger
from dondoc.outcome import print_outcome

DAY = "2023-11-14"


@pytest.fixture
def folder(installation):
    return installation.out / "hai-phong-2023" / DAY


@pytest.fixture
def truth(installation):
    path = installation.campaigns / "hai-phong-2023" / "sample" / "truth.json"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def catcher(tmp_path, free_port, monkeypatch):
    """Return the mailbox of a real SMTP server, known to Airflow as `dondoc_smtp`."""
    account = {"conn_type": "smtp", "host": "127.0.0.1", "port": free_port}
    account["extra"] = {"disable_ssl": True, "disable_tls": True}
    monkeypatch.setenv("AIRFLOW_CONN_DONDOC_SMTP", json.dumps(account))
    controller = Controller(Mailbox(tmp_path / "mailbox"), hostname="127.0.0.1", port=free_port)
    controller.start()
    yield mailbox.Maildir(tmp_path / "mailbox", factory=read_message)
    controller.stop()


def read_message(file):
    return email.message_from_binary_file(file, policy=email.policy.default)


def states(run):
    return {ti.task_id: ti.state for ti in run.get_task_instances()}


def summary(folder):
    return json.loads((folder / "summary.json").read_text(encoding="utf-8"))


def files(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_every_dag_says_whose_it_is_and_what_to_do(dags):
    assert set(dags) == {"hai-phong-2023.daily", "boston-311-2015.daily"}
    for dag in dags.values():
        assert (dag.owner, dag.max_active_runs, dag.catchup) == ("Văn phòng", 1, False)
        assert "Đôn Đốc" in dag.tags
        assert "ô đỏ" in dag.doc_md
        assert all(re.search("[À-ỹ]", task.task_display_name) for task in dag.tasks)


def test_a_day_leaves_what_the_generator_knows_to_be_true(run_day, folder, truth):
    run = run_day("hai-phong-2023", DAY)
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


def test_a_day_run_again_changes_nothing(run_day, folder):
    run_day("hai-phong-2023", DAY)
    before = files(folder)
    run_day("hai-phong-2023", DAY)
    assert files(folder) == before


def test_an_armed_rehearsal_sends_each_mail_once(run_day, folder, catcher, monkeypatch):
    monkeypatch.setenv("DONDOC_REHEARSAL", DAY)
    run_day("hai-phong-2023", DAY, mode="armed")
    sent = list(catcher)
    assert len(sent) == summary(folder)["mails"]["sent"] == summary(folder)["mails"]["planned"] > 5
    assert all(message["Subject"].startswith("[DIỄN TẬP]") for message in sent)
    assert len({message["Message-ID"] for message in sent}) == len(sent)
    for mode in ("armed", "preview", "armed"):
        run_day("hai-phong-2023", DAY, mode=mode)
    assert len(list(catcher)) == len(sent)


def test_an_old_day_run_again_never_mails(run_day, folder, catcher):
    run_day("hai-phong-2023", DAY, mode="armed")
    assert list(catcher) == []
    assert "không phải hôm nay" in summary(folder)["mails"]["hold_reason"]


def test_another_source_needs_no_code(run_day, installation):
    assert run_day("boston-311-2015", "2016-01-12").state == "success"
    found = summary(installation.out / "boston-311-2015" / "2016-01-12")
    assert found["units"][0]["cases_late"] > 100
    assert found["units"][0]["work_total"] == 0
    assert found["units"][1]["rate"] is None


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
