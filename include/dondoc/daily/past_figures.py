"""The figures of the days before: from their files, else from what the ledger keeps of them, else told to be gone."""

import logging
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dondoc.figures import FIGURES, OFFICE, UNIT, completed
from dondoc.frames import rows_of
from dondoc.installation.workplace import Workplace
from dondoc.ledger import runs
from dondoc.records import conform
from dondoc.sources.snapshot import is_whole, write_snapshot
from dondoc.vietnamese.wording import short_date

log = logging.getLogger(__name__)

FIGURES_NAME = "figures"
# The rows that later days compare with; officials are named in no ledger.
COMPARED = (OFFICE, UNIT)


@dataclass(frozen=True)
class PastFigures:
    """What is known of the days before.

    Attributes:
        paths: ISO day and path under the output folder of its figures, schema FIGURES, oldest first.
        lost: the days whose figures are gone from both the output folder and the ledger.
    """

    paths: list[tuple[str, str]]
    lost: list[date]


def remember(place: Workplace, path: str, figures: pd.DataFrame) -> None:
    """Keep in the ledger what later days compare with, of the figures at `path`."""
    rows = rows_of(figures[figures["scope"].isin(COMPARED)])
    # By column: a day of a thousand units takes a tenth of what rows of named values do.
    columns = {name: [row[name] for row in rows] for name in FIGURES.names}
    runs.record_profile(place.ledger, place.run_id, source=FIGURES_NAME, path=path, profile={FIGURES_NAME: columns})


def figures_before(place: Workplace) -> PastFigures:
    """Return the figures of the campaign's days before this one; those lost on disk are written anew beside today's."""
    code = place.day.campaign.code
    before = place.day.business_date
    registers = runs.snapshots_before(place.ledger, campaign=code, kind="register", before=before)
    known = {one["business_date"]: one["path"] for one in registers if one["source"] == FIGURES_NAME}
    paths = {on: path if is_whole(place.out / path) else _from_ledger(place, on, path) for on, path in known.items()}
    return PastFigures(
        [(on.isoformat(), path) for on, path in paths.items() if path],
        [on for on, path in paths.items() if path is None],
    )


def lost_lines(place: Workplace) -> list[str]:
    """Return one sentence that names the days whose figures are gone, none where none is."""
    lost = figures_before(place).lost
    if not lost:
        return []
    return [f"Số liệu ngày {', '.join(map(short_date, lost))} không còn: tiến độ không so với các ngày này"]


def _from_ledger(place: Workplace, on: date, path: str) -> str | None:
    kept = runs.profile_at(place.ledger, source=FIGURES_NAME, path=path).get(FIGURES_NAME)
    if not kept:
        log.warning("số liệu ngày %s không còn: %s", short_date(on), place.out / path)
        return None
    log.warning("số liệu ngày %s lấy lại từ sổ cái: %s mất hoặc hỏng", short_date(on), place.out / path)
    rows = completed(pd.DataFrame(kept).reindex(columns=FIGURES.names))
    folder = place.folder / "snapshots"
    again = write_snapshot(conform(rows, FIGURES), FIGURES, folder=folder, name=f"{FIGURES_NAME}-of-{on.isoformat()}")
    return again.relative_to(place.out).as_posix()
