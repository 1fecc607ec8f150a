"""What the day's rejected rows leave undecided, read from its snapshots."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from dondoc.records import CASES, empty_frame
from dondoc.sources.refusals import QUARANTINE
from dondoc.sources.snapshot import read_snapshot
from dondoc.sources.undecided import UNDECIDED, undecided_rows

NUMBERS = pa.schema([CASES.field("case_number")])


def undecided_of(out: Path, snapshots: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the cases and items that the rejected rows of `snapshots` leave undecided, schema UNDECIDED.

    Raises:
        LostFileError: a snapshot's file is gone or rotten.
    """
    decided = [read_snapshot(out / one["path"], NUMBERS)["case_number"] for one in snapshots if one["kind"] == "cases"]
    nothing = pd.Series(dtype=pd.ArrowDtype(pa.string()))
    cases = pd.concat(decided, ignore_index=True) if decided else nothing
    rows = [
        # An item's number may come again on another day: an item of that number decides nothing of this one.
        undecided_rows(
            read_snapshot(out / one["quarantine"], QUARANTINE),
            one["kind"],
            known=cases if one["kind"] == "cases" else nothing,
        )
        for one in snapshots
    ]
    return pd.concat(rows, ignore_index=True) if rows else empty_frame(UNDECIDED)
