"""What others wrote is parsed in a process of its own, with little memory, little time and none of our secrets.

A parser may take the whole process down with it, or all of its memory: here that costs one item.
"""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import ParamSpec, TypeVar, cast

from dondoc.errors import UntrustedError
from dondoc.untrusted.reading_process import SECONDS

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)

# By the clock on the wall, on a machine that has much else to do; the time of its processor is held by the process.
PATIENCE_SECONDS = 12 * SECONDS
# What a fresh process needs to load its readers is nobody's item.
LOADING_SECONDS = 120
# Enough for Python to find itself, and nothing an office keeps secret.
KEPT = ("PATH", "LD_LIBRARY_PATH", "TZ", "TZDIR")
# Each thread of a numeric library takes room of its own.
PLAIN = {
    "PYTHONUTF8": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
}
BROKEN = "nội dung hỏng tới mức trình đọc không mở được"
TOO_MUCH = f"cần quá nhiều bộ nhớ, hoặc quá {SECONDS} giây, để đọc"
REMEDY = "mở bằng đúng chương trình, lưu thành tệp mới rồi gửi lại."


def confined(function: Callable[P, R], name: str, *arguments: P.args, **named: P.kwargs) -> R:
    """Return what `function`, one of a module, returns; it is called in the process that reads for this one.

    Raises:
        DondocError: as `function` does.
        UntrustedError: what is called `name` took too much time or memory, or broke its reader.
    """
    return cast(R, READER.ask(function, arguments, named, name=name))


@contextmanager
def private_copy(content: bytes, suffix: str) -> Iterator[Path]:
    """Yield the path of a file of `content` that nobody else can touch, gone afterwards."""
    with NamedTemporaryFile(suffix=suffix) as copy:
        copy.write(content)
        copy.flush()
        yield Path(copy.name)


class ReadingProcess:
    """A process that reads what others wrote, one item after the other; started when it is first asked."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._owner = 0

    @property
    def pid(self) -> int | None:
        """Return the number of the process while there is one."""
        return self._process.pid if self._process else None

    def ask(self, function: Callable[..., object], arguments: tuple, named: dict, *, name: str) -> object:
        """Return what `function` returns, as `confined` does."""
        with self._lock:
            try:
                connection = self._running()
                connection.send((function, arguments, named))
                for seconds in (LOADING_SECONDS, PATIENCE_SECONDS):
                    if not connection.poll(seconds):
                        raise EOFError
                    reply = connection.recv()
            except (EOFError, OSError) as error:
                self._stop()
                log.warning("tiến trình đọc đã dừng giữa chừng")
                raise _refused(TOO_MUCH, name) from error
            done, found, last = reply
            if last:
                self._stop()
        if done:
            return found
        if isinstance(found, str):
            log.warning("trình đọc báo lỗi %s", found)
            raise _refused(TOO_MUCH if found == MemoryError.__name__ else BROKEN, name)
        kind, problems = found
        raise kind.of(problems)

    def _running(self) -> Connection:
        # A process forked from this one has its parent's reader, and must not speak between the two.
        if self._owner != os.getpid():
            self._process = None
            self._owner = os.getpid()
        if self._process is None or self._connection is None or self._process.poll() is not None:
            self._start()
        return cast(Connection, self._connection)

    def _start(self) -> None:
        ours, its = Pipe()
        path = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        with its:
            self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                [sys.executable, "-m", "dondoc.untrusted.reading_process", str(its.fileno())],
                env=kept | PLAIN | path,
                pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # A parser's last words may quote what it read.
                stderr=subprocess.DEVNULL,
            )
        self._connection = ours

    def _stop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._connection = self._process = None


READER = ReadingProcess()


def _refused(why: str, name: str) -> UntrustedError:
    return UntrustedError(f"Không đọc được: {why}.", where=name, remedy=REMEDY)
