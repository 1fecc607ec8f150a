"""The pages that people read are true: commands, links, files, functions and figures of words they name are there."""

import ast
import json
import re
from functools import cache

import pytest

from dondoc.__main__ import COMMAND
from dondoc.installation import ROOT

DOCS = ROOT / "docs"
WRITTEN = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "include").rglob("*.md")])
PAGES = [*WRITTEN, ROOT / "Makefile", ROOT / "docker-compose.yaml"]
GUIDE = [DOCS / "huong-dan.md", *sorted((DOCS / "huong-dan").glob("*.md"))]
ARCHITECTURE = DOCS / "architecture.md"
OF_DEVELOPERS = [ARCHITECTURE, *sorted((DOCS / "decisions").glob("*.md"))]
SOURCES = [
    path
    for folder in ("include", "dags", "plugins", "tests", "bench")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".py", ".yaml", ".j2"}
]


def name_of(page):
    return str(page.relative_to(ROOT))


SPOKEN = sorted((name, inner) for name, one in COMMAND.commands.items() for inner in getattr(one, "commands", [""]))
NAMED = re.compile(r"(?:[`/(-] ?|-m |-T worker |exec worker )dondoc ([a-z][a-z0-9-]*)(?: ([a-z]+))?")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_a_page_names_is_there(page):
    for name, inner in NAMED.findall(page.read_text(encoding="utf-8")):
        assert name in COMMAND.commands, name
        assert not inner or (name, "") in SPOKEN or (name, inner) in SPOKEN, (name, inner)


@pytest.mark.parametrize(("name", "inner"), SPOKEN, ids=lambda word: word or "alone")
def test_every_command_is_in_the_guide(name, inner):
    guide = "\n".join(page.read_text(encoding="utf-8") for page in GUIDE)
    assert re.search(rf"(?:dondoc |`){f'{name} {inner}'.strip()}\b", guide)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_target_a_page_names_is_there(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)) <= targets


def test_both_first_pages_are_twins():
    pages = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.vi.md")]
    commands_first = [re.findall(r"^make [a-z]+", page, re.MULTILINE) for page in pages]
    assert commands_first[0] == commands_first[1] == ["make run", "make test", "make up"]
    assert all(page.index("make run") < 200 for page in pages)
    links = [set(re.findall(r"\]\(([^)]+)\)", page)) - {"README.md", "README.vi.md"} for page in pages]
    assert links[0] == links[1]


READERS = ["van-hanh", "don-vi", "van-phong", "lanh-dao", "quan-tri"]


def test_the_guide_has_a_page_for_each_reader():
    entrance = (DOCS / "huong-dan.md").read_text(encoding="utf-8")
    assert {page.stem for page in GUIDE} == {"huong-dan", "loi", *READERS}
    assert all(f"(huong-dan/{page.name})" in entrance for page in GUIDE[1:])


@pytest.mark.parametrize("reader", READERS)
def test_a_readers_page_begins_with_the_day_and_the_day_is_short(reader):
    opening, first, *_ = (DOCS / "huong-dan" / f"{reader}.md").read_text(encoding="utf-8").split("\n## ")
    assert re.match(r"(Mỗi ngày|Việc đều đặn)", first)
    assert len(f"{opening} {first}".split()) <= 700, "two printed pages"


@cache
def said():
    """Return every text of the code as people may read it, what is filled in shown as …"""
    texts = []
    for path in SOURCES:
        if path.suffix == ".py" and "tests" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    texts.append(
                        "".join(
                            getattr(part, "value", "…") if isinstance(part, ast.Constant) else "…"
                            for part in node.values
                        )
                    )
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    texts.append(node.value)
    return "\n".join([*texts, (ROOT / "Makefile").read_text(encoding="utf-8")])


def test_every_error_in_the_guide_is_one_the_code_says():
    page = (DOCS / "huong-dan" / "loi.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?!Thông báo)([^|]+) \|", page, re.MULTILINE)
    quoted = [message for row in rows for message in re.findall(r"`([^`]+)`", row)]
    assert len(quoted) > 80
    fixed = {message: [part.strip(" “”():;.,") for part in re.split(r"…| / ", message)] for message in quoted}
    lost = {message: part for message, parts in fixed.items() for part in parts if part not in said()}
    assert lost == {}


def anchors(page):
    """Return the anchors of the page's headings, as a code host makes them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_every_link_of_a_page_leads_somewhere(page):
    for link, anchor in re.findall(r"\]\((?!https?:|mailto:)([^)#]*)(?:#([^)]+))?\)", page.read_text(encoding="utf-8")):
        target = page.parent / link if link else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), (link, anchor)


def test_every_page_the_code_names_is_there():
    named = [
        (path, *found)
        for path in [*SOURCES, ROOT / "pyproject.toml", ROOT / "Dockerfile", ROOT / "docker-compose.yaml"]
        for found in re.findall(r"(docs/[\w/-]+\.md)(?:#([\w-]*\w))?", path.read_text(encoding="utf-8"))
    ]
    assert named
    assert [one for one in named if not (ROOT / one[1]).exists()] == []
    assert [one for one in named if one[2] and one[2] not in anchors(ROOT / one[1])] == []


@cache
def defined(*kinds):
    """Return the names of all functions and methods, or of all classes."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES if path.suffix == ".py"]
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, kinds)}


@cache
def words():
    """Return every word of the sources."""
    return set(re.findall(r"\w+", "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)))


@pytest.mark.parametrize("page", OF_DEVELOPERS, ids=name_of)
def test_what_a_page_for_developers_names_is_there(page):
    quoted = re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8"))
    outputs = re.compile(r"out/.*|(settings|snapshots|report|khong-nhan|sample)/|\w+-store/")
    files = [name for name in quoted if re.fullmatch(r"[\w./-]+(?:\.(?:py|yaml|toml|md)|/)", name)]
    homes = (ROOT, ROOT / "include" / "dondoc")
    lost = [name for name in files if not outputs.fullmatch(name) and not any((home / name).exists() for home in homes)]
    assert lost == []
    functions = [name.removesuffix("()").split(".")[-1] for name in quoted if name.endswith("()")]
    assert set(functions) <= defined(ast.FunctionDef, ast.AsyncFunctionDef)
    classes = {name.split(".")[0] for name in quoted if re.fullmatch(r"[A-Z][a-z]+[A-Z]?[a-zA-Z]*(?:\.\w+)?", name)}
    assert classes - {"EventsTimetable"} <= defined(ast.ClassDef), "Airflow's own apart"
    others = [name.split(".") for name in quoted if re.fullmatch(r"[A-Za-z_]+(?:\.[a-z_]+)*", name)]
    assert {part for parts in others for part in parts} - words() == set()


def test_the_page_of_architecture_is_short():
    assert len(ARCHITECTURE.read_text(encoding="utf-8").split()) <= 1800


def test_every_decision_is_in_the_index_and_on_a_page():
    index = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    for page in sorted((DOCS / "decisions").glob("0*.md")):
        text = page.read_text(encoding="utf-8")
        assert f"[{text.splitlines()[0].removeprefix('# ')}]({page.name})" in index
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
        assert len(text.split()) <= 500, page.name


def test_the_case_that_is_walked_is_late_and_owes_an_apology():
    (case,) = set(re.findall(r"`(000\.[\w.-]+)`", ARCHITECTURE.read_text(encoding="utf-8")))
    sample = ROOT / "include" / "campaigns" / "hai-phong-2023" / "sample" / "truth.json"
    truth = json.loads(sample.read_text(encoding="utf-8"))
    assert case in truth["case_overdue"]
    assert case in truth["apology_owed"]
