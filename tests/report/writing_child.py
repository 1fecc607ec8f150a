"""Write the report of a day in a process of its own, and die, or meet a full disk, where told.

Each line of standard input is one writing, as JSON: the output folder, in which `found.json` is what the checks left,
the day, where, and N: at the Nth call of `replace` or `flush`, kill; `full` sets the largest file to N bytes.
"""

import itertools
import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path

from dondoc.campaign import load_calendar
from dondoc.daily import steps
from dondoc.installation import ROOT

CALENDAR = ROOT / "include" / "calendars" / "vn.yaml"


def die_at_the_nth(real, n):
    calls = itertools.count(1)

    def called(*args, **kwargs):
        if next(calls) == n:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)

    return called


def main(out, day, where, n):
    os.environ["DONDOC_OUT"] = out
    if where == "replace":
        Path.replace = die_at_the_nth(Path.replace, n)
    elif where == "flush":
        os.fsync = die_at_the_nth(os.fsync, n)
    elif where == "full":
        resource.setrlimit(resource.RLIMIT_FSIZE, (n, n))
    steps.write_report(steps.day_ref("hai-phong-2023", day), json.loads((Path(out) / "found.json").read_text()))


def write(*words):
    if (child := os.fork()) == 0:
        code = 3
        try:
            main(*words)
            code = 0
        except Exception:
            traceback.print_exc()
            raise
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    load_calendar(CALENDAR)  # its modules are slow to load, and no child need load them again
    for line in sys.stdin:
        sys.stdout.write(f"{write(*json.loads(line))}\n")
        sys.stdout.flush()
