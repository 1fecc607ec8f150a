"""From the mail that left to the letter it completes: sent, filled in, saved again, taken back."""

import email
import email.policy
import shutil
import subprocess
from datetime import datetime

import pytest
from tests.answers.conftest import filled
from tests.mail import post
from tests.mail.sink import Sink
from tests.people import LE_VAN_A

from dondoc.daily import replies, steps
from dondoc.installation import Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger.letters import DRAFTED, latest_letters

CODE, UNIT = "hai-phong-2023", "QLDT"
SENT_ON, ANSWERED_ON = "2023-11-14", "2023-11-15"
NEW_DUE = datetime(2023, 11, 20)


@pytest.fixture
def office(installation, turn_to):
    """Return what runs the sample's day, as if it were today, up to its letters and reminders."""
    campaign = Installation.from_environment().campaign(CODE)

    def run(on):
        turn_to(on)
        day = steps.open_day(steps.day_ref(CODE, on), mode="armed", by=LE_VAN_A)
        found = steps.check(day, steps.gate(day, [steps.pull(day, source.name) for source in campaign.sources]))
        steps.draft_letters(day, found, [UNIT])
        steps.compose_reminders(day, found, [UNIT])
        return day

    return run


def letters(day):
    return {letter.case_number: letter for letter in latest_letters(Workplace.of(day).ledger, campaign=CODE).values()}


def attached(body):
    message = email.message_from_bytes(body, policy=email.policy.default)
    [part] = [part for part in message.iter_attachments() if part.get_filename().endswith(".xlsx")]
    return part.get_filename(), part.get_content()


@pytest.mark.parametrize("program", ["openpyxl", "libreoffice"])
def test_a_workbook_that_was_mailed_comes_back_and_completes_its_letter(office, tmp_path, program):
    if program == "libreoffice" and not shutil.which("soffice"):
        pytest.skip("không có LibreOffice trên máy này")
    day = office(SENT_ON)
    with Sink() as server:
        server.longest_kept = 1_000_000
        steps.send_mail(day, "reminder", lambda: post.account(server.port))
        [(name, content)] = [attached(body) for body in server.bodies]
    gaps = {number: one for number, one in letters(day).items() if one.state == DRAFTED and "new_due_on" in one.missing}
    number = sorted(gaps)[0]
    returned = tmp_path / name
    returned.write_bytes(filled(content, {number: {"reason_words": "chờ ý kiến", "new_due_on": NEW_DUE}}))
    if program == "libreoffice":
        returned = saved_again(returned, tmp_path)
    folder = Installation.from_environment().answers_folder(CODE)
    folder.mkdir(parents=True)
    shutil.copy(returned, folder)
    replies.take_folder(CODE)
    after = letters(office(ANSWERED_ON))[number]
    assert (after.state, after.missing, after.promised_on) == ("complete", (), NEW_DUE.date())


def saved_again(path, folder):
    profile = f"-env:UserInstallation=file://{folder}/profile"
    there = ["--headless", "--convert-to", "xlsx", "--outdir", str(folder / "saved"), str(path)]
    subprocess.run(["soffice", profile, *there], check=True, capture_output=True)
    return folder / "saved" / path.name
