"""Fields of a paragraph: which print as they read, what of them is code, and what is reckoned when it prints."""

import re
from dataclasses import dataclass, field
from typing import Any

from dondoc.letters.print_check.package import WORD

FORMAT = r"(\s+\\\*\s*(mergeformat|arabic|charformat))*"
# What the printer puts in the place of these, whatever stands there in the file.
RECKONED = {
    re.compile(rf"\s*page{FORMAT}\s*", re.IGNORECASE): "(số trang)",
    re.compile(rf"\s*numpages{FORMAT}\s*", re.IGNORECASE): "(tổng số trang)",
}
# Prints the words that stand there; what it points to is not fetched.
LINK = re.compile(r"\s*hyperlink\s[^{}]*", re.IGNORECASE)
FETCHES = re.compile(r"\s*(includetext|includepicture|link|dde|ddeauto|import|include|rd|database)\b", re.IGNORECASE)
MARK = f"{WORD}fldChar"
CODE = f"{WORD}instrText"
SIMPLE = f"{WORD}fldSimple"
INSIDE = {f"{WORD}{name}" for name in ("r", "hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple")}
BROKEN = "trường Word ghép không đúng cách"


@dataclass
class Fields:
    """What of a paragraph's content is not printed as it stands.

    Attributes:
        hidden: elements of codes, and of results that are reckoned anew.
        words: what is shown in the place of those results, by the element that begins the field.
        faults: fields that may print other words than stand there, in words.
    """

    hidden: set[Any] = field(default_factory=set)
    words: dict[Any, str] = field(default_factory=dict)
    faults: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, paragraph: Any) -> "Fields":
        """Return the fields of `paragraph`, an lxml element."""
        found = cls()
        state = _State(found)
        for element in _contents(paragraph):
            state.take(element)
        if state.start is not None:
            found.faults.add(BROKEN)
        return found

    def name(self, code: str, start: Any) -> bool:
        """Note what is shown of the field with this code that begins at `start`; return whether its result is."""
        for known, words in RECKONED.items():
            if known.fullmatch(code):
                self.words[start] = words
                return False
        if not LINK.fullmatch(code):
            fetches = FETCHES.match(code)
            self.faults.add("trường lấy nội dung từ nơi khác" if fetches else "trường Word tự tính khi in")
        return True


@dataclass
class _State:
    found: Fields
    start: Any = None
    code: list[str] = field(default_factory=list)
    in_code: bool = False
    shown: bool = True

    def take(self, element: Any) -> None:
        if element.tag == SIMPLE:
            self._simple(element)
        elif element.tag == MARK:
            self._mark(element, element.get(f"{WORD}fldCharType"))
        elif element.tag == CODE:
            self.code.append(element.text or "")
            self._require(self.in_code)
        elif self.start is not None and (self.in_code or not self.shown):
            self.found.hidden.add(element)
            self._require(not (self.in_code and element.tag == f"{WORD}t" and (element.text or "").strip()))

    def _require(self, right: bool) -> None:
        if not right:
            self.found.faults.add(BROKEN)

    def _simple(self, element: Any) -> None:
        self._require(self.start is None)
        if not self.found.name(element.get(f"{WORD}instr", ""), element):
            self.found.hidden.update(element)

    def _mark(self, element: Any, kind: str | None) -> None:
        begins = kind == "begin"
        self._require(begins == (self.start is None) and kind in ("begin", "separate", "end"))
        if begins:
            self.start = element
            self.code = []
            self.in_code = True
            self.shown = True
        elif self.in_code:
            self.in_code = False
            self.shown = self.found.name("".join(self.code), self.start)
        if kind == "end":
            self.start = None


def _contents(paragraph: Any) -> list[Any]:
    """Return what stands in the runs of `paragraph`, in order, and its simple fields before what is in them."""
    found = []
    for child in paragraph:
        if child.tag == SIMPLE:
            found.append(child)
        if child.tag in INSIDE:
            found += list(child) if child.tag == f"{WORD}r" else _contents(child)
    return found
