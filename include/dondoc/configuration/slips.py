"""What is wrong with a file of settings, said of every field at once: place, value, form, line and remedy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from dondoc.configuration.documents import KEY, Document, Loc
from dondoc.configuration.forms import fields_of, form_of
from dondoc.configuration.places import spoken
from dondoc.errors import Problem
from dondoc.vietnamese.names import guess, nearest

SHOWN = 60
MEND = "sửa dòng này, lưu tệp, rồi gõ lại lệnh check."


class ContradictionError(ValueError):
    """Fields that are right each by itself and wrong together.

    Args:
        found: where, from the model that raises, and what is wrong there, in words that follow the place.
    """

    def __init__(self, found: Sequence[tuple[Loc, str]]) -> None:
        """Keep what was found."""
        self.found = tuple(found)
        super().__init__("; ".join(words for _, words in found))


# pydantic's error types that say more than that the form is another one.
PHRASES = {
    "missing": "thiếu",
    "greater_than": "phải lớn hơn {gt:g}",
    "greater_than_equal": "không được dưới {ge:g}",
    "less_than": "phải nhỏ hơn {lt:g}",
    "less_than_equal": "không được quá {le:g}",
    "too_short": "phải có ít nhất {min_length} giá trị",
    "too_long": "có quá {max_length} giá trị",
    "string_too_short": "không được để trống",
    "string_too_long": "dài quá {max_length} ký tự",
    "literal_error": "không dùng được",
    "enum": "không dùng được",
    "union_tag_invalid": "không dùng được",
    "union_tag_not_found": "thiếu mục {discriminator}",
}
OTHERWISE = "không đúng dạng"


@dataclass(frozen=True)
class Slips:
    """A file that is not what its model asks for."""

    document: Document
    path: Path
    model: type[BaseModel]

    def problems(self, error: ValidationError) -> list[Problem]:
        """Return what `error` found; a field that is missing because its name is misspelt is one slip, not two."""
        items = error.errors()
        misspelt = {self._meant(item["loc"]) for item in items if item["type"] == "extra_forbidden"}
        told = [item for item in items if not (item["type"] == "missing" and tuple(item["loc"]) in misspelt)]
        return [problem for item in told for problem in self._told(item)]

    def _told(self, item: Any) -> Iterator[Problem]:
        loc = item["loc"]
        # Of pydantic's own errors some carry words too, in English.
        reason = item["ctx"]["error"] if item["type"] == "value_error" else None
        if isinstance(reason, ContradictionError):
            yield from (self._problem((*loc, *inner), words) for inner, words in reason.found)
        elif item["type"] == "extra_forbidden":
            yield self._unknown(loc)
        elif item["type"] == "missing":
            yield self._missing(loc)
        elif reason is not None:
            yield self._problem(loc, f"{self._shown(loc)}{reason}")
        else:
            phrase = PHRASES.get(item["type"], OTHERWISE).format(**item.get("ctx", {}))
            yield self._problem(loc, f"{self._shown(loc)}{phrase}{self._form(loc)}")

    def _missing(self, loc: Loc) -> Problem:
        *parents, name = loc
        place = spoken(parents, self.document.value)
        remedy = f"thêm “{name}: …” vào {place}." if place else f"thêm một dòng “{name}: …”."
        return self._problem(parents, f"thiếu mục {name}{self._form(loc)}", remedy=remedy)

    def _unknown(self, loc: Loc) -> Problem:
        *parents, name = loc
        known = fields_of(self.model, parents)
        remedy = f"sửa tên mục, hoặc bỏ dòng này; các mục dùng được: {', '.join(known)}."
        words = f"không có mục “{name}”.{guess(str(name).casefold(), known)}"
        return self._problem(parents, words, at=(*loc, KEY), remedy=remedy)

    def _meant(self, loc: Loc) -> tuple[str | int, ...]:
        *parents, name = loc
        return (*parents, nearest(str(name).casefold(), fields_of(self.model, parents)) or "")

    def _problem(self, loc: Loc, words: str, *, at: Loc | None = None, remedy: str = MEND) -> Problem:
        place = spoken(loc, self.document.value)
        what = f"{place}: {words}" if place else words
        where = f"{self.path}, {self.document.line_of(loc if at is None else at)}"
        return Problem(f"{what[:1].upper()}{what[1:]}" + "." * (what[-1] not in ".?"), where, remedy)

    def _form(self, loc: Loc) -> str:
        form = form_of(self.model, loc)
        return f"; cần {form}" if form else ""

    def _shown(self, loc: Loc) -> str:
        """Return what is written at `loc` in quotation marks, or that nothing is."""
        text = self.document.text_at(loc)
        if text is None:
            return ""
        if not text.strip():
            return "để trống, "
        return f"“{text if len(text) <= SHOWN else text[:SHOWN] + '…'}” "
