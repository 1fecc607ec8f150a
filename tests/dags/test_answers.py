"""The DAG that takes in answers, run by Airflow: a folder, a mailbox, and a server that takes the receipts."""

import json

import pytest
from tests.answers import imap
from tests.answers.conftest import AT, BOTH, CODE, OPEN, SERVER, TODAY, filled, write
from tests.answers.test_post import message
from tests.mail.sink import Sink

from dondoc.ledger import answers
from dondoc.ledger.store import open_ledger
from dondoc.ledger.workbooks import issue_workbooks, token_key


@pytest.fixture
def armed(own_campaigns, turn_to):
    """Let the campaign send its mail and read a mailbox; today is a day of the campaign."""
    path = own_campaigns / CODE / "campaign.yaml"
    text = path.read_text().replace("mode: preview", "mode: armed\n  armed_by: Lê Văn A")
    path.write_text(text.replace("every_minutes: 15", f"mailbox: dondoc_answers\n  authserv_id: {SERVER}"))
    turn_to(TODAY.isoformat())


@pytest.fixture
def server(monkeypatch):
    with Sink() as sink:
        account = {"conn_type": "smtp", "host": "127.0.0.1", "port": sink.port}
        extra = {"extra": {"disable_ssl": True, "disable_tls": True}}
        monkeypatch.setenv("AIRFLOW_CONN_DONDOC_SMTP", json.dumps(account | extra))
        yield sink


@pytest.fixture
def answer(place):
    """Issue a workbook; return what fills it in."""
    ledger = open_ledger(place.installation.ledger_url)
    content, issued = write(place.day, key=token_key(ledger))
    issue_workbooks(ledger, [issued], at=AT)
    folder = place.installation.answers_folder(CODE)
    folder.mkdir(parents=True)

    def fill(number, path=None, **values):
        done = filled(content, {number: values})
        return (folder / path).write_bytes(done) if path else done

    return fill


def mailbox_at(monkeypatch, port):
    box = {"conn_type": "imap", "host": "127.0.0.1", "port": port, "login": "don-doc", "password": "secret"}
    monkeypatch.setenv("AIRFLOW_CONN_DONDOC_ANSWERS", json.dumps(box | {"extra": {"use_ssl": False}}))


def states(run):
    return {instance.task_id: str(instance.state) for instance in run.get_task_instances()}


def said(place):
    rows = answers.accepted(open_ledger(place.installation.ledger_url), campaign=CODE, as_of=TODAY)
    return {(row.number, row.field): row.value for row in rows}


def test_answers_from_folder_and_mailbox_are_taken_in_and_their_receipts_sent(
    armed, server, answer, dags, place, monkeypatch
):
    answer(OPEN, "tra-loi.xlsx", reason_words="chờ ý kiến của sở")
    mailbox_at(monkeypatch, imap.Mailbox(message(answer(BOTH, file_code="01.KHTC"))).port)
    run = dags[f"{CODE}.answers"].test()
    assert (str(run.state), set(states(run).values())) == ("success", {"success"})
    assert said(place) == {(OPEN, "reason"): "chờ ý kiến của sở", (BOTH, "file_code"): "01.KHTC"}
    assert len(server.accepted) == 2


def test_a_mailbox_out_of_order_makes_the_run_red_and_holds_up_nobody_else(
    armed, server, answer, dags, place, monkeypatch
):
    answer(OPEN, "tra-loi.xlsx", reason_words="chờ ý kiến của sở")
    monkeypatch.delenv("AIRFLOW_CONN_DONDOC_ANSWERS", raising=False)
    run = dags[f"{CODE}.answers"].test()
    found = states(run)
    assert (str(run.state), found["take_mail"], found["send_receipts"]) == ("failed", "failed", "success")
    assert (len(said(place)), len(server.accepted)) == (1, 1)
