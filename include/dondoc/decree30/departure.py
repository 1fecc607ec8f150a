"""The departures the checker returns, and the names of places in a document."""

from dataclasses import dataclass

EXCERPT_LENGTH = 60


@dataclass(frozen=True)
class Departure:
    """One departure from Decree 30/2020/NĐ-CP, in the words of the office.

    Attributes:
        clause: where the decree says it, e.g. "Phụ lục I, mục II.1".
        component: which part of the document.
        where: a short excerpt of the place.
        found: what stands there.
        required: what the decree asks for.
    """

    clause: str
    component: str
    where: str
    found: str
    required: str

    def __str__(self) -> str:
        """Return the departure as one line for the operator."""
        return f"{self.component} ({self.where}): {self.found}; yêu cầu: {self.required} [{self.clause}]"


def excerpt(text: str) -> str:
    """Return the beginning of `text`, quoted."""
    words = " ".join(text.split())
    return f"“{words}”" if len(words) <= EXCERPT_LENGTH else f"“{words[:EXCERPT_LENGTH].rstrip()}…”"


def missing(component: str, clause: str, required: str) -> Departure:
    """Return the departure of a document that lacks `component`."""
    return Departure(clause, component, "toàn văn bản", "không có", required)
