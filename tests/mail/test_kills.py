"""Senders killed, stopped and racing, in processes of their own; the full counts are in docs/reliability.md."""

import json
import subprocess
import sys

import pytest

from dondoc.installation import ROOT

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
KILLS = 100


def measured(module, database, *options):
    """Return what `python -m tests.mail.<module>` prints; it fails when anything was sent twice or lost."""
    command = [sys.executable, "-m", f"tests.mail.{module}", "--database", database, *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)[0]


@pytest.mark.fault(1, 2)
@pytest.mark.parametrize("database", DATABASES)
def test_whenever_a_sender_is_killed_nobody_is_mailed_twice_and_nothing_is_lost(database, postgres_answers):
    tally = measured("kills", database, "--kills", str(KILLS), "--seed", "1")
    assert tally["kills"] >= KILLS
    assert (tally["accepted_twice"], tally["lost"], tally["left_to_a_person"]) == (0, 0, 0)
    assert all(tally["at_points"].values())
    assert tally["unknown"] == tally["reconciled_sent"] + tally["reconciled_absent"] > 0


@pytest.mark.fault(11)
@pytest.mark.parametrize("database", DATABASES)
def test_a_sender_that_wakes_past_its_lease_sends_nothing(database, postgres_answers):
    tally = measured("zombies", database, "--zombies", "7")
    assert (tally["zombies"], tally["sent_after_waking"]) == (7, 0)
    assert tally["taken_over"] + tally["left_unknown"] == 7


@pytest.mark.fault(10, 58)
@pytest.mark.parametrize("database", DATABASES)
def test_eight_senders_on_one_outbox_send_each_mail_once(database, postgres_answers):
    load = measured("load", database, "--mails", "500", "--senders", "8")
    assert (load["accepted"], load["accepted_twice"], load["not_sent"]) == (500, 0, 0)
