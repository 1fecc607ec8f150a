"""A report that has left is never changed: what is found later is an addendum beside it."""

import re
import shutil
from copy import deepcopy
from email import message_from_bytes, policy
from pathlib import Path
from unittest.mock import Mock

import docx
import pandas as pd
import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from dondoc.daily import mail_planning, report_making, reporting, steps
from dondoc.daily.report_making import Built
from dondoc.errors import LedgerError, SoftwareError
from dondoc.installation.workplace import Workplace
from dondoc.ledger import outbox, reports
from dondoc.ledger.reports import ReportVersion, record_version, versions_of
from dondoc.ledger.tables import outbox as mails
from dondoc.records import CASES
from dondoc.sources.snapshot import read_snapshot, write_snapshot

from .conftest import check_day, installed, report_of

DAY = "2023-11-15"


@pytest.fixture(scope="module")
def reported(tmp_path_factory, new_ledger):
    """Return an output folder in which the day is reported, and what `check_day` returned; copied for each test."""
    out = tmp_path_factory.mktemp("reported") / "out"
    new_ledger(out / "ledger.sqlite")
    with installed(out):
        day, found = check_day(DAY)
        steps.write_report(day, found)
    return out, day, found


@pytest.fixture
def written(reported, tmp_path, monkeypatch):
    """Return a day whose report waits to leave: its reference, and what the checks left."""
    out, day, found = reported
    shutil.copytree(out, tmp_path / "out")
    monkeypatch.setenv("DONDOC_OUT", str(tmp_path / "out"))
    return day, deepcopy(found)


@pytest.fixture
def sent(written):
    """Return that day once its report has left."""
    leave(written[0])
    return written


def leave(day):
    with Workplace.of(day).ledger.begin() as connection:
        connection.execute(update(mails).where(mails.c.kind == "report").values(state=outbox.SENT))


def corrected(day, found):
    """Return what the checks find once the source is corrected: one late case has been apologised for."""
    place = Workplace.of(day)
    cases = next(snapshot for snapshot in found["snapshots"] if snapshot["kind"] == "cases")
    rows = read_snapshot(place.out / cases["path"], CASES)
    late = rows.index[
        rows["status"].eq(4) & rows["apologised_at"].isna() & (rows["due_at"] < pd.Timestamp(2023, 11, 1))
    ]
    rows.loc[late[:1], "apologised_at"] = pd.Timestamp(2023, 11, 15)
    path = write_snapshot(rows, CASES, folder=place.folder / "snapshots", name="cases")
    cases["path"] = path.relative_to(place.out).as_posix()
    return steps.check(day, found["snapshots"])


def files(day):
    return {path: path.read_bytes() for path in report_of(day)[0].parent.iterdir()}


def test_the_same_facts_again_write_nothing(sent):
    day, found = sent
    before = files(day)
    steps.write_report(day, found)
    assert files(day) == before


@pytest.mark.fault(39, 72)
def test_other_facts_leave_the_sent_bytes_and_write_what_changed_beside_them(sent):
    day, found = sent
    before = files(day)
    written = steps.write_report(day, corrected(day, found))
    after = files(day)
    (added,) = after.keys() - before.keys()
    assert {path: after[path] for path in before} == before
    assert f"report/{added.name}" in written
    rows = [[cell.text for cell in row.cells] for table in docx.Document(added).tables for row in table.rows]
    assert ["Tổng cộng", "hồ sơ đã xin lỗi", "56", "57", "+1"] in rows
    assert any("bớt 1 (000.00.12.H24-" in paragraph.text for paragraph in docx.Document(added).paragraphs)


def test_an_addendum_is_written_once_for_the_same_facts_and_again_for_others(sent):
    day, found = sent
    again = corrected(day, found)
    steps.write_report(day, again)
    before = files(day)
    steps.write_report(day, again)
    assert files(day) == before
    steps.write_report(day, corrected(day, again))
    assert {path.name for path in files(day).keys() - before.keys()} == {f"dinh-chinh-{DAY}-2.docx"}


def test_the_mail_is_not_planned_again(sent):
    day, found = sent
    steps.write_report(day, corrected(day, found))
    with Workplace.of(day).ledger.begin() as connection:
        rows = connection.execute(mails.select().where(mails.c.kind == "report")).all()
    assert [(row.state, row.conflict_open) for row in rows] == [(outbox.SENT, False)]


def test_a_report_that_was_lost_comes_back_as_it_was_sent(sent):
    day, found = sent
    path = report_of(day)[0]
    whole = path.read_bytes()
    path.unlink()
    steps.write_report(day, found)
    assert path.read_bytes() == whole


def test_what_another_version_of_the_software_sent_is_left_alone(sent, monkeypatch):
    day, found = sent
    before = files(day)
    monkeypatch.setattr(reports, "versions_of", lambda *_args, **_given: [])
    written = steps.write_report(day, corrected(day, found))
    assert files(day) == before
    assert written


def test_a_sent_mail_that_was_touched_stops_the_step(sent):
    day, found = sent
    mail = next((Workplace.of(day).folder / "mail").glob("bao-cao-*.eml"))
    mail.write_bytes(mail.read_bytes() + b"x")
    with pytest.raises(LedgerError, match="bị mất hoặc bị sửa"):
        steps.write_report(day, found)


@pytest.fixture
def too_large(written, monkeypatch):
    """Return that day once its report has left without its workbook, which no mail could carry."""
    day, found = written
    monkeypatch.setattr(mail_planning, "MOST_ATTACHED", together(day) - 1)
    steps.write_report(day, found)
    leave(day)
    return day, found


def together(day):
    return sum(path.stat().st_size for path in report_of(day))


def mail_of(day):
    [path] = (Workplace.of(day).folder / "mail").glob("bao-cao-*.eml")
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def test_a_workbook_no_mail_can_carry_is_named_and_stays_where_it_lies(too_large):
    message = mail_of(too_large[0])
    assert [part.get_filename() for part in message.iter_attachments()] == [f"bao-cao-{DAY}.docx"]
    for form in ("plain", "html"):
        words = message.get_body((form,)).get_content()
        assert f"bao-cao-{DAY}.xlsx" in words
        assert f"hai-phong-2023/{DAY}/report" in words
        assert re.search(r"\(\d+,\d MB\) quá lớn để gửi kèm thư", re.sub("<[^>]+>", "", words))


def test_a_workbook_that_just_fits_is_attached_and_nothing_is_said_of_it(written, monkeypatch):
    day, found = written
    monkeypatch.setattr(mail_planning, "MOST_ATTACHED", together(day))
    steps.write_report(day, found)
    message = mail_of(day)
    assert [part.get_filename() for part in message.iter_attachments()] == [
        f"bao-cao-{DAY}.docx",
        f"bao-cao-{DAY}.xlsx",
    ]
    assert "quá lớn" not in message.get_body(("plain",)).get_content()


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"x")], ids=["lost", "changed"])
def test_a_workbook_that_was_too_large_comes_back_as_it_was(too_large, harm, caplog):
    day, found = too_large
    path = report_of(day)[0].with_suffix(".xlsx")
    whole = path.read_bytes()
    harm(path)
    written = steps.write_report(day, found)
    assert path.read_bytes() == whole
    assert f"report/{path.name}" in written
    assert "đã lập lại đúng bản đã gửi" in caplog.text


def test_a_workbook_this_software_cannot_make_again_stops_the_step_and_is_not_replaced(too_large, monkeypatch):
    day, found = too_large
    path = report_of(day)[1]
    path.write_bytes(b"x")
    monkeypatch.setattr(reporting, "build", lambda *_: Built(b"", b"another", {}))
    with pytest.raises(LedgerError, match="không lập lại được"):
        steps.write_report(day, found)
    assert path.read_bytes() == b"x"


def test_what_a_cut_attempt_would_have_written_is_not_taken_for_what_left(written, monkeypatch):
    day, found = written
    monkeypatch.setattr(mail_planning, "MOST_ATTACHED", together(day) - 1)
    steps.write_report(day, found)
    before = files(day)
    counted = report_making._letters
    with monkeypatch.context() as attempt:
        # Letters a unit stand in the day's workbook, not in its document.
        attempt.setattr(report_making, "_letters", lambda *facts: [one | {"drafted": 9} for one in counted(*facts)])
        attempt.setattr(reporting, "write_whole", Mock(side_effect=OSError("disk full")))
        with pytest.raises(SoftwareError, match="OSError"):
            steps.write_report(day, found)
    leave(day)
    steps.write_report(day, found)
    assert files(day) == before


def test_what_is_found_later_leaves_a_workbook_that_was_too_large_as_it_is(too_large):
    day, found = too_large
    before = files(day)
    steps.write_report(day, corrected(day, found))
    after = files(day)
    assert {path: after[path] for path in before} == before
    assert {path.name for path in after.keys() - before.keys()} == {f"dinh-chinh-{DAY}-1.docx"}


def test_before_it_leaves_a_report_follows_the_facts(written):
    day, found = written
    before = files(day)
    steps.write_report(day, corrected(day, found))
    assert files(day).keys() == before.keys()
    assert report_of(day)[0].read_bytes() != before[report_of(day)[0]]


def test_a_version_is_entered_once_and_never_changed(ledger):
    version = ReportVersion("c", pd.Timestamp(2023, 11, 16).date(), "report", "1" * 64, "2" * 64, "3" * 64)
    for _ in range(2):
        record_version(ledger, version)
    assert list(versions_of(ledger, campaign="c", business_date=version.business_date, kind="report")) == [version]
    for statement in ("UPDATE report SET document_sha256 = 'x'", "DELETE FROM report"):
        with pytest.raises(DatabaseError, match="report only grows"), ledger.begin() as connection:
            connection.execute(text(statement))
