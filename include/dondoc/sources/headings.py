"""Compare the headings of a source with its profile: found, missing, unknown. Names, never values."""

from collections.abc import Iterable
from typing import TypedDict

from dondoc.sources.profile import Profile
from dondoc.sources.rows import RawRows

# A heading longer than this is a sentence; more unknown ones than this are another table.
MAX_LENGTH = 60
MAX_UNKNOWN = 40
PAUSES = "pauses"


class FoundHeadings(TypedDict):
    """The headings of one pull.

    Attributes:
        found: the source's own heading by field; of what every record is by meaning, an empty one.
        absent: the headings looked for in vain, by field.
        unknown: headings of no field.
        lacking: a file without a column that other files of the source have, by field.
        optional: fields whose absence means that there are none, by the profile.
    """

    found: dict[str, str]
    absent: dict[str, list[str]]
    unknown: list[str]
    lacking: dict[str, str]
    optional: list[str]


def columns_of(raw: RawRows, profile: Profile) -> FoundHeadings:
    """Return which headings of `profile` the rows were read under."""
    wanted: dict[str, tuple[str, ...]] = dict(profile.headings)
    wanted |= {name: detail.headings["number"][:1] for name, detail in profile.details.items()}
    if profile.api and profile.api.pauses:
        wanted[PAUSES] = (profile.api.pauses.rows,)
    details = {name: next(iter(rows.headings.values()), "") for name, rows in raw.details.items()}
    written = details | dict(raw.headings)
    found = dict.fromkeys(profile.constants, "")
    found |= {field: shortened(written[field]) for field in wanted if field in written}
    return FoundHeadings(
        found=found,
        absent={field: list(headings) for field, headings in wanted.items() if field not in found},
        unknown=[shortened(heading) for heading in raw.unknown[:MAX_UNKNOWN]],
        lacking=dict(raw.lacking),
        optional=sorted(profile.details),
    )


def shortened(heading: str) -> str:
    """Return `heading`, cut where it is too long to be one."""
    return heading if len(heading) <= MAX_LENGTH else f"{heading[:MAX_LENGTH]}…"


def columns_words(columns: FoundHeadings) -> str:
    """Return what an operator reads of a source's headings."""
    absent = {field: names for field, names in columns["absent"].items() if field not in columns["optional"]}
    words = [f"thấy {len(columns['found'])} cột của hồ sơ nguồn"]
    if absent:
        words.append(f"không thấy: {_listed(names[0] for names in absent.values())}")
    if columns["unknown"]:
        words.append(f"không thuộc hồ sơ nguồn: {_listed(columns['unknown'])}")
    words += [f"tệp {file} thiếu cột {columns['found'][field]}" for field, file in columns["lacking"].items()]
    return "; ".join(words)


def _listed(headings: Iterable[str]) -> str:
    return ", ".join(headings)
