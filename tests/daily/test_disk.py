"""A full disk, a closed folder, a ledger that cannot be written: said as that, before work where it can be known."""

import errno
import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from dondoc import files
from dondoc.__main__ import main
from dondoc.daily import steps
from dondoc.daily.preflight import CHECKS, Check, Stops
from dondoc.daily.preflight.folders import check_folders
from dondoc.daily.preflight.variables import check_relay_logs
from dondoc.errors import LedgerError, SettingsError
from dondoc.installation import workplace
from dondoc.ledger import runs
from dondoc.ledger.days import day_rows
from dondoc.ledger.store import open_ledger

CODE, DAY = "hai-phong-2023", "2023-11-14"
REF = steps.day_ref(CODE, DAY)


def refuse(monkeypatch, number, folder):
    """Let the system refuse to make a file in `folder`, as a disk or its rights do."""
    made = files.tempfile.mkstemp

    def mkstemp(*args, **named):
        if Path(named["dir"]) == folder:
            raise OSError(number, "refused", str(folder / "x"))
        return made(*args, **named)

    monkeypatch.setattr(files.tempfile, "mkstemp", mkstemp)


@pytest.mark.fault(62)
@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "ổ đĩa đầy"), (errno.EACCES, "không có quyền")],
)
def test_a_folder_that_takes_no_file_is_known_before_any_work(installation, monkeypatch, number, words):
    report = installation.out / CODE / DAY / "report"
    report.mkdir(parents=True)
    refuse(monkeypatch, number, report)
    with pytest.raises(SettingsError, match=rf"(?s){words} \(còn trống [0-9]+ MB\).*Ở: {report}\n"):
        steps.open_day(REF)
    [row] = day_rows(open_ledger(installation.ledger_url), campaign=CODE).values()
    assert (row.state, words in row.error) == ("failed", True)


@pytest.mark.fault(62)
def test_a_disk_without_room_is_found_and_the_trial_leaves_nothing(place, monkeypatch):
    before = sorted(place.out.rglob("*"))
    assert not list(check_folders(place))
    refuse(monkeypatch, errno.ENOSPC, place.out)
    [problem] = check_folders(place)
    assert "ổ đĩa đầy" in problem.what
    assert sorted(place.out.rglob("*")) == before


@pytest.mark.fault(61)
def test_a_full_ledger_is_said_as_that(installation):
    with spoilt(installation, "max_page_count = 1") as engine:
        fill(engine)
        with pytest.raises(LedgerError, match=r"(?s)sổ cái: ổ đĩa đầy \(còn trống [0-9]+ MB\).*Ở: .*ledger.sqlite\n"):
            steps.open_day(REF)


def test_a_ledger_that_takes_nothing_any_more_is_said_within_a_step_too(installation, caplog):
    ref = steps.open_day(REF)
    with spoilt(installation, "query_only = ON"), pytest.raises(LedgerError, match="sổ cái: chỉ đọc được"):
        steps.pull(ref, "work")
    assert "không ghi được lỗi này vào sổ cái" in caplog.text


@pytest.mark.fault(61)
@pytest.mark.parametrize(
    ("where", "call"),
    [
        pytest.param((runs, "finish_step"), lambda ref: steps.why_held(ref, "reminder"), id="as a step ends"),
        pytest.param((workplace, "find_run"), lambda ref: steps.stand_in(ref, []), id="where sources are stood in for"),
    ],
)
def test_a_ledger_that_fills_up_outside_a_steps_own_work_is_said_as_that_too(installation, monkeypatch, where, call):
    ref = steps.open_day(REF)

    def full(*_args, **_key):
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise OperationalError("UPDATE", {}, error)

    monkeypatch.setattr(*where, full)
    with pytest.raises(LedgerError, match="sổ cái: ổ đĩa đầy"):
        call(ref)


@pytest.mark.fault(59)
def test_a_locked_ledger_is_said_as_that(installation, capsys):
    with spoilt(installation, "busy_timeout = 10"), closing(sqlite3.connect(installation.out / "ledger.sqlite")) as one:
        one.execute("BEGIN IMMEDIATE")
        assert main(["days", CODE]) == 1
    assert "Không dùng được sổ cái: tiến trình khác đang giữ khóa" in capsys.readouterr().err


@pytest.mark.fault(107)
def test_a_relay_log_nobody_can_read_is_told_beforehand(place, tmp_path):
    logs = (tmp_path / "mail.log", tmp_path)
    told = check_relay_logs(replace(place, installation=replace(place.installation, relay_logs=logs)))
    assert [(problem.what.split(": ")[1].split(";")[0], problem.where) for problem in told] == [
        ("không có tệp này", f"biến DONDOC_RELAY_LOG, {logs[0]}"),
        ("đây là thư mục, không phải tệp", f"biến DONDOC_RELAY_LOG, {logs[1]}"),
    ]
    assert Check(check_relay_logs, Stops.NOTHING) in CHECKS


def fill(engine):
    """Let the ledger's table of runs take as much as its pages hold."""
    with suppress(OperationalError):
        for on in range(5000):
            key = {"campaign": "x", "business_date": date(2000, 1, 1) + timedelta(on)}
            runs.open_run(engine, **key, kind="daily", mode="preview", hold_reason="x" * 200)


class spoilt:  # noqa: N801 (used as a statement)
    """Let every connection to the ledger work under a pragma, as on a disk that gives no more."""

    def __init__(self, installation, pragma):
        self.engine, self.pragma = open_ledger(installation.ledger_url), pragma

    def __enter__(self):
        self.engine.dispose()
        event.listen(self.engine, "connect", self._spoil)
        return self.engine

    def __exit__(self, *_):
        event.remove(self.engine, "connect", self._spoil)
        self.engine.dispose()

    def _spoil(self, connection, _record):
        connection.execute(f"PRAGMA {self.pragma}")
