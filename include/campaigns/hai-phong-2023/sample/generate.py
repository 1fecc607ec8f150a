"""Make this campaign's sample exports, and what is true of them on 14/11/2023.

    python generate.py [folder]

Each row's outcome is chosen first and its dates are then drawn to fit, so the truth is known without judging a single
date. Nothing of `dondoc` is used: a fault in its rules cannot also be a fault in the truth it is tested against.
"""

import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import vocabulary as v
from export import (
    CASE_HEADINGS,
    CASE_TITLES,
    WORK_HEADINGS,
    WORK_TITLES,
    Cells,
    Row,
    spell_case,
    spell_work,
    write_cases,
    write_work,
)
from facts import DAY, Case, Work, draw_cases, draw_work, make_plan, twin_of

ACCEPTED, DUPLICATE, CONFLICT, FUTURE = "accepted", "duplicate", "conflict", "future"


@dataclass(frozen=True)
class Sample:
    """Both exports and the truth about them; a row is a tuple of cells in the order of the headings."""

    cases: tuple[Row, ...]
    work: tuple[Row, ...]
    truth: dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """A row of an export and the record behind it: accepted, a duplicate, or quarantined for the reason `verdict`."""

    record: Case | Work
    cells: Cells
    verdict: str = ACCEPTED


@dataclass(frozen=True)
class Kind:
    """How one of the two lists is made; shares, faults and copies are those of a list of `rows` rows."""

    rows: int
    outcomes: tuple[Any, ...]
    victim: Any  # the outcome of the rows to be spoiled
    faults: tuple[v.Fault, ...]
    copies: int
    draw: Callable[[random.Random, Sequence[Any]], Sequence[Case | Work]]
    spell: Callable[[random.Random, Any], Cells]


def make(seed: int = 2023, cases: int = 2000, work: int = 5000) -> Sample:
    """Return a sample of exactly `cases` and `work` rows: the same for the same seed, whatever the clock or machine.

    The shares stay those of the shipped sample, so a small one loses its rarest kinds. The two lists do not disturb
    each other: another number of cases leaves the work items as they are.
    """
    case_entries = _entries(random.Random(f"{seed} cases"), CASES, cases)
    work_entries = _entries(random.Random(f"{seed} work"), WORK, work)
    return Sample(
        cases=tuple(tuple(entry.cells[heading] for heading in CASE_HEADINGS) for entry in case_entries),
        work=tuple(tuple(entry.cells[heading] for heading in WORK_HEADINGS) for entry in work_entries),
        truth=_truth(_as_of_today(case_entries), _as_of_today(work_entries)),
    )


def write(sample: Sample, folder: Path) -> None:
    """Write both workbooks and `truth.json` into `folder`; the same sample gives the same bytes."""
    write_cases(sample.cases, folder / "ho-so-mot-cua.xlsx")
    write_work(sample.work, folder / "cong-viec-hpnet.xlsx")
    text = json.dumps(sample.truth, ensure_ascii=False, indent=1)
    (folder / "truth.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def main() -> None:
    """Write the shipped sample into the folder named on the command line, by default beside this file."""
    write(make(), Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)


def _entries(rng: random.Random, kind: Kind, size: int) -> list[Entry]:
    """Return `size` rows in the sheet's order."""
    scale = size / kind.rows
    faults, copies = _faults(rng, kind.faults, scale), round(kind.copies * scale)
    plan = make_plan(kind.outcomes, size - copies - _rows_of(faults), scale) + [kind.victim] * len(faults)
    return _lay_out(rng, _spell_all(rng, kind.draw(rng, plan), faults, kind), copies)


def _faults(rng: random.Random, kinds: Sequence[v.Fault], scale: float) -> list[v.Fault]:
    """Return the faults to commit in random order, each narrowed to one cell and one value."""
    faults = [
        replace(
            kind,
            headings=kind.headings[i % len(kind.headings) :][:1] if kind.headings else (),
            values=kind.values[i % len(kind.values) :][:1] if kind.values else (),
        )
        for kind in kinds
        for i in range(round(kind.share * scale))
    ]
    rng.shuffle(faults)
    return faults


def _rows_of(faults: Sequence[v.Fault]) -> int:
    return sum(2 if fault.reason == CONFLICT else 1 for fault in faults)


def _spell_all(
    rng: random.Random, records: Iterable[Case | Work], faults: Sequence[v.Fault], kind: Kind
) -> list[Entry]:
    """Return the rows of `records` in their order; those drawn to be spoiled take the faults one by one."""
    entries, left = [], list(faults)
    for record in records:
        cells = kind.spell(rng, record)
        if record.outcome != kind.victim:
            entries.append(Entry(record, cells))
            continue
        fault = left.pop()
        entries.append(Entry(record, cells | _spoiled(rng, record, fault), fault.reason))
        if fault.reason == CONFLICT:
            entries.append(Entry(record, kind.spell(rng, twin_of(rng, record)), fault.reason))
    return entries


def _spoiled(rng: random.Random, record: Case | Work, fault: v.Fault) -> Cells:
    """Return the one cell that is wrong."""
    too_early = f"{record.start - rng.randint(1, 20) * DAY:%d/%m/%Y}"
    return dict.fromkeys(fault.headings, fault.values[0] if fault.values else too_early)


def _lay_out(rng: random.Random, entries: list[Entry], copies: int) -> list[Entry]:
    """Return the rows in the sheet's order and numbered, with copies below their originals; a third would do harm."""
    usable = [i for i, entry in enumerate(entries) if entry.verdict == ACCEPTED]
    harmful = rng.sample([i for i in usable if entries[i].record.outcome.matters], copies // 3)
    chosen = harmful + rng.sample([i for i in usable if i not in harmful], copies - len(harmful))
    placed = [(float(i), entry) for i, entry in enumerate(entries)]
    placed += [(rng.uniform(i, len(entries)), replace(entries[i], verdict=DUPLICATE)) for i in chosen]
    placed.sort(key=lambda pair: pair[0])
    return [replace(entry, cells=entry.cells | {"STT": i}) for i, (_, entry) in enumerate(placed, start=1)]


def _as_of_today(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries as the business date sees them: a record that begins after it is refused."""
    return [
        replace(entry, verdict=FUTURE) if entry.verdict == ACCEPTED and entry.record.start > v.TODAY else entry
        for entry in entries
    ]


def _truth(cases: Sequence[Entry], work: Sequence[Entry]) -> dict[str, Any]:
    """Return what the outcomes say; only beginnings and apologies are compared with the business date."""
    own = [entry.record for entry in cases if entry.verdict == ACCEPTED and isinstance(entry.record, Case)]
    items = [entry.record for entry in work if entry.verdict == ACCEPTED and isinstance(entry.record, Work)]
    late = [case for case in own if case.outcome.late]
    apologised = [case for case in late if case.apologised and case.apologised <= v.TODAY]
    counted = [item for item in items if item.outcome.counted]
    done = {case.number for case in apologised}
    tallies = {
        "cases_total": _tally(case for case in own if case.outcome.counted),
        "cases_late": _tally(late),
        "apologies_due": _tally(late),
        "apologies_done": _tally(apologised),
        "work_total": _tally(counted),
        "work_reported": _tally(item for item in counted if item.outcome.reported),
        "work_filed": _tally(item for item in counted if item.outcome.filed),
    }
    return {
        "business_date": v.TODAY.isoformat(),
        "sources": {"cases": _counts(cases), "work": _counts(work)},
        "case_overdue": _numbers(case for case in late if case.outcome.open),
        "apology_owed": _numbers(case for case in late if case.number not in done),
        "apology_done": _numbers(apologised),
        "work_unreported": _numbers(item for item in counted if not item.outcome.reported),
        "work_unfiled": _numbers(item for item in counted if not item.outcome.filed),
        "quarantined": {"cases": _quarantined(cases, CASE_TITLES), "work": _quarantined(work, WORK_TITLES)},
        "units": {unit.code: {name: tally[unit.code] for name, tally in tallies.items()} for unit in v.UNITS},
    }


def _tally(records: Iterable[Case | Work]) -> Counter[str]:
    return Counter(record.unit for record in records)


def _numbers(records: Iterable[Case | Work]) -> list[str]:
    return sorted((record.number for record in records), key=lambda number: (len(number), number))


def _counts(entries: Sequence[Entry]) -> dict[str, int]:
    tally = Counter(entry.verdict for entry in entries)
    rest = len(entries) - tally[ACCEPTED] - tally[DUPLICATE]
    return {"rows_in": len(entries), "accepted": tally[ACCEPTED], "quarantined": rest, "duplicates": tally[DUPLICATE]}


def _quarantined(entries: Sequence[Entry], titles: Sequence[str]) -> list[list[int | str]]:
    """Return row and reason as Excel counts rows: from 1, below the titles and the headings."""
    first = len(titles) + 2
    rows = ((i, entry.verdict) for i, entry in enumerate(entries, start=first))
    return [[row, verdict] for row, verdict in rows if verdict not in (ACCEPTED, DUPLICATE)]


CASES = Kind(2000, v.CASE_OUTCOMES, v.CASE_VICTIM, v.CASE_FAULTS, v.CASE_COPIES, draw_cases, spell_case)
WORK = Kind(5000, v.WORK_OUTCOMES, v.WORK_VICTIM, v.WORK_FAULTS, v.WORK_COPIES, draw_work, spell_work)

if __name__ == "__main__":
    main()
