"""Each report prints where the ledger's chains ended when it was made; a report that left holds the ledger to it."""

import sqlite3
from contextlib import closing

import docx
import pytest

from dondoc.__main__ import main
from dondoc.commands.audit import mark_in
from dondoc.daily import steps
from dondoc.errors import LedgerError
from dondoc.installation.workplace import Workplace
from dondoc.ledger.store import open_ledger
from dondoc.ledger.verification import mark_of

from .conftest import check_day, report_of


@pytest.fixture
def report(installation):
    """Return a day's report, in Word and Excel, and the mark the ledger bore when it was made."""
    day, found = check_day("2023-11-14")
    mark = mark_of(open_ledger(installation.ledger_url))
    steps.write_report(day, found)
    return day, found, report_of(day)[:2], mark


def test_word_and_excel_print_the_mark_small(report):
    _, _, paths, mark = report
    assert [mark_in(path) for path in paths] == [mark, mark]
    feet = [section.footer.paragraphs[0].text for section in docx.Document(paths[0]).sections]
    assert all(foot.endswith(f"Sổ cái {mark}") for foot in feet)


def test_a_day_run_again_prints_the_mark_it_printed(report):
    day, found, paths, _ = report
    before = [path.read_bytes() for path in paths]
    steps.write_report(day, found)
    assert [path.read_bytes() for path in paths] == before


@pytest.mark.fault(95)
def test_a_ledger_that_was_rewritten_whole_is_told_by_a_report_that_left(report, installation, capsys):
    _, _, paths, mark = report
    assert main(["audit", "verify", "--against", str(paths[0])]) == 0
    assert f"sổ cái chứa đúng phần đã có khi lập báo cáo (mã {mark})" in capsys.readouterr().out
    ledger = Workplace.of(report[0]).ledger
    ledger.dispose()
    with closing(sqlite3.connect(installation.out / "ledger.sqlite")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("DELETE FROM digest")
        connection.execute("UPDATE digest_head SET seq = 0, hash = ?", ["0" * 64])
        for table in ("run", "report", "deadline", "letter"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
        connection.commit()
    assert main(["audit", "verify", "--against", str(paths[1])]) == 1
    assert f"không còn là sổ cái đã lập ra {paths[1].name}" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + b"\x00" * 18])
def test_a_file_that_prints_no_mark_is_refused_in_words(tmp_path, content):
    path = tmp_path / "bao-cao.docx"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match=r"Không đọc được báo cáo|không in mã sổ cái"):
        mark_in(path)
