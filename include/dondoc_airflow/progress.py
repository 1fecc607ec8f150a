"""Says what a day's run is at: `make run` pipes Airflow's log here, and a person reads a line per box.

python -m dondoc_airflow.progress < log
"""

import re
import sys
import threading
import time
from collections.abc import Iterable
from queue import Empty, SimpleQueue

from dondoc.daily.step import STEP_NAMES

STARTING = re.compile(r"\[DAG TEST\] starting task_id=(\w+)")
# What a sender says of a mail server that keeps it waiting; what follows the bracket is Airflow's.
OF_MAIL_SERVER = re.compile(r"Máy chủ thư [^\[]*")
AIRFLOW_STARTS = "Khởi động Airflow"
LONGEST_SILENCE_SECONDS = 5.0


def box_of(line: str) -> str:
    """Return the name, as the graph shows it, of the box that the line says begins; empty where it says none does."""
    found = STARTING.search(line)
    if found is None:
        return ""
    task = "send_mail" if found[1].startswith("send_") else found[1]
    return STEP_NAMES.get(task, "")


def follow(lines: Iterable[str], *, silence: float = LONGEST_SILENCE_SECONDS) -> None:
    """Print each box as it first begins, and after so many seconds without news that it is still being worked on."""
    began = time.monotonic()
    news = SimpleQueue[str | None]()
    box = AIRFLOW_STARTS
    begun = {box}
    _say(began, box)
    threading.Thread(target=_pass_on, args=(lines, news), daemon=True).start()
    while True:
        try:
            line = news.get(timeout=silence)
        except Empty:
            _say(began, f"{box}: chưa xong, vẫn đang làm")
            continue
        if line is None:
            return
        if told := OF_MAIL_SERVER.search(line):
            _say(began, told[0].strip())
        box = box_of(line) or box
        if box not in begun:
            begun.add(box)
            _say(began, box)


def _pass_on(lines: Iterable[str], news: "SimpleQueue[str | None]") -> None:
    for line in lines:
        # Lines that tell a person nothing must not hide a silence.
        if box_of(line) or OF_MAIL_SERVER.search(line):
            news.put(line)
    news.put(None)


def _say(began: float, words: str) -> None:
    sys.stdout.write(f"{time.monotonic() - began:5.0f} giây  {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    follow(sys.stdin)
