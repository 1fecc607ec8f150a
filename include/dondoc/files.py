"""Files that are whole or absent, and are left alone when nothing changed."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

PLAIN_NAME = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,79}")


def write_whole(path: Path, content: bytes) -> bool:
    """Write `content` at `path` so that a reader, or a crash at any moment, sees the old file or the new, never a part.

    Returns:
        Whether anything was written: a file that already holds `content` keeps its time stamp.
    """
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return True


def sha256_of(content: bytes) -> str:
    """Return the hexadecimal SHA-256 of `content`."""
    return hashlib.sha256(content).hexdigest()


def file_sha256(path: Path) -> str:
    """Return the hexadecimal SHA-256 of the file at `path`, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def safe_name(number: str) -> str:
    """Return a file name, without extension, that stays in its folder and is different for different numbers.

    Plain numbers keep their form. Anything else, lower case included (some file systems fold it), is cut to plain
    characters and told apart by `_` and a piece of its hash; a plain number never holds `_`.
    """
    if PLAIN_NAME.fullmatch(number):
        return number
    slug = re.sub(r"[^A-Z0-9.-]+", "-", number.upper()).strip(".-")[:60]
    return f"{slug}_{sha256_of(number.encode('utf-8', 'surrogatepass'))[:12]}"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
