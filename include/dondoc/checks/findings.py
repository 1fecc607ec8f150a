"""All of a day's findings in one table, in one order."""

from collections.abc import Sequence

import pandas as pd

from dondoc.records import FINDINGS, FindingKind, conform

KIND_ORDER = {kind: i for i, kind in enumerate(FindingKind)}


def gather(parts: Sequence[pd.DataFrame], *, unit_order: Sequence[str]) -> pd.DataFrame:
    """Return the findings of all rules, schema `records.FINDINGS`: by unit, by kind, the latest first, then by number.

    The order depends on the facts alone, so that the same facts in any row order give the same bytes.
    """
    findings = pd.concat(parts, ignore_index=True)
    ranked = findings.assign(
        _unit=findings["unit"].map({code: i for i, code in enumerate(unit_order)}).to_numpy(int),
        _kind=findings["kind"].map(KIND_ORDER).to_numpy(int),
        _late=-findings["days_late"].to_numpy(int),
        due_on=findings["due_on"].dt.floor("D"),
        ended_on=findings["ended_on"].dt.floor("D"),
    )
    ordered = ranked.sort_values(["_unit", "_kind", "_late", "number", "source_row"], kind="stable")
    return conform(ordered, FINDINGS)
