"""A folder into which people put files: each is looked at, read and moved by the folder's own handle, no link followed.

Whoever may write there can plant a link, a pipe or another name of somebody's private file under any name, also in the
place of the folders we keep; nothing here asks for a path a second time.
"""

import errno
import logging
import os
import secrets
import stat
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path, PurePath
from types import TracebackType
from typing import Self

from dondoc.errors import UntrustedError
from dondoc.files import sha256_of, why_unreadable
from dondoc.sources.listing import PASSING
from dondoc.untrusted.dropped_files import DONE, REFUSED, DroppedFile, RefusedFile
from dondoc.untrusted.forms import opens_whole
from dondoc.untrusted.plain_names import plain_name

log = logging.getLogger(__name__)

ANSWER = "ket-qua.xlsx"
# A file that does not open and was touched less than this ago may still be on its way.
SETTLING_SECONDS = 60
READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
CHUNK = 2**20
NO_PLAIN_FILE = "Đây không phải tệp thường mà là {}."
LINKED = "Tệp còn mang một tên khác ở chỗ khác (liên kết cứng)."
NO_RIGHT = "Không có quyền đọc tệp."
COPY_IT = "chép chính tệp vào thư mục, mọi người đọc được, đừng đặt liên kết."
KINDS = {
    stat.S_IFLNK: "liên kết",
    stat.S_IFIFO: "ống dẫn",
    stat.S_IFSOCK: "cổng nối",
    stat.S_IFDIR: "thư mục",
    stat.S_IFCHR: "thiết bị",
    stat.S_IFBLK: "thiết bị",
}


class DropFolder:
    """A folder into which people put files, held open as a context."""

    def __init__(self, path: Path) -> None:
        """Open the folder at `path`, which is made if it is not there."""
        path.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(path, FOLDER)

    def __enter__(self) -> Self:
        """Return the open folder."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Let go of the folder."""
        os.close(self._handle)

    def names(self, suffixes: Collection[str]) -> list[str]:
        """Return the names with these endings, in order, without hidden files, lock files and unfinished copies."""
        there = os.listdir(self._handle)  # noqa: PTH208 (by the handle, no path)
        names = (name for name in there if not PASSING.fullmatch(name))
        return sorted(name for name in names if PurePath(plain_name(name)).suffix.lower() in suffixes)

    def read(self, name: str, *, most: int) -> DroppedFile | None:
        """Return the file `name`, None while it is still being written or when it was just taken away.

        Raises:
            UntrustedError: it is no plain file, has another name elsewhere, is too large, or may not be read.
        """
        try:
            content, before = _read(self._handle, name, most)
            _require_single(before, name)
            after = os.stat(name, dir_fd=self._handle, follow_symlinks=False)
        except FileNotFoundError:
            return None
        except PermissionError as error:
            if not _has_settled(os.stat(name, dir_fd=self._handle, follow_symlinks=False)):
                return None
            raise _refused(NO_RIGHT, name) from error
        if _print_of(before) != _print_of(after):
            # It grew while it was read: nobody knows yet what it will be.
            return None
        if not (_has_settled(after) or opens_whole(content)):
            return None
        return DroppedFile(name, sha256_of(content), _print_of(after), after.st_uid, content)

    def was_taken(self, file: DroppedFile, suffixes: Collection[str]) -> bool:
        """Return whether a file of the same bytes was put away before."""
        with self._kept(DONE) as done, _opened(done, file.sha256[:16]) as folder:
            there = os.listdir(folder) if folder is not None else []  # noqa: PTH208 (as above)
        return any(not name.endswith(f".{ANSWER}") and PurePath(name).suffix.lower() in suffixes for name in there)

    def put_away(self, file: DroppedFile, answer: bytes) -> None:
        """Move `file`, as it came, under its hash among those taken in, the workbook `answer` beside it."""
        with self._kept(DONE) as done, _own_folder(done, file.sha256[:16]) as folder:
            _write(folder, f"{PurePath(file.plain_name).stem}.{ANSWER}", answer)
            self._move(file.name, folder, file.plain_name, only=file.print)

    def refused(self, name: str) -> RefusedFile | None:
        """Return where whatever stands under `name` goes when it is not taken, None where it is gone."""
        try:
            status = os.stat(name, dir_fd=self._handle, follow_symlinks=False)
        except FileNotFoundError:
            return None
        return RefusedFile(name, sha256_of(repr(_print_of(status)).encode())[:16], status.st_uid)

    def set_aside(self, file: RefusedFile, answer: bytes) -> None:
        """Move what is not taken to its place, the workbook `answer` beside it."""
        with self._kept(REFUSED) as refused, _own_folder(refused, file.token) as folder:
            _write(folder, f"{PurePath(file.plain_name).stem}.{ANSWER}", answer)
            # Whoever put it there may take it away meanwhile.
            with suppress(FileNotFoundError):
                self._move(file.name, folder, file.plain_name)

    def _move(self, name: str, folder: int, new: str, *, only: tuple[int, ...] | None = None) -> None:
        if only is not None and _print_of(os.stat(name, dir_fd=self._handle, follow_symlinks=False)) != only:
            # Another file came under its name meanwhile: that one is the next round's.
            return
        _clear(folder, new)
        os.rename(name, new, src_dir_fd=self._handle, dst_dir_fd=folder)

    @contextmanager
    def _kept(self, name: str) -> Iterator[int]:
        with _own_folder(self._handle, name) as folder:
            yield folder


def read_beneath(root: Path, relative: str, *, most: int, own: str) -> bytes:
    """Return the bytes of the file at `relative` beneath `root`, no link on the way followed.

    Args:
        root: a folder of ours.
        relative: where the file lies in it.
        most: how many bytes it may have.
        own: hash of what we wrote there ourselves; a backup may keep that under a second name.

    Raises:
        UntrustedError: there is no plain file of at most `most` bytes, or it may not be read.
    """
    *folders, name = PurePath(relative).parts
    with ExitStack() as held:
        start = os.open(root, FOLDER)
        held.callback(os.close, start)
        handle: int | None = start
        for folder in folders:
            handle = held.enter_context(_opened(handle, folder)) if handle is not None else None
        if handle is None:
            raise UntrustedError("Không thấy tệp.", where=relative, remedy=COPY_IT)
        try:
            content, status = _read(handle, name, most)
        except OSError as error:
            reason, remedy = why_unreadable(error)
            raise UntrustedError(f"Không đọc được tệp: {reason}.", where=relative, remedy=remedy) from error
    if sha256_of(content) != own:
        _require_single(status, name)
    return content


def _read(folder: int, name: str, most: int) -> tuple[bytes, os.stat_result]:
    # Looked at first: opening alone moves some devices.
    _require_plain(os.stat(name, dir_fd=folder, follow_symlinks=False), name, most)
    with os.fdopen(os.open(name, READING, dir_fd=folder), "rb") as file:
        status = os.fstat(file.fileno())
        _require_plain(status, name, most)
        return file.read(most), status


def _require_plain(status: os.stat_result, name: str, most: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise _refused(NO_PLAIN_FILE.format(KINDS.get(stat.S_IFMT(status.st_mode), "vật lạ")), name)
    if status.st_size > most:
        raise UntrustedError(
            f"Tệp lớn quá {most // 10**6} MB.", where=plain_name(name), remedy="đặt tệp gọn hơn, bỏ hình ảnh không cần."
        )


def _require_single(status: os.stat_result, name: str) -> None:
    if status.st_nlink > 1:
        raise _refused(LINKED, name)


def _has_settled(status: os.stat_result) -> bool:
    return time.time() - status.st_mtime > SETTLING_SECONDS


def _refused(why: str, name: str) -> UntrustedError:
    return UntrustedError(why, where=plain_name(name), remedy=COPY_IT)


def _print_of(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


@contextmanager
def _opened(parent: int, name: str) -> Iterator[int | None]:
    try:
        handle = os.open(name, FOLDER | os.O_NOFOLLOW, dir_fd=parent)
    except OSError:
        yield None
        return
    try:
        yield handle
    finally:
        os.close(handle)


@contextmanager
def _own_folder(parent: int, name: str) -> Iterator[int]:
    """Yield the folder `name` in `parent`, made if need be; what else stands there is renamed, never followed."""
    for _ in range(2):
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=parent)
        with _opened(parent, name) as handle:
            if handle is not None:
                yield handle
                return
        log.warning("“%s” không phải thư mục của Đôn Đốc: đã đổi tên để riêng", name)
        _clear(parent, name, stat.S_ISDIR)
    raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), name)


def _clear(folder: int, name: str, wanted: Callable[[int], bool] = stat.S_ISREG) -> None:
    """Give whatever stands under `name`, and is not of the `wanted` kind, another name."""
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return
    if not wanted(status.st_mode):
        os.rename(name, f"{name[:100]}.la-{secrets.token_hex(4)}", src_dir_fd=folder, dst_dir_fd=folder)


def _write(folder: int, name: str, content: bytes) -> None:
    """Write a file that is whole or absent, in place of what stands there."""
    temporary = f".{secrets.token_hex(8)}"
    handle = os.open(
        temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640, dir_fd=folder
    )
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _clear(folder, name)
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        raise
    os.fsync(folder)
