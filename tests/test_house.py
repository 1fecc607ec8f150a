"""The rules of the house, held by reading the code itself."""

import ast
import itertools
import re
from collections import Counter

import pytest

from dondoc.installation import ROOT

PACKAGE = ROOT / "include" / "dondoc"
# Each room may import only those before it (docs/architecture.md#rooms).
ROOMS = [
    *(
        "errors",
        "vietnamese",
        "files",
        "actor",
        "configuration",
        "calendar",
        "frames",
        "vocabulary",
        "records",
        "campaign",
    ),
    *("ledger", "installation", "office_files", "figures", "decree30"),
    *("sources", "untrusted", "checks", "letters", "mail", "answers", "report"),
    *("signoff", "daily", "watch", "pages", "commands", "__main__"),
]
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path):
    for node in ast.walk(ast.parse(path.read_text())):
        names = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            if name.startswith("dondoc.") or name == "dondoc":
                parts = name.split(".")
                yield from [parts[1]] if parts[1:] else [alias.name for alias in node.names]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrows_go_one_way(path):
    if path.parent == PACKAGE and path.stem == "__init__":
        return
    room = room_of(path)
    earlier = set(ROOMS[: ROOMS.index(room) + 1])
    assert set(imported_rooms(path)) <= earlier


def test_the_picture_of_rooms_is_the_list_of_rooms():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    picture = re.search(r"```mermaid\n(.*?)```", page, re.DOTALL).group(1)
    boxes = dict(re.findall(r'(\w+)\["([^"]+)"\]', picture))
    arrows = re.findall(r"^ *(\w+)\S*(?:\[.*\])? --> (\w+)$", re.sub(r'\[".*?"\]', "", picture), re.MULTILINE)
    assert arrows == list(itertools.pairwise(boxes)), "each box stands on the next"
    assert [room for box in reversed(boxes.values()) for room in box.split(" · ")] == ROOMS


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_is_two_rooms(path):
    assert len(path.read_text().splitlines()) <= 300


def test_one_noun_is_one_class():
    classes = [
        node.name for path in MODULES for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef)
    ]
    assert [name for name, times in Counter(classes).items() if times > 1] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_line_assigns_one_thing(path):
    """Names that are unpacked from one value, or that change places, are one thing."""
    several = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Tuple)
        and isinstance(node.value, ast.Tuple)
        and not set(map(ast.unparse, node.targets[0].elts)) & _named(node.value)
    ]
    assert several == []


def _named(value):
    return {ast.unparse(node) for node in ast.walk(value) if isinstance(node, ast.Name | ast.Attribute | ast.Subscript)}


def test_there_is_no_helper_drawer():
    drawers = re.compile(r"(utils?|helpers?|common|misc)(\.py)?")
    assert [path for path in PACKAGE.rglob("*") if drawers.fullmatch(path.name)] == []


def test_plugins_hold_only_what_airflow_must_register():
    files = list((ROOT / "plugins").rglob("*.py"))
    assert files
    assert all(re.fullmatch(r"dondoc_\w+_plugin\.py", path.name) for path in files)


def test_every_direct_dependency_has_a_reason():
    project = (ROOT / "pyproject.toml").read_text()
    named = set(re.findall(r'^    "([a-z0-9-]+)', project.split("[build-system]")[1].split("[tool.")[0], re.MULTILINE))
    reasons = (ROOT / "docs" / "dependencies.md").read_text()
    assert {name for name in named if f"`{name}`" not in reasons} == set()


def test_the_locks_hold_hashes_and_no_addresses():
    for lock in ROOT.glob("requirements*.txt"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"^--|://", text, re.MULTILINE)


def test_airflow_is_imported_in_its_own_room_alone():
    """Ruff bans the import of Airflow elsewhere (pyproject.toml); nor does the package know of the room."""
    assert [path for path in MODULES if "dondoc_airflow" in path.read_text()] == []


@pytest.mark.parametrize("path", sorted((ROOT / "dags").glob("*.py")), ids=lambda path: path.name)
def test_a_dag_file_says_what_runs_after_what_and_little_else(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 120
    assert "**Khi có ô đỏ**" in ast.get_docstring(ast.parse(text)), "for whoever is paged"


def test_a_plugin_points_to_the_room():
    for path in (ROOT / "plugins").glob("*.py"):
        functions = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
        assert functions == [], path.name
