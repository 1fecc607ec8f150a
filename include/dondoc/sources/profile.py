"""A source profile: how one source system writes what we call cases and work. A new system is a YAML file, not code."""

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from dondoc.configuration import Settings, read_settings
from dondoc.names import fold
from dondoc.records import SCHEMAS
from dondoc.sources.endpoint import Endpoint

Value = str | int


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
    """

    title: str
    kind: Literal["cases", "work"]
    key: tuple[str, ...]
    required: tuple[str, ...]
    headings: dict[str, tuple[str, ...]]
    date_formats: tuple[str, ...]
    foot: tuple[str, ...] = ()
    values: dict[str, dict[str, Value]] = Field(default_factory=dict)
    api: Endpoint | None = None

    @model_validator(mode="after")
    def _known_fields(self) -> "Profile":
        known = set(SCHEMAS[self.kind].names) - {"source_row"}
        for section in ("headings", "values", "key", "required"):
            unknown = sorted(set(getattr(self, section)) - known)
            if unknown:
                raise ValueError(
                    f"{section}: không có trường {', '.join(unknown)}; các trường: {', '.join(sorted(known))}"
                )
        absent = sorted({*self.required, *self.key} - set(self.headings))
        if absent:
            raise ValueError(f"headings: thiếu tiêu đề cột cho {', '.join(absent)}")
        if self.api and self.api.pauses and "pauses" not in known:
            raise ValueError("api.pauses: chỉ dùng cho hồ sơ (kind: cases)")
        return self

    def fields_of(self, cells: list[str | None]) -> dict[str, int]:
        """Return the column index of each field whose heading stands among `cells`; the first accepted heading wins."""
        folded = [fold(cell) if cell else "" for cell in cells]
        found = {}
        for field, headings in self.headings.items():
            positions = [folded.index(fold(heading)) for heading in headings if fold(heading) in folded]
            if positions:
                found[field] = positions[0]
        return found


def load_profile(path: Path) -> Profile:
    """Return the profile at `path`.

    Raises:
        CampaignError: missing or invalid; names file, field and remedy.
    """
    return read_settings(path, Profile)
