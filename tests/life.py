"""Lives of small campaigns, drawn from seeds: `python -m tests.life --lives 100 --seed 1 --days 20 --processes 2`.

In the manner of deterministic simulation testing, a life plays some twenty days through the real steps by a faked
clock: days off, days without a machine, rehearsals, repeats, backfills, files taken anew, moved deadlines, units
renamed and merged, processes killed and disks full at any effect, mail servers in every mood, wrong clocks. After each
event what must be true whatever happens is held against a model (`tests/lives/model.py`). A life that is broken is told
with its seed and the events it takes.
"""

import argparse
import gc
import logging
import sys
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context

from tests.lives.life import Story, draw, play
from tests.lives.office import Office, office_at_work

DAYS = 20


@dataclass(frozen=True)
class Broken:
    """A life in which something was not as it must be: its seed, as little of it as that takes, and what it was."""

    seed: int
    story: Story
    why: str


def try_life(office: Office, story: Story) -> tuple[int, str]:
    """Play a life; what raises breaks it too, after an event that is not told."""
    gc.collect()
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


def live(seed: int, *, days: int) -> Broken | None:
    """Play the life of a seed in an office of its own; return how it was broken."""
    logging.disable(logging.CRITICAL)
    try:
        with office_at_work() as office:
            return live_in(office, seed, days=days)
    finally:
        logging.disable(logging.NOTSET)


def live_in(office: Office, seed: int, *, days: int = DAYS) -> Broken | None:
    """Play the life of a seed; return how it was broken, as short as it can be made."""
    story = draw(seed, days)
    played, why = try_life(office, story)
    if not why:
        return None
    return Broken(seed, *shortest(office, replace(story, events=story.events[:played]), why))


def live_all(seeds: Sequence[int], *, days: int) -> list[Broken]:
    """Play the lives of seeds, one after the other in one office; return those that were broken."""
    logging.disable(logging.CRITICAL)
    with office_at_work() as office:
        return [broken for seed in seeds if (broken := live_in(office, seed, days=days))]


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
    chosen = parser.parse_args()
    started, seeds = time.monotonic(), range(chosen.seed, chosen.seed + chosen.lives)
    # A process plays a few at a time, so that the first broken lives are told soon.
    shares = [seeds[n : n + 10] for n in range(0, len(seeds), 10)]
    count = 0
    with ProcessPoolExecutor(chosen.processes, mp_context=get_context("spawn")) as pool:
        for some in pool.map(partial(live_all, days=chosen.days), shares):
            for broken in some:
                count += 1
                sys.stdout.write(f"{tell(broken)}\n")
                sys.stdout.flush()
    seconds = time.monotonic() - started
    sys.stdout.write(f"{len(seeds)} đời đợt, mầm {seeds[0]}–{seeds[-1]}: {count} đời hỏng ({seconds:.0f} giây)\n")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
