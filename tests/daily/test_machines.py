"""A worker in any time zone, locale and umask leaves the same bytes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.daily.machine_child import play_a_day

ROOT = Path(__file__).parents[2]
# Half past midnight in Hải Phòng is the day before there.
FAR_AWAY = {"TZ": "America/Los_Angeles", "LC_ALL": "C", "LANG": "C"}
# Python is kept from choosing UTF-8 by itself, where it can load libraries without: not from a folder with accents.
if str(ROOT).isascii():
    FAR_AWAY |= {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.fault(67)
def test_a_day_leaves_the_same_bytes_on_any_machine(tmp_path):
    command = [sys.executable, "-m", "tests.daily.machine_child", str(tmp_path / "away")]
    world = os.environ | FAR_AWAY
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    away = subprocess.Popen(command, cwd=ROOT, env=world, umask=0o077, **pipes)
    here = play_a_day(tmp_path / "here")
    out, error = away.communicate(timeout=300)
    assert away.returncode == 0, error.decode(errors="replace")
    there = json.loads(out)
    assert len(here) > 20
    assert {name for name in here.keys() | there.keys() if here.get(name) != there.get(name)} == set()
