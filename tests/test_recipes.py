"""The recipes of CONTRIBUTING.md work: each diff is applied to a copy of the tree, and its commands are run there."""

import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest

from dondoc.installation import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = {part.partition("\n")[0]: part for part in PAGE.split("\n## ") if part.startswith("Add ")}
FOLDERS = ("include", "plugins", "dags", "docs", "tests")
PROGRAMS = {".venv/bin/python": [sys.executable], ".venv/bin/dondoc": [sys.executable, "-m", "dondoc"]}
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.png", ".*")


def blocks(language, text):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@pytest.fixture
def copy(tmp_path):
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=LEFT_OUT)
    for name in ("pyproject.toml", "Makefile", "CONTRIBUTING.md"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def run_in(folder, command, **given):
    paths = os.pathsep.join([str(folder / "include"), str(folder / "plugins")])
    environ = os.environ | {
        "PYTEST_ADDOPTS": "",
        "PYTHONPATH": paths,
        "PYTHONUTF8": "1",
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
    }
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, encoding="utf-8", **given)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_there_are_recipes():
    assert list(RECIPES) == ["Add a rule", "Add a source", "Add a mail kind"]


@pytest.mark.skipif(not shutil.which("git"), reason="the recipes are applied by git")
@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_does_what_it_says(copy, title):
    (diff,), (commands,) = blocks("diff", RECIPES[title]), blocks("sh", RECIPES[title])
    run_in(copy, ["git", "apply", "-"], input=diff)
    for line in commands.splitlines():
        program, *words = shlex.split(line)
        run_in(copy, [*PROGRAMS[program], *words])
