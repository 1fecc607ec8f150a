"""Files that are whole or absent, and are left alone when nothing changed."""

import errno
import hashlib
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

# Flushes asked for at once share one journal commit: 2,000 files take 0.2 s on ext4, and 5.5 s one after the other.
FLUSHES_AT_ONCE = 16
# Why a file cannot be read, and what to do about it, by the system's own number for it.
NO_FILE = ("không có tệp này", "đặt tệp vào đúng chỗ, hoặc sửa lại đường dẫn.")
NO_RIGHT = ("không có quyền đọc", "cấp quyền đọc tệp và thư mục chứa nó cho tài khoản chạy Đôn Đốc.")
READING = {
    errno.ENOENT: NO_FILE,
    errno.ENOTDIR: NO_FILE,
    errno.EACCES: NO_RIGHT,
    errno.EPERM: NO_RIGHT,
    errno.EISDIR: ("đây là thư mục, không phải tệp", "xóa hoặc đổi tên thư mục, rồi đặt tệp vào đúng chỗ."),
}
# Nothing here is for other accounts of the machine; the umask may take the group's right too.
MODE = 0o640
# As `write_whole` names what it writes first.
TEMPORARY = re.compile(r"\.(?!_).+\.[a-z0-9_]{8}", re.DOTALL)
# Windows opens a device in place of a file of such a name, whatever follows its first dot.
DEVICE_NAME = re.compile(r"(CON|PRN|AUX|NUL|COM\d|LPT\d)(\..*)?", re.IGNORECASE | re.DOTALL)
PLAIN_NAME = re.compile(r"[A-Z0-9](?:[A-Z0-9.-]{0,78}[A-Z0-9-])?")


def write_whole(path: Path, content: bytes) -> bool:
    """Write `content` at `path` so that a reader, or a crash at any moment, sees the old file or the new, never a part.

    Returns:
        Whether anything was written: a file that already holds `content` keeps its time stamp.
    """
    if _holds(path, content):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f".{path.name[:40]}.{secrets.token_hex(4)}"
    try:
        with _created(temporary) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync(path.parent)
    return True


def write_trial(folder: Path, *, size: int) -> None:
    """Write a file of `size` bytes into `folder`, down to the disk, and take it away again.

    Raises:
        OSError: the folder takes no file, or the disk has no room for it.
    """
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".ghi-thu.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(bytes(size))
            file.flush()
            os.fsync(file.fileno())
    finally:
        Path(temporary).unlink(missing_ok=True)


def write_together(files: Mapping[Path, bytes], *, staging: Path) -> None:
    """Write many files, each whole or absent whenever this is cut off, flushed together; those that are as wanted stay.

    Args:
        files: content by path.
        staging: a folder on the same disk for this writer alone; emptied first, gone afterwards.
    """
    clear_folder(staging)
    wanted = [path for path, content in files.items() if not _holds(path, content)]
    if not wanted:
        return
    staging.mkdir(parents=True)
    staged = {staging / str(i): path for i, path in enumerate(wanted)}
    for temporary, path in staged.items():
        _write_new(temporary, files[path])
    folders = sorted({path.parent for path in wanted})
    _flush_together(list(staged))
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    for temporary, path in staged.items():
        temporary.replace(path)
    for folder in folders:
        _sync(folder)
    # A file share plants folders of its own here too (`@eaDir`): what is left now is not ours.
    shutil.rmtree(staging, ignore_errors=True)


def write_anew(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `files`, by name, into `folder`, which is not there yet, flushed together; part of them when cut off."""
    paths = {folder / name: content for name, content in files.items()}
    folders = sorted({folder, *(above for path in paths for above in path.parents if folder in above.parents)})
    for one in folders:
        one.mkdir(parents=True)
    for path, content in paths.items():
        _write_new(path, content)
    _flush_together([*paths, *folders])


def remove_torn(folder: Path) -> None:
    """Remove what `write_whole` left in `folder` when its process was killed; nobody may be writing there."""
    for path in folder.glob(".*"):
        # Others hide things here too: `.snapshot` of a file server, `.AppleDouble` and `.DS_Store` of a Mac.
        if TEMPORARY.fullmatch(path.name) and path.is_file() and not path.is_symlink():
            path.unlink()


def clear_folder(folder: Path) -> None:
    """Remove what a writer that was cut off left in its staging folder."""
    if folder.exists():
        shutil.rmtree(folder)


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
    characters and told apart by `_` and a piece of its hash; a plain number never holds `_`. Every system opens it.
    """
    if PLAIN_NAME.fullmatch(number) and not DEVICE_NAME.fullmatch(number):
        return number
    slug = re.sub(r"[^A-Z0-9.-]+", "-", number.upper()).strip(".-")[:60]
    if DEVICE_NAME.fullmatch(slug):
        slug = f"SO-{slug}"
    return f"{slug}_{sha256_of(number.encode('utf-8', 'surrogatepass'))[:12]}"


def _created(path: Path) -> IO[bytes]:
    """Return the file at `path`, which is not there yet, open for writing."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "wb")


def _write_new(path: Path, content: bytes) -> None:
    with _created(path) as file:
        file.write(content)


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _flush_together(paths: Sequence[Path]) -> None:
    lanes = min(FLUSHES_AT_ONCE, len(paths))
    if lanes == 1:
        _sync_all(paths)
    else:
        with ThreadPoolExecutor(lanes) as pool:
            list(pool.map(_sync_all, (paths[i::lanes] for i in range(lanes))))


def _sync_all(paths: Sequence[Path]) -> None:
    for path in paths:
        _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def why_unreadable(error: OSError) -> tuple[str, str]:
    """Return why a file could not be read, and what to do about it, in the operator's words."""
    return READING.get(error.errno or 0, ("ổ đĩa báo lỗi", "kiểm tra ổ đĩa, rồi đặt lại tệp."))
