"""Play a small day in a process of its own, and write the hash of each file it leaves to standard output, as JSON."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from tests.daily.campaign_days import CODE, Play, write_campaign

from dondoc.files import file_sha256
from dondoc.installation import ROOT
from dondoc.ledger.journal import NAME
from dondoc.ledger.store import upgrade_ledger


def play_a_day(folder: Path) -> dict[str, str]:
    """Play the first day of the small campaign under `folder` without a mail server; return each file's hash."""
    shutil.copytree(ROOT / "include" / "campaigns" / CODE, folder / "campaigns" / CODE)
    write_campaign(folder / "campaigns")
    with pytest.MonkeyPatch.context() as patch:
        # The key of workbooks' tokens is drawn with the ledger.
        patch.setattr("secrets.token_hex", lambda length: "0" * (2 * length))
        upgrade_ledger(f"sqlite:///{folder / 'out' / 'ledger.sqlite'}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DONDOC_OUT", str(folder / "out"))
        patch.setenv("DONDOC_CAMPAIGNS", str(folder / "campaigns"))
        # Where the ledger's chains end is told by their time stamps; all else of a report is told by the day.
        patch.setattr("dondoc.daily.reporting.mark_of", lambda _ledger: f"0-0-{'0' * 24}")
        play = Play(folder / "sources", patch)
        play.send = lambda _ref: None
        if play.run("04-22T00:30", {"VP": 2}) is None:
            raise SystemExit("the day did not come to its end")
    # What tells one installation from another: its ledger, and the store's own name.
    own = ("sqlite", NAME)
    found = (path for path in (folder / "out").rglob("*") if path.is_file())
    files = (path for path in found if not any(word in path.name for word in own))
    return {path.relative_to(folder).as_posix(): file_sha256(path) for path in sorted(files)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(play_a_day(Path(sys.argv[1]))))
