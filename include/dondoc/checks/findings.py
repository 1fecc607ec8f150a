"""All of a day's findings in one table, in one order, each with its evidence."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from dondoc.campaign import Waiver
from dondoc.records import FINDINGS, FindingKind, conform, empty_frame

KIND_ORDER = {kind: i for i, kind in enumerate(FindingKind)}
COUNTS = ("days_late", "days_off", "days_paused", "swapped_days")
# How far the days are to be trusted, see `records.FINDINGS`.
MARKS = ("days_late_at_least", "provisional")
# What a rule says that says nothing of them.
SILENT: Mapping[str, object] = dict.fromkeys(COUNTS, 0) | dict.fromkeys(MARKS, False)
DATES = ("due_on", "ended_on")


def case_findings(cases: pd.DataFrame, *, rule: str | pd.Series, **evidence: object) -> pd.DataFrame:
    """Return one finding per case of `cases`, as judged; `evidence` overrides single columns."""
    if cases.empty:
        return empty_frame(FINDINGS)
    return pd.DataFrame(
        {
            "unit": cases["unit"],
            "number": cases["case_number"],
            "subject": cases["procedure"],
            "official": cases["official"],
            "due_on": cases["due_at"],
            "ended_on": cases["ended_on"],
            **{name: cases[name] for name in (*COUNTS, *MARKS)},
            "rule": rule,
            "source_file": cases["source_file"],
            "source_row": cases["source_row"],
        }
    ).assign(**evidence)


def gather(parts: Mapping[FindingKind, pd.DataFrame], *, unit_order: Sequence[str]) -> pd.DataFrame:
    """Return the findings of all rules, schema `records.FINDINGS`: by unit, by kind, the latest first, then by number.

    The order depends on the facts alone, so that the same facts in any row order give the same bytes.
    """
    # Most rules find nothing on most days.
    whole = [_whole(part, kind) for kind, part in parts.items() if len(part)]
    if not whole:
        return empty_frame(FINDINGS)
    findings = pd.concat(whole, ignore_index=True)
    ranked = findings.assign(
        _unit=findings["unit"].map({code: i for i, code in enumerate(unit_order)}).to_numpy(int),
        _kind=findings["kind"].map(KIND_ORDER).to_numpy(int),
        _late=-findings["days_late"].to_numpy(int),
    )
    order = ["_unit", "_kind", "_late", "number", "source_file", "source_row", "rule"]
    return ranked.sort_values(order, kind="stable", ignore_index=True)[FINDINGS.names]


def holding_waivers(waivers: Sequence[Waiver], *, as_of: date) -> dict[tuple[str, str], Waiver]:
    """Return the waivers that still hold on `as_of`, by kind and number; of two for one thing the last written."""
    return {(waiver.kind.value, waiver.number): waiver for waiver in waivers if as_of <= waiver.until}


def waived_numbers(waivers: Sequence[Waiver], *, as_of: date) -> dict[str, set[str]]:
    """Return the numbers that are excused on `as_of`, by kind of finding."""
    excused: dict[str, set[str]] = {}
    for kind, number in holding_waivers(waivers, as_of=as_of):
        excused.setdefault(kind, set()).add(number)
    return excused


def waive(findings: pd.DataFrame, waivers: Sequence[Waiver], *, as_of: date) -> pd.DataFrame:
    """Return `findings` with `waived_by` where a waiver of that kind and number still holds on `as_of`.

    A waived finding stays: it is shown apart and counts in every rate.
    """
    holding = holding_waivers(waivers, as_of=as_of)
    if not holding:
        return findings
    numbers = findings["number"].isin([number for _, number in holding])
    words = findings["waived_by"].astype(object)
    for place in np.flatnonzero(numbers.to_numpy(bool)):
        waiver = holding.get((findings["kind"].iloc[place], findings["number"].iloc[place]))
        if waiver:
            words.iloc[place] = f"{waiver.by}, đến hết ngày {waiver.until:%d/%m/%Y}: {waiver.reason}"
    return conform(findings.assign(waived_by=words), FINDINGS)


def unknown_waivers(waivers: Sequence[Waiver], numbers: pd.Series) -> list[str]:
    """Return the numbers that waivers name and no record bears."""
    return sorted({waiver.number for waiver in waivers} - set(numbers))


def _whole(part: pd.DataFrame, kind: FindingKind) -> pd.DataFrame:
    """Return `part` in schema `records.FINDINGS`: what a rule does not say is none or null."""
    silent = {name: SILENT.get(name) for name in set(FINDINGS.names) - set(part.columns)}
    dates = {name: part[name].dt.floor("D") for name in DATES if name in part}
    return conform(part.assign(**(silent | {"kind": kind.value} | dates)), FINDINGS)
