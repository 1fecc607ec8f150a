"""The watchdog while the ledger cannot be asked: it says so by mail, once, and by its exit code."""

import email
import email.policy
import json
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import Engine, event
from tests.daily.campaign_days import CODE, Play, write_campaign
from tests.mail.sink import Behaviour, Sink

from dondoc.__main__ import main
from dondoc.ledger import store
from dondoc.watch import memory
from dondoc.watch.memory import Memory


@pytest.fixture
def office(own_campaigns, tmp_path, monkeypatch, installation):
    write_campaign(own_campaigns)
    monkeypatch.setattr(memory.tempfile, "gettempdir", lambda: str(tmp_path))
    found = Play(tmp_path / "sources", monkeypatch)
    found.turn_to("04-23 11:00")
    return found


@pytest.fixture
def channel(monkeypatch):
    with Sink() as sink:
        account = {"host": "127.0.0.1", "port": sink.port, "extra": {"disable_ssl": True, "disable_tls": True}}
        monkeypatch.setenv("DONDOC_ALARM_SMTP", json.dumps(account))
        yield sink


@pytest.fixture(params=["away", "another's file", "read-only", "locked"])
def trouble(request, installation, monkeypatch):
    """Let the ledger be of no use; yield the words for it."""
    path = installation.out / "ledger.sqlite"
    if request.param == "away":
        path.rename(path.with_name("elsewhere"))
        yield "Sổ cái ở phiên bản trống"
    elif request.param == "another's file":
        path.write_bytes(b"no database at all, and longer than a page" * 99)
        yield "tệp này không phải sổ cái"
    elif request.param == "read-only":
        event.listen(Engine, "connect", only_read)
        yield "chỉ đọc được, không ghi được"
        event.remove(Engine, "connect", only_read)
    else:
        monkeypatch.setattr(store, "BUSY_SECONDS", 0)
        with closing(sqlite3.connect(path)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield "tiến trình khác đang giữ khóa"


def only_read(connection, _record):
    connection.execute("PRAGMA query_only = ON")


def subjects(channel):
    return [email.message_from_bytes(body, policy=email.policy.default)["Subject"] for body in channel.bodies]


@pytest.mark.fault(123)
def test_a_ledger_of_no_use_is_mailed_once_a_day_and_printed_each_time(office, channel, trouble, capsys):
    for _ in range(3):
        assert main(["watch"]) == 1
        assert trouble in capsys.readouterr().out
    [subject] = subjects(channel)
    assert subject.startswith("[CẢNH BÁO] Không canh được đợt này. ")
    assert trouble in subject
    office.turn_to("04-24 11:00")
    main(["watch"])
    assert len(channel.bodies) == 2


@pytest.mark.fault(123)
def test_a_blind_alarm_that_was_refused_is_told_by_the_next_round(office, channel, installation):
    (installation.out / "ledger.sqlite").unlink()
    channel.behaviour.mail = "451 4.3.0 come back later"
    assert main(["watch", CODE]) == 1
    channel.behaviour = Behaviour()
    main(["watch", CODE])
    assert len(channel.accepted) == 1


@pytest.mark.fault(123)
def test_the_memory_lies_elsewhere_where_its_place_takes_no_file_and_another_s_file_is_none(tmp_path, monkeypatch):
    (tmp_path / "full").write_bytes(b"no folder")
    kept = Memory((tmp_path / "full" / "a.json", tmp_path / "b.json"))
    assert [kept.claim("a", "2025-04-23") for _ in range(2)] == [True, False]
    kept.release("a")
    assert kept.claim("a", "2025-04-23")
    monkeypatch.setattr(memory.os, "getuid", lambda: -1)
    assert kept.claim("a", "2025-04-23")
    nowhere = Memory((tmp_path / "full" / "a.json",))
    assert [nowhere.claim("a", "2025-04-23") for _ in range(2)] == [True, True]
