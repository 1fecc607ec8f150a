"""Which rules a campaign holds its units to, and their parameters."""

from datetime import date
from typing import Annotated

from pydantic import Field, field_validator

from dondoc.configuration import Settings
from dondoc.vocabulary import OWED_KINDS, FindingKind

DaysLeft = Annotated[int, Field(ge=0, le=20)]


class Rules(Settings):
    """What is looked for, and the choices the law leaves open (docs/rules.md).

    Attributes:
        find: the kinds of findings looked for.
        due_soon_days: the steps, in working days left, at which a case about to fall due is named.
        late_pause_clears: whether a pause that begins after the due date takes the lateness away.
        term_tolerance_days: working days a due date may differ from its term before it is doubted.
        handover_months: how long after its end a work file may wait for the archive.
        handover_from_year_end_since: files that ended on or after this day count from the end of that year.
    """

    find: tuple[FindingKind, ...] = OWED_KINDS
    due_soon_days: Annotated[tuple[DaysLeft, ...], Field(min_length=1)] = (1, 2, 3, 5)
    late_pause_clears: bool = False
    term_tolerance_days: Annotated[int, Field(ge=0)] = 1
    handover_months: Annotated[int, Field(gt=0)] = 12
    handover_from_year_end_since: date = date(2025, 7, 1)

    @field_validator("find")
    @classmethod
    def _with_what_is_owed(cls, find: tuple[FindingKind, ...]) -> tuple[FindingKind, ...]:
        missing = [kind.value for kind in OWED_KINDS if kind not in find]
        if missing:
            raise ValueError(f"thiếu {', '.join(missing)}: tỷ lệ và thư nhắc việc cần các mục này")
        return find


class Waiver(Settings):
    """A head's word that a case or item is excused until a day; it stays in every rate's denominator."""

    kind: FindingKind
    number: str
    by: str
    reason: str
    until: date
