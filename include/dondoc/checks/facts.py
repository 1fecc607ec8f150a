"""The facts of a day: all that its rules may look at."""

from dataclasses import dataclass, field

import pandas as pd

from dondoc.campaign.day import Day
from dondoc.records import FILES, FIRST_DATES, STATISTICS, empty_frame
from dondoc.sources.merging import DIFFERENCES


@dataclass(frozen=True)
class DayFacts:
    """A day and its records, already judged.

    Attributes:
        day: the business day.
        cases: what `judge_cases` returns; of a late case `unit` is the one responsible.
        work: what `judge_work` returns.
        files: schema `records.FILES`.
        statistics: schema `records.STATISTICS`.
        first_dates: schema `records.FIRST_DATES`, as the days before left it.
        differences: schema `sources.merging.DIFFERENCES`: what two systems tell differently of a case.
    """

    day: Day
    cases: pd.DataFrame
    work: pd.DataFrame
    files: pd.DataFrame = field(default_factory=lambda: empty_frame(FILES))
    statistics: pd.DataFrame = field(default_factory=lambda: empty_frame(STATISTICS))
    first_dates: pd.DataFrame = field(default_factory=lambda: empty_frame(FIRST_DATES))
    differences: pd.DataFrame = field(default_factory=lambda: empty_frame(DIFFERENCES))
