"""The list of what an office needs before its mails leave: each line from what really is so."""

import os
import socket
import threading
from datetime import date, timedelta

import dns.message
import dns.resolver
import dns.rrset
import pytest
from tests.daily.campaign_days import CODE, Play, write_campaign
from tests.people import LE_VAN_A

from dondoc.__main__ import main
from dondoc.daily.trial_mail import TAKEN
from dondoc.installation import Installation
from dondoc.ledger import audit, runs
from dondoc.ledger.store import open_ledger
from dondoc.watch.readiness import readiness

DOMAIN = "bql-haiphong.example.vn"
COMPLETE = {DOMAIN: '"v=spf1 mx -all"', f"_dmarc.{DOMAIN}": '"v=DMARC1; p=quarantine"'}


@pytest.fixture
def office(own_campaigns, tmp_path, monkeypatch, installation):
    write_campaign(own_campaigns)
    found = Play(tmp_path / "sources", monkeypatch)
    found.turn_to("04-23 11:00")
    found.export({})
    return found


@pytest.fixture
def domain_names(monkeypatch):
    """Return the texts of domain names that a name server of this machine knows."""
    known = {}
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind(("127.0.0.1", 0))

    def serve():
        while True:
            asked, whom = line.recvfrom(4096)
            if not asked:
                return
            answer = dns.message.make_response(dns.message.from_wire(asked))
            name = str(answer.question[0].name).rstrip(".")
            if name in known:
                answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", known[name]))
            else:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            line.sendto(answer.to_wire(), whom)

    threading.Thread(target=serve, daemon=True).start()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], line.getsockname()[1]
    monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
    yield known
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"", line.getsockname())


def points():
    return {point.name: point for point in readiness(Installation.from_environment(), CODE)}


def undone():
    return {name for name, point in points().items() if not point.done}


def test_a_new_office_is_told_each_thing_that_is_left_to_do(office, domain_names, capsys):
    assert undone() >= {
        "Tài khoản gửi thư",
        "SPF, DMARC của tên miền gửi",
        "Đã chạy xong ít nhất 3 ngày xem trước",
        "Canh chừng chạy đều",
        "Sao lưu",
        "Người được duyệt, trả lại thư xin lỗi",
    }
    assert main(["ready", CODE]) == 2
    told = capsys.readouterr().out
    assert "[ ] Tài khoản gửi thư: chưa gửi thử thư nào" in told
    assert "→ gõ `dondoc mail try" in told


def test_an_office_that_has_all_is_ready(office, domain_names, own_campaigns, tmp_path, monkeypatch, capsys):
    domain_names |= COMPLETE
    path = own_campaigns / CODE / "campaign.yaml"
    path.write_text(path.read_text("utf-8") + "\npermissions: {arm: [lan], sign: [hai.bn]}\n", encoding="utf-8")
    ledger = open_ledger(Installation.from_environment().ledger_url)
    audit.record(ledger, audit.Act(LE_VAN_A, TAKEN, f"{CODE} 2025-04-23", {}))
    for day in ("2025-04-18", "2025-04-21", "2025-04-22"):
        key = {"campaign": CODE, "business_date": date.fromisoformat(day), "kind": "daily"}
        runs.close_run(ledger, runs.open_run(ledger, **key, mode="preview", hold_reason=None).id)
    for at in ("04-23 10:45", "04-23 11:00"):
        office.turn_to(at)
        main(["watch", CODE])
    copy = tmp_path / "ban-sao.tar"
    copy.write_bytes(b"x")
    now = Installation.from_environment().now(Installation.from_environment().campaign(CODE).zone)
    os.utime(copy, (now.timestamp(), now.timestamp()))
    monkeypatch.setenv("DONDOC_BACKUP", str(copy))
    assert undone() == set()
    capsys.readouterr()
    assert main(["ready", CODE]) == 0
    assert "Sẵn sàng" in capsys.readouterr().out


def test_what_is_old_is_no_proof(office, domain_names, tmp_path, monkeypatch):
    copy = tmp_path / "ban-sao"
    copy.mkdir()
    monkeypatch.setenv("DONDOC_BACKUP", str(copy))
    assert points()["Sao lưu"].found == f"không có tệp nào ở {copy}"
    old = copy / "cu.tar"
    old.write_bytes(b"x")
    now = Installation.from_environment().now(Installation.from_environment().campaign(CODE).zone)
    before = (now - timedelta(days=3)).timestamp()
    os.utime(old, (before, before))
    assert "Sao lưu" in undone()
    main(["watch", CODE])
    office.turn_to("04-23 15:00")
    main(["watch", CODE])
    assert "Canh chừng chạy đều" in undone(), "twice in four hours is by hand"


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({DOMAIN: '"v=spf1 mx -all"'}, f"{DOMAIN}: thiếu DMARC"),
        ({DOMAIN: '"google-site-verification=1"'}, f"{DOMAIN}: thiếu SPF, DMARC"),
        (COMPLETE, f"{DOMAIN}: có đủ"),
    ],
)
def test_the_records_of_the_sending_domain_are_asked_for(office, domain_names, known, told):
    domain_names |= known
    assert points()["SPF, DMARC của tên miền gửi"].found == told
