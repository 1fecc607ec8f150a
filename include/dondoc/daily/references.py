"""What the day's tasks pass between them: names, paths under the output folder, hashes and counts, never rows."""

from typing import NotRequired, TypedDict

from dondoc.sources.headings import FoundHeadings


class Snapshot(TypedDict):
    """What a pull left."""

    name: str
    kind: str
    file: str
    sha256: str
    path: str
    quarantine: str
    rejected: str
    rows_in: int
    accepted: int
    quarantined: int
    duplicates: int
    columns: NotRequired[FoundHeadings]
    waits: NotRequired[str]


class GateNote(TypedDict):
    """How a gate stands, for the operator's eyes: no rows, no persons but the one who decided."""

    label: str
    closed: bool


class UnitBatch(TypedDict):
    """The units one mapped task takes care of."""

    label: str
    units: list[str]


class FoundFiles(TypedDict):
    """Where the checks left their frames."""

    findings: str
    figures: str
    apologies: NotRequired[str]  # what is known of apologies beside the sources; a run of an older version has none


class Found(FoundFiles):
    """What the checks left: their frames, and which units have work."""

    snapshots: list[Snapshot]
    counts: dict[str, int]
    letters: list[UnitBatch]
    reminders: list[UnitBatch]
    gates: list[GateNote]
