"""Plays outages on a real stack: Airflow's processes, PostgreSQL, Redis, workers killed while they send.

    python -m tests.stack --write docs/reliability.md
    python -m tests.stack --form local --play "killed at reply" --play "Clear twice"

Both forms, every play: about an hour and a half on two idle cores. Needs the programs of PostgreSQL and Redis.
"""

import argparse
import shutil
import signal
import sys
import tempfile
import traceback
from pathlib import Path

from tests.stack.plays import PLAYS, Outcome, perform
from tests.stack.processes import Stack

FORMS = ("celery", "local")


def play_form(form, wanted, say, *, logs=None):
    """Return the outcomes of a form's plays; one that cannot be judged is red.

    Args:
        form: `celery` or `local`.
        wanted: parts of the plays' names.
        say: told what came of each play, and of what went wrong.
        logs: where the logs are kept of a form in which something did.
    """
    plays = [play for play in PLAYS if form in play.forms and any(part in play.name for part in wanted)]
    outcomes, mails = [], None
    if not plays:
        return outcomes
    with tempfile.TemporaryDirectory(prefix="dondoc-stack-", ignore_cleanup_errors=True) as folder:
        # PostgreSQL's own user must come through.
        Path(folder).chmod(0o755)
        with Stack(form, Path(folder)) as stack:
            for play in plays:
                try:
                    outcome = perform(stack, play, mails=mails)
                except (AssertionError, TimeoutError):
                    say(traceback.format_exc(limit=-2))
                    outcome = Outcome(form, play.name, red=True)
                mails = mails or outcome.mails or None
                outcomes.append(outcome)
                say(f"{outcome}\n")
        if logs and not all(outcome.is_good for outcome in outcomes):
            shutil.copytree(Path(folder) / "airflow" / "logs", logs / form / "tasks", dirs_exist_ok=True)
            for log in Path(folder).glob("*.log"):
                shutil.copy(log, logs / form)
    return outcomes


def say(text):
    sys.stdout.write(text)
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--form", choices=FORMS, action="append")
    parser.add_argument("--play", action="append", help="part of a play's name; all when none is given")
    parser.add_argument("--logs", type=Path, help="keep the logs of a form in which something went wrong here")
    parser.add_argument("--write", type=Path, help="write the page of figures")
    chosen = parser.parse_args()
    # Told to stop, it takes its processes with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    outcomes = []
    for form in chosen.form or FORMS:
        outcomes += play_form(form, chosen.play or [""], say, logs=chosen.logs)
    if chosen.write:
        from tests.mail.page import write_stack

        write_stack(chosen.write, outcomes, command=" ".join(["python -m tests.stack", *sys.argv[1:]]))
    return int(not all(outcome.is_good for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
