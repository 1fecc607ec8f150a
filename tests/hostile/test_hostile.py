"""The corpus of hostile files and mails at once at each door: all that is whole is taken, and nothing else."""

import pytest
from tests.hostile.doors import DOORS, World, play

# Those that take a second each to make or to give up: played by the command alone.
HEAVY = ("bomb", "MB", ",000", "900 ", "100,000")
BOUNCES = DOORS[-1]


@pytest.fixture
def world(tmp_path, new_ledger):
    new_ledger(tmp_path / "empty.sqlite")
    made = World(tmp_path / "world", tmp_path / "empty.sqlite")
    yield made
    made.close()


@pytest.mark.fault(91, 92)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_whatever_is_handed_in_the_rest_is_taken_and_nothing_is_done_unproved(world, door):
    items = [item for item in door.items() if not (item.ours or any(word in item.what for word in HEAVY))]
    found = play(door, items, world)
    assert (found.crash, found.blocked, found.acts) == ("", False, 0)
    assert found.told


def test_the_corpus_is_large_and_ever_the_same():
    assert sum(len(door.items()) for door in DOORS) >= 250
    assert BOUNCES.items() == BOUNCES.items()
