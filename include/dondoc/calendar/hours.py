"""Office hours: the spans of a working day, and how much of it has been worked by a time of day."""

from collections.abc import Sequence
from datetime import time
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]

# Usual in one-stop offices: eight hours, with the midday rest (docs/rules.md#calendar).
MORNING = (time(7), time(11, 30))
AFTERNOON = (time(13, 30), time(17))


class OfficeHours:
    """The spans of a working day, in order; all arrays are seconds, shape (n,)."""

    def __init__(self, spans: Sequence[tuple[time, time]] = (MORNING, AFTERNOON)) -> None:
        """Take the spans.

        Raises:
            ValueError: there is none, one ends before it begins, or two overlap.
        """
        self.spans = tuple((_seconds(start), _seconds(end)) for start, end in spans)
        edges = [edge for span in self.spans for edge in span]
        if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
            raise ValueError("giờ làm việc phải theo thứ tự, không chồng nhau; ví dụ [[07:00, 11:30], [13:30, 17:00]]")

    @property
    def opening(self) -> int:
        """Return the second of the day the office opens."""
        return self.spans[0][0]

    @property
    def closing(self) -> int:
        """Return the second of the day the office closes."""
        return self.spans[-1][1]

    @property
    def seconds_a_day(self) -> int:
        """Return how long a working day is."""
        return sum(end - start for start, end in self.spans)

    def worked_by(self, of_day: Seconds) -> Seconds:
        """Return how much of a working day is worked by each second of the day."""
        worked = np.zeros(len(of_day), np.int64)
        for start, end in self.spans:
            worked += np.clip(of_day - start, 0, end - start)
        return worked

    def when_worked(self, worked: Seconds) -> Seconds:
        """Return the first second of the day by which `worked` seconds, 1 to a whole day, are worked."""
        of_day = np.full(len(worked), self.opening, np.int64)
        before = 0
        for start, end in self.spans:
            of_day = np.where(worked > before, start + np.minimum(worked - before, end - start), of_day)
            before += end - start
        return of_day

    def counted_from(self, of_day: Seconds) -> Seconds:
        """Return from when an event on a working day counts: before opening at opening, at midday in the afternoon."""
        counted = np.maximum(of_day, self.opening)
        for (_, rest_begins), (rest_ends, _) in pairwise(self.spans):
            counted = np.where((of_day > rest_begins) & (of_day < rest_ends), rest_ends, counted)
        return counted


def _seconds(of_day: time) -> int:
    return of_day.hour * 3600 + of_day.minute * 60 + of_day.second
