"""Programs run confined: no secret, no network where the system lets us, an end to time, memory and children."""

import subprocess
import sys
import time

import pytest

from dondoc.office_files import programs
from dondoc.office_files.programs import ProgramError, run_confined

CONNECT = "import socket; socket.create_connection(('127.0.0.1', {port}), 2)"


def run(code, folder, seconds=20):
    return run_confined([sys.executable, "-S", "-c", code], folder=folder, seconds=seconds)


def test_it_is_given_no_secret_of_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("DONDOC_LEDGER_URL", "postgresql://x:mat-khau@y/z")
    told = run("import os; print(dict(os.environ), os.getcwd())", tmp_path).decode()
    assert ("mat-khau" in told, str(tmp_path) in told) == (False, True)


def test_it_reads_what_it_is_given_and_its_failure_is_told(tmp_path):
    assert run_confined(["/bin/cat"], folder=tmp_path, seconds=9, given=b"x") == b"x"
    with pytest.raises(ProgramError, match="mã 3"):
        run_confined(["/bin/sh", "-c", "exit 3"], folder=tmp_path, seconds=9)


def test_what_takes_too_long_is_ended_with_all_it_started(tmp_path):
    mark = tmp_path / "still-there"
    with pytest.raises(ProgramError, match="quá 1 giây"):
        run_confined(["/bin/sh", "-c", f"(sleep 3; touch '{mark}') & sleep 30"], folder=tmp_path, seconds=1)
    time.sleep(3)
    assert not mark.exists()


def test_it_gets_no_more_memory_than_its_limit(tmp_path):
    with pytest.raises(ProgramError):
        run("x = bytearray(4_000_000_000)", tmp_path)


def test_it_has_no_network(tmp_path, free_port):
    if not programs._without_network():
        pytest.skip("hệ thống này không cho đóng mạng của một tiến trình")
    server = subprocess.Popen([sys.executable, "-m", "http.server", str(free_port), "--bind", "127.0.0.1"])
    try:
        time.sleep(1)
        with pytest.raises(ProgramError):
            run(CONNECT.format(port=free_port), tmp_path)
    finally:
        server.kill()
        server.wait()
