"""Configuration, calendar, source profiles and templates of a day, kept as they were when it opened.

A day's tasks are processes apart, minutes and hours from each other; what people edit in between is for the next run.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from dondoc.campaign import Campaign
from dondoc.campaign.loading import FILE_NAME
from dondoc.errors import LostFileError, Problem
from dondoc.files import clear_folder, sha256_of, write_anew
from dondoc.installation import Installation

FOLDER = "settings"
CAMPAIGNS = "campaigns"
TEMPLATES = "templates"
# Of the hash over names and bytes; the folder's name.
NAME_LENGTH = 16
# What editors and file servers put beside files, and Python beside the scripts that drew the templates.
PASSING = (".", "~", "@", "__pycache__")

Stamp = tuple[str, int, int, int]


def live_settings(installation: Installation, campaign: Campaign) -> dict[str, bytes]:
    """Return what a day of `campaign` is computed from, as people edit it, by name under `include/`.

    What cannot be read is left out: who needs it says so.
    """
    include = installation.include
    own = installation.campaigns / campaign.code
    named = [f"calendars/{campaign.calendar}.yaml", f"regimes/{campaign.regime}.yaml"]
    named += [*(f"sources/{one.profile}.yaml" for one in campaign.sources)]
    paths = {name: include / name for name in named}
    # Scripts that draw the original templates lie above the folders of templates.
    paths |= {f"{TEMPLATES}/{name}": Path(file) for name, file in _files_under(include / TEMPLATES) if "/" in name}
    mine = f"{CAMPAIGNS}/{campaign.code}"
    paths[f"{mine}/{FILE_NAME}"] = own / FILE_NAME
    paths |= {f"{mine}/{TEMPLATES}/{name}": Path(file) for name, file in _files_under(own / TEMPLATES)}
    return dict(_contents(paths.items()))


def pin(folder: Path, contents: Mapping[str, bytes], *, staging: Path) -> Path:
    """Keep `contents` in a folder of their own under `folder`, whole or absent whenever this is cut off; return it.

    The same contents are one folder, however many days are computed from them; one that was damaged is made anew.

    Args:
        folder: where pinned settings lie; another day may be pinning there.
        contents: what `live_settings` returns.
        staging: a folder on the same disk for this writer alone; emptied first, gone afterwards.
    """
    kept = folder / _name_of((name, sha256_of(content)) for name, content in contents.items())
    clear_folder(staging)
    if _is_whole(kept):
        return kept
    fresh = staging / "new"
    write_anew(fresh, contents)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        fresh.rename(kept)
    except OSError:
        # Something lies there: what another day has just pinned, or what is damaged.
        if not _is_whole(kept):
            kept.rename(staging / "damaged")
            fresh.rename(kept)
    clear_folder(staging)
    return kept


def pinned_settings(folder: Path, name: str) -> Path:
    """Return the folder `name` of pinned settings under `folder`, held against its hash.

    Raises:
        LostFileError: it is gone, or no longer what was pinned.
    """
    kept = folder / name
    if not _is_whole(kept):
        raise LostFileError(
            "Bản cấu hình, lịch và mẫu ghim lúc mở ngày bị mất hoặc bị sửa.",
            where=kept,
            remedy="chạy lại ngày này từ ô “Mở ngày”; chỉ sửa tệp trong include/, không sửa trong thư mục này.",
        )
    return kept


def to_mend(problem: Problem, kept: Path, installation: Installation) -> Problem:
    """Return `problem` naming the file that people edit, where it names the pinned one in `kept`."""
    if f"{kept}{os.sep}" not in problem.where:
        return problem
    where = problem.where.replace(f"{kept / CAMPAIGNS}{os.sep}", f"{installation.campaigns}{os.sep}")
    return replace(
        problem,
        where=where.replace(f"{kept}{os.sep}", f"{installation.include}{os.sep}"),
        remedy=f"{problem.remedy} Sửa xong thì chạy lại ngày từ ô “Mở ngày”: các ô sau dùng bản lúc mở ngày.",
    )


def _is_whole(kept: Path) -> bool:
    try:
        stamps = tuple(_stamp(name, entry) for name, entry in _files_under(kept))
        return _name_by_stamps(kept, stamps) == kept.name
    except OSError:
        return False


def _stamp(name: str, entry: os.DirEntry[str]) -> Stamp:
    known = entry.stat()
    return name, known.st_size, known.st_mtime_ns, known.st_ino


# A process reads each once, and again when a file of it is another or has been written to.
@lru_cache(maxsize=32)
def _name_by_stamps(kept: Path, stamps: tuple[Stamp, ...]) -> str:
    return _name_of((name, sha256_of((kept / name).read_bytes())) for name, *_ in stamps)


def _name_of(hashes: Iterable[tuple[str, str]]) -> str:
    return sha256_of("\n".join(f"{sha256}  {name}" for name, sha256 in sorted(hashes)).encode())[:NAME_LENGTH]


def _contents(paths: Iterable[tuple[str, Path]]) -> Iterator[tuple[str, bytes]]:
    for name, path in paths:
        try:
            yield name, path.read_bytes()
        except OSError:
            continue


def _files_under(folder: Path) -> list[tuple[str, os.DirEntry[str]]]:
    """Return the files in `folder` and below, by name; what may not be looked into is left out."""
    found: list[tuple[str, os.DirEntry[str]]] = []
    waiting = [""]
    for above in waiting:
        with suppress(OSError), os.scandir(folder / above) as entries:
            for entry in entries:
                if entry.name.startswith(PASSING):
                    continue
                if entry.is_dir():
                    waiting.append(f"{above}{entry.name}/")
                elif entry.is_file():
                    found.append((f"{above}{entry.name}", entry))
    return found
