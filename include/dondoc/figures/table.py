"""The figures of a day, counted once from the judged records, for every reading of them: one typed table.

A row is the office as a whole, a unit, a procedure or an official. The office's row is counted from all records, not
summed, so that `require_sums` holds two ways of counting against each other before anything is published.
"""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from dondoc.campaign import Unit
from dondoc.errors import FiguresError
from dondoc.figures.columns import (
    CASE_COUNTS,
    COUNTS,
    FIGURES,
    KEYS,
    NAMED,
    NO_OFFICIAL,
    OFFICE,
    OFFICIAL,
    PROCEDURE,
    RATES,
    SCOPE_WORDS,
    STATE_COUNTS,
    UNIT,
    WAITING,
    WORDS,
)
from dondoc.records import CaseState, FindingKind, conform
from dondoc.vietnamese.names import collation_key
from dondoc.vietnamese.wording import number

ARCHIVED = "archived"  # of `records.WORK`, status
Waived = Mapping[str, Collection[str]]
NOTHING_WAIVED: Waived = MappingProxyType({})


def day_figures(
    cases: pd.DataFrame, work: pd.DataFrame, units: Sequence[Unit], *, waived: Waived = NOTHING_WAIVED
) -> pd.DataFrame:
    """Return the figures of the office, of each unit, procedure and official.

    Args:
        cases: what `checks.overdue.judge_cases` returns, of the campaign's units alone.
        work: what `checks.filing.judge_work` returns, likewise.
        units: the campaign's units.
        waived: the numbers excused on the day, by kind of finding.

    Returns:
        Schema FIGURES: the office's row, the units in the campaign's order, then procedures and officials (a row each
        unit an official works for) in Vietnamese order. COUNTS are whole numbers; RATES percent, null where 0/0.
    """
    # Counted to the finest group first: what follows is small, however many cases there are.
    flags = pd.concat([_counted(_case_flags(cases, waived)), _counted(_work_flags(work, waived))], ignore_index=True)
    counts = flags[list(COUNTS)].fillna(0).to_numpy("int64")
    unit = flags["unit"].to_numpy(object)
    procedure = flags["procedure"].to_numpy(object)
    official = flags["official"].fillna(NO_OFFICIAL).to_numpy(object)
    named = flags["procedure"].notna().to_numpy(bool)
    by_unit = _sums([unit], counts)
    nothing = np.zeros(len(COUNTS), "int64")
    by_procedure = _sums([procedure[named]], counts[named])
    by_official = _sums([unit, official], counts)
    rows: list[tuple[Any, ...]] = [(OFFICE, None, OFFICE, "Tổng cộng", counts.sum(axis=0))]
    rows += [(UNIT, one.code, one.code, one.name, by_unit.get((one.code,), nothing)) for one in units]
    rows += [(PROCEDURE, None, name, name, sums) for (name,), sums in _in_order(by_procedure)]
    rows += [(OFFICIAL, of, f"{of}/{name}", name, sums) for (of, name), sums in _in_order(by_official)]
    *texts, totals = zip(*rows, strict=True)
    table = dict(zip((*NAMED, *COUNTS), (*texts, *np.stack(totals, axis=1)), strict=True))
    return conform(with_rates(pd.DataFrame(table)), FIGURES)


def unit_figures(cases: pd.DataFrame, work: pd.DataFrame, units: Sequence[Unit]) -> pd.DataFrame:
    """Return the rows of `day_figures` that are units, in the campaign's order."""
    return only(day_figures(cases, work, units), UNIT)


def completed(figures: pd.DataFrame) -> pd.DataFrame:
    """Return figures as an older version left them, schema FIGURES, with the counts it did not take as 0.

    The source's own word was the only one that it knew and counted.
    """
    if not figures[list(COUNTS)].isna().to_numpy().any():
        return figures
    by_system = figures["apologies_system"].fillna(figures["apologies_done"])
    return figures.assign(apologies_system=by_system).fillna(dict.fromkeys(COUNTS, 0))


def only(figures: pd.DataFrame, scope: str) -> pd.DataFrame:
    """Return the rows of one scope, which stand together in a table of figures: a slice, and no copy."""
    rows = np.flatnonzero((figures["scope"] == scope).to_numpy(bool))
    start, stop = (rows[0], rows[-1] + 1) if len(rows) else (0, 0)
    return figures.iloc[start:stop].reset_index(drop=True)


def total_figures(units: pd.DataFrame) -> pd.Series:
    """Return the office's figures as one row: counts summed over the units, rates taken anew from the sums."""
    sums = dict(zip(COUNTS, units[list(COUNTS)].to_numpy("int64").sum(axis=0).tolist(), strict=True))
    shares = {name: _share(*(sum(sums[one] for one in part) for part in parts)) for name, parts in RATES.items()}
    return pd.Series(sums | {name: float(share) for name, share in shares.items()}, dtype=object)


def require_sums(figures: pd.DataFrame) -> None:
    """Check the office's figures by the sum of its parts, and each whole by the sum of its states.

    Raises:
        FiguresError: one does not add up; names the figure. Nothing may then be published.
    """
    scopes = figures["scope"].to_numpy(object)
    counts = figures[list(COUNTS)].to_numpy("int64")
    [office] = counts[scopes == OFFICE]
    for scope, names in ((UNIT, COUNTS), (PROCEDURE, CASE_COUNTS), (OFFICIAL, COUNTS)):
        sums = dict(zip(COUNTS, zip(office, counts[scopes == scope].sum(axis=0), strict=True), strict=True))
        for name in names:
            whole, sum_of_parts = sums[name]
            if whole != sum_of_parts:
                raise _unequal(f"{WORDS[name]} ({name})", int(whole), int(sum_of_parts), SCOPE_WORDS[scope])
    total = counts[:, COUNTS.index("cases_total")]
    states = counts[:, [COUNTS.index(name) for name in STATE_COUNTS]]
    for i in np.flatnonzero(states.sum(axis=1) != total):
        whose = figures["name"].iloc[i]
        raise _unequal(f"hồ sơ trong kỳ (cases_total) của {whose}", int(total[i]), int(states[i].sum()), "trạng thái")


def with_rates(counts: pd.DataFrame) -> pd.DataFrame:
    """Return `counts` with each rate in percent, two decimals; null where nothing was to be done.

    What is not complete never rounds to 100.
    """
    rates = {}
    for name, (numerator, denominator) in RATES.items():
        done, due = (sum(counts[one].to_numpy("int64") for one in part) for part in (numerator, denominator))
        rates[name] = _share(done, due)
    return counts.assign(**rates)


def _share(done: Any, due: Any) -> Any:
    """Return `done` of `due` in percent, numbers or arrays of them; NaN where nothing was due."""
    share = np.round(100 * done / np.where(due > 0, due, np.nan), 2)
    return np.where(done == due, share, np.minimum(share, 99.99))


def _case_flags(cases: pd.DataFrame, waived: Waived) -> pd.DataFrame:
    late = cases["late"].to_numpy(bool)
    counted = cases["counted"].to_numpy(bool)
    state = cases["state"].to_numpy(object)
    apologised = cases["apologised"].to_numpy(bool)
    in_time = cases["apologised_in_time"].to_numpy(bool)
    system, register, claimed = (late & cases[name].to_numpy(bool) for name in ("by_system", "by_register", "by_claim"))
    overdue = late & (state == CaseState.OVERDUE)
    waiting = cases["waiting"].to_numpy(bool)
    excused = _excused(cases["case_number"], waived, FindingKind.APOLOGY_OWED) & late & ~apologised & ~waiting
    held = _excused(cases["case_number"], waived, FindingKind.CASE_OVERDUE) & overdue
    return pd.DataFrame(
        {
            **{key: cases[key].array for key in KEYS},
            "cases_total": counted,
            "cases_late": late,
            "cases_overdue": overdue,
            "cases_overdue_apologised": overdue & apologised & ~held,
            "cases_overdue_waiting": overdue & waiting & ~held,
            "cases_overdue_excused": overdue & excused & ~held,
            "cases_overdue_waived": held & (apologised | waiting | excused),
            "apologies_due": late,
            "apologies_done": late & apologised,
            "apologies_before_due": late & in_time,
            "apologies_after_due": late & apologised & ~in_time,
            "apologies_both": system & register,
            "apologies_system": system & ~register,
            "apologies_register": register & ~system,
            "apologies_claimed": claimed & ~system & ~register,
            WAITING: waiting,
            "apologies_waived": excused,
            **{name: counted & (state == one) for name, one in STATE_COUNTS.items()},
        }
    )


def _work_flags(work: pd.DataFrame, waived: Waived) -> pd.DataFrame:
    counted, reported, filed = (work[name].to_numpy(bool) for name in ("counted", "reported", "filed"))
    unreported = _excused(work["item_number"], waived, FindingKind.WORK_UNREPORTED) & counted & ~reported
    unfiled = _excused(work["item_number"], waived, FindingKind.WORK_UNFILED) & counted & ~filed
    return pd.DataFrame(
        {
            **{key: work[key].array for key in KEYS if key in work},
            "work_total": counted,
            "work_reported": reported,
            "work_archived": reported & (work["status"] == ARCHIVED).to_numpy(bool),
            "work_filed": filed,
            "work_done": reported & filed,
            "work_waived": (unreported | unfiled) & (reported | unreported) & (filed | unfiled),
            "work_unreported_waived": unreported,
            "work_unfiled_waived": unfiled,
        }
    )


def _excused(numbers: pd.Series, waived: Waived, kind: FindingKind) -> np.ndarray:
    excused = waived.get(kind, ())
    return numbers.isin(list(excused)).to_numpy(bool) if excused else np.zeros(len(numbers), bool)


def _counted(flags: pd.DataFrame) -> pd.DataFrame:
    keys = [key for key in KEYS if key in flags]
    return flags.groupby(keys, dropna=False, sort=False).sum().reset_index().astype(dict.fromkeys(keys, object))


def _sums(columns: Sequence[np.ndarray], counts: np.ndarray) -> dict[tuple[str, ...], np.ndarray]:
    """Return the sums of the rows of `counts` by what stands in `columns`, first met first."""
    codes = np.zeros(len(counts), "int64")
    for column in columns:
        place, distinct = pd.factorize(column)
        codes = codes * len(distinct) + place
    _, first, group = np.unique(codes, return_index=True, return_inverse=True)
    sums = np.zeros((len(first), len(COUNTS)), "int64")
    np.add.at(sums, group, counts)
    return {tuple(column[first[i]] for column in columns): sums[i] for i in np.argsort(first)}


def _in_order(sums: Mapping[tuple[str, ...], np.ndarray]) -> list[tuple[tuple[str, ...], np.ndarray]]:
    """Return the sums that count anything, by their names in Vietnamese order."""
    known = {text: collation_key(text) for names in sums for text in names}
    counted = [(names, row) for names, row in sums.items() if row.any()]
    return sorted(counted, key=lambda one: [known[text] for text in one[0]])


def _unequal(figure: str, whole: int, sums: int, scope: str) -> FiguresError:
    return FiguresError(
        f"Số liệu không khớp: {figure} của toàn cơ quan là {number(whole)}, cộng theo {scope} là {number(sums)}.",
        where="bảng số liệu của ngày",
        remedy="không phát hành báo cáo; chạy lại cả ngày, vẫn sai thì gửi nhật ký cho người bảo trì.",
    )
