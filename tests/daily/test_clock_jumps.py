"""One wrong look at the clock marks nothing missed, expires no mail and frees no lease, until a person confirms it."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from tests.daily.campaign_days import CODE, Play, mails, write_campaign
from tests.people import LE_VAN_A

from dondoc.__main__ import main
from dondoc.actor import Actor
from dondoc.daily import preflight, replies, steps
from dondoc.daily.office_clock import ticking
from dondoc.errors import ClockError
from dondoc.installation import ZONE
from dondoc.installation.workplace import Workplace
from dondoc.ledger import clock, days
from dondoc.ledger.clock import ClockReferences
from dondoc.ledger.store import open_ledger
from dondoc.ledger.tables import audit, outbox

DAY = "2025-04-22"
REF = steps.day_ref(CODE, DAY)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def office(own_campaigns, tmp_path, monkeypatch, installation):
    """Return a campaign whose first day was opened, and whose mail of that day waits."""
    write_campaign(own_campaigns)
    monkeypatch.setattr(preflight, "check", lambda _place: None)
    found = Play(tmp_path / "sources", monkeypatch)
    found.turn_to("04-22T08:00")
    steps.open_day(REF)
    waits = {"not_before": at("2025-04-22 08:00"), "not_after": at("2025-04-22 17:00")}
    mail = {"kind": "reminder", "unit": "VP", "recipient": "vp@x.vn", "message_id": "<a@x.vn>", "path": "a.eml"}
    key = {"dedupe_key": "a", "campaign": CODE, "business_date": date(2025, 4, 22), "payload_sha256": "0" * 64}
    with open_ledger(installation.ledger_url).begin() as connection:
        connection.execute(outbox.insert().values(**key, **mail, **waits, state="planned", changed_at=found.at))
    return found


def states(installation):
    return {row.state for row in mails(installation)}


@pytest.mark.fault(68, 115)
@pytest.mark.parametrize(
    ("seen", "now", "words"),
    [
        pytest.param(None, "2025-04-22 08:00", "", id="the first look"),
        pytest.param("2025-04-22 08:00", "2025-04-22 07:10", "", id="back within the hour"),
        pytest.param("2025-04-22 08:00", "2025-04-22 06:50", "sớm hơn lần làm việc gần nhất", id="back more"),
        pytest.param("2009-01-01 00:00", "2025-04-22 08:00", "lần làm việc gần nhất", id="years ahead"),
        pytest.param("2025-04-18 17:00", "2025-04-24 08:00", "", id="three days without a look"),
        pytest.param("2025-04-18 17:00", "2025-04-25 08:00", "4 ngày làm việc không có dấu vết", id="four"),
        pytest.param("2026-02-13 17:00", "2026-02-23 07:00", "", id="closed over Tết"),
    ],
)
def test_a_jump_is_believed_within_bounds_of_working_days(vietnam, seen, now, words):
    def workdays(first, last):
        return len(vietnam.working_days(first + timedelta(1), last - timedelta(1)))

    held = ClockReferences(seen and at(seen), None, at(now))
    why = clock.doubt(at(now), held, workdays=workdays)
    assert words in why
    assert bool(words) == bool(why)


@pytest.mark.fault(115)
def test_a_machine_whose_clock_is_not_the_database_servers_is_not_believed():
    held = ClockReferences(None, at("2025-04-22 08:00"), at("2025-04-22 09:30"))
    told = clock.doubt(at("2025-04-22 09:30"), held, workdays=lambda *_: 0)
    assert "chỉ 09:30 ngày 22/04/2025, đồng hồ của máy chủ cơ sở dữ liệu chỉ 08:00 ngày 22/04/2025" in told


@pytest.mark.fault(115)
@pytest.mark.parametrize("wrong", ["05-07 11:00", "04-21 08:00"], ids=["ahead", "back"])
def test_nothing_is_decided_by_a_wrong_look_and_the_right_clock_goes_on(office, installation, capsys, wrong):
    office.turn_to(wrong)
    with pytest.raises(ClockError, match="Chưa tin được đồng hồ"):
        steps.open_day(steps.day_ref(CODE, office.at.date().isoformat()))
    with pytest.raises(ClockError):
        steps.send_mail(REF, "reminder", None)
    with pytest.raises(ClockError):
        replies.write_receipts(CODE)
    if wrong.startswith("05"):
        assert main(["watch", CODE]) == 1
        assert "Chưa tin được đồng hồ" in capsys.readouterr().out
    assert states(installation) == {"planned"}
    assert list(days.day_rows(open_ledger(installation.ledger_url), campaign=CODE)) == [date(2025, 4, 22)]
    office.turn_to("04-22 08:30")
    steps.open_day(REF)


@pytest.mark.fault(68, 115)
def test_a_wrong_look_frees_no_lease(office, installation, capsys):
    ledger = open_ledger(installation.ledger_url)
    with ledger.begin() as connection:
        held = {"state": "claimed", "lease_owner": "x", "lease_expires_at": at("2025-04-22 08:10")}
        connection.execute(update(outbox).values(held))
    office.turn_to("05-07 11:00")
    assert main(["mail", "reconcile"]) == 1
    assert "clock confirm" in capsys.readouterr().err
    assert states(installation) == {"claimed"}


def test_a_person_confirms_and_it_is_audited(office, installation, capsys):
    office.turn_to("05-07 11:00")
    assert main(["clock", "confirm", "--by", "Lê Văn A", "--reason", "máy tắt sau lễ"]) == 0
    steps.open_day(steps.day_ref(CODE, "2025-05-07"))
    assert main(["clock", "show"]) == 0
    assert "gần nhất ghi trong sổ cái: 11:00 ngày 07/05/2025" in capsys.readouterr().out
    with open_ledger(installation.ledger_url).begin() as connection:
        acts = connection.execute(select(audit.c.actor, audit.c.action)).all()
    assert (Actor.of_process("Lê Văn A").words, "clock.confirmed") in acts


@pytest.mark.fault(68)
def test_within_a_sending_a_clock_that_is_set_moves_nothing(office, installation):
    tell = ticking(Workplace.of(REF))
    office.turn_to("05-07 11:00")
    moment = tell()
    assert (moment.today, moment.office_at.hour) == (date(2025, 4, 22), 1)


def test_on_each_database_the_latest_instant_is_kept_and_no_earlier_one(ledger):
    for text in ("2025-04-22 08:00", "2025-04-23 08:00", "2025-04-23 07:30"):
        clock.keep(ledger, at(text))
    assert clock.known(ledger).seen_at == at("2025-04-23 08:00")
    clock.confirm(ledger, at("2025-04-22 08:00"), by=LE_VAN_A, reason="đồng hồ đã sửa")
    assert clock.known(ledger).seen_at == at("2025-04-22 08:00")
    assert abs(clock.ledger_now(ledger) - datetime.now(ZONE)) < timedelta(minutes=1)
