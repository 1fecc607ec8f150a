"""Rejected rows go back to who sent them: a workbook a file, a mail a source."""

import logging
import re
from collections.abc import Iterator, Sequence
from itertools import chain

import pandas as pd

from dondoc.daily import mail_planning
from dondoc.daily.outgoing import remove_withdrawn, withdraw_unowed
from dondoc.daily.references import Snapshot
from dondoc.daily.setbacks import RETURNS, do_apart
from dondoc.daily.step import step
from dondoc.files import write_whole
from dondoc.installation.workplace import Workplace
from dondoc.ledger import mail_kinds
from dondoc.sources.refusals import QUARANTINE, REJECTED
from dondoc.sources.returned import returned_workbook
from dondoc.sources.snapshot import read_snapshot
from dondoc.vietnamese.wording import short_date

log = logging.getLogger(__name__)

FOLDER = "quarantine"


@step
def return_rejected(place: Workplace, snapshots: Sequence[Snapshot]) -> dict[str, int]:
    """Write each source's rejected rows as workbooks, plan their mail, and return how many rows go back by source."""
    taken = {snapshot["name"]: snapshot for snapshot in snapshots}

    def give_back(names: Sequence[str]) -> list[str]:
        return [key for name in names for key in _give_back(place, taken[name])]

    kept = do_apart(place, RETURNS, list(taken), give_back)
    withdraw_unowed(place, mail_kinds.QUARANTINE, keep=list(chain.from_iterable(kept)))
    remove_withdrawn(place, mail_kinds.QUARANTINE)
    returned = {snapshot["name"]: snapshot["quarantined"] for snapshot in snapshots}
    log.info("dòng trả lại: %s", returned)
    return returned


def _give_back(place: Workplace, snapshot: Snapshot) -> Iterator[str]:
    """Write a source's rejected rows and plan their mail; yield its key, none where nothing was rejected."""
    quarantined = read_snapshot(place.out / snapshot["quarantine"], QUARANTINE)
    if workbooks := _write_workbooks(place, snapshot, quarantined):
        sources = {source.name: source for source in place.day.campaign.sources}
        counts = {str(words): int(rows) for words, rows in quarantined["message"].value_counts().items()}
        yield mail_planning.plan_return(place, sources[snapshot["name"]], counts=counts, workbooks=workbooks)


def _write_workbooks(place: Workplace, snapshot: Snapshot, quarantined: pd.DataFrame) -> dict[str, bytes]:
    source = snapshot["name"]
    folder = place.folder / FOLDER
    rejected = read_snapshot(place.out / snapshot["rejected"], REJECTED)
    title = f"Nguồn {source}, ngày {short_date(place.day.business_date)}"
    workbooks = {
        f"{source}-{n}.xlsx": returned_workbook(
            quarantined[quarantined["file"] == file], rejected[rejected["file"] == file], title=f"{title}: tệp {file}"
        )
        for n, file in enumerate(sorted(quarantined["file"].unique()), start=1)
    }
    for name, content in workbooks.items():
        write_whole(folder / name, content)
    for path in folder.glob(f"{source}-*.xlsx"):
        # Of an earlier attempt: its rows have been mended since.
        ours = re.fullmatch(re.escape(source) + r"-\d+\.xlsx", path.name) and path.is_file()
        if ours and path.name not in workbooks:
            path.unlink()
    return workbooks
