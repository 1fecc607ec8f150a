"""Taking in killed without warning at every named point: the next run loses nothing and does nothing twice."""

import json
import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import func, select

from dondoc.files import sha256_of
from dondoc.installation import ROOT
from dondoc.ledger import audit
from dondoc.ledger.answer_tables import answer, answer_file, answer_notice
from dondoc.ledger.tables import outbox

from . import imap
from .conftest import BOTH, OPEN, UNFILED, filled
from .taking_child import NAMED
from .test_post import message

KILLED, DONE = str(signal.SIGKILL.value), "0"
TIMES = {"flush": (1, 6), "move": (1, 3), "record": (1, 3)}


@pytest.fixture(scope="module")
def taker():
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "include"), str(ROOT)])}
    command = [sys.executable, "-m", "tests.answers.taking_child"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, cwd=ROOT, **pipes) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def run(taker, office):
    """Run one taking-in in a process of its own; return how it ended."""

    def one(*words):
        settings = {name: value for name, value in os.environ.items() if name.startswith("DONDOC_")}
        taker.stdin.write(json.dumps([settings, *map(str, words)]) + "\n")
        taker.stdin.flush()
        return taker.stdout.readline().strip()

    return one


def drop_three(office, mark):
    """Let two files lie in the folder and one in the mailbox; return the bytes of all, and the mailbox."""
    first = office.drop({OPEN: {"reason_words": f"lý do {mark}"}}, name=f"a-{mark}.xlsx")
    second = office.drop({BOTH: {"file_code": f"01.{mark}"}}, name=f"b-{mark}.xlsx")
    third = filled(office.content, {UNFILED: {"file_code": f"02.{mark}"}})
    return [first, second, third], imap.Mailbox(message(third), validity=1000 + mark)


def agree(office, contents, mark):
    """Hold the ledger, the folder and the outbox against what was dropped: all there, once."""
    hashes = {sha256_of(content) for content in contents}
    assert {file.sha256 for file in office.files()} == hashes
    assert len(office.files()) == len(contents)
    assert len(office.rows()) == len(contents)
    assert office.said() == {
        (OPEN, "reason"): f"lý do {mark}",
        (BOTH, "file_code"): f"01.{mark}",
        (UNFILED, "file_code"): f"02.{mark}",
    }
    assert not [path for path in office.folder.iterdir() if path.is_file()]
    originals = {sha256_of(path.read_bytes()) for path in office.folder.glob("da-nhan/*/?-*[0-9].xlsx")}
    assert originals == {sha256_of(content) for i, content in enumerate(contents) if i % 3 != 2}
    assert counted(office, outbox) == counted(office, answer_notice) == len(contents)
    assert audit.verify(office.place.ledger).broken_at is None


def counted(office, table):
    with office.place.ledger.begin() as connection:
        return connection.scalar(select(func.count()).select_from(table))


@pytest.mark.fault(51)
@pytest.mark.parametrize("point", NAMED)
def test_after_a_kill_at_a_named_point_the_next_run_puts_all_in_order(office, run, point):
    contents, killed, mark = [], 0, 0
    for times in TIMES.get(point, (1,)):
        for after in ("", "after"):
            mark += 1
            dropped, server = drop_three(office, mark)
            contents += dropped
            killed += run(server.port, point, times, after) == KILLED
            assert run(server.port) == DONE
            agree(office, contents, mark)
    assert killed >= 2
    assert {row.state for row in office.rows(answer)} == {"accepted"}
    assert len(office.rows(answer_file)) == 3 * mark
