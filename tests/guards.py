"""Guards taken away one by one from a copy of the package, to see that a test notices each.

python -m tests.guards --write docs/reliability.md
"""

import argparse
import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import pandas as pd  # noqa: F401
import pyarrow.parquet as pq  # noqa: F401
import pytest
import sqlalchemy.dialects.postgresql  # noqa: F401
from tests.mail import page

from dondoc.installation import ROOT

COPIED = ("include", "tests", "dags", "plugins", "pyproject.toml")


@dataclass(frozen=True)
class Guard:
    """A guard, the one line it stands in, what that line becomes without it, and the test that then fails."""

    name: str
    file: str
    line: str
    without: str
    test: str


GUARDS = (
    Guard(
        "a recipient's domain is looked at again when the mail is sent",
        "mail/sending.py",
        "if reason := off_domain(mail.recipient, self.domains):",
        "if reason := '':",
        "mail/test_sending.py::test_an_address_outside_the_offices_domains_is_held_at_sending_too",
    ),
    Guard(
        "only mail of today leaves",
        "ledger/claims.py",
        "or_(outbox.c.business_date == moment.today, outbox.c.resend_on == moment.today),",
        "",
        "ledger/test_outbox.py::test_a_mail_of_another_day_leaves_only_on_the_day_it_is_to_be_sent_again",
    ),
    Guard(
        "a fence that was passed moves nothing",
        "ledger/claims.py",
        "return and_(outbox.c.id == mail.id, outbox.c.state == state, outbox.c.fence == mail.fence)",
        "return outbox.c.id == mail.id",
        "ledger/test_outbox.py::test_a_sender_fenced_off_moves_nothing_and_its_answer_is_kept",
    ),
    Guard(
        "no mail leaves while the switch is thrown",
        "ledger/claims.py",
        "        ~stopped,",
        "",
        "ledger/test_outbox.py::test_the_switch_is_asked_again_before_each_mail",
    ),
    Guard(
        "a mail whose answer was lost is in doubt, not put off",
        "mail/transport.py",
        "return SendResult(UNKNOWN, stage, None,",
        "return SendResult(DEFERRED, stage, None,",
        "mail/test_smtp_matrix.py::test_a_drop_after_the_dot_is_never_tried_again",
    ),
    Guard(
        "a log of which a mail is missing is no witness",
        "mail/witness.py",
        "if not known or len(known) < len(near):",
        "if False:",
        "mail/test_evidence.py::test_a_log_that_is_no_witness_of_the_conversation_proves_no_absence",
    ),
    Guard(
        "a log with a gap in the conversation is no witness",
        "mail/witness.py",
        "if not all(session.is_whole for session in conversations):",
        "if False:",
        "mail/test_evidence.py::test_a_log_that_is_no_witness_of_the_conversation_proves_no_absence",
    ),
    Guard(
        "what is decided is what was shown",
        "ledger/batches.py",
        "return now == found.shown",
        "return True",
        "ledger/test_sign_off_batches.py::test_one_letter_of_other_bytes_closes_the_batch",
    ),
    Guard(
        "a kept file is what it was written with",
        "sources/snapshot.py",
        'if sha256_of(content)[:HASH_IN_NAME] != path.stem.rpartition("-")[2]:',
        "if False:",
        "sources/test_kept_snapshots.py::test_no_flipped_bit_is_read_as_another_value",
    ),
    Guard(
        "pinned settings are what was pinned",
        "installation/pinned_settings.py",
        "return _name_by_stamps(kept, stamps) == kept.name",
        "return True",
        "daily/test_settings_of_a_run.py::test_pinned_settings_that_are_not_what_they_were_stop_the_step_and_are_pinned_anew",
    ),
    Guard(
        "an edit while the day is being opened is refused",
        "daily/opening.py",
        "if edited := sorted(name for name in {*seen, *now} if seen.get(name) != now.get(name)):",
        "if edited := []:",
        "daily/test_settings_of_a_run.py::test_an_edit_while_the_day_is_being_opened_is_refused",
    ),
    Guard(
        "a register made before that of an earlier day is folded anew",
        "daily/first_dates.py",
        'return any(one["taken_at"] > registers[-1]["taken_at"] for one in registers)',
        "return False",
        "daily/test_past_sources.py::test_a_case_first_seen_on_a_day_computed_later_is_promised_from_that_day",
    ),
    Guard(
        "what a repeated day does not owe any more is withdrawn",
        "daily/outgoing.py",
        "    if place.kind == BACKFILL:\n        return\n    gone =",
        "    return\n    gone =",
        "daily/test_reminders.py::test_a_planned_mail_that_is_no_longer_owed_is_withdrawn_with_its_file",
    ),
    Guard(
        "a report of the end that was moved does not count for the new one",
        "ledger/endings.py",
        "return self.ending is None or self.ending == end",
        "return True",
        "daily/test_final_report.py::test_which_report_a_day_owes",
    ),
    Guard(
        "what was only claimed on an earlier day never left",
        "ledger/endings.py",
        "offered = outbox.c.state.in_((SENDING, SENT, UNKNOWN))",
        "offered = outbox.c.state.in_((CLAIMED, SENDING, SENT, UNKNOWN))",
        "ledger/test_days.py::test_a_mail_of_an_earlier_day_counts_while_it_left_or_still_may",
    ),
    Guard(
        "a final report that was offered today is the day's report",
        "daily/final_report.py",
        "if outbox.units_offered(place.ledger, campaign=code, business_date=today, kind=FINAL):",
        "if False:",
        "daily/test_final_report.py::test_which_report_a_day_owes",
    ),
    Guard(
        "a clock behind what was seen is not believed",
        "ledger/clock.py",
        "if office_now < held.seen_at - SLACK:",
        "if False:",
        "daily/test_clock_jumps.py::test_a_jump_is_believed_within_bounds_of_working_days",
    ),
    Guard(
        "one letter a cause, whichever campaign",
        "letters/elsewhere.py",
        "return [one for one in found if _goes_before(one, mine.get(one.case_number))]",
        "return []",
        "letters/test_one_letter_a_cause.py::test_the_second_campaign_drafts_no_second_letter_and_says_where_the_first_is",
    ),
    Guard(
        "a run of a rehearsal goes no further in the real campaign",
        "installation/workplace.py",
        'if ref.get("stage", installation.stage) != installation.stage:',
        "if False:",
        "daily/test_rehearsals.py::test_a_run_opened_in_a_rehearsal_goes_no_further_in_the_real_campaign",
    ),
    Guard(
        "a box that was killed keeps the run from being done",
        "daily/check.py",
        "    await_batches(place, letters=letters, reminders=reminders)\n",
        "",
        "daily/test_done.py::test_a_box_that_was_killed_keeps_the_run_from_being_done",
    ),
    Guard(
        "the same file is that of the same sender",
        "ledger/answers.py",
        "answer_file.c.campaign == campaign, answer_file.c.sha256 == sha256, answer_file.c.sender == sender",
        "answer_file.c.campaign == campaign, answer_file.c.sha256 == sha256",
        "ledger/test_answer_files.py::test_the_same_file_is_known_and_any_other_is_another",
    ),
    Guard(
        "a version is of one campaign, day and kind",
        "ledger/reports.py",
        "mine = report.c.campaign == campaign, report.c.business_date == business_date, report.c.kind == kind",
        "mine = report.c.campaign == campaign, report.c.business_date == business_date",
        "ledger/test_report_versions.py::test_versions_are_of_one_campaign_day_and_kind",
    ),
    Guard(
        "a term needs its length and its unit",
        "checks/deadline.py",
        'return (length > 0) & cases["term_unit"].notna().to_numpy(bool)',
        "return length > 0",
        "checks/test_deadline.py::test_half_a_term_gives_no_due_date",
    ),
    Guard(
        "a list that just fits is whole",
        "signoff/request.py",
        'return f"{shown} và {number(rest)} hồ sơ khác" if rest > 0 else shown',
        'return f"{shown} và {number(rest)} hồ sơ khác"',
        "signoff/test_request.py::test_a_list_that_just_fits_is_whole",
    ),
)


def copied(folder: Path) -> Path:
    """Return `folder` with a copy of what tests need."""
    for name in COPIED:
        whole, ignored = ROOT / name, shutil.ignore_patterns("__pycache__")
        if whole.is_dir():
            shutil.copytree(whole, folder / name, ignore=ignored)
        else:
            shutil.copy2(whole, folder / name)
    return folder


def failing_without(guard: Guard, root: Path) -> str:
    """Return the first test that fails in the copy at `root` without the guard, nothing where none does."""
    path = root / "include" / "dondoc" / guard.file
    whole = path.read_text("utf-8")
    path.write_text(whole.replace(guard.line, guard.without), "utf-8")
    ours, theirs = multiprocessing.Pipe()
    # A fork has what takes long to load; ours is loaded anew, from the copy.
    child = multiprocessing.get_context("fork").Process(target=_test, args=(root, guard.test, theirs))
    child.start()
    theirs.close()
    try:
        return str(ours.recv())
    except EOFError:
        return ""
    finally:
        child.join()
        path.write_text(whole, "utf-8")


class _First:
    """What pytest says of the first test that failed."""

    failed = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep its name."""
        if report.when == "call" and report.failed:
            self.failed = self.failed or report.nodeid.removeprefix("tests/")


def _test(root: Path, test: str, told: Connection) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] in {"dondoc", "tests", "conftest"}]:
        del sys.modules[name]
    sys.path[:0] = [str(root), *(str(root / name) for name in ("include", "plugins"))]
    os.chdir(root)
    seen = _First()
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        pytest.main(
            ["-q", "-x", "-n0", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=0", f"tests/{test}"],
            plugins=[seen],
        )
    told.send(seen.failed)


def write_table(path: Path, seen: Sequence[tuple[Guard, str]], *, command: str) -> None:
    """Write the section of guards anew."""
    rows = [("guard", "where", "test that fails without it")]
    rows += [(guard.name, f"`{guard.file}`", f"`{test}`" if test else "none") for guard, test in seen]
    note = "Each line is taken from a copy of the package; the test named is run on that copy and fails."
    page.write_section(path, "guards", command, [note, page.table(rows)])


def main() -> int:
    """Take each guard away; return 1 if a test did not notice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="a part of the name of the guards to take away")
    parser.add_argument("--write", type=Path, help="the page whose section of guards is written anew")
    chosen = parser.parse_args()
    seen: list[tuple[Guard, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        root = copied(Path(folder))
        for guard in (one for one in GUARDS if chosen.only in one.name):
            seen.append((guard, failing_without(guard, root)))
            sys.stdout.write(f"{guard.name}: {seen[-1][1] or 'NOT NOTICED'}\n")
            sys.stdout.flush()
    if chosen.write:
        write_table(chosen.write, seen, command=" ".join(["python -m tests.guards", *sys.argv[1:]]))
    return 0 if all(test for _, test in seen) else 1


if __name__ == "__main__":
    sys.exit(main())
