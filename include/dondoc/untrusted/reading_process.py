"""The process that parses what others wrote: `python -m dondoc.untrusted.reading_process <socket>`.

It holds no secret, writes no file, and dies of an item that needs more than its share; `confined` starts another.
"""

import resource
import sys
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from dondoc.errors import DondocError

# Of the processor, for one item.
SECONDS = 10
# Data of the process, its loaded readers included.
MOST_BYTES = 300 * 2**20
# Freed memory does not all come back: a process that once took this much is not kept for the next item.
KEPT_BYTES = 230 * 2**20


def main() -> None:
    """Answer what is asked through the socket until it is closed."""
    connection = Connection(int(sys.argv[1]))
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_DATA, MOST_BYTES)
    while True:
        try:
            # Unpickling a function loads its module.
            function, arguments, named = connection.recv()
        except EOFError:
            return
        connection.send(None)
        _lower(resource.RLIMIT_CPU, int(time.process_time()) + SECONDS + 1)
        try:
            reply: tuple[bool, object] = (True, function(*arguments, **named))
        except DondocError as error:
            reply = (False, (type(error), error.problems))
        except BaseException as error:  # noqa: BLE001 (also what a parser in another language throws)
            reply = (False, type(error).__name__)
        connection.send((*reply, _resident() > KEPT_BYTES))


def _resident() -> int:
    """Return the bytes this process has in memory; 0 where the system does not tell."""
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    return 0


def _lower(limit: int, most: int) -> None:
    _, hard = resource.getrlimit(limit)
    resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


if __name__ == "__main__":
    main()
