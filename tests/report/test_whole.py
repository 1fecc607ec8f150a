"""A report is whole or absent, wherever the writing of it is cut off; yesterday's stays."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dondoc.daily import steps
from dondoc.errors import DiskError
from dondoc.installation import ROOT

from .conftest import check_day, installed

YESTERDAY, TODAY = "2023-11-14", "2023-11-15"
# Basis, document, workbook, mail; configuration, calendar and template are kept since yesterday.
FILES = 4


@pytest.fixture(scope="module")
def base(first_day, tmp_path_factory):
    """Return an output folder in which yesterday was reported and today is checked, and what the checks left."""
    out = tmp_path_factory.mktemp("base") / "out"
    shutil.copytree(first_day[0], out)
    with installed(out):
        _, found = check_day(TODAY)
    (out / "found.json").write_text(json.dumps(found))
    return out


@pytest.fixture(scope="module")
def write():
    """Write the report in a process of its own, as `writing_child` says; return how it ended."""
    child = [sys.executable, Path(__file__).with_name("writing_child.py")]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "include")}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(child, env=environment, text=True, **pipes) as process:

        def one(out, where, n):
            process.stdin.write(json.dumps([str(out), TODAY, where, n]) + "\n")
            process.stdin.flush()
            return int(process.stdout.readline())

        yield one
        process.stdin.close()


@pytest.fixture
def out(base, tmp_path, monkeypatch):
    shutil.copytree(base, tmp_path / "out")
    monkeypatch.setenv("DONDOC_OUT", str(tmp_path / "out"))
    return tmp_path / "out"


@pytest.fixture(scope="module")
def whole(base, write, tmp_path_factory):
    """Return the files of an undisturbed run, by name."""
    copy = tmp_path_factory.mktemp("whole") / "out"
    shutil.copytree(base, copy)
    write(copy, "none", 0)
    return reports(copy, TODAY)


def reports(out, day):
    folder = out / "hai-phong-2023" / day / "report"
    return {path.name: path.read_bytes() for path in folder.glob("bao-cao-*")} if folder.exists() else {}


def is_whole_or_absent(out, base, whole):
    assert reports(out, YESTERDAY) == reports(base, YESTERDAY)
    assert all(whole[name] == content for name, content in reports(out, TODAY).items())


# What a killed run wrote is not written again, so each run gets one file further; a file is flushed, then its folder.
@pytest.mark.fault(51)
@pytest.mark.parametrize(("where", "calls"), [("flush", (1, 3, 3, 3)), ("replace", (1, 2, 2, 2))])
def test_killed_at_any_write_the_report_is_whole_or_absent_and_the_next_run_mends_it(
    base, out, whole, write, where, calls
):
    for n in calls:
        assert write(out, where, n) == -signal.SIGKILL
        is_whole_or_absent(out, base, whole)
    assert write(out, "none", 0) == 0
    assert reports(out, TODAY) == whole
    assert len(list((out / "hai-phong-2023" / TODAY / "mail").glob("*.eml"))) == 1


@pytest.mark.fault(61)
def test_a_file_too_large_for_the_disk_leaves_yesterdays_report(base, out, whole, write):
    workbook = next(len(content) for name, content in whole.items() if name.endswith(".xlsx"))
    assert write(out, "full", workbook - 1) != 0
    is_whole_or_absent(out, base, whole)
    assert not [name for name in reports(out, TODAY) if name.endswith(".xlsx")]
    assert write(out, "none", 0) == 0
    assert reports(out, TODAY) == whole


@pytest.mark.fault(61)
@pytest.mark.parametrize("n", range(1, 2 * FILES + 1))
def test_a_full_disk_at_any_flush_leaves_a_whole_report_or_none(base, out, whole, monkeypatch, n):
    calls = iter(range(1, 1_000))
    real = os.fsync

    def fsync(descriptor):
        if next(calls) == n:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    day, found = steps.day_ref("hai-phong-2023", TODAY), json.loads((out / "found.json").read_text())
    with pytest.raises(DiskError, match=r"ổ đĩa đầy \(còn trống [0-9]+ MB\)"):
        steps.write_report(day, found)
    is_whole_or_absent(out, base, whole)
