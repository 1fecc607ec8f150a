"""Drafts on disk: the register first, then the files; never over a file a person has touched.

A version is entered with its path and hash before its file is written. So after a cut at any moment the next run finds
in the register what each file should be, and can tell a file of ours, which it may replace, from one a person edited.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from dondoc.files import clear_folder, file_sha256, safe_name, sha256_of, write_together
from dondoc.installation.workplace import Workplace
from dondoc.ledger.letters import COMPLETE, DRAFTED, Letter, NewLetter, record_drafts
from dondoc.letters.draft import MUST_SHOW, Draft
from dondoc.letters.elsewhere import office_key
from dondoc.letters.plan import Plan
from dondoc.letters.store import FOLDER as STORE
from dondoc.letters.store import stored
from dondoc.office_files.word import WordTemplate

FOLDER = "letters"
DRAFTER = "Đôn Đốc"
# Letters held in memory and entered in one transaction.
CHUNK = 500


def basis_of(draft: Draft, template: WordTemplate) -> str:
    """Return the hash of the unit, the template and the words it takes: the same basis gives the same letter."""
    words = {name: draft.values.get(name) for name in sorted(template.fields)}
    return sha256_of((draft.unit + template.sha256 + json.dumps(words, ensure_ascii=False)).encode())


def there(out: Path, letters: Mapping[str, Letter]) -> dict[str, Letter]:
    """Return those of `letters` that a person can open: a draft is in the register before its file is written."""
    return {number: one for number, one in letters.items() if not _is_unwritten(one) or (out / one.path).is_file()}


def _is_unwritten(letter: Letter) -> bool:
    # What was put up lies in the store too.
    return letter.state in (DRAFTED, COMPLETE) and letter.put_up_at is None


@dataclass
class Drafting:
    """One unit batch's drafting on a day.

    Attributes:
        place: where and for when.
        templates: Word template by whether the case has been returned.
        ours: hashes of versions set aside, by path: a file with one of them is ours to replace.
        at: the instant entered in the register.
        units: the batch; names its staging folder.
        live: paths of the versions that stand; their files are never cleared.
        bases: what `basis_of` says of each draft, by case number.
    """

    place: Workplace
    templates: Mapping[bool, WordTemplate]
    ours: Mapping[str, set[str]]
    at: datetime
    units: Sequence[str]
    live: set[str]
    bases: Mapping[str, str]
    _rewritten: list[tuple[Draft, Letter | None]] = field(default_factory=list)

    @property
    def staging(self) -> Path:
        """Return the folder files are written in before they take their place."""
        key = sha256_of(",".join(self.units).encode())[:16]
        return self.place.out / self.place.day.campaign.code / STORE / f".writing-{key}"

    def write(self, plan: Plan) -> int:
        """Write the drafts of `plan`, and the kept ones whose file is gone; return how many versions are new."""
        clear_folder(self.staging)
        self._restore(plan.keep)
        new = [*plan.draft, *self._rewritten]
        for start in range(0, len(new), CHUNK):
            self._write_chunk(new[start : start + CHUNK])
        self._clear_replaced()
        return len(new)

    def _write_chunk(self, chunk: Sequence[tuple[Draft, Letter | None]]) -> None:
        files = {}
        entries = []
        for draft, last in chunk:
            template = self.templates[draft.returned]
            content = template.render(draft.values, must_show=MUST_SHOW)
            entry = self._entry(draft, last, sha256_of(content), self.bases[draft.case_number])
            entries.append(entry)
            files[self.place.out / entry.path] = content
        self.live.update(entry.path for entry in entries)
        record_drafts(self.place.ledger, entries, by=DRAFTER, at=self.at)
        write_together(files, staging=self.staging)
        for (_, last), entry in zip(chunk, entries, strict=True):
            if last and last.path != entry.path:
                self._remove_ours(last.path, last.drafted_sha256)

    def _entry(self, draft: Draft, last: Letter | None, sha256: str, basis: str) -> NewLetter:
        return NewLetter(
            campaign=self.place.day.campaign.code,
            case_number=draft.case_number,
            version=last.version + 1 if last else 1,
            unit=draft.unit,
            missing=draft.missing,
            path=self._free_path(draft, last, sha256),
            sha256=sha256,
            basis_sha256=basis,
            facts=draft.facts,
            facts_sha256=draft.facts_sha256,
            promised_on=draft.promised_on,
            drafted_on=self.place.day.business_date,
            replaces=last.id if last else None,
            office=office_key(self.place.day.campaign),
        )

    def _free_path(self, draft: Draft, last: Letter | None, sha256: str) -> str:
        """Return the letter's path, or one beside it where a file stands that is not ours to replace."""
        day = f"{self.place.day.campaign.code}/{self.place.day.business_date}"
        stem = f"{day}/{FOLDER}/{draft.unit}/{safe_name(draft.case_number)}"
        path = f"{stem}.docx"
        copy = 1
        while self._is_taken(path, {sha256} | ({last.drafted_sha256} if last else set())):
            copy += 1
            path = f"{stem}_v{copy}.docx"
        return path

    def _restore(self, kept: Sequence[tuple[Draft, Letter]]) -> None:
        files = {}
        for draft, letter in kept:
            path = self.place.out / letter.path
            older = self.ours.get(letter.path, set()) - {letter.drafted_sha256}
            if path.exists() and not (older and file_sha256(path) in older):
                continue
            content = self._content(draft, letter)
            if sha256_of(content) == letter.sha256:
                files[path] = content
            else:
                self._rewritten.append((draft, letter))
        write_together(files, staging=self.staging)

    def _content(self, draft: Draft, letter: Letter) -> bytes:
        put_up = stored(self.place.out, letter.campaign, letter.sha256)
        return put_up.read_bytes() if put_up else self.templates[draft.returned].render(draft.values)

    def _clear_replaced(self) -> None:
        """Remove the files of versions set aside that an earlier run was cut off before removing."""
        for path, hashes in self.ours.items():
            if path not in self.live and (self.place.out / path).exists():
                self._remove_ours(path, *hashes)

    def _remove_ours(self, path: str, *hashes: str) -> None:
        if (self.place.out / path).exists() and file_sha256(self.place.out / path) in hashes:
            (self.place.out / path).unlink()

    def _is_taken(self, path: str, hashes: set[str]) -> bool:
        """Return whether a file stands at `path` that is none of ours, neither with `hashes` nor set aside before."""
        found = self.place.out / path
        return found.exists() and file_sha256(found) not in hashes | self.ours.get(path, set())
