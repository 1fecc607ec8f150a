"""The law of a day, as data: the decree in force, the form of the apology, what is cited; `include/regimes/*.yaml`."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from dondoc.configuration import ContradictionError, Loc, Settings, read_settings


class Regime(Settings):
    """What is law from a day on.

    Attributes:
        starts_on: its first day.
        decree: the decree in force, as it is cited.
        apology: the article an apology is owed by, as it is cited.
        handover: the same of handing files over to the archive.
        form: what issued form 04.
        title: the form's title.
        sentence: words that the form asks for besides; none where empty.
        fields: fields that the form asks for besides.
        pending: the letter template for a case still open, where the campaign names none.
        returned: the same for a case finished late.
        unverified: what of it was not held against the text of the law.
    """

    starts_on: date
    decree: str
    apology: str
    handover: str
    form: str
    title: str
    sentence: str = ""
    fields: tuple[str, ...] = ()
    pending: str
    returned: str
    unverified: tuple[str, ...] = ()


class Regimes(Settings):
    """The regimes of a country, in the order of their days."""

    regimes: Annotated[tuple[Regime, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> "Regimes":
        found = list(self._out_of_order())
        if found:
            raise ContradictionError(found)
        return self

    def _out_of_order(self) -> Iterator[tuple[Loc, str]]:
        for i, (before, after) in enumerate(pairwise(self.regimes), start=1):
            if after.starts_on <= before.starts_on:
                yield ("regimes", i, "starts_on"), f"phải sau ngày bắt đầu của đoạn trước ({before.starts_on})"

    def on(self, day: date) -> Regime | None:
        """Return the regime of a day, None before the first."""
        begun = [regime for regime in self.regimes if regime.starts_on <= day]
        return begun[-1] if begun else None

    def between(self, first: date, last: date) -> list[Regime]:
        """Return the regimes of the days from one to another, in their order."""
        met = self.on(first)
        return [*([met] if met else []), *(one for one in self.regimes if first < one.starts_on <= last)]


def load_regimes(path: Path) -> Regimes:
    """Return the regimes in a file.

    Raises:
        CampaignError: it is missing or wrong; names every wrong field.
    """
    return read_settings(path, Regimes)
