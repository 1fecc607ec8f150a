"""The campaign's file as it is written, to say where a setting stands that is wrong by its meaning alone."""

from pathlib import Path

from dondoc.configuration import Document, Loc, read_document, spoken
from dondoc.errors import Problem
from dondoc.installation.workplace import Workplace


class Written:
    """`campaign.yaml` of the day's campaign."""

    def __init__(self, place: Workplace) -> None:
        """Read the file; it is known to be one."""
        self._path: Path = place.installation.campaign_file(place.day.campaign.code)
        self._document: Document = read_document(self._path)

    def problem(self, loc: Loc, words: str, remedy: str) -> Problem:
        """Return the problem at `loc`: its place in words, then `words`."""
        place = spoken(loc, self._document.value)
        where = f"{self._path}, {self._document.line_of(loc)}"
        return Problem(f"{place[:1].upper()}{place[1:]}: {words}.", where, remedy)
