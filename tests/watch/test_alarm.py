"""A round of the watchdog over a real ledger, with a real mail server as its second channel."""

import email
import email.policy
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from tests.daily.campaign_days import CODE, OPERATOR, Play, write_campaign
from tests.mail.sink import Behaviour, Sink
from tests.people import LE_VAN_A

from dondoc.__main__ import main
from dondoc.daily import steps
from dondoc.installation import Installation
from dondoc.ledger import alarms, days
from dondoc.ledger.control import set_switch
from dondoc.ledger.ending_tables import alarm
from dondoc.ledger.store import now, open_ledger
from dondoc.ledger.tables import outbox, run
from dondoc.watch.alarm import tell_by_deadline, watch


@pytest.fixture
def office(own_campaigns, tmp_path, monkeypatch):
    write_campaign(own_campaigns)
    found = Play(tmp_path / "sources", monkeypatch)
    found.turn_to("04-23 11:00")
    return found


@pytest.fixture
def channel(monkeypatch):
    with Sink() as sink:
        account = {"host": "127.0.0.1", "port": sink.port, "extra": {"disable_ssl": True, "disable_tls": True}}
        monkeypatch.setenv("DONDOC_ALARM_SMTP", json.dumps(account))
        yield sink


def read(body):
    return email.message_from_bytes(body, policy=email.policy.default)


def ledger():
    return open_ledger(Installation.from_environment().ledger_url)


def test_a_day_airflow_slept_through_is_told_by_a_channel_of_its_own(office, channel, capsys):
    assert main(["watch", CODE]) == 2
    assert "Ngày 22/04/2025 chưa có lượt chạy" in capsys.readouterr().out
    [mail] = map(read, channel.bodies)
    assert (mail["To"], mail["Subject"].startswith("[CẢNH BÁO] Ngày 22/04/2025")) == (OPERATOR, True)
    assert "Ngày 23/04/2025 chưa có lượt chạy" in mail.get_body(("plain",)).get_content()


def test_each_problem_is_told_once_a_day(office, channel):
    for _ in range(3):
        assert main(["watch"]) == 2
    assert len(channel.accepted) == 1
    set_switch(ledger(), stopped=True, by=LE_VAN_A, why="thử")
    main(["watch"])
    assert [read(body)["Subject"].split("] ")[1] for body in channel.bodies[1:]] == [
        "Đang dừng gửi mọi thư: tài khoản le.van.a: thử. – hai-phong-2023"
    ]
    office.turn_to("04-24 11:00")
    main(["watch"])
    assert len(channel.accepted) == 3


def test_two_watchdogs_at_once_tell_it_once(office, channel):
    installation = Installation.from_environment()
    with ThreadPoolExecutor(4) as pool:
        rounds = list(pool.map(lambda _: watch(installation, [CODE])[0].mailed, range(4)))
    assert sum(rounds) == 2
    with ledger().begin() as connection:
        assert len(connection.execute(select(alarm)).all()) == 2
    told = "".join(read(body).get_body(("plain",)).get_content() for body in channel.bodies)
    assert told.count("Ngày 22/04/2025 chưa có lượt chạy") == 1


def test_a_refused_alarm_is_told_by_the_next_round(office, channel, capsys):
    channel.behaviour.mail = "451 4.3.0 come back later"
    assert main(["watch", CODE]) == 1
    assert "LỖI: Không gửi được thư cảnh báo (451" in capsys.readouterr().out
    channel.behaviour = Behaviour()
    main(["watch", CODE])
    assert len(channel.accepted) == 1


def test_an_alarm_nobody_answered_for_is_not_told_again(office, channel):
    channel.behaviour.drop_after_accept = True
    main(["watch", CODE])
    channel.behaviour = Behaviour()
    main(["watch", CODE])
    assert len(channel.accepted) == 1


def test_without_any_account_the_output_still_tells(office, capsys):
    assert main(["watch", CODE]) == 1
    printed = capsys.readouterr().out
    assert "chưa có lượt chạy" in printed
    assert "LỖI: Chưa khai báo tài khoản gửi thư" in printed


def test_a_quiet_campaign_says_so_and_a_broken_one_does_not_hide_the_others(office, own_campaigns, channel, capsys):
    broken = own_campaigns / "boston-311-2015" / "campaign.yaml"
    broken.write_text(broken.read_text().replace("deadline: 2016", "dealine: 2016"))
    assert main(["watch"]) == 2
    printed = capsys.readouterr().out
    assert "boston-311-2015: 1 việc cần xem" in printed
    assert "hai-phong-2023: 2 việc cần xem" in printed
    office.turn_to("03-23 11:00")
    assert main(["watch", CODE]) == 0


def test_the_watch_enters_missed_days_and_ends_runs_that_were_killed(office, channel):
    office.turn_to("04-22 07:30")
    steps.open_day(steps.day_ref(CODE, "2025-04-22"))
    with ledger().begin() as connection:
        connection.execute(update(run).values(started_at=now() - timedelta(days=2)))
    office.turn_to("04-24 11:00")
    main(["watch", CODE])
    found = {row.business_date.day: row.state for row in days.day_rows(ledger(), campaign=CODE).values()}
    assert found == {22: "failed", 23: "missed"}


def test_what_airflow_calls_at_the_deadline_tells_by_the_same_channel(office, channel):
    office.turn_to("04-29 15:15")
    tell_by_deadline(campaign=CODE, context={"dag_run": {}})
    office.turn_to("04-29 16:00")
    for _ in range(2):
        tell_by_deadline(campaign=CODE)
    told = [read(body)["Subject"] for body in channel.bodies]
    assert [subject.split(":")[0] for subject in told] == [
        "[CẢNH BÁO] Sắp tới giờ 16",
        "[CẢNH BÁO] ĐÃ QUÁ GIỜ 16",
    ]


def test_what_needs_a_person_is_counted_on_each_database(ledger_url):
    engine, day, old = open_ledger(ledger_url), date(2025, 4, 23), date(2025, 4, 1)
    rows = [("unknown", old, None), ("expired", day, None), ("expired", old, None), ("held", day, "miền lạ")]
    rows += [("held", day, "xem trước"), ("sent", day, None), ("failed", day, "550")]
    with engine.begin() as connection:
        held = {"campaign": "c", "business_date": day, "kind": "daily", "mode": "armed", "state": "done", "attempts": 1}
        connection.execute(run.insert().values(**held, hold_reason="xem trước", started_at=now()))
        for n, (state, on, reason) in enumerate(rows):
            names = {
                "dedupe_key": f"k{n}",
                "message_id": f"m{n}",
                "path": "p",
                "payload_sha256": "x",
                "kind": "reminder",
            }
            about = {"campaign": "c", "unit": "VP", "recipient": f"a{n}@b.vn", "changed_at": now()}
            connection.execute(outbox.insert().values(**names, **about, business_date=on, state=state, reason=reason))
    found = alarms.uneasy_mails(engine, campaign="c", since=day)
    assert found == {"unknown": 1, "expired": 1, "held": 1, "failed": 1}
    claims = [alarms.claim_alarm(engine, campaign="c", told_on=day, problem="x", words="x") for _ in range(2)]
    assert (claims, alarms.last_mail_on(engine, campaign="c")) == ([True, False], day)
    engine.dispose()
