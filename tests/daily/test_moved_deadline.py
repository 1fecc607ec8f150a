"""The end of a campaign moved, or a final report that left early: what leaves anew, and what is said of it."""

import base64
import email
import email.policy
import io
import json
import shutil
from datetime import date
from types import SimpleNamespace

import docx
import openpyxl
import pytest
from tests.daily.campaign_days import CODE, Play, mails, write_campaign
from tests.mail.sink import Sink

from dondoc.commands.days import days_board
from dondoc.daily import final_report, preflight, report_making
from dondoc.daily.preflight.settings import check_deadline_move
from dondoc.files import sha256_of
from dondoc.installation import ROOT, Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger import reports
from dondoc.ledger.store import open_ledger, upgrade_ledger
from dondoc.report.basis import read_basis
from dondoc.watch.alarm import facts_of
from dondoc.watch.rules import find_problems

MOVED = {
    "deadline": date(2025, 5, 9),
    "final_report_at": "2025-05-09 16:00",
    "deadline_reading": "đến hết ngày 9/5/2025",
}
DOCUMENT = {"by": "Trần Văn B, Trưởng ban", "document": "Thông báo số 12/TB-BQL ngày 06/5/2025"}
A_DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
HALF = {"VP": 5, "QLDT": 5, "DNGS": 3}
EVERYTHING = {"VP": 5, "QLDT": 5, "DNGS": 5, "cases": True}


def _lighten(patch):
    """Leave out what other tests hold: the checks before a day, and the drawing of pictures."""
    dot = SimpleNamespace(png=base64.b64decode(A_DOT), svg=b"")
    patch.setattr(preflight, "check", lambda _place: None)
    patch.setattr(report_making, "_draw", lambda _facts: dict.fromkeys(report_making.PICTURE_FILES, dot))


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Play a campaign to its end, move its deadline, play on to the new end; return what was seen on the way."""
    folder = tmp_path_factory.mktemp("moved")
    shutil.copytree(ROOT / "include" / "campaigns", folder / "campaigns")
    write_campaign(folder / "campaigns", starts_on=date(2025, 4, 29))
    with pytest.MonkeyPatch.context() as patch, Sink() as sink:
        _lighten(patch)
        patch.setenv("DONDOC_CAMPAIGNS", str(folder / "campaigns"))
        patch.setenv("DONDOC_OUT", str(folder / "out"))
        installation = Installation.from_environment()
        upgrade_ledger(installation.ledger_url)
        play = Play(folder / "sources", patch)
        play.port = sink.port
        yield installation, _play(play, installation, folder / "campaigns"), play


def _play(play, installation, campaigns):
    seen = {}
    play.run("04-29 14:00", HALF)
    play.run("05-05 07:30", HALF)
    seen["left before"] = final_report.has_left(installation, CODE)
    write_campaign(campaigns, starts_on=date(2025, 4, 29), **MOVED)
    play.turn_to("05-08 07:00")
    seen["check"] = "\n".join(map(str, check_deadline_move(_place("2025-05-08"))))
    play.run("05-08 07:30", HALF)
    seen["unexplained"] = _problems(installation, play)
    seen["attention"] = (installation.out / CODE / "2025-05-08" / "summary.json").read_text(encoding="utf-8")
    write_campaign(campaigns, starts_on=date(2025, 4, 29), deadline_moved=DOCUMENT, **MOVED)
    play.turn_to("05-09 15:20")
    seen["left after"] = final_report.has_left(installation, CODE)
    seen["near"] = _problems(installation, play)
    play.run("05-09 15:30", HALF)
    seen["left at last"] = final_report.has_left(installation, CODE)
    play.turn_to("05-09 16:10")
    seen["done"] = _problems(installation, play)
    play.run("05-12 07:30", HALF)
    play.turn_to("05-12 09:00")
    seen["board"] = days_board(installation, CODE)
    return seen


def _place(day):
    return Workplace.of({"campaign": CODE, "business_date": day, "kind": "daily"})


def _problems(installation, play):
    place = _place("2025-05-09")
    facts = facts_of(place.ledger, place.day.campaign, place.day.calendar, now=play.at)
    return [one.name for one in find_problems(place.day.campaign, place.day.calendar, facts, now=play.at)]


def _sent(installation, kind, day):
    """Return the mails of a kind and day that left, as their readers have them."""
    rows = [one for one in mails(installation) if (one.kind, one.state, one.business_date) == (kind, "sent", day)]
    return [
        email.message_from_bytes((installation.out / row.path).read_bytes(), policy=email.policy.default)
        for row in rows
    ]


def _finals(installation):
    return [(mail.business_date, mail.state) for mail in mails(installation) if mail.kind == "final"]


@pytest.mark.fault(104)
def test_a_deadline_moved_after_the_final_report_left_brings_another_on_the_new_day(played):
    installation, seen, _ = played
    assert _finals(installation) == [(date(2025, 4, 29), "sent"), (date(2025, 5, 9), "sent")]
    assert [seen[name] for name in ("left before", "left after", "left at last")] == [True, False, True]


def test_the_new_final_report_says_on_mail_document_and_workbook_which_it_replaces(played):
    [message] = _sent(played[0], "final", date(2025, 5, 9))
    assert "[Thay báo cáo ngày 29/04/2025]" in message["Subject"]
    words = message.get_body(("plain",)).get_content()
    assert "THAY báo cáo cuối cùng đã gửi, số liệu ngày 29/04/2025" in words
    assert "theo Thông báo số 12/TB-BQL ngày 06/5/2025, người quyết: Trần Văn B" in words
    attached = {part.get_filename().rpartition(".")[2]: part.get_content() for part in message.iter_attachments()}
    printed = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(attached["docx"])).paragraphs)
    first_sheet = openpyxl.load_workbook(io.BytesIO(attached["xlsx"])).worksheets[0]
    for text in (printed, first_sheet["A1"].value):
        assert "thay báo cáo cuối cùng ngày 29/04/2025" in text
    [first] = _sent(played[0], "final", date(2025, 4, 29))
    assert "Thay" not in first["Subject"]


def test_the_report_that_replaces_another_is_made_again_byte_for_byte(played):
    installation, _, _ = played
    ledger = open_ledger(installation.ledger_url)
    [version] = reports.versions_of(ledger, campaign=CODE, business_date=date(2025, 5, 9), kind="final")
    basis = read_basis(installation.out, CODE, version.basis_sha256)
    assert sha256_of(report_making.build(installation.out, basis).document) == version.document_sha256


@pytest.mark.fault(104)
def test_reminders_go_on_to_the_new_end_and_each_unit_hears_anew_how_it_ended(played):
    installation, _, _ = played
    assert _sent(installation, "reminder", date(2025, 5, 8))
    first, second = (_sent(installation, "closing", date(2025, 5, day)) for day in (5, 12))
    assert {note["To"] for note in first} == {note["To"] for note in second}
    assert len(second) == 3
    for note in second:
        assert "[Thay thư ngày 05/05/2025]" in note["Subject"]
        assert "Thời hạn của đợt đã đổi theo Thông báo số 12" in note.get_body(("plain",)).get_content()


@pytest.mark.fault(104)
def test_the_watchdog_watches_over_the_new_end(played):
    _, seen, _ = played
    assert "final_near" in seen["near"]
    assert seen["done"] == []


def test_a_move_that_nobody_stands_for_is_told_and_stops_nothing(played):
    installation, seen, _ = played
    told = "Hạn của đợt đã đổi (hạn chót từ 30/04/2025 sang 09/05/2025"
    assert told in seen["check"]
    assert "deadline_moved" in seen["check"]
    assert told in seen["attention"]
    assert "deadline_moved" in seen["unexplained"]
    assert "deadline_moved" not in seen["done"]
    assert len(_sent(installation, "report", date(2025, 5, 8))) == 1


def test_days_on_which_the_campaign_was_over_are_no_days_missed(played):
    installation, seen, _ = played
    summary = json.loads((installation.out / CODE / "2025-05-09" / "summary.json").read_text(encoding="utf-8"))
    assert summary["missed_days"] == []
    assert not [name for name in seen["unexplained"] if name.startswith("no_run")]
    listed = {line[:10]: line for line in seen["board"].splitlines()}
    for day in ("06/05/2025", "07/05/2025"):
        assert listed[day].endswith("đợt đã hết hạn, chưa dời hạn")
    assert "LỠ" not in seen["board"]


@pytest.fixture
def play(own_campaigns, tmp_path, monkeypatch):
    _lighten(monkeypatch)
    write_campaign(own_campaigns, starts_on=date(2025, 4, 28))
    return Play(tmp_path / "sources", monkeypatch)


@pytest.mark.fault(105)
def test_a_final_report_that_left_early_is_followed_by_another_when_work_arises(play):
    installation = Installation.from_environment()
    with Sink() as sink:
        play.port = sink.port
        play.run("04-28 07:30", EVERYTHING)
        play.turn_to("04-29 07:30")
        morning = final_report.has_left(installation, CODE)
        play.run("04-29 14:00", HALF)
        assert (morning, final_report.has_left(installation, CODE)) == (False, True)
    assert _finals(installation) == [(date(2025, 4, 28), "sent"), (date(2025, 4, 29), "sent")]
    [message] = _sent(installation, "final", date(2025, 4, 29))
    assert "[Thay báo cáo ngày 28/04/2025]" in message["Subject"]


def test_a_day_run_again_that_is_the_last_no_more_takes_its_final_report_back(play):
    installation = Installation.from_environment()
    play.port = 1
    play.run("04-28 07:30", EVERYTHING)
    assert [state for _, state in _finals(installation)] == ["deferred"]
    play.run("04-28 09:30", HALF)
    assert [state for _, state in _finals(installation)] == ["withdrawn"]


def test_the_run_that_watched_the_old_end_watches_no_more(play, own_campaigns):
    installation = Installation.from_environment()
    play.turn_to("04-28 15:00")
    old = play.at.replace(day=29)
    assert not final_report.is_of_an_earlier_end(installation, CODE, old)
    write_campaign(own_campaigns, **MOVED)
    assert final_report.is_of_an_earlier_end(installation, CODE, old)


def test_a_report_date_that_did_not_move_with_the_deadline_is_told(play, own_campaigns):
    with_document = {"deadline": MOVED["deadline"], "deadline_reading": MOVED["deadline_reading"]}
    write_campaign(own_campaigns, **with_document, deadline_moved=DOCUMENT)
    [told] = check_deadline_move(_place("2025-04-28"))
    assert "đã dời sang 09/05/2025 mà báo cáo cuối cùng vẫn phải có trước ngày ấy" in told.what
    write_campaign(own_campaigns, **MOVED, deadline_moved=DOCUMENT)
    assert list(check_deadline_move(_place("2025-04-28"))) == []
