"""Sources into snapshots, and the gates before anything leaves."""

import logging
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd

from dondoc.campaign import Source
from dondoc.daily import admission, final, publication
from dondoc.daily.first_dates import first_dates_before
from dondoc.daily.past_sources import dated_until, pinned
from dondoc.daily.references import Snapshot
from dondoc.daily.step import step
from dondoc.daily.waits import settle_waits
from dondoc.errors import DondocError, SourceError, UnreachableError
from dondoc.files import file_sha256, sha256_of
from dondoc.installation.workplace import Workplace
from dondoc.ledger import days, runs
from dondoc.records import SCHEMAS, empty_frame
from dondoc.sources.account import ApiAccount
from dondoc.sources.api import pull_records
from dondoc.sources.files import read_files, source_files
from dondoc.sources.headings import columns_of
from dondoc.sources.intake import take_in
from dondoc.sources.profile import Profile, load_profile
from dondoc.sources.refusals import QUARANTINE, REJECTED
from dondoc.sources.rows import RawRows
from dondoc.sources.snapshot import read_snapshot, write_snapshot
from dondoc.vietnamese.wording import short_date

log = logging.getLogger(__name__)

Connections = Callable[[str], ApiAccount]  # the account of an Airflow connection, by its id


@step
def pull(place: Workplace, source: str, connection: Connections | None = None) -> Snapshot:
    """Read one source into an immutable snapshot and set aside the rows that cannot be used.

    While it is still the day the source is taken anew; of a day that is past what was taken for it is used again.

    Args:
        place: where the day is worked.
        source: the source's name in the campaign.
        connection: asked only when the source lies on a server; without one only files can be read.

    Raises:
        DondocError: it cannot be taken; why is recorded, for the report that may have to go without it.
    """
    try:
        snapshot = pinned(place, source) or _take(place, source, connection)
    except DondocError as error:
        days.record_absence(place.ledger, place.run_id, source=source, reason=str(error).splitlines()[0])
        if isinstance(error, UnreachableError) and not final.may_ask_again(place):
            raise SourceError.of(error.problems) from error  # which no task tries again
        raise
    days.end_absence(place.ledger, place.run_id, source=source)
    return snapshot


def _take(place: Workplace, source: str, connection: Connections | None) -> Snapshot:
    campaign = place.day.campaign
    described = next(item for item in campaign.sources if item.name == source)
    profile = load_profile(place.profile_file(described.profile))
    raw, name, sha256 = _read(place, described, profile, connection, until=dated_until(place, source))
    intake = take_in(
        raw,
        profile,
        source=source,
        units=campaign.unit_by_name,
        as_of=place.day.business_date,
        by_timestamp=campaign.precision == "datetime",
        zone=campaign.zone,
    )
    accepted, waits = _with_waits(place, profile, intake.accepted)
    folder = place.folder / "snapshots"
    kept = write_snapshot(accepted, SCHEMAS[profile.kind], folder=folder, name=source)
    refused = write_snapshot(intake.quarantined, QUARANTINE, folder=folder, name=f"{source}-quarantine")
    cells = write_snapshot(intake.rejected, REJECTED, folder=folder, name=f"{source}-rejected")
    snapshot = Snapshot(
        name=source,
        kind=profile.kind,
        file=name,
        sha256=sha256,
        path=kept.relative_to(place.out).as_posix(),
        quarantine=refused.relative_to(place.out).as_posix(),
        rejected=cells.relative_to(place.out).as_posix(),
        rows_in=intake.rows_in,
        accepted=len(intake.accepted),
        quarantined=len(intake.quarantined),
        duplicates=intake.duplicates,
        columns=columns_of(raw, profile),
        waits=waits,
    )
    counts = ("rows_in", "accepted", "quarantined", "duplicates")
    runs.record_snapshot(
        place.ledger,
        place.run_id,
        {"source": source, "kind": profile.kind, "file_sha256": snapshot["sha256"], "path": snapshot["path"]}
        | {"reference": snapshot}
        | {name: snapshot[name] for name in counts},  # type: ignore[literal-required]
    )
    log.info("%s: %s", source, {name: snapshot[name] for name in counts})  # type: ignore[literal-required]
    if waits:
        log.info("%s: %s", source, waits)
    return snapshot


def _with_waits(place: Workplace, profile: Profile, accepted: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    if profile.kind != "cases":
        return accepted, ""
    return settle_waits(accepted, profile, calendar=place.day.calendar, first_dates=partial(first_dates_before, place))


def _read(
    place: Workplace, source: Source, profile: Profile, connection: Connections | None, *, until: date | None
) -> tuple[RawRows, str, str]:
    """Return the source's rows as text, the name of where they lay, and the hash of what it said.

    `until` is the latest date of its own that a file may have, None for any.
    """
    pattern = place.installation.source_pattern(place.day.campaign, source)
    if pattern is not None:
        files = source_files(pattern, profile, until=until, zone=place.day.campaign.zone)
        return read_files(files, profile), *_identity(files)
    if until is not None:
        raise SourceError(
            f"Nguồn “{source.name}” là máy chủ: chỉ có số liệu hiện nay, không có của ngày {short_date(until)}.",
            where=f"{place.day.campaign.code}, nguồn {source.name}",
            remedy="ngày ấy không tính lại được; nếu chấp nhận số liệu hiện nay, ghi quyết định bằng lệnh "
            "`dondoc source retake`.",
        )
    if connection is None or source.connection is None:
        raise SourceError(
            f"Nguồn “{source.name}” chỉ lấy được khi chạy trong Airflow, nơi giữ kết nối.",
            where=f"{place.day.campaign.code}, nguồn {source.name}",
            remedy="chạy bằng Airflow, hoặc chỉ một tệp thay thế bằng biến DONDOC_SOURCE_<TÊN NGUỒN>.",
        )
    pulled = pull_records(profile, partial(connection, source.connection))
    return pulled.raw, str(pulled.raw.file), pulled.sha256


def _identity(paths: Sequence[Path]) -> tuple[str, str]:
    """Return one name and one hash for the files that make a source."""
    hashes = [file_sha256(path) for path in paths]
    if len(paths) == 1:
        return paths[0].name, hashes[0]
    return f"{paths[0].name} … {paths[-1].name} ({len(paths)} tệp)", sha256_of("\n".join(hashes).encode())


@step
def gate(place: Workplace, snapshots: Sequence[Snapshot]) -> list[Snapshot]:
    """Publish the quarantined rows, and hold the day's mail when a gate closes on a source.

    Raises:
        SourceError: a source's rows do not add up; no decision opens that.
    """
    taken = list(snapshots)
    refused = [read_snapshot(place.out / snapshot["quarantine"], QUARANTINE) for snapshot in taken]
    rejected = pd.concat(refused, ignore_index=True) if refused else empty_frame(QUARANTINE)
    publication.write_quarantine(place.folder / "quarantine.csv", rejected)
    absent = days.absences(place.ledger, place.run_id)
    admission.judge_sources(place, [snapshot for snapshot in taken if snapshot["name"] not in absent])
    return taken
