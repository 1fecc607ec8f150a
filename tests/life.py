"""Lives of small campaigns, drawn from seeds: `python -m tests.life --lives 100 --seed 1 --days 20 --processes 2`.

In the manner of deterministic simulation testing, a life plays some twenty days through the real steps by a faked
clock: days off, days without a machine, rehearsals, repeats, backfills, files taken anew, moved deadlines, units
renamed and merged, processes killed and disks full at any effect, mail servers in every mood, wrong clocks. After each
event what must be true whatever happens is held against a model (`tests/lives/model.py`). A life that is broken is told
with its seed and the events it takes.
"""

import argparse
import gc
import json
import logging
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from math import inf
from multiprocessing import get_context
from pathlib import Path

from tests.lives.life import Story, draw, play
from tests.lives.office import Office, office_at_work
from tests.lives.page import write_lives

DAYS, SHARE = 20, 50


@dataclass(frozen=True)
class Lived:
    """What a life was: its events and faults by kind, the mails its server took, and how it was broken, if it was."""

    seed: int
    days: int
    events: Mapping[str, int]
    struck: Mapping[str, int]
    accepted: int
    seconds: float
    broken: str


@dataclass(frozen=True)
class Broken:
    """A life in which something was not as it must be: its seed, as little of it as that takes, and what it was."""

    seed: int
    story: Story
    why: str


def try_life(office: Office, story: Story) -> tuple[int, str]:
    """Play a life; what raises breaks it too, after an event that is not told."""
    gc.collect()
    # What is left now stays: only what a life leaves is looked through after it.
    gc.freeze()
    try:
        return play(office, story)
    except Exception:  # noqa: BLE001  whatever stops a life is what is looked for
        return len(story.events), traceback.format_exc(limit=-6)


def shortest(office: Office, story: Story, why: str) -> tuple[Story, str]:
    """Return the life with every event left out that it need not have to be broken in the same way: many, then few."""
    size = len(story.events) // 2
    while size:
        for start in reversed(range(0, len(story.events), size)):
            fewer = replace(story, events=story.events[:start] + story.events[start + size :])
            played, told = try_life(office, fewer)
            if like(told) == like(why):
                story, why = replace(fewer, events=fewer.events[:played]), told
        size //= 2
    return story, why


def like(why: str) -> str:
    """Return what of a reason is the same on other days."""
    return "".join(letter for letter in why.splitlines()[-1] if not letter.isdigit())[:40] if why else ""


def live_in(office: Office, seed: int, *, days: int = DAYS) -> Broken | None:
    """Play the life of a seed; return how it was broken, as short as it can be made."""
    story = draw(seed, days)
    played, why = try_life(office, story)
    if not why:
        return None
    return Broken(seed, *shortest(office, replace(story, events=story.events[:played]), why))


@contextmanager
def silence() -> Iterator[None]:
    """Let nothing be logged meanwhile: a life's troubles are told by what they come to."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def live_all(seeds: Sequence[int], *, days: int, log: Path | None = None, until: float = inf) -> list[Lived]:
    """Play the lives of seeds, one after the other in one office; none begins after `until`, by `time.time()`.

    Each is written to the log as soon as it is over.
    """
    lived = []
    with office_at_work() as office, silence():
        for seed in seeds:
            if time.time() > until:
                break
            began = time.process_time()
            office.faults.strikes.clear()
            broken = live_in(office, seed, days=days)
            events = dict(Counter(event.name for event in draw(seed, days).events))
            accepted, seconds = len(office.server.accepted), round(time.process_time() - began, 2)
            struck = dict(office.faults.strikes)
            lived.append(Lived(seed, days, events, struck, accepted, seconds, tell(broken) if broken else ""))
            if log is not None:
                with log.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(lived[-1]), ensure_ascii=False) + "\n")
    return lived


def read_log(path: Path | None, *, days: int) -> dict[int, Lived]:
    """Return the lives of so many days that were played before, by seed."""
    lines = path.read_text("utf-8").splitlines() if path is not None and path.is_file() else []
    known = [Lived(**json.loads(line)) for line in lines]
    return {one.seed: one for one in known if one.days == days}


def tell(broken: Broken) -> str:
    """Return a broken life as a person reads it."""
    story = broken.story
    lines = [f"HỎNG: mầm {broken.seed}, từ {story.starts_on:%d/%m}, hạn {story.deadline:%d/%m}: {broken.why}"]
    return "\n".join([*lines, *(f"  {event}" for event in story.events)])


def main() -> int:
    """Play the lives asked for, shared among processes; return 1 if one is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lives", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=inf, help="fewer lives, if a slow machine takes longer")
    parser.add_argument("--log", type=Path, help="a line a life; lives it holds are not played again")
    parser.add_argument("--write", type=Path, help="the page whose section of lives is written anew")
    chosen = parser.parse_args()
    seeds = range(chosen.seed, chosen.seed + chosen.lives)
    known = read_log(chosen.log, days=chosen.days)
    lived = [known[seed] for seed in seeds if seed in known]
    ahead = [seed for seed in seeds if seed not in known]
    # The rules of an office remember what they were asked, so that its later lives are cheaper than its first.
    share = max(1, min(SHARE, -(-len(ahead) // chosen.processes)))
    shares = [ahead[n : n + share] for n in range(0, len(ahead), share)]
    until = time.time() + 60 * chosen.minutes
    with ProcessPoolExecutor(chosen.processes, mp_context=get_context("spawn")) as pool:
        for some in pool.map(partial(live_all, days=chosen.days, log=chosen.log, until=until), shares):
            lived += some
            sys.stdout.writelines(f"{one.broken}\n" for one in some if one.broken)
            sys.stdout.flush()
    broken, seconds = sum(bool(one.broken) for one in lived), sum(one.seconds for one in lived)
    sys.stdout.write(f"{len(lived)} đời đợt, mầm {seeds[0]}–{seeds[-1]}: {broken} đời hỏng ({seconds:.0f} giây CPU)\n")
    if chosen.write:
        write_lives(chosen.write, lived, command=" ".join(["python -m tests.life", *sys.argv[1:]]))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
