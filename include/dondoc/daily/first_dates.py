"""The register of first promised dates as the days before left it: in the order of days, whatever ran when."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import pandas as pd

from dondoc.checks.promises import carry
from dondoc.daily.day_records import records_of
from dondoc.errors import LostFileError
from dondoc.installation.workplace import Workplace
from dondoc.ledger import runs
from dondoc.records import FIRST_DATES, empty_frame
from dondoc.sources.snapshot import is_whole, read_snapshot, write_snapshot
from dondoc.vietnamese.wording import short_date

log = logging.getLogger(__name__)

FIRST_DATES_NAME = "first-dates"


def first_dates_before(place: Workplace) -> pd.DataFrame:
    """Return the register of first promised dates as the days before left it; rebuilt where its file is lost."""
    registers = _registers(place)
    if not registers:
        return empty_frame(FIRST_DATES)
    if not _is_stale(registers):
        try:
            return read_snapshot(place.out / registers[-1]["path"], FIRST_DATES)
        except LostFileError as error:
            log.warning("dựng lại ngày hẹn đầu tiên từ các ngày trước: %s", error)
    return _rebuilt_register(place)[0]


def first_dates_path(place: Workplace) -> str | None:
    """Return where `first_dates_before` lies, under the output folder; written beside today's where it is made anew."""
    registers = _registers(place)
    if not registers or _stands(place, registers):
        return registers[-1]["path"] if registers else None
    register, _ = _rebuilt_register(place)
    folder = place.folder / "snapshots"
    again = write_snapshot(register, FIRST_DATES, folder=folder, name=f"{FIRST_DATES_NAME}-rebuilt")
    return again.relative_to(place.out).as_posix()


def first_dates_gap(place: Workplace) -> list[str]:
    """Return one sentence that names the days the rebuilt register lacks, none where it lacks none."""
    registers = _registers(place)
    lacking = [] if not registers or _stands(place, registers) else _rebuilt_register(place)[1]
    if not lacking:
        return []
    days_lost = ", ".join(map(short_date, lacking))
    return [
        f"Bản chụp hồ sơ ngày {days_lost} không còn: ngày hẹn đầu tiên của hồ sơ đến từ những ngày này có thể thiếu"
    ]


def _registers(place: Workplace) -> list[dict[str, Any]]:
    """Return the registers of the days before, oldest day first."""
    code = place.day.campaign.code
    before = place.day.business_date
    return runs.snapshots_of_source(place.ledger, campaign=code, source=FIRST_DATES_NAME, before=before)


def _is_stale(registers: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether the last register was made before that of an earlier day, which a later run brought or changed."""
    return any(one["taken_at"] > registers[-1]["taken_at"] for one in registers)


def _stands(place: Workplace, registers: Sequence[Mapping[str, Any]]) -> bool:
    return not _is_stale(registers) and is_whole(place.out / registers[-1]["path"])


def _rebuilt_register(place: Workplace) -> tuple[pd.DataFrame, list[date]]:
    """Return the register folded anew in the order of days, and the days whose cases are lost.

    It begins with the latest register that is whole and was made after those of all days before it, and goes on over
    the cases of the days since.
    """
    code = place.day.campaign.code
    before = place.day.business_date
    registers = _registers(place)
    kept = [one for i, one in enumerate(registers) if not _is_stale(registers[: i + 1])]
    whole = next((one for one in reversed(kept) if is_whole(place.out / one["path"])), None)
    register = read_snapshot(place.out / whole["path"], FIRST_DATES) if whole else empty_frame(FIRST_DATES)
    earlier = runs.snapshots_before(place.ledger, campaign=code, kind="cases", before=before)
    since = [one for one in earlier if whole is None or one["business_date"] > whole["business_date"]]
    lost = [one for one in since if not is_whole(place.out / one["path"])]
    there = [one for one in since if one not in lost]
    for _, taken in groupby(there, key=lambda one: one["business_date"]):
        register = carry(register, records_of(place, list(taken), "cases"), place.day.calendar)
    return register, sorted({one["business_date"] for one in lost})
