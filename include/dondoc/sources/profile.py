"""A source profile: how one source system writes what we call cases and work. A new system is a YAML file, not code."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictInt, StrictStr, model_validator

from dondoc.configuration import ContradictionError, Settings, read_settings
from dondoc.records import RecordKind
from dondoc.sources.endpoint import Endpoint
from dondoc.sources.profile_rules import contradictions
from dondoc.vietnamese.names import fold

# Strictly: YAML's yes is neither a word nor the number 1.
Value = StrictStr | StrictInt
TermUnit = Literal["working_day", "day", "working_hour"]


def _spelt_out(value: Any) -> Any:
    """Return the word meant: YAML reads a bare yes or no as true or false."""
    return ("no", "yes")[value] if isinstance(value, bool) else value


class Detail(Settings):
    """Rows of a list fact that a source keeps apart from its records, on another sheet or in another file.

    Attributes:
        required: fields a row cannot be without; their headings must be present.
        headings: accepted headings by field; `number` is the record's own number.
        path: glob of the files that hold them, relative to the source's file; empty for sheets of the same workbook.
    """

    required: tuple[str, ...]
    headings: dict[str, tuple[str, ...]]
    path: str = ""


class Profile(Settings):
    """Headings, formats and codes of one source system.

    Attributes:
        title: its name for operators.
        kind: schema of its records.
        key: fields that identify a record; two rows with one key and different content are both refused.
        required: fields a row cannot be without; their headings must be present.
        headings: accepted headings by field, most specific first; compared without accents, case and punctuation.
        date_formats: strptime formats of dates written as text, tried in order; nothing else is ever guessed.
        foot: words that open the block below the data (totals, signatures).
        values: the source's words by field, with the code we use.
        api: how the source answers over HTTP; headings are then keys of its JSON. None for files.
        constants: what every record of this source is by meaning, by field; no heading is looked for.
        pattern: what the whole of the first key looks like (a regular expression), so that a damaged one is known.
        serials: whether a csv writes dates as Excel's day numbers; in a workbook they are always understood.
        default_term_unit: what a bare number of the term counts; None refuses it.
        several: when the path names several files: the last by name, or all of them as one.
        due_includes_pauses: whether the source moves a case's due date by the days waited itself; `detect` weighs what
            its cases show. Of cases alone.
        details: list facts kept apart from the records, by field.
    """

    title: str
    kind: RecordKind
    key: tuple[str, ...]
    required: tuple[str, ...]
    headings: dict[str, tuple[str, ...]]
    date_formats: tuple[str, ...]
    foot: tuple[str, ...] = ()
    values: dict[str, dict[str, Value]] = Field(default_factory=dict)
    api: Endpoint | None = None
    constants: dict[str, Value] = Field(default_factory=dict)
    pattern: str | None = None
    serials: bool = False
    default_term_unit: TermUnit | None = None
    several: Literal["newest", "all"] = "newest"
    due_includes_pauses: Annotated[Literal["yes", "no", "detect"], BeforeValidator(_spelt_out)] = "detect"
    details: dict[str, Detail] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "Profile":
        if found := list(contradictions(self)):
            raise ContradictionError(found)
        return self


def foot_words(profile: Profile) -> tuple[str, ...]:
    """Return the folded words that open the foot of a table."""
    return tuple(fold(word) for word in profile.foot)


def load_profile(path: Path) -> Profile:
    """Return the profile at `path`.

    Raises:
        CampaignError: missing or invalid; names file, field and remedy.
    """
    return read_settings(path, Profile)
