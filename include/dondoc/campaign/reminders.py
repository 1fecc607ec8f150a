"""Who is reminded of what a unit owes, and from when: a ladder counted in working days to the deadline."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from dondoc.campaign.office import Contact
from dondoc.configuration import ContradictionError, Loc, Settings

Level = Literal["unit", "deputy", "head", "leadership"]
UNIT = "unit"
DEPUTY = "deputy"
HEAD = "head"
LEADERSHIP = "leadership"
LEVEL_NAMES = {UNIT: "đơn vị", DEPUTY: "cấp phó đơn vị", HEAD: "trưởng đơn vị", LEADERSHIP: "lãnh đạo cơ quan"}


# More than any rung may name: one without days is reached from the first day on.
MOST_DAYS = 251


class LadderRung(Settings):
    """A level that is written to once so few working days are left; negative ones are past the deadline.

    A rung without days is reached from the first day on.
    """

    to: Level
    days_left: Annotated[int, Field(ge=-250, le=250)] | None = None

    @property
    def name(self) -> str:
        """Return what the ledger calls it, e.g. "head:1"."""
        return self.to if self.days_left is None else f"{self.to}:{self.days_left}"

    def reached(self, days_left: int) -> bool:
        """Return whether it is reached when so many working days are left: also after the day it was first reached."""
        return self.days_left is None or days_left <= self.days_left


class Reminders(Settings):
    """The ladder, earliest rung first, and the leaders on its last rungs.

    The unit itself is reminded each working day while it is behind; everybody above it once a rung.
    """

    ladder: Annotated[tuple[LadderRung, ...], Field(min_length=1)] = (LadderRung(to="unit"),)
    leadership: tuple[Contact, ...] = ()

    @model_validator(mode="after")
    def _climbs(self) -> "Reminders":
        found = list(self._missteps())
        if found:
            raise ContradictionError(found)
        return self

    def _missteps(self) -> Iterator[tuple[Loc, str]]:
        if self.ladder[0].to != UNIT:
            yield ("ladder", 0, "to"), "bậc đầu tiên phải là unit (đơn vị)"
        names: set[str] = set()
        before = MOST_DAYS
        for i, rung in enumerate(self.ladder):
            left = MOST_DAYS if rung.days_left is None else rung.days_left
            if rung.name in names or (i and rung.to == UNIT):
                yield ("ladder", i), f"bậc {rung.name} viết hai lần"
            elif left > before:
                yield ("ladder", i, "days_left"), f"phải xếp các bậc theo days_left giảm dần: {left} đứng sau {before}"
            names.add(rung.name)
            before = left
        if any(rung.to == LEADERSHIP for rung in self.ladder) and not self.leadership:
            yield ("leadership",), "ladder có bậc leadership mà chưa khai ai nhận"
