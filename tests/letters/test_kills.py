"""Drafting killed without warning, at every named point and at random moments: the next run puts all in order."""

import os
import signal
import subprocess
import sys
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
# Which call of each kind to die at; there are twelve letters, four of them approved, written five at a time.
TIMES = {"record": (1, 2), "write": (1, 2, 3), "stage": (1, 5, 8), "flush": (1, 4, 8), "replace": (1, 3, 8)}
TIMES |= {"unlink": (1, 4, 8), "settle": (1,), "list": (1,)}
MOMENTS = 100  # a drafting lasts about as many milliseconds


@pytest.fixture(scope="module")
def drafter():
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "include"), str(ROOT / "tests")])}
    command = [sys.executable, Path(__file__).with_name("drafting_child.py")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def run(drafter, office):
    def one(*words):
        drafter.stdin.write(" ".join([str(office.place.out), *words]) + "\n")
        drafter.stdin.flush()
        return drafter.stdout.readline().strip()

    return one


def files_of(office):
    campaign = office.place.out / "hai-phong-2023"
    return {path for path in campaign.rglob("*") if path.is_file() and "snapshots" not in path.parts}


def agree(office, facts_sha256):
    """Hold the folder against the register: each letter's file is there, whole, and no other file is."""
    letters = office.letters.values()
    assert {letter.case_number for letter in letters} == {f"HS-{i}" for i in range(COUNT)}
    documents = {path for path in files_of(office) if path.suffix != ".xlsx" and "letters-store" not in path.parts}
    assert documents == {office.file(letter) for letter in letters}
    assert all(file_sha256(office.file(letter)) == letter.sha256 for letter in letters)
    assert not list((office.place.out / "hai-phong-2023").rglob(".*"))
    assert all(letter.facts_sha256 == facts_sha256 for letter in letters if not letter.standing)


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


def unchanged(office, approved):
    return all(office.letters[number].sha256 == letter.sha256 for number, letter in approved.items())


@pytest.mark.fault(51)
@pytest.mark.parametrize("point", NAMED)
def test_after_a_kill_at_a_named_point_the_next_run_puts_all_in_order(office, run, point):
    assert run("2023-11-14", "một") == DONE
    approved, killed = approve_some(office), 0
    for i, times in enumerate(time for time in TIMES[point] for _ in range(2)):
        day = f"2023-11-{14 + (i + 1) // 2}"
        killed += run(day, f"w{i}", point, str(times)) == KILLED
        assert run(day, f"w{i}") == DONE
        agree(office, facts(office))
    assert killed >= 2
    assert unchanged(office, approved)


def test_killed_at_any_moment_with_other_facts_each_time_the_last_run_puts_all_in_order(office, run):
    assert run("2023-11-14", "một") == DONE
    approved, killed = approve_some(office), 0
    for i in range(24):
        killed += run(f"2023-11-{14 + i // 6}", f"w{i}", "moment", str(37 * i % MOMENTS)) == KILLED
        if i % 3 == 2:
            assert run(f"2023-11-{14 + i // 6}", f"w{i}") == DONE
            agree(office, facts(office))
    assert killed >= 20
    assert unchanged(office, approved)
