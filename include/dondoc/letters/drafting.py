"""Drafts on disk: written once, never over a file a person has touched."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from dondoc.files import file_sha256, safe_name, sha256_of, write_whole
from dondoc.ledger.letters import Letter, NewLetter
from dondoc.letters.draft import Draft
from dondoc.word import WordTemplate
from dondoc.workplace import Workplace

FOLDER = "letters"


def write_drafts(
    drafts: Sequence[Draft], templates: Mapping[bool, WordTemplate], *, known: Mapping[str, Letter], place: Workplace
) -> list[NewLetter]:
    """Write the files of `drafts` that are not there yet, and return the versions that are new to the register.

    A letter whose words have not changed since its last version is left as it lies, edited by staff or not; only a
    missing file is written again. New words make a new version: it takes the place of an untouched draft and lies
    beside one that somebody edited.

    Args:
        drafts: the letters owed.
        templates: Word template by whether the case has been returned.
        known: latest versions by case number.
        place: where and for when.
    """
    new = []
    for draft in drafts:
        content = templates[draft.returned].render(draft.values)
        sha256, last = sha256_of(content), known.get(draft.case_number)
        if last and last.sha256 == sha256:
            if not (place.out / last.path).exists():
                write_whole(place.out / last.path, content)
            continue
        if last and _untouched(place.out / last.path, last.sha256):
            (place.out / last.path).unlink()
        path = _free_path(place.folder / FOLDER / draft.unit / safe_name(draft.case_number), sha256)
        write_whole(path, content)
        new.append(
            NewLetter(
                campaign=place.day.campaign.code,
                case_number=draft.case_number,
                version=last.version + 1 if last else 1,
                unit=draft.unit,
                missing=() if draft.complete else ("reason",),
                path=path.relative_to(place.out).as_posix(),
                sha256=sha256,
                basis_sha256=sha256,
                facts={},
                facts_sha256=sha256,
                promised_on=None,
                drafted_on=place.day.business_date,
                replaces=last.id if last else None,
            )
        )
    return new


def _untouched(path: Path, sha256: str) -> bool:
    return path.exists() and file_sha256(path) == sha256


def _free_path(stem: Path, sha256: str) -> Path:
    """Return a path under `stem` that is free, or already holds just these bytes (left by a run that was cut off)."""
    path, copy = stem.with_name(f"{stem.name}.docx"), 1
    while path.exists() and not _untouched(path, sha256):
        copy += 1
        path = stem.with_name(f"{stem.name}_v{copy}.docx")
    return path
