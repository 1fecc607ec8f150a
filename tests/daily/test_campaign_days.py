"""A whole campaign, from its first to its last working day, with everything that goes wrong in one."""

import email
import email.policy
import io
import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import docx
import pytest
from sqlalchemy import select
from tests.daily.campaign_days import CODE, UNITS, Play, mails, write_campaign
from tests.mail.sink import Sink

from dondoc.commands.days import days_board
from dondoc.daily import final, preflight, steps
from dondoc.installation import ROOT, Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger import days
from dondoc.ledger.store import open_ledger, upgrade_ledger
from dondoc.ledger.tables import run

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


def finals(installation):
    return [(mail.business_date.day, mail.state) for mail in mails(installation) if mail.kind == "final"]


def rows(installation):
    return days.day_rows(open_ledger(installation.ledger_url), campaign=CODE)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    """Play all of it once; return what each run came to, the installation, and what the server took."""
    folder = tmp_path_factory.mktemp("campaign")
    shutil.copytree(ROOT / "include" / "campaigns", folder / "campaigns")
    write_campaign(folder / "campaigns")
    with pytest.MonkeyPatch.context() as patch, Sink() as sink:
        patch.setenv("DONDOC_CAMPAIGNS", str(folder / "campaigns"))
        patch.setenv("DONDOC_OUT", str(folder / "out"))
        installation = Installation.from_environment()
        upgrade_ledger(installation.ledger_url)
        yield _play_all(Play(folder / "sources", patch), sink), installation, list(sink.accepted)


def _play_all(play, sink):
    play.port = sink.port
    ended = {"22 sáng": play.run("04-22 07:30", {"VP": 1})}
    # Wednesday: the machine is off. Thursday: the mail server is.
    play.port = 1
    ended["24 sáng"] = play.run("04-24 07:30", {"VP": 2})
    play.port = sink.port
    ended["25 sáng"] = play.run("04-25 07:30", {"VP": 3, "QLDT": 5})
    ended["26 thứ Bảy"] = play.run("04-26 07:30", {"VP": 3, "QLDT": 5, "DNGS": 1})
    play.missing = {"work"}
    ended["28 sáng"] = play.run("04-28 07:30", {"VP": 4, "QLDT": 5})
    ended["29 sáng"] = play.run("04-29 07:30", {"VP": 4, "QLDT": 5})
    ended["29 cuối"] = play.run("04-29 14:00", {"VP": 4, "QLDT": 5})
    play.missing = set()
    ended["05 kết thúc"] = play.run("05-05 07:30", {"VP": 5, "QLDT": 5, "DNGS": 3})
    play.turn_to("05-06 09:00")
    return ended


def letters_of(installation, kind):
    """Return the mails of a kind that were sent, as they lie in their files."""
    sent = [mail for mail in mails(installation) if (mail.kind, mail.state) == (kind, "sent")]
    return [read((installation.out / mail.path).read_bytes()) for mail in sent]


def test_a_campaign_with_everything_going_wrong_ends_on_time_with_every_day_and_mail_accounted_for(
    campaign,
):
    ended, installation, accepted = campaign
    failed = {"28 sáng", "29 sáng"}
    assert {name for name, done in ended.items() if not done} == failed
    found = rows(installation)
    assert {f"{day:%d/%m}": row.state for day, row in found.items()} == {
        "22/04": "done", "23/04": "missed", "24/04": "done", "25/04": "done", "26/04": "done", "28/04": "failed",
        "29/04": "failed", "05/05": "done",
    }  # fmt: skip
    sent = [mail for mail in mails(installation) if mail.state == "sent"]
    assert {mail.state for mail in mails(installation)} <= TERMINAL
    assert Counter(accepted) == Counter(mail.message_id for mail in sent)
    assert max(Counter(accepted).values()) == 1
    assert finals(installation) == [(29, "sent")]


def test_reminders_stop_for_the_unit_that_is_done_and_for_all_after_the_deadline(campaign):
    _, installation, _ = campaign
    reminded = {}
    for mail in mails(installation):
        if mail.kind == "reminder" and mail.unit in UNITS:
            reminded.setdefault(f"{mail.business_date:%d/%m}", {})[mail.unit] = mail.state
    # That unit is done, and thanked for it.
    assert reminded["25/04"].pop("QLDT") == "sent"
    assert reminded == {
        "22/04": dict.fromkeys(("VP", "QLDT", "DNGS"), "sent"),
        "24/04": dict.fromkeys(("VP", "QLDT", "DNGS"), "expired"),
        "25/04": dict.fromkeys(("VP", "DNGS"), "sent"),
        "26/04": dict.fromkeys(("VP", "DNGS"), "sent"),
        "29/04": dict.fromkeys(("VP", "DNGS"), "held"),
    }
    closing = {mail.unit: mail.state for mail in mails(installation) if mail.kind == "closing"}
    assert closing == dict.fromkeys(("VP", "QLDT", "DNGS"), "sent")


@pytest.mark.fault(78)
def test_the_final_report_says_on_its_face_what_it_is_short_of_and_of_when_each_figure_is(campaign):
    _, installation, _ = campaign
    [message] = letters_of(installation, "final")
    assert message["Subject"].startswith("[Báo cáo cuối cùng] [CHƯA ĐỦ]")
    told = message.get_body(("plain",)).get_content()
    [word] = [part.get_content() for part in message.iter_attachments() if part.get_filename().endswith(".docx")]
    printed = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(word)).paragraphs)
    for text in (told, printed):
        assert "CHƯA ĐỦ" in text
        assert "Công việc (nguồn work): không lấy được (Không tìm thấy tệp nguồn), dùng số liệu ngày 26/04/2025" in text
        assert "Hồ sơ thủ tục hành chính (nguồn cases): số liệu ngày 29/04/2025" in text
        assert "Ngày làm việc không có lượt chạy đúng ngày: 23/04/2025" in text
    assert printed.index("CHƯA ĐỦ") < printed.index("I. TÌNH HÌNH CHUNG")


def test_the_closing_note_thanks_who_is_done_and_says_what_others_left(campaign):
    notes = letters_of(campaign[1], "closing")
    told = {note["To"].split("@")[0]: note.get_body(("plain",)).get_content() for note in notes}
    assert ["cảm ơn" in told[unit] for unit in ("van-phong", "quan-ly-dau-tu", "doanh-nghiep")] == [True, True, False]
    assert "(2 chưa báo cáo hoàn thành" in told["doanh-nghiep"]


@pytest.mark.fault(56)
def test_every_working_day_is_listed_and_the_missed_one_as_missed(campaign, monkeypatch):
    _, installation, _ = campaign
    listed = days_board(installation, CODE).splitlines()
    days_shown = ("22/04", "23/04", "24/04", "25/04", "26/04", "28/04", "29/04", "05/05")
    assert [line[:10] for line in listed] == [f"{day}/2025" for day in days_shown]
    assert listed[1].endswith("LỠ, không có lượt chạy")
    assert "báo cáo cuối cùng, hạn 16:00" in listed[6]


def test_when_every_unit_is_done_the_final_report_leaves_that_day_and_no_other(play, server, installation):
    everything = {"VP": 5, "QLDT": 5, "DNGS": 5, "cases": True}
    play.run("04-22 07:30", {"VP": 5})
    play.run("04-23 07:30", everything)
    for at in ("04-24 07:30", "04-29 07:30", "04-29 14:00", "05-05 07:30"):
        assert play.run(at, everything)
    assert finals(installation) == [(23, "sent")]
    assert "CHƯA ĐỦ" not in letters_of(installation, "final")[0]["Subject"]
    assert not [mail for mail in mails(installation) if mail.conflict_open]
    assert Counter(mail.kind for mail in mails(installation))["report"] == 3


def test_a_closed_gate_on_the_last_day_holds_the_reminders_and_not_the_report(play, server, installation):
    play.run("04-28 07:30", {"VP": 1})
    half = {"VP": 1, "QLDT": 1}
    play.run("04-29 07:30", half)
    shorter = play.folder / "work.csv"
    play.turn_to("04-29 14:00")
    play.export(half)
    shorter.write_text("\n".join(shorter.read_text(encoding="utf-8").splitlines()[:7]) + "\n", encoding="utf-8")
    play.export = lambda _done: None
    assert play.run("04-29 14:00", half)
    place = Workplace.of({"campaign": CODE, "business_date": "2025-04-29", "kind": "daily"})
    assert ("cổng số dòng đóng" in place.run.hold_reason, place.run.final_hold_reason) == (True, None)
    assert "[CHƯA ĐỦ]" in letters_of(installation, "final")[0]["Subject"]
    assert sum(Path(mail.path).name == "nhac-viec-VP.eml" for mail in mails(installation)) == 2


def test_a_report_kept_from_leaving_leaves_with_the_next_run(play, server, installation):
    play.run("04-28 07:30", {"VP": 1})
    play.port = 1
    play.run("04-29 14:00", {"VP": 2})
    play.port = server.port
    assert play.run("05-05 07:30", {"VP": 3})
    assert finals(installation) == [(29, "expired"), (5, "sent")]


@pytest.mark.fault(13)
def test_thirty_days_of_backfill_send_nothing_and_are_no_runs_of_those_days(
    play, server, installation, vietnam, monkeypatch
):
    found = play.run("04-01 14:30", {"VP": 1}, backfill=True)
    monkeypatch.setattr(preflight, "check", lambda _place: None)  # held by the first day, and by tests of its own
    for n in range(1, 30):
        day = date(2025, 4, 1) + timedelta(days=n)
        if not vietnam.is_working(day):
            continue
        play.turn_to(f"{day:%m-%d} 14:30")
        ref = steps.open_day(steps.day_ref(CODE, play.at.date().isoformat(), backfill=True))
        steps.compose_reminders(ref, found, ["VP"])
        if n % 5 == 4:
            steps.write_report(ref, found)
        play.send(ref)
    assert (server.sessions, server.accepted) == (0, [])
    assert (mails(installation), rows(installation)) == ([], {})
    assert list((installation.out / CODE).glob("*/mail/*.eml")) == []


def test_a_day_run_after_it_was_missed_stays_missed(play, server):
    installation = Installation.from_environment()
    play.run("04-22 07:30", {"VP": 1})
    play.run("04-24 07:30", {"VP": 2})
    with open_ledger(installation.ledger_url).begin() as connection:
        states = {row.business_date: row.state for row in connection.execute(select(run))}
    assert states[date(2025, 4, 23)] == "missed"
    steps.open_day(steps.day_ref(CODE, "2025-04-23"))
    place = Workplace.of({"campaign": CODE, "business_date": "2025-04-24", "kind": "daily"})
    assert final.missed_days(place) == [date(2025, 4, 23)]
    assert "lỡ, chạy sau" in days_board(installation, CODE)
