"""Other people's programs, run on letters without secrets and network, within limits of time and memory."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from dondoc.errors import DondocError

# Memory in KiB, a file in blocks of 512 bytes, processor time in seconds.
LIMITS = 'ulimit -v 3000000 && ulimit -f 400000 && ulimit -t "$0" && exec "$@"'


class ProgramError(DondocError):
    """A program failed, or was ended at a limit."""


def run_confined(command: Sequence[str], *, folder: Path, seconds: int, given: bytes = b"") -> bytes:
    """Return what `command` writes to its standard output when it is given `given`.

    It sees `folder` as home, temporary and working folder, and nothing of this process's environment but where
    programs are. Where the system lets anybody close the network to a process, it has none.

    Raises:
        ProgramError: it fails, or takes longer than `seconds`; all that it started is ended.
    """
    environment = {name: str(folder) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")}
    environment |= {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
    with subprocess.Popen(  # noqa: S603  a program found on the path, words of our own
        [*_without_network(), "/bin/sh", "-c", LIMITS, str(seconds), *command],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            written, _ = process.communicate(given, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise _failed(command, f"chạy quá {seconds} giây") from error
        finally:
            _end(process)
    if process.returncode:
        raise _failed(command, f"kết thúc với mã {process.returncode}")
    return written


def _failed(command: Sequence[str], how: str) -> ProgramError:
    name = Path(command[0]).name
    return ProgramError(f"Chương trình {name} {how}.", where=name, remedy="chạy thử chương trình này bằng tay.")


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


@cache
def _without_network() -> tuple[str, ...]:
    """Return the words before a command that take the network from it, none where the system does not let us."""
    words = ("unshare", "--user", "--map-root-user", "--net")
    if shutil.which(words[0]) is None:
        return ()
    tried = subprocess.run([*words, "true"], check=False, capture_output=True)  # noqa: S603
    return () if tried.returncode else words
