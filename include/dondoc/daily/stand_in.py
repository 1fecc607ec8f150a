"""What stands in for a source that could not be taken: on the last day its latest snapshot, on other days nothing."""

import logging
from collections.abc import Sequence

from dondoc.daily import final
from dondoc.daily.references import Snapshot
from dondoc.daily.step import guarded, step
from dondoc.errors import SourceError
from dondoc.installation.workplace import DayRef, Workplace
from dondoc.ledger import days, runs
from dondoc.records import empty_frame
from dondoc.sources.refusals import QUARANTINE, REJECTED
from dondoc.sources.snapshot import is_whole, write_snapshot

log = logging.getLogger(__name__)


@guarded
def stand_in(ref: DayRef, snapshots: Sequence[Snapshot]) -> list[Snapshot]:
    """Return a snapshot of every source, in the campaign's order: those taken, and on the last day older ones.

    Raises:
        SourceError: a source is absent and the day can wait for it. The day's row keeps what its own step said.
    """
    place = Workplace.of(ref)
    taken = {snapshot["name"]: snapshot for snapshot in snapshots}
    absent = [source.name for source in place.day.campaign.sources if source.name not in taken]
    if absent and not place.run.final_run:
        raise SourceError(
            f"Chưa lấy được nguồn {', '.join(absent)}.",
            where=f"{ref['campaign']}, ngày {ref['business_date']}",
            remedy="sửa lỗi nêu ở ô “Lấy nguồn” màu đỏ, rồi bấm Clear ở ô đó.",
        )
    return _complete(ref, taken, absent) if absent else list(snapshots)


@step
def _complete(place: Workplace, taken: dict[str, Snapshot], absent: Sequence[str]) -> list[Snapshot]:
    recorded = days.absences(place.ledger, place.run_id)
    for name in absent:
        if name not in recorded:
            days.record_absence(place.ledger, place.run_id, source=name, reason=final.UNTOLD)
        if found := _latest(place, name):
            taken[name] = found
        log.error("nguồn %s không lấy được, dùng %s", name, found["path"] if found else "số không")
    # Units are not written to about figures of another day.
    runs.hold_mail(place.ledger, place.run_id, f"thiếu nguồn {', '.join(absent)}: chỉ gửi báo cáo cuối cùng")
    return [taken[source.name] for source in place.day.campaign.sources if source.name in taken]


def _latest(place: Workplace, name: str) -> Snapshot | None:
    campaign = place.day.campaign.code
    until = place.day.business_date
    known = days.usable_snapshots(place.ledger, campaign=campaign, source=name, until=until)
    row = next((row for row in known if is_whole(place.out / row["path"])), None)
    if row is None:
        return None
    runs.record_snapshot(place.ledger, place.run_id, {"source": name, **row})
    folder = place.folder / "snapshots"
    # Its rejected rows went back to their sender on their own day.
    none, cells = (
        write_snapshot(empty_frame(schema), schema, folder=folder, name=f"{name}-{what}")
        for schema, what in ((QUARANTINE, "quarantine"), (REJECTED, "rejected"))
    )
    counts = {count: row[count] for count in ("rows_in", "accepted", "quarantined", "duplicates")}
    return Snapshot(
        name=name,
        kind=row["kind"],
        file=f"của ngày {days.taken_for(row['path'])}",
        sha256=row["file_sha256"],
        path=row["path"],
        quarantine=none.relative_to(place.out).as_posix(),
        rejected=cells.relative_to(place.out).as_posix(),
        **counts,  # type: ignore[typeddict-item]
    )
