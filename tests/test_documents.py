"""The pages that people read: the commands they name are there, and each command is in the guide."""

import argparse
import re

import pytest

from dondoc.__main__ import _parser
from dondoc.installation import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "Makefile", ROOT / "docker-compose.yaml"])
GUIDE = ROOT / "docs" / "huong-dan.md"


def commands(parser):
    """Return the commands below `parser` by name."""
    actions = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(actions[0].choices) if actions else {}


COMMANDS = commands(_parser())
SPOKEN = sorted((name, inner) for name, one in COMMANDS.items() for inner in (commands(one) or {"": None}))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_a_page_names_is_there(page):
    for name, inner in re.findall(r"python3? -m dondoc ([a-z0-9-]+)(?: ([a-z-]+))?", page.read_text(encoding="utf-8")):
        assert name in COMMANDS, name
        assert not inner or not commands(COMMANDS[name]) or inner in commands(COMMANDS[name]), (name, inner)


@pytest.mark.parametrize(("name", "inner"), SPOKEN, ids=lambda word: word or "alone")
def test_every_command_is_in_the_guide(name, inner):
    assert re.search(rf"(?:dondoc |`){f'{name} {inner}'.strip()}\b", GUIDE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_target_a_page_names_is_there(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)) <= targets


def test_both_first_pages_begin_with_the_same_commands():
    first = [
        re.findall(r"^make [a-z]+", (ROOT / page).read_text(), re.MULTILINE) for page in ("README.md", "README.vi.md")
    ]
    assert first[0][:3] == first[1][:3] == ["make run", "make test", "make up"]
