"""A whole campaign, from its first to its last working day, with everything that goes wrong in one."""

import email
import email.policy
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select
from tests.daily.campaign_days import CODE, Play, mails, write_campaign
from tests.mail.sink import Sink

from dondoc.board import days_board
from dondoc.daily import final
from dondoc.ledger import days
from dondoc.ledger.store import open_ledger
from dondoc.ledger.tables import run
from dondoc.workplace import Workplace

TERMINAL = {"sent", "held", "failed", "unknown", "expired"}


@pytest.fixture
def play(own_campaigns, tmp_path, monkeypatch):
    write_campaign(own_campaigns)
    return Play(tmp_path / "sources", monkeypatch)


@pytest.fixture
def server(play):
    with Sink() as sink:
        play.port = sink.port
        yield sink


def read(body):
    return email.message_from_bytes(body, policy=email.policy.default)


def subjects(server):
    return [read(body)["Subject"] for body in server.bodies]


def rows(installation):
    return days.day_rows(open_ledger(installation.ledger_url), campaign=CODE)


@pytest.fixture
def campaign(play, server, installation):
    """Play all of it; return what each run came to."""
    ended = {"22 sáng": play.run("04-22 07:30", {"VP": 1})}
    # Wednesday: the machine is off. Thursday: the mail server is.
    play.port = 1
    ended["24 sáng"] = play.run("04-24 07:30", {"VP": 2})
    play.port = server.port
    ended["25 sáng"] = play.run("04-25 07:30", {"VP": 3, "QLDT": 5})
    ended["26 thứ Bảy"] = play.run("04-26 07:30", {"VP": 3, "QLDT": 5, "DNGS": 1})
    play.missing = {"work"}
    ended["28 sáng"] = play.run("04-28 07:30", {"VP": 4, "QLDT": 5})
    ended["29 sáng"] = play.run("04-29 07:30", {"VP": 4, "QLDT": 5})
    ended["29 cuối"] = play.run("04-29 14:00", {"VP": 4, "QLDT": 5})
    play.missing = set()
    ended["05 kết thúc"] = play.run("05-05 07:30", {"VP": 5, "QLDT": 5, "DNGS": 3})
    return ended


def test_a_campaign_with_everything_going_wrong_ends_on_time_with_every_day_and_mail_accounted_for(
    campaign, server, installation
):
    failed = {"24 sáng", "28 sáng", "29 sáng"}
    assert {name for name, ended in campaign.items() if not ended} == failed
    found = rows(installation)
    assert {f"{day:%d/%m}": row.state for day, row in found.items()} == {
        "22/04": "done", "23/04": "missed", "24/04": "failed", "25/04": "done", "26/04": "done", "28/04": "failed",
        "29/04": "done", "05/05": "done",
    }  # fmt: skip
    sent = [mail for mail in mails(installation) if mail.state == "sent"]
    assert {mail.state for mail in mails(installation)} <= TERMINAL
    assert Counter(server.accepted) == Counter(mail.message_id for mail in sent)
    assert max(Counter(server.accepted).values()) == 1
    finals = [mail for mail in mails(installation) if mail.kind == "final"]
    assert [(mail.state, mail.business_date) for mail in finals] == [("sent", date(2025, 4, 29))]


def test_reminders_stop_for_the_unit_that_is_done_and_for_all_after_the_deadline(campaign, installation):
    reminded = {}
    for mail in mails(installation):
        if mail.kind == "reminder":
            reminded.setdefault(f"{mail.business_date:%d/%m}", {})[mail.unit] = mail.state
    assert reminded == {
        "22/04": dict.fromkeys(("VP", "QLDT", "DNGS"), "sent"),
        "24/04": dict.fromkeys(("VP", "QLDT", "DNGS"), "expired"),
        "25/04": dict.fromkeys(("VP", "DNGS"), "sent"),
        "26/04": dict.fromkeys(("VP", "DNGS"), "sent"),
        "29/04": dict.fromkeys(("VP", "DNGS"), "held"),
    }
    closing = {mail.unit: mail.state for mail in mails(installation) if mail.kind == "closing"}
    assert closing == dict.fromkeys(("VP", "QLDT", "DNGS"), "sent")


def test_the_final_report_says_on_its_face_what_it_is_short_of_and_of_when_each_figure_is(campaign, server):
    [message] = [read(body) for body in server.bodies if b"Subject" in body and "cuối cùng" in read(body)["Subject"]]
    assert message["Subject"].startswith("[Báo cáo cuối cùng] [CHƯA ĐỦ]")
    told = message.get_body(("plain",)).get_content()
    assert "Nguồn work không lấy được (Không tìm thấy tệp nguồn): dùng số liệu ngày 26/04/2025" in told
    assert "Nguồn cases: số liệu ngày 29/04/2025" in told
    assert "Ngày làm việc không có lượt chạy: 23/04/2025" in told


def test_the_closing_note_thanks_who_is_done_and_says_what_others_left(campaign, server):
    notes = [read(body) for body in server.bodies if "Kết thúc đợt" in read(body)["Subject"]]
    told = {note["To"].split("@")[0]: note.get_body(("plain",)).get_content() for note in notes}
    assert "cảm ơn" in told["van-phong"]
    assert "cảm ơn" in told["quan-ly-dau-tu"]
    assert "2 công việc chưa báo cáo" in told["doanh-nghiep"]


def test_the_days_are_listed_with_the_missed_one_missed_for_ever(campaign, play, installation):
    assert "23/04/2025  LỠ, không có lượt chạy" in days_board(installation, CODE)
    play.turn_to("05-06 09:00")
    listed = days_board(installation, CODE).splitlines()
    assert [line[:10] for line in listed] == [
        f"{day}/2025" for day in ("22/04", "23/04", "24/04", "25/04", "26/04", "28/04", "29/04", "05/05")
    ]
    assert "báo cáo cuối cùng, hạn 16:00" in listed[6]


def test_when_every_unit_is_done_the_final_report_leaves_that_day_and_no_other(play, server, installation):
    everything = {"VP": 5, "QLDT": 5, "DNGS": 5, "cases": True}
    play.run("04-22 07:30", {"VP": 5})
    play.run("04-23 07:30", everything)
    for at in ("04-24 07:30", "04-25 07:30", "04-26 07:30", "04-28 07:30", "04-29 07:30", "04-29 14:00", "05-05 07:30"):
        assert play.run(at, everything)
    finals = [subject for subject in subjects(server) if "Báo cáo cuối cùng" in subject]
    assert (len(finals), "CHƯA ĐỦ" in finals[0], "23/04/2025" in finals[0]) == (1, False, True)
    assert not [mail for mail in mails(installation) if mail.conflict_open]
    assert Counter(mail.kind for mail in mails(installation))["report"] == 6


def test_a_closed_gate_on_the_last_day_holds_the_reminders_and_not_the_report(play, server, installation):
    play.run("04-28 07:30", {"VP": 1})
    half = {"VP": 1, "QLDT": 1}
    play.run("04-29 07:30", half)
    shorter = play.folder / "work.csv"
    play.turn_to("04-29 14:00")
    play._export(half)
    shorter.write_text("\n".join(shorter.read_text(encoding="utf-8").splitlines()[:7]) + "\n", encoding="utf-8")
    play._export = lambda _done: None
    assert play.run("04-29 14:00", half)
    place = Workplace.of({"campaign": CODE, "business_date": "2025-04-29", "kind": "daily"})
    assert ("row_count" in place.run.hold_reason, place.run.final_hold_reason) == (True, None)
    assert [subject for subject in subjects(server) if "Báo cáo cuối cùng] [CHƯA ĐỦ]" in subject]
    assert Counter(mail.unit for mail in mails(installation) if mail.kind == "reminder")["VP"] == 2


def test_a_report_kept_from_leaving_leaves_with_the_next_run(play, server, installation):
    play.run("04-28 07:30", {"VP": 1})
    play.port = 1
    play.run("04-29 14:00", {"VP": 2})
    play.port = server.port
    assert play.run("05-05 07:30", {"VP": 3})
    finals = {mail.business_date.day: mail.state for mail in mails(installation) if mail.kind == "final"}
    assert finals == {29: "expired", 5: "sent"}


def test_a_backfill_of_the_last_day_sends_nothing(play, server):
    play.run("04-29 07:30", {"VP": 1})
    before = len(server.accepted)
    play.turn_to("04-29 15:00")
    from dondoc.daily import steps

    ref = steps.open_day(steps.day_ref(CODE, "2025-04-29", backfill=True))
    assert "chạy bù" in steps.why_held(ref, "report")
    assert len(server.accepted) == before


def test_a_day_run_after_it_was_missed_stays_missed(play, server, installation):
    play.run("04-22 07:30", {"VP": 1})
    play.run("04-24 07:30", {"VP": 2})
    with open_ledger(installation.ledger_url).begin() as connection:
        states = dict(connection.execute(select(run.c.business_date, run.c.state)).all())
    assert states[date(2025, 4, 23)] == "missed"
    from dondoc.daily import steps

    steps.open_day(steps.day_ref(CODE, "2025-04-23"))
    place = Workplace.of({"campaign": CODE, "business_date": "2025-04-24", "kind": "daily"})
    assert final.missed_days(place) == [date(2025, 4, 23)]
    assert "lỡ, chạy sau" in days_board(installation, CODE)
