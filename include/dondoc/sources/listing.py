"""List the files a path, folder or glob names, however its letters are composed, and choose the newest."""

import re
import unicodedata
from datetime import date, datetime, tzinfo
from fnmatch import fnmatchcase
from pathlib import Path

# Excel's lock files, hidden files, and what browsers and copiers call a file that is not whole yet.
PASSING = re.compile(r"[~.].*|.*\.(?:tmp|temp|part|partial|crdownload|download)", re.IGNORECASE)
# A day in a name, as offices and systems write it: with years of this century no eight digits read two ways.
YEAR = r"(?P<y>20\d\d)"
PART = r"[-._ ]"
TIME = r"(?:\d{4}|\d{6})?"
FORMS = tuple(
    re.compile(rf"(?<!\d){form}(?!\d)")
    for form in (
        rf"{YEAR}(?P<m>\d\d)(?P<d>\d\d){TIME}",
        rf"(?P<d>\d\d)(?P<m>\d\d){YEAR}{TIME}",
        rf"{YEAR}{PART}(?P<m>\d\d?){PART}(?P<d>\d\d?)",
        rf"(?P<d>\d\d?){PART}(?P<m>\d\d?){PART}{YEAR}",
    )
)


def files_named(pattern: Path) -> list[Path]:
    """Return the files that `pattern` names, by name; lock files, folders and unfinished copies are left out.

    A Mac or a file share may keep “hồ sơ” with its tones as letters of their own: names are compared composed.

    Raises:
        OSError: the folder may not be read.
    """
    if pattern.is_file():
        return [pattern]
    there = _standing(pattern)
    folder = there or _standing(pattern.parent)
    if there is not None and there.is_file():
        return [there]
    if folder is None or not folder.is_dir():
        return []
    # A glob of a folder that may not be read is empty, and says nothing.
    wanted = "*" if there else _composed(pattern.name)
    names = [path for path in folder.iterdir() if fnmatchcase(_composed(path.name), wanted)]
    return sorted(path for path in names if path.is_file() and not PASSING.fullmatch(path.name))


def by_age(path: Path) -> tuple[date, list[str | int], str]:
    """Return the key that puts exports in order, the newest last.

    The latest day in the name decides; a name without one is older than any with one. Then the name without its
    ending, numbers in it as numbers, so that a copy “(2)” comes after its original and “(10)” after “(9)”.
    """
    stem = _composed(path.stem)
    parts = re.split(r"([0-9]+)", stem)
    ordered: list[str | int] = [int(part) if place % 2 else part for place, part in enumerate(parts)]
    return max(_days_in(stem), default=date.min), ordered, path.name


def dated(path: Path, zone: tzinfo | None) -> date:
    """Return the day a file tells of: the latest in its name, else the day on which it was last written."""
    written = datetime.fromtimestamp(path.stat().st_mtime, zone).date()
    return max(_days_in(_composed(path.stem)), default=written)


def _days_in(stem: str) -> list[date]:
    found = []
    for match in (match for form in FORMS for match in form.finditer(stem)):
        try:
            found.append(date(int(match["y"]), int(match["m"]), int(match["d"])))
        except ValueError:
            continue  # a number, no day
    return found


def _standing(path: Path) -> Path | None:
    """Return what stands at `path`, under that name or the same letters composed otherwise; None where nothing does."""
    if path.exists() or path == path.parent:
        return path
    parent = _standing(path.parent)
    if parent is None or not parent.is_dir():
        return None
    name = _composed(path.name)
    return next((one for one in parent.iterdir() if _composed(one.name) == name), None)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
