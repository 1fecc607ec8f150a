"""Files in the drop folder: taken in once, answered beside, moved when the ledger has them."""

import io
import os
import time
from datetime import date, datetime

import openpyxl
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError

from dondoc.actor import Actor, KnownBy
from dondoc.answers.correcting import correct
from dondoc.answers.inbox import take_in_folder
from dondoc.answers.intake import known_before
from dondoc.errors import LedgerError
from dondoc.files import sha256_of
from dondoc.ledger import answers, audit
from dondoc.ledger.answers import JudgedCell, Outcome, ReceivedFile
from dondoc.ledger.set_aside import ANSWERS, list_set_aside
from dondoc.untrusted.drop_folder import DropFolder

from .conftest import APOLOGISED, AT, BOTH, CODE, ENDED, OPEN, TODAY, UNIT, filled, write

REASON = {OPEN: {"reason_words": "chờ ý kiến của sở"}}
LEADER = Actor(KnownBy.ACCOUNT, "lanh-dao")
PROMISE = {OPEN: {"reason_words": "chờ ý kiến của sở", "new_due_on": datetime(2023, 11, 20)}}


def results(office):
    found = {}
    for path in office.folder.glob("da-nhan/*/*.ket-qua.xlsx"):
        page = openpyxl.load_workbook(path).active
        rows = [tuple(cell or "" for cell in row) for row in page.iter_rows(min_row=4, values_only=True)]
        found[path.name.removesuffix(".ket-qua.xlsx")] = (page["A1"].value, rows)
    return found


def test_what_is_right_is_entered_and_what_is_not_comes_back_with_the_reason(office):
    ended = office.take(PROMISE | {BOTH: {"reported_on": datetime(2030, 1, 1), "file_code": "01.KHTC"}})
    assert (ended["accepted"], ended["refused"]) == (3, 1)
    assert office.said() == {
        (OPEN, "reason"): "chờ ý kiến của sở",
        (OPEN, "new_due_on"): "2023-11-20",
        (BOTH, "file_code"): "01.KHTC",
    }
    title, rows = results(office)["tra-loi"]
    assert "nhận ngày 14/11/2023" in title
    assert (BOTH, "Ngày báo cáo hoàn thành", "01/01/2030", "không nhận", "ngày ở tương lai") in rows


def test_the_original_is_kept_and_the_file_is_moved_as_it_came(office):
    content = office.drop(REASON)
    take_in_folder(office.place, at=AT)
    sha256 = sha256_of(content)
    assert not [path for path in office.folder.iterdir() if path.is_file()]
    assert (office.folder / "da-nhan" / sha256[:16] / "tra-loi.xlsx").read_bytes() == content
    assert (office.place.out / CODE / "answers-store" / f"{sha256}.xlsx").read_bytes() == content
    [file] = office.files()
    assert (file.sha256, file.unit, file.state, file.business_date, file.late) == (sha256, UNIT, "taken", TODAY, False)
    assert audit.verify(office.place.ledger).broken_at is None


def test_the_same_file_again_changes_nothing_and_is_told_so(office):
    content = office.drop(REASON)
    take_in_folder(office.place, at=AT)
    before = office.rows()
    ended = office.take(content=content, name="lan-hai.xlsx")
    assert (ended["again"], office.rows(), len(office.files())) == (1, before, 1)
    assert "đã nhận từ trước" in results(office)["lan-hai"][0]


def test_a_later_answer_takes_the_place_of_an_earlier_one(office):
    office.take(REASON)
    office.take({OPEN: {"reason_words": "lý do đúng hơn"}})
    assert office.said()[OPEN, "reason"] == "lý do đúng hơn"
    assert len(office.rows()) == 2


def test_a_second_new_date_is_refused_whichever_workbook_it_comes_in(office):
    office.take(PROMISE)
    later = office.on(date(2023, 11, 15))
    content, _ = later.issue()
    later.take({OPEN: {"new_due_on": datetime(2023, 11, 30)}}, content=content)
    assert office.said()[OPEN, "new_due_on"] == "2023-11-20"
    assert "chỉ được hẹn lại một lần" in office.reasons()[OPEN, "new_due_on"]


def test_an_answer_after_the_deadline_is_taken_and_marked_late(office):
    late = office.on(date(2023, 11, 17))
    late.take({ENDED: {"reason_words": "x", "apology_number": "1", "apologised_on": datetime(2023, 11, 16)}})
    [file] = office.files()
    assert (file.late, office.said()[ENDED, "apologised_on"]) == (True, "2023-11-16")
    assert "sau hạn của đợt" in results(office)["tra-loi"][0]


def test_a_workbook_of_yesterday_is_as_good_as_todays(office):
    office.on(date(2023, 11, 15)).take(REASON)
    assert office.said()[OPEN, "reason"] == "chờ ý kiến của sở"


def test_a_workbook_nobody_sent_is_refused(office):
    content, _ = write(office.day, unit="VP")
    ended = office.take(REASON, content=content)
    assert (ended["files_refused"], office.rows()) == (1, [])
    assert "không có tệp nào mang mã nhận dạng này" in results(office)["tra-loi"][0]


def test_cells_of_another_unit_are_refused(office):
    def smuggle(book):
        page = book["Hồ sơ quá hạn"]
        page.cell(9, 1).value, page.cell(9, 8).value = "000.00.99", "x"

    office.take(REASON, change=smuggle)
    assert office.reasons() == {("000.00.99", "reason"): "không có trong danh sách đã gửi đơn vị"}


def test_a_cell_nobody_asked_for_and_a_locked_one_are_told(office):
    def meddle(book):
        book["Công việc"]["B4"] = "trích yếu khác"

    ended = office.take({APOLOGISED: {"apology_number": "1"}}, change=meddle)
    assert ended["ignored"] == 2
    assert office.said() == {}


def test_a_workbook_in_which_nothing_was_filled_is_told_so(office):
    office.take(content=office.content)
    assert "không có ô nào được điền" in office.files()[0].reason


def test_a_file_still_being_copied_waits_and_a_broken_one_does_not_wait_for_ever(office):
    content = filled(office.content, REASON)
    path = office.folder / "tra-loi.xlsx"
    path.write_bytes(content[: len(content) // 2])
    assert (take_in_folder(office.place, at=AT), path.exists()) == ({}, True)
    path.write_bytes(content)
    assert take_in_folder(office.place, at=AT)["accepted"] == 1
    path.write_bytes(content[:999])
    os.utime(path, (time.time() - 99,) * 2)
    assert take_in_folder(office.place, at=AT)["files_refused"] == 1
    assert "cắt cụt hoặc hỏng" in office.files()[-1].reason


@pytest.mark.parametrize("name", ["~$tra-loi.xlsx", ".tra-loi.xlsx", "tra-loi.xlsx.part", "ghi-chu.txt"])
def test_what_is_no_answer_is_left_where_it_lies(office, name):
    (office.folder / name).write_bytes(office.content)
    assert take_in_folder(office.place, at=AT) == {}
    assert (office.folder / name).exists()


@pytest.mark.fault(92)
def test_a_link_is_no_answer(office, tmp_path):
    elsewhere = tmp_path / "tep-rieng.xlsx"
    elsewhere.write_bytes(filled(office.content, REASON))
    (office.folder / "tra-loi.xlsx").symlink_to(elsewhere)
    assert take_in_folder(office.place, at=AT) == {"files": 1, "files_refused": 1}
    [told] = office.folder.glob("khong-nhan/*/*.ket-qua.xlsx")
    said = [cell.value for row in openpyxl.load_workbook(told).active for cell in row if cell.value]
    assert "không phải tệp thường mà là liên kết" in str(said)
    assert (office.files(), elsewhere.is_file()) == ([], True)


@pytest.mark.fault(91)
def test_what_was_set_aside_stands_in_the_ledger_before_it_is_moved(office, tmp_path, monkeypatch):
    (office.folder / "tra-loi.xlsx").symlink_to(tmp_path)
    with monkeypatch.context() as killed:
        killed.setattr(DropFolder, "set_aside", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            take_in_folder(office.place, at=AT)
    take_in_folder(office.place, at=AT)
    [row] = list_set_aside(office.place.ledger, campaign=CODE, since=TODAY)
    assert (office.folder / row.origin).is_symlink()
    assert (row.door, row.business_date, row.sender) == (ANSWERS, TODAY, Actor.of_process().words)
    assert "không phải tệp thường mà là liên kết" in row.reason
    with office.place.ledger.begin() as connection:
        acts = connection.execute(audit.audit.select().where(audit.audit.c.action == "answers.set_aside")).all()
    assert [act.subject for act in acts] == [f"{CODE} {row.id}"]
    assert "tra-loi" not in acts[0].detail


def test_what_stays_out_of_the_folder_meanwhile_stops_nothing(office):
    with DropFolder(office.folder) as drop:
        assert drop.refused("tra-loi.xlsx") is None


def test_one_bad_file_does_not_stop_the_others(office):
    (office.folder / "a.xlsx").write_bytes(b"<html>")
    os.utime(office.folder / "a.xlsx", (time.time() - 99,) * 2)
    office.drop(REASON, name="b.xlsx")
    ended = take_in_folder(office.place, at=AT)
    assert (ended["files"], ended["files_refused"], ended["accepted"]) == (2, 1, 1)


def arrival(sha256, day=TODAY):
    return ReceivedFile(CODE, sha256 * 64, "", "", "x.xlsx", day, False, AT)


def test_two_who_write_at_once_cannot_promise_twice(office):
    ledger = office.place.ledger

    def promise(value):
        return Outcome(office.issued.identity, UNIT, cells=[JudgedCell("cases", OPEN, "new_due_on", value, "accepted")])

    assert answers.record_file(ledger, arrival("1"), promise("2023-11-20"))
    assert not answers.record_file(ledger, arrival("2"), promise("2023-11-30"))
    assert (office.said(), len(office.files())) == ({(OPEN, "new_due_on"): "2023-11-20"}, 1)


@pytest.mark.parametrize("statement", ["UPDATE answer SET value = 'x'", "DELETE FROM answer"])
def test_what_was_said_is_never_rewritten(office, statement):
    office.take(REASON)
    with pytest.raises((DatabaseError, IntegrityError)), office.place.ledger.begin() as connection:
        connection.execute(text(statement))


def test_an_old_day_does_not_see_what_was_answered_later(office):
    office.take(REASON)
    office.on(date(2023, 11, 15)).take({OPEN: {"reason_words": "lý do sau"}})
    assert office.said(as_of=date(2023, 11, 13)) == {}
    assert office.said(as_of=TODAY) == {(OPEN, "reason"): "chờ ý kiến của sở"}
    assert office.said(as_of=date(2023, 11, 15)) == {(OPEN, "reason"): "lý do sau"}


def test_a_result_is_text_whatever_was_typed(office):
    office.take({OPEN: {"reason_words": "=1+1" + "x" * 500}})
    [path] = office.folder.glob("da-nhan/*/*.ket-qua.xlsx")
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(path.read_bytes())).active for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}


def test_a_promised_date_is_put_right_by_a_named_person_and_audited(office):
    office.take(PROMISE)
    later = office.on(date(2023, 11, 15))
    was = correct(later.place, OPEN, date(2023, 11, 21), by=LEADER, reason="gõ nhầm", at=AT)
    assert (was, office.said()[OPEN, "new_due_on"]) == (date(2023, 11, 20), "2023-11-21")
    assert office.said(as_of=TODAY)[OPEN, "new_due_on"] == "2023-11-20", "an old day stays what it was"
    assert known_before(later.place).values["cases", OPEN]["new_due_on"] == "2023-11-21"
    with office.place.ledger.begin() as connection:
        acts = connection.execute(text("SELECT actor, action FROM audit ORDER BY seq DESC LIMIT 1")).all()
    assert [tuple(act) for act in acts] == [(LEADER.words, "answers.promise_corrected")]
    assert audit.verify(office.place.ledger).broken_at is None


@pytest.mark.parametrize(
    ("number", "day", "why"),
    [
        (OPEN, date(2023, 11, 19), "ngày nghỉ"),
        (OPEN, date(2023, 11, 13), "phải sau ngày"),
        (OPEN, date(2023, 11, 20), "đã đúng là ngày ấy"),
        (ENDED, date(2023, 11, 21), "Chưa nhận ngày hẹn mới"),
    ],
)
def test_only_a_date_that_may_be_promised_takes_the_place_of_one(office, number, day, why):
    office.take(PROMISE)
    with pytest.raises(LedgerError, match=why):
        correct(office.place, number, day, by=LEADER, reason="x", at=AT)


@pytest.mark.parametrize("statement", ["UPDATE promise_correction SET number = 'x'", "DELETE FROM promise_correction"])
def test_a_correction_is_never_rewritten(office, statement):
    office.take(PROMISE)
    correct(office.place, OPEN, date(2023, 11, 21), by=LEADER, reason="x", at=AT)
    with pytest.raises((DatabaseError, IntegrityError)), office.place.ledger.begin() as connection:
        connection.execute(text(statement))
