"""Write the report of a day in a process of its own, and die, or meet a full disk, where told.

`python writing_child.py DAY FOUND.json WHERE N`: at the Nth call of WHERE (`replace`, `flush`), kill; WHERE `full` sets
the largest file to N bytes.
"""

import itertools
import json
import os
import resource
import signal
import sys
from pathlib import Path

from dondoc.daily import steps

day, found, where, n = sys.argv[1], json.loads(Path(sys.argv[2]).read_text()), sys.argv[3], int(sys.argv[4])
calls = itertools.count(1)


def die_at_the_nth(real):
    def called(*args, **kwargs):
        if next(calls) == n:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)

    return called


if where == "replace":
    Path.replace = die_at_the_nth(Path.replace)
elif where == "flush":
    os.fsync = die_at_the_nth(os.fsync)
elif where == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (n, n))
steps.write_report(steps.day_ref("hai-phong-2023", day), found)
