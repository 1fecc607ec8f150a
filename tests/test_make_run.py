"""What a person at the terminal sees while `make run` works: its own words, and a mail server that keeps it waiting."""

import json
import shlex
import subprocess
import sys

import pytest

from dondoc.installation import ROOT

LINE = "2026-11-30T07:31:05 [warning  ] Máy chủ thư 10.0.0.1:25 chưa trả lời đã 20 giây. [dondoc.mail] loc=x.py:1"


@pytest.fixture
def run(tmp_path):
    """Return a function that runs `make run` with a stand-in for Airflow that prints a line and ends as told."""

    def make(status):
        programs, conf = tmp_path / "venv" / "bin", tmp_path / "conf.json"
        programs.mkdir(parents=True)
        passes_on = (
            f'case "$2" in dondoc_airflow.progress) exec {shlex.quote(sys.executable)} "$@";; *) echo xong;; esac'
        )
        for name, does in {
            "airflow": f"echo '{LINE}'; printf %s \"$5\" > {conf}; exit {status}",
            "python": passes_on,
        }.items():
            (programs / name).write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
            (programs / name).chmod(0o755)
        settings = [f"VENV={tmp_path / 'venv'}", f"HOME_DIR={tmp_path}", "-o", f"{tmp_path}/ready"]
        command = ["make", "--no-print-directory", "-C", str(ROOT), "run", *settings]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")

    return make


@pytest.mark.fault(8)
@pytest.mark.parametrize("status", [0, 1])
def test_a_silent_mail_server_is_named_at_the_terminal_and_a_failed_run_fails(run, tmp_path, status):
    done = run(status)
    assert "Máy chủ thư 10.0.0.1:25 chưa trả lời đã 20 giây.\n" in done.stdout
    assert "[dondoc.mail]" not in done.stdout
    assert LINE in (tmp_path / "run.log").read_text(encoding="utf-8")
    assert bool(done.returncode) == bool(status)


def test_what_the_run_is_told_is_read_by_airflow(run, tmp_path):
    run(0)
    assert json.loads((tmp_path / "conf.json").read_text()) | {"armed_by": ""} == {
        "business_date": "2023-11-14",
        "mode": "campaign",
        "armed_by": "",
    }


@pytest.mark.parametrize("status", [0, 3])
def test_what_takes_long_says_so_and_fails_as_its_command_does(tmp_path, status):
    programs = tmp_path / "venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "airflow").write_text(f"#!/bin/sh\nsleep 5; echo hỏng; exit {status}\n", encoding="utf-8")
    (programs / "airflow").chmod(0o755)
    (tmp_path / "venv" / "installed").touch()
    ready = f"{tmp_path}/home/ready"
    settings = [f"VENV={tmp_path / 'venv'}", f"HOME_DIR={tmp_path / 'home'}", "-o", f"{tmp_path}/venv/installed"]
    command = ["make", "--no-print-directory", "-C", str(ROOT), ready, *settings]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert bool(done.returncode) == bool(status)
    assert "tạo cơ sở dữ liệu của Airflow: đã 4 giây" in done.stdout
    assert ("hỏng" in done.stdout, (tmp_path / "home" / "ready").exists()) == (status > 0, status == 0)
