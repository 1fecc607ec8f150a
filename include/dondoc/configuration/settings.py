"""Typed, frozen settings, and what is wrong with a file of them: every field at once, in the operator's words."""

from collections.abc import Iterator, Sequence
from datetime import time
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from dondoc.configuration.documents import KEY, Document, Loc, read_document
from dondoc.configuration.forms import fields_of, form_of
from dondoc.configuration.places import spoken
from dondoc.errors import CampaignError, Problem
from dondoc.files import sha256_of
from dondoc.names import guess

SHOWN = 60


class Settings(BaseModel):
    """Base of every section: an unknown field is an error, values cannot change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ContradictionError(ValueError):
    """Fields that are right each by itself and wrong together.

    Args:
        found: where, from the model that raises, and what is wrong there, in words that follow the place.
    """

    def __init__(self, found: Sequence[tuple[Loc, str]]) -> None:
        """Keep what was found."""
        self.found = tuple(found)
        super().__init__("; ".join(words for _, words in found))


def _time_of_day(text: object) -> object:
    if isinstance(text, bool | int | float):
        raise ValueError("không phải giờ; viết giờ trong dấu nháy, ví dụ “07:30”")
    return text


TimeOfDay = Annotated[time, BeforeValidator(_time_of_day), Field(description="giờ, ví dụ “07:30”")]

AnySettings = TypeVar("AnySettings", bound=Settings)

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


def read_settings(path: Path, model: type[AnySettings], *, kept: bool = False) -> AnySettings:
    """Return the file at `path` as `model`.

    Args:
        path: the file.
        model: what it describes.
        kept: whether it is the basis of an earlier day, which is read as it was then: a key twice is its last.

    Raises:
        CampaignError: not there, not readable, not YAML, or invalid; names every wrong field with line and remedy.
    """
    found: AnySettings | CampaignError = _settings(path, _print_of(path), model, kept)  # type: ignore[assignment]
    if isinstance(found, CampaignError):
        # A new one: what is raised again keeps growing its traceback.
        raise CampaignError.of(found.problems)
    return found


# A day's steps in one process all ask for the same few files.
@lru_cache(maxsize=32)
def _settings(path: Path, _sha256: str, model: type[Settings], kept: bool) -> Settings | CampaignError:
    document = read_document(path)
    problems = [] if kept else list(document.repeated)
    try:
        settings = model.model_validate(document.value)
    except ValidationError as error:
        problems += [problem for item in error.errors() for problem in _problems(item, document, path, model)]
    if problems:
        return CampaignError.of(list(dict.fromkeys(problems)))
    return settings


def _print_of(path: Path) -> str:
    try:
        return sha256_of(path.read_bytes())
    except OSError:
        return ""


def _problems(item: Any, document: Document, path: Path, model: type[Settings]) -> Iterator[Problem]:
    # Of pydantic's own errors some carry words too, in English.
    reason = item["ctx"]["error"] if item["type"] == "value_error" else None
    if isinstance(reason, ContradictionError):
        for loc, words in reason.found:
            yield _problem((*item["loc"], *loc), words, document, path)
    elif item["type"] == "extra_forbidden":
        yield _unknown(item["loc"], document, path, model)
    elif item["type"] == "missing":
        *parents, name = item["loc"]
        form = form_of(model, item["loc"])
        place = spoken(parents, document.value)
        words = f"thiếu mục {name}" + f", cần {form}" * bool(form)
        yield _problem(parents, words, document, path, remedy=f"thêm dòng “{name}: …” vào {place}.")
    elif reason is not None:
        yield _problem(item["loc"], f"{_shown(item['loc'], document)}{reason}", document, path)
    else:
        yield _problem(item["loc"], _misformed(item, document, model), document, path)


def _problem(loc: Loc, words: str, document: Document, path: Path, *, remedy: str = "") -> Problem:
    place = spoken(loc, document.value)
    return Problem(
        f"{place[:1].upper()}{place[1:]}: {words.rstrip('.')}.",
        f"{path}, {document.line_of(loc)}",
        remedy or "sửa dòng này, lưu tệp, rồi gõ lại lệnh check.",
    )


def _unknown(loc: Loc, document: Document, path: Path, model: type[Settings]) -> Problem:
    *parents, name = loc
    known = fields_of(model, parents)
    remedy = f"sửa tên mục, hoặc bỏ dòng này; các mục dùng được: {', '.join(known)}."
    place = spoken(parents, document.value)
    return Problem(
        f"{place[:1].upper()}{place[1:]}: không có mục “{name}”.{guess(str(name).casefold(), known)}",
        f"{path}, {document.line_of((*loc, KEY))}",
        remedy,
    )


def _misformed(item: Any, document: Document, model: type[Settings]) -> str:
    phrase = PHRASES.get(item["type"], OTHERWISE).format(**item.get("ctx", {}))
    form = form_of(model, item["loc"])
    return f"{_shown(item['loc'], document)}{phrase}" + f"; cần {form}" * bool(form)


def _shown(loc: Loc, document: Document) -> str:
    """Return what is written at `loc` in quotation marks, or that nothing is."""
    text = document.text_at(loc)
    if text is None:
        return ""
    if not text.strip():
        return "để trống, "
    return f"“{text if len(text) <= SHOWN else text[:SHOWN] + '…'}” "
