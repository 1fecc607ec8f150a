"""Hands in a corpus of hostile files and mails at every door people use, one by one, and says what came of each.

python -m tests.hostile --write docs/reliability.md
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.hostile.doors import DOORS, SEED, World, play
from tests.mail.page import write_hostile

from dondoc.ledger.store import upgrade_ledger

COMMAND = "python -m tests.hostile --write docs/reliability.md"


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--door", choices=[door.name for door in DOORS], help="one door alone")
    parser.add_argument("--write", type=Path, help="write the page of figures")
    chosen = parser.parse_args(arguments)
    outcomes = {}
    with tempfile.TemporaryDirectory() as folder:
        root, ledger = Path(folder), Path(folder) / "empty.sqlite"
        upgrade_ledger(f"sqlite:///{ledger}")
        for door in DOORS:
            if chosen.door in {None, door.name}:
                outcomes[door.name] = [
                    (item.what, _play(door, item, World(root / f"{n}", ledger))) for n, item in enumerate(door.items())
                ]
    if chosen.write:
        write_hostile(chosen.write, outcomes, seed=SEED, command=COMMAND)
    wrong = [
        f"{door}: {what}: {found}"
        for door, played in outcomes.items()
        for what, found in played
        if found.crash or found.blocked or found.acts
    ]
    sys.stdout.write("\n".join([*wrong, f"{sum(map(len, outcomes.values()))} items, {len(wrong)} wrong"]) + "\n")
    return 1 if wrong else 0


def _play(door, item, world):
    try:
        return play(door, [item], world)
    finally:
        world.close()


if __name__ == "__main__":
    sys.exit(main())
