"""Criteria of the administrative-reform index that a campaign works for; without them no points are spoken of."""

from typing import Annotated, Literal

from pydantic import Field

from dondoc.configuration import Settings


class Criterion(Settings):
    """A criterion as the office's own decision states it.

    Attributes:
        code: its number there.
        name: its words there.
        points: the most it gives.
        figure: the rate it is judged by.
        all_or_nothing: whether anything below 100 % gives no point; otherwise points go with the rate.
    """

    code: str
    name: str
    points: Annotated[float, Field(gt=0)]
    figure: Literal["apology_rate", "work_rate", "rate"]
    all_or_nothing: bool

    def estimate(self, rate: float | None) -> float:
        """Return the points for `rate` in percent; where nothing was to be done there is nothing to lose."""
        # Where a report is made pandas is there; each time Airflow reads a DAG file it would be loaded for this line.
        import pandas as pd

        if rate is None or pd.isna(rate):
            return self.points
        if self.all_or_nothing:
            return self.points if rate >= 100 else 0.0
        return round(self.points * rate / 100, 2)
