"""`python -m bench`: the same work done the naive way and ours, in one run of both; our growth; Airflow's share.

Each run is a fresh process in an empty folder. There is no warm-up: the first run of each side also compiles its
libraries; that shows in the spread, not the median. This process loads neither side: the kernel counts a parent's
memory into its child's peak.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.airflow.layout import Layout
from bench.airflow.scheduling import Scheduling
from bench.comparison import Comparison
from bench.growth.sizes import Growth

MEASUREMENTS = (
    Comparison("day", "The office's own day: 2,000 cases, 5,000 work items, 12 units", seconds_at_most=3.0),
    Comparison(
        "job",
        "A large office's day: 200,000 cases, 200,000 work items, 200 units, 5,000 letters, 200 mails",
        at_least=20,
        mib_at_most=2048,
    ),
    Comparison("reading", "An export of 200,000 rows × 15 columns, read and checked", at_least=8, memory_share=1),
    Comparison("classifying", "1,000,000 cases judged, with evidence", lap="judge", at_least=20, seconds_at_most=1.0),
    Comparison("letters", "10,000 letters through the office's own Word template", lap="fill", at_least=100),
    Comparison("workbook", "A workbook of 100,000 detail rows × 12 columns", lap="write", at_least=2, memory_share=0.5),
    Growth(),
    Scheduling(),
    Layout(),
)
HEAD = """# Performance

Both sides do the same work in one run of `make bench`; figures shift from machine to machine, the ratios
are what counts. The naive side is plain pandas, openpyxl and python-docx, a row at a time (`bench/*/naive*.py`). Of the
two days it leaves every file a person opens of ours; what it still does not do is said in `bench/day/naive.py`.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the tables; return 1 when a bound is broken."""
    parser = argparse.ArgumentParser(
        prog="bench", description="The same work, ours and the naive way; growth; Airflow's share."
    )
    parser.add_argument("names", nargs="*", choices=[*(item.name for item in MEASUREMENTS), []], help="default: all")
    parser.add_argument("--runs", type=int, default=3, help="runs of each side and size (default: 3)")
    parser.add_argument("--write", type=Path, help="also write what was measured into the page, docs/performance.md")
    chosen = parser.parse_args(arguments)
    machine = f"CPython {sys.version.split()[0]}, {os.cpu_count()} cores"
    sections = dict[str, str]()
    wrong = []
    for measurement in MEASUREMENTS:
        if chosen.names and measurement.name not in chosen.names:
            continue
        measurement.run(chosen.runs)
        measured = f"{machine}; `python -m bench {measurement.name} --runs {chosen.runs}`."
        sections[measurement.title] = f"{measured}\n\n{measurement.markdown()}"
        print(f"## {measurement.title}\n\n{sections[measurement.title]}\n", flush=True)
        wrong += [f"{measurement.name}: {problem}" for problem in measurement.broken_bounds()]
    if chosen.write:
        write_sections(chosen.write, sections)
    print("\n".join(["", *(f"FAILED: {problem}" for problem in wrong)]), file=sys.stderr)
    return 1 if wrong else 0


def write_sections(page: Path, sections: Mapping[str, str]) -> None:
    """Put the sections into the page in the order of the measurements; what was not measured now stays as it is."""
    kept = dict(part.split("\n\n", 1) for part in page.read_text("utf-8").split("\n## ")[1:]) if page.exists() else {}
    found = {title: text.strip() for title, text in {**kept, **sections}.items()}
    ordered = [f"## {item.title}\n\n{found[item.title]}\n" for item in MEASUREMENTS if item.title in found]
    page.write_text("\n".join([HEAD, *ordered]), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
