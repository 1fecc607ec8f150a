"""Which tests hold each fault we know of, read from their `fault` marks; nothing is run.

python -m tests.faults --write docs/reliability.md
"""

import argparse
import ast
import csv
import re
import sys
from pathlib import Path

from dondoc.installation import ROOT

TESTS = ROOT / "tests"
PAGE = ROOT / "docs" / "reliability.md"
MARK = "pytest.mark.fault"
SECTION = re.compile(r"<!-- faults -->\n.*?<!-- /faults -->\n", re.DOTALL)
NO_TEST = "no test yet"
# Faults without a test. The list may only shrink: a fault that loses its test is an error, not another number here.
UNTESTED: frozenset[int] = frozenset()


def known_faults():
    """Return the faults of the catalogue, in words, by number."""
    with (TESTS / "faults.csv").open(encoding="utf-8", newline="") as file:
        return {int(row["fault"]): row["words"] for row in csv.DictReader(file)}


def marked_tests(folder=TESTS):
    """Return the ids of the tests that bear each fault's mark, by number, in the order of files and lines."""
    found = {}
    for path in sorted(folder.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for fault in _marks(node):
                    found.setdefault(fault, []).append(f"{path.relative_to(folder)}::{node.name}")
    return found


def _marks(test):
    marks = [one for one in test.decorator_list if isinstance(one, ast.Call) and ast.unparse(one.func) == MARK]
    return [ast.literal_eval(argument) for mark in marks for argument in mark.args]


def section(faults, tests):
    """Return the part of the page between its two marks: each fault and its tests."""
    held = sum(number in tests for number in faults)
    rows = [f"| {number} | {words} | {_shown(tests.get(number, []))} |" for number, words in faults.items()]
    lines = [
        "<!-- faults -->",
        f"{held} of {len(faults)} faults have a test; paths are below `tests/`.",
        "",
        "| # | fault | tests |",
        "|---|---|---|",
        *rows,
        "",
        "`python -m tests.faults --write docs/reliability.md`",
        "<!-- /faults -->",
    ]
    return "\n".join(lines) + "\n"


def _shown(ids):
    return "<br>".join(f"`{one}`" for one in ids) or NO_TEST


def wrong(faults, tests):
    """Return what is wrong with the marks, a sentence each."""
    lost = faults.keys() - tests.keys() - UNTESTED
    found = [f"fault {n} has no test: {faults[n]}" for n in sorted(lost)]
    found += [f"fault {n} has a test now: take it off the list" for n in sorted(UNTESTED & tests.keys())]
    return found + [f"no fault {n} is known: {', '.join(tests[n])}" for n in sorted(tests.keys() - faults.keys())]


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, help="write the table into the page, between its two marks")
    chosen = parser.parse_args(arguments)
    faults, tests = known_faults(), marked_tests()
    table = section(faults, tests)
    if chosen.write:
        page = chosen.write.read_text(encoding="utf-8")
        chosen.write.write_text(SECTION.sub(lambda _match: table, page), encoding="utf-8")
    else:
        sys.stdout.write(table)
    sentences = wrong(faults, tests)
    sys.stderr.writelines(f"{sentence}\n" for sentence in sentences)
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main())
