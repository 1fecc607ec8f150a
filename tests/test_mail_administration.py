"""The operator's mail commands, on the sample campaign's own day."""

import email
import email.policy
import json
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from sqlalchemy import select, update
from tests.mail import post
from tests.mail.sink import Behaviour, Sink
from tests.people import LE_VAN_A

from dondoc.__main__ import main
from dondoc.actor import Actor
from dondoc.daily import dispatch, steps
from dondoc.files import sha256_of
from dondoc.installation.workplace import Workplace
from dondoc.ledger import outbox
from dondoc.ledger.outbox import PlannedMail
from dondoc.ledger.store import open_ledger
from dondoc.ledger.tables import audit
from dondoc.ledger.tables import outbox as table
from dondoc.mail.account import SmtpAccount
from dondoc.mail.guards import send_window

KEY = "report|hai-phong-2023|2023-11-14|VP|a@bql-haiphong.example.vn|1"
NAMED = ["--by", "Lê Văn A", "--reason", "gọi điện hỏi"]


@pytest.fixture
def rehearsed(rehearse):
    """Return the workplace of the sample day, rehearsed and armed, with one report waiting."""
    rehearse("2023-11-14")
    ref = steps.open_day(steps.day_ref("hai-phong-2023", "2023-11-14"), mode="armed", by=LE_VAN_A)
    place = Workplace.of(ref)
    content = post.content_of("k")
    place.out.mkdir(exist_ok=True)
    (place.out / "k.eml").write_bytes(content)
    recipient, identity = KEY.split("|")[4], post.message_id("k", post.SENDER)
    names = (KEY, "hai-phong-2023", place.day.business_date, "report", "VP", recipient, identity, "k.eml")
    mail = PlannedMail(*names, sha256_of(content), *send_window(place.day))
    outbox.plan_mails(place.ledger, [outbox.Entry(mail, None, "khac.eml")])
    return place


@pytest.fixture
def server(monkeypatch):
    with Sink() as sink:
        account = {"host": "127.0.0.1", "port": sink.port, "extra": {"disable_ssl": True, "disable_tls": True}}
        monkeypatch.setenv("AIRFLOW_CONN_DONDOC_SMTP", json.dumps(account))
        yield sink


def send():
    return main(["mail", "send", "hai-phong-2023", "2023-11-14", "report"])


def set_state(place, state):
    with place.ledger.begin() as connection:
        connection.execute(update(table).values(state=state))


def test_a_stopped_installation_sends_nothing_until_it_is_resumed(rehearsed, server, capsys):
    assert main(["mail", "stop", *NAMED]) == 0
    assert send() == 0
    assert server.accepted == []
    main(["mail", "list"])
    assert f"ĐANG DỪNG GỬI THƯ: {Actor.of_process('Lê Văn A').words}: gọi điện hỏi" in capsys.readouterr().out
    main(["mail", "resume", *NAMED])
    for _ in range(3):
        send()
    assert len(server.accepted) == 1


def try_out(recipient="van-phong@bql-haiphong.example.vn"):
    return main(["mail", "try", "hai-phong-2023", recipient, "--by", "Lê Văn A"])


def test_a_trial_mail_goes_to_ones_own_mailbox_says_what_to_look_at_and_is_audited(rehearsed, server, capsys):
    assert try_out() == 0
    [content] = server.bodies
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert (message["To"], "[Thư thử]" in message["Subject"]) == ("van-phong@bql-haiphong.example.vn", True)
    assert "SPF" in message.get_body(("plain",)).get_content()
    assert "đã nhận thư thử gửi van-phong@bql-haiphong.example.vn" in capsys.readouterr().out
    with rehearsed.ledger.begin() as connection:
        [act] = connection.execute(select(audit).where(audit.c.action == "mail.tried")).all()
    assert act.actor == Actor.of_process("Lê Văn A").words


@pytest.mark.parametrize(
    ("recipient", "stopped", "told"),
    [
        pytest.param("ai@gmail.com", False, "Không gửi thử tới địa chỉ này", id="another domain"),
        pytest.param("van-phong@bql-haiphong.example.vn", True, "Đang dừng gửi mọi thư: gọi điện hỏi", id="stopped"),
    ],
)
def test_a_trial_mail_is_held_to_the_guards_of_all_mail(rehearsed, server, capsys, recipient, stopped, told):
    if stopped:
        main(["mail", "stop", *NAMED])
    assert try_out(recipient) == 1
    assert server.accepted == []
    assert told in capsys.readouterr().err


def test_a_trial_mail_the_server_refuses_is_told_in_its_words(rehearsed, server, capsys):
    server.behaviour = Behaviour(rcpt="550 5.1.1 no such user")
    assert try_out() == 1
    assert "Thư thử tới van-phong@bql-haiphong.example.vn không đi: 550 5.1.1 no such user" in capsys.readouterr().err


def test_who_sent_mail_by_hand_is_in_the_audit(rehearsed, server):
    assert send() == 0
    with rehearsed.ledger.begin() as connection:
        [act] = connection.execute(select(audit).where(audit.c.action == "mail.sent_by_hand")).all()
    assert (act.actor, act.subject) == (Actor.of_process().words, "hai-phong-2023 2023-11-14")


def test_a_person_decides_about_a_mail_in_doubt(rehearsed, server, capsys):
    set_state(rehearsed, "unknown")
    main(["mail", "list"])
    shown = capsys.readouterr().out
    assert "chưa rõ đã tới chưa: thư báo cáo ngày 14/11/2023, VP, tới a@bql-haiphong.example.vn" in shown
    assert f"khoá: {KEY}" in shown
    assert main(["mail", "resolve", KEY, "--resend", *NAMED]) == 0
    send()
    assert len(server.accepted) == 1
    assert main(["mail", "resolve", KEY, "--sent", *NAMED]) == 1, "it is sent: nothing to decide"


def test_nothing_is_sent_again_on_a_day_off(rehearsed, server, rehearse, capsys):
    set_state(rehearsed, "unknown")
    rehearse("2023-11-18")
    assert main(["mail", "resolve", KEY, "--resend", *NAMED]) == 1
    assert "Hôm nay là ngày nghỉ" in capsys.readouterr().err


@pytest.mark.parametrize("missing", [["--by", "A"], ["--reason", "x"], ["--by", " ", "--reason", "x"]])
def test_every_decision_has_a_name_and_a_reason(rehearsed, missing):
    assert main(["mail", "resolve", KEY, "--sent", *missing]) == 2


def test_the_relay_log_and_the_bounces_are_read_by_command(rehearsed, tmp_path, capsys):
    set_state(rehearsed, "unknown")
    log = tmp_path / "mail.log"
    identity = post.message_id("k", post.SENDER)
    taken = f"4F1A2B: message-id={identity}", "4F1A2B: to=<a>, status=sent (250 ok)"
    log.write_text("".join(f"Nov 24 08:00:0{n} mx postfix/smtp[1]: {line}\n" for n, line in enumerate(taken)))
    assert main(["mail", "reconcile", "--log", str(log)]) == 0
    assert main(["mail", "bounces", "--folder", str(tmp_path)]) == 0
    assert main(["mail", "bounces"]) == 1
    assert "Đã tới 1" in capsys.readouterr().out


@pytest.mark.fault(107)
def test_a_log_that_cannot_be_read_keeps_no_other_mail_waiting(rehearsed, server, tmp_path, monkeypatch, capsys):
    """While one mail is in doubt, the report of the last day still leaves."""
    monkeypatch.setenv("DONDOC_RELAY_LOG", str(tmp_path / "away.log"))
    set_state(rehearsed, "unknown")
    content = post.content_of("other")
    (rehearsed.out / "other.eml").write_bytes(content)
    recipient = "b@bql-haiphong.example.vn"
    names = (KEY.replace("a@", "b@"), "hai-phong-2023", rehearsed.day.business_date, "report", "VP", recipient)
    other = PlannedMail(
        *names, post.message_id("other", post.SENDER), "other.eml", sha256_of(content), *send_window(rehearsed.day)
    )
    outbox.plan_mails(rehearsed.ledger, [outbox.Entry(other, None, "khac.eml")])
    assert send() == 0
    assert server.accepted == [post.message_id("other", post.SENDER)]
    assert main(["mail", "reconcile"]) == 1
    said = capsys.readouterr().err
    assert f"{tmp_path / 'away.log'}: không có tệp này" in said
    assert "chờ người quyết 1" in said


def test_a_mail_put_off_waits_and_ends_the_step(rehearsed):
    with Sink(Behaviour(greylist=9)) as server:
        assert dispatch.send_planned(rehearsed, "report", lambda: post.account(server.port)) == {"deferred": 1}


def test_no_account_is_asked_for_when_nothing_waits(rehearsed):
    def account() -> SmtpAccount:
        raise AssertionError("asked")

    assert dispatch.send_planned(rehearsed, "reminder", account) == {}


@pytest.mark.fault(15)
def test_an_address_outside_the_offices_domain_is_held(rehearsed, server):
    with rehearsed.ledger.begin() as connection:
        connection.execute(update(table).values(recipient="a@elsewhere.vn"))
    send()
    assert server.accepted == []
    (row,) = outbox.list_uneasy(open_ledger(rehearsed.installation.ledger_url))
    assert (row.state, "@elsewhere.vn" in row.reason) == ("held", True)


@pytest.mark.fault(22)
def test_more_mails_than_the_campaign_allows_stop_before_the_first(rehearsed, server):
    cap, content = rehearsed.day.campaign.mail.caps.unit, post.content_of("k")
    for i in range(cap):
        names = (f"{KEY}{i}", "hai-phong-2023", rehearsed.day.business_date, "report", "VP", f"{i}{KEY.split('|')[4]}")
        mail = PlannedMail(*names, f"<{i}@x.vn>", "k.eml", sha256_of(content), *send_window(rehearsed.day))
        outbox.plan_mails(rehearsed.ledger, [outbox.Entry(mail, None, "khac.eml")])
    send()
    assert server.accepted == []
    rows = outbox.list_uneasy(open_ledger(rehearsed.installation.ledger_url))
    assert {row.state for row in rows} == {"held"}
    assert f"{cap + 1} thư cho đơn vị VP trong ngày, vượt mức {cap}" in rows[0].reason


@pytest.mark.fault(14)
@pytest.mark.parametrize(("rehearsal", "hours"), [(False, (0, 10)), (True, (-7, 17))])
def test_the_window_is_the_offices_hours_and_all_day_in_a_rehearsal(place, rehearsal, hours):
    day = replace(place.day, rehearsal=rehearsal)
    midnight = datetime.combine(day.business_date, time.min, UTC)
    assert tuple((end - midnight).total_seconds() / 3600 for end in send_window(day)) == hours


def test_a_day_that_was_not_run_has_no_mail_to_send(rehearsed, capsys):
    assert main(["mail", "send", "hai-phong-2023", "13/11/2023", "report"]) == 1
    assert "chưa chạy ngày 13/11/2023: không có thư nào chờ gửi." in capsys.readouterr().err
