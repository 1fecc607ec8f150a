"""Drafting killed without warning, at every named point and at random moments: the next run puts all in order."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dondoc.files import file_sha256
from dondoc.installation import ROOT
from dondoc.ledger import transitions
from dondoc.letters.submission import put_up

from .conftest import AT
from .drafting_child import COUNT, NAMED

WHO = {"by": "Trần Thị B", "at": AT}
KILLED, DONE = str(signal.SIGKILL.value), "0"
TIMES = (1, 2, 4, 9)


@pytest.fixture
def child(installation, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "include"), str(ROOT / "tests")]))
    command = [sys.executable, Path(__file__).with_name("drafting_child.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.stdin.close()


def run(child, *words):
    child.stdin.write(" ".join(words) + "\n")
    child.stdin.flush()
    return child.stdout.readline().strip()


def files_of(office):
    campaign = office.place.out / "hai-phong-2023"
    return {path for path in campaign.rglob("*") if path.is_file() and "snapshots" not in path.parts}


def agree(office, version_of):
    """Hold the folder against the register: each letter's file is there, whole, and no other file is."""
    letters = office.letters.values()
    assert {letter.case_number for letter in letters} == {f"HS-{i}" for i in range(COUNT)}
    documents = {path for path in files_of(office) if path.suffix != ".xlsx" and "letters-store" not in path.parts}
    assert documents == {office.file(letter) for letter in letters}
    assert all(file_sha256(office.file(letter)) == letter.sha256 for letter in letters)
    assert not list((office.place.out / "hai-phong-2023").rglob(".*"))
    assert all(letter.facts_sha256 == version_of for letter in letters if not letter.standing)


def approve_some(office):
    place = office.place
    shown = put_up(place.ledger, place.out, campaign="hai-phong-2023", unit="QLDT", **WHO)
    ids = [letter.id for letter in shown.letters[:4]]
    batch = transitions.batch_sha256({letter.id: letter.sha256 for letter in shown.letters[:4]})
    transitions.approve(place.ledger, ids, batch=batch, **WHO)
    return {letter.case_number: letter for letter in office.letters.values() if letter.standing}


def facts(office):
    (found,) = {letter.facts_sha256 for letter in office.letters.values() if not letter.standing}
    return found


@pytest.mark.parametrize("point", NAMED)
def test_after_a_kill_the_next_run_puts_folder_and_register_in_order(office, child, point):
    assert run(child, "2023-11-14", "một") == DONE
    approved, killed = approve_some(office), 0
    for i, (times, day) in enumerate((times, day) for times in TIMES for day in ("2023-11-14", "2023-11-15")):
        day = "2023-11-15" if i >= 4 else "2023-11-14"
        killed += run(child, day, f"w{i}", point, str(times)) == KILLED
        assert run(child, day, f"w{i}") == DONE
        agree(office, facts(office))
    assert killed >= (4 if point in {"record", "write", "unlink", "stage", "flush", "replace"} else 2)
    assert {number: office.letters[number].sha256 for number in approved} == {
        number: letter.sha256 for number, letter in approved.items()
    }


