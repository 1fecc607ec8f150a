"""A day's records, read from its snapshots: several systems as one table, former units as their heirs."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from dondoc.campaign import Campaign
from dondoc.daily.succession import under_successors
from dondoc.installation.workplace import Workplace
from dondoc.records import CASES, SCHEMAS, empty_frame
from dondoc.sources.merging import DIFFERENCES, merge_cases
from dondoc.sources.profile import load_profile
from dondoc.sources.snapshot import read_snapshot

# Beside the records by kind: what two systems tell differently of a case.
DIFFERING = "differences"


def day_records(place: Workplace, snapshots: Sequence[Mapping[str, Any]]) -> dict[str, pd.DataFrame]:
    """Return the records that the snapshots hold, by kind, and what several systems tell differently of one case."""
    records = {kind: records_of(place, snapshots, kind) for kind in SCHEMAS if kind != "cases"}
    records["cases"], records[DIFFERING] = _merged_cases(place, snapshots)
    return records


def records_of(place: Workplace, snapshots: Sequence[Mapping[str, Any]], kind: str) -> pd.DataFrame:
    """Return the records of one kind that the snapshots hold; a case that two systems hold is one case."""
    if kind == "cases":
        return _merged_cases(place, snapshots)[0]
    mine = [one for one in snapshots if one["kind"] == kind]
    frames = [_read(place, one, SCHEMAS[kind]) for one in mine]
    return pd.concat(frames, ignore_index=True) if frames else empty_frame(SCHEMAS[kind])


def _merged_cases(place: Workplace, snapshots: Sequence[Mapping[str, Any]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    campaign = place.day.campaign
    taken = in_order([one for one in snapshots if one["kind"] == "cases"], campaign)
    frames = [_read(place, one, CASES) for one in taken]
    if len(frames) < 2:
        return (frames or [empty_frame(CASES)])[0], empty_frame(DIFFERENCES)
    units = {code: unit.name for code, unit in campaign.unit_by_code.items()}
    systems = [_system(place, source_name(one)) for one in taken]
    return merge_cases(frames, systems, units=units, by_timestamp=campaign.precision == "datetime")


def _read(place: Workplace, snapshot: Mapping[str, Any], schema: pa.Schema) -> pd.DataFrame:
    # One taken for an earlier day may name units that are no more.
    return under_successors(read_snapshot(place.out / snapshot["path"], schema), place.day.campaign)


def in_order(snapshots: Sequence[Mapping[str, Any]], campaign: Campaign) -> list[Mapping[str, Any]]:
    """Return `snapshots` in the order of the campaign's sources: the first is believed where two tell of one case."""
    order = {source.name: place for place, source in enumerate(campaign.sources)}
    return sorted(snapshots, key=lambda one: order.get(source_name(one), len(order)))


def source_name(snapshot: Mapping[str, Any]) -> str:
    """Return the source's name, as a pull or as the ledger writes it."""
    return str(snapshot.get("name") or snapshot["source"])


def _system(place: Workplace, name: str) -> str:
    """Return what an operator calls the system of a source."""
    source = next((one for one in place.day.campaign.sources if one.name == name), None)
    if source is None:
        return f"nguồn {name}"
    return f"{load_profile(place.profile_file(source.profile)).title}, nguồn {name}"
