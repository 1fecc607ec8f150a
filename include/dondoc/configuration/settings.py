"""Typed, frozen settings, and what is wrong with a file of them: every field at once, in the operator's words."""

from datetime import time
from functools import lru_cache
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from dondoc.configuration.documents import read_document
from dondoc.configuration.slips import Slips
from dondoc.errors import CampaignError
from dondoc.files import sha256_of


class Settings(BaseModel):
    """Base of every section: an unknown field is an error, values cannot change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _time_of_day(text: object) -> object:
    if isinstance(text, bool | int | float):
        raise ValueError("không phải giờ; viết giờ trong dấu nháy, ví dụ “07:30”")
    return text


TimeOfDay = Annotated[time, BeforeValidator(_time_of_day), Field(description="giờ, ví dụ “07:30”")]

AnySettings = TypeVar("AnySettings", bound=Settings)


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
        problems += Slips(document, path, model).problems(error)
    if problems:
        return CampaignError.of(list(dict.fromkeys(problems)))
    return settings


def _print_of(path: Path) -> str:
    try:
        return sha256_of(path.read_bytes())
    except OSError:
        return ""
