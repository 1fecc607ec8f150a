"""The figures of a day, counted once from the judged records, for every reading of them: one typed table.

A row is the office as a whole, a unit, a procedure or an official. The office's row is counted from all records, not
summed, so that `require_sums` holds two ways of counting against each other before anything is published.
"""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd
import pyarrow as pa

from dondoc.campaign import Unit
from dondoc.errors import FiguresError
from dondoc.names import collation_key
from dondoc.records import CaseState, FindingKind, conform
from dondoc.wording import number

ARCHIVED = "archived"  # of `records.WORK`, status
OFFICE, UNIT, PROCEDURE, OFFICIAL = "office", "unit", "procedure", "official"
NO_OFFICIAL = "(không ghi cán bộ)"
# Of the campaign's cases, what each is on the day; together they are `cases_total`.
STATE_COUNTS = {
    "cases_early": CaseState.FINISHED_EARLY,
    "cases_on_time": CaseState.FINISHED_ON_TIME,
    "cases_ended_late": CaseState.FINISHED_LATE,
    "cases_withdrawn": CaseState.WITHDRAWN,
    "cases_in_time": CaseState.IN_TIME,
    "cases_past_due": CaseState.OVERDUE,
    "cases_paused": CaseState.PAUSED,
}
# Of the late cases, who says that they were apologised for: each case in one of them at most. The last is what the unit
# alone says. Which of them `apologies_done` counts is the campaign's choice.
WITNESS_COUNTS = ("apologies_both", "apologies_system", "apologies_register", "apologies_claimed")
# Of the apologies that count, those dated on the due day or before it, as the law asks, and the others.
MOMENT_COUNTS = ("apologies_before_due", "apologies_after_due")
# Not counted, and no longer the unit's to do: the letter waits for its signature.
WAITING = "apologies_waiting"
# Not done, and excused for a while: among what is due, not among what remains.
WAIVED = ("apologies_waived", "work_waived")
CASE_COUNTS = (
    *("cases_total", "cases_late", "cases_overdue", "cases_overdue_apologised", "cases_overdue_waiting"),
    *("cases_overdue_excused", "cases_overdue_waived"),
    *("apologies_due", "apologies_done", *MOMENT_COUNTS, *WITNESS_COUNTS, WAITING, "apologies_waived"),
    *STATE_COUNTS,
)
WORK_COUNTS = (
    *("work_total", "work_reported", "work_archived", "work_filed", "work_done"),
    *("work_waived", "work_unreported_waived", "work_unfiled_waived"),
)
COUNTS = (*CASE_COUNTS, *WORK_COUNTS)
# Each rate states its numerator and denominator; the report prints these sentences.
RATES = {
    "apology_rate": (("apologies_done",), ("apologies_due",)),
    "work_rate": (("work_done",), ("work_total",)),
    "rate": (("apologies_done", "work_done"), ("apologies_due", "work_total")),
}
KEYS = ("unit", "procedure", "official")
# How a figure and a scope are called where one must be named.
WORDS = {
    "cases_total": "hồ sơ trong kỳ",
    "cases_late": "hồ sơ quá hạn",
    "cases_overdue": "hồ sơ đang giải quyết quá hạn",
    "cases_overdue_apologised": "hồ sơ đã xin lỗi, còn đang giải quyết quá hạn",
    "cases_overdue_waiting": "hồ sơ có thư xin lỗi đang chờ ký, còn đang giải quyết quá hạn",
    "cases_overdue_excused": "hồ sơ được tạm miễn xin lỗi, còn đang giải quyết quá hạn",
    "cases_overdue_waived": "hồ sơ đang giải quyết quá hạn, được tạm miễn",
    "apologies_due": "hồ sơ phải xin lỗi",
    "apologies_done": "hồ sơ đã xin lỗi",
    "apologies_before_due": "hồ sơ đã xin lỗi trước hạn",
    "apologies_after_due": "hồ sơ đã xin lỗi sau hạn",
    "apologies_both": "hồ sơ hệ thống và sổ đăng ký thư đều ghi đã xin lỗi",
    "apologies_system": "hồ sơ chỉ hệ thống ghi đã xin lỗi",
    "apologies_register": "hồ sơ chỉ sổ đăng ký thư có thư đã ký",
    "apologies_claimed": "hồ sơ chỉ đơn vị báo đã xin lỗi",
    "apologies_waiting": "hồ sơ có thư xin lỗi đang chờ ký",
    "apologies_waived": "hồ sơ được tạm miễn xin lỗi",
    "cases_early": "hồ sơ giải quyết trước hạn",
    "cases_on_time": "hồ sơ giải quyết đúng hạn",
    "cases_ended_late": "hồ sơ giải quyết quá hạn",
    "cases_withdrawn": "hồ sơ rút",
    "cases_in_time": "hồ sơ đang giải quyết trong hạn",
    "cases_past_due": "hồ sơ đang giải quyết đã qua ngày hẹn trả",
    "cases_paused": "hồ sơ tạm dừng",
    "work_total": "công việc được giao",
    "work_reported": "công việc đã báo cáo hoàn thành, lưu trữ",
    "work_archived": "công việc đã lưu trữ",
    "work_filed": "công việc đã lập hồ sơ",
    "work_done": "công việc đạt cả hai yêu cầu",
    "work_waived": "công việc được tạm miễn",
    "work_unreported_waived": "công việc được tạm miễn báo cáo",
    "work_unfiled_waived": "công việc được tạm miễn lập hồ sơ",
}
Waived = Mapping[str, Collection[str]]
NOTHING_WAIVED: Waived = MappingProxyType({})
SCOPE_WORDS = {UNIT: "đơn vị", PROCEDURE: "thủ tục", OFFICIAL: "cán bộ"}
FIGURES = pa.schema(
    [
        pa.field("scope", pa.string(), nullable=False),  # office | unit | procedure | official
        pa.field("unit", pa.string()),  # of a unit and of an official: code of the unit
        pa.field("code", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        *(pa.field(name, pa.int64(), nullable=False) for name in COUNTS),
        *(pa.field(name, pa.float64()) for name in RATES),
    ]
)


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
    flags = flags.fillna({"official": NO_OFFICIAL})
    flags[list(COUNTS)] = flags[list(COUNTS)].fillna(0).astype("int64")
    office = flags[list(COUNTS)].sum().to_frame().T.assign(scope=OFFICE, code=OFFICE, name="Tổng cộng", unit=None)
    by_procedure = _grouped(flags[flags["procedure"].notna()], ["procedure"])
    by_procedure = by_procedure.assign(scope=PROCEDURE, code=by_procedure["procedure"], name=by_procedure["procedure"])
    by_official = _grouped(flags, ["unit", "official"])
    key = by_official["unit"] + "/" + by_official["official"]
    by_official = by_official.assign(scope=OFFICIAL, code=key, name=by_official["official"])
    parts = [office, _by_unit(flags, units), by_procedure, by_official]
    return conform(with_rates(pd.concat(parts, ignore_index=True)), FIGURES)


def unit_figures(cases: pd.DataFrame, work: pd.DataFrame, units: Sequence[Unit]) -> pd.DataFrame:
    """Return the rows of `day_figures` that are units, in the campaign's order."""
    return only(day_figures(cases, work, units), UNIT)


def completed(figures: pd.DataFrame) -> pd.DataFrame:
    """Return figures as an older version left them, schema FIGURES, with the counts it did not take as 0.

    The source's own word was the only one that it knew and counted.
    """
    by_system = figures["apologies_system"].fillna(figures["apologies_done"])
    return figures.assign(apologies_system=by_system).fillna(dict.fromkeys(COUNTS, 0))


def only(figures: pd.DataFrame, scope: str) -> pd.DataFrame:
    """Return the rows of one scope."""
    return figures[figures["scope"] == scope].reset_index(drop=True)


def total_figures(units: pd.DataFrame) -> pd.Series:
    """Return the office's figures as one row: counts summed over the units, rates taken anew from the sums."""
    sums = units[list(COUNTS)].sum()
    return pd.concat([sums, with_rates(sums.to_frame().T).iloc[0][list(RATES)]]).astype(object)


def require_sums(figures: pd.DataFrame) -> None:
    """Hold the office's figures against the sum of its parts, and a whole against its states.

    Raises:
        FiguresError: one does not add up; names the figure. Nothing may then be published.
    """
    scopes, counts = figures["scope"].to_numpy(object), figures[list(COUNTS)].to_numpy("int64")
    [office] = counts[scopes == OFFICE]
    for scope, names in ((UNIT, COUNTS), (PROCEDURE, CASE_COUNTS), (OFFICIAL, COUNTS)):
        sums = dict(zip(COUNTS, zip(office, counts[scopes == scope].sum(axis=0), strict=True), strict=True))
        for name in names:
            whole, sum_of_parts = sums[name]
            if whole != sum_of_parts:
                raise _unequal(f"{WORDS[name]} ({name})", int(whole), int(sum_of_parts), SCOPE_WORDS[scope])
    states = figures[list(STATE_COUNTS)].sum(axis=1)
    for i in np.flatnonzero((states != figures["cases_total"]).to_numpy(bool)):
        row = figures.iloc[i]
        raise _unequal(
            f"hồ sơ trong kỳ (cases_total) của {row['name']}", row["cases_total"], states.iloc[i], "trạng thái"
        )


def with_rates(counts: pd.DataFrame) -> pd.DataFrame:
    """Return `counts` with each rate in percent, two decimals; null where nothing was to be done.

    What is not complete never rounds to 100.
    """
    rates = {}
    for name, (numerator, denominator) in RATES.items():
        done, due = counts[list(numerator)].sum(axis=1), counts[list(denominator)].sum(axis=1)
        share = (100 * done / due.where(due > 0)).astype(float).round(2)
        rates[name] = share.where((done == due) | share.isna(), np.minimum(share, 99.99))
    return counts.assign(**rates)


def _case_flags(cases: pd.DataFrame, waived: Waived) -> pd.DataFrame:
    late, counted = cases["late"].to_numpy(bool), cases["counted"].to_numpy(bool)
    state, apologised = cases["state"].to_numpy(object), cases["apologised"].to_numpy(bool)
    in_time = cases["apologised_in_time"].to_numpy(bool)
    system, register, claimed = (late & cases[name].to_numpy(bool) for name in ("by_system", "by_register", "by_claim"))
    overdue, waiting = late & (state == CaseState.OVERDUE), cases["waiting"].to_numpy(bool)
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


def _grouped(flags: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    sums = flags.groupby(by, sort=False)[list(COUNTS)].sum().reset_index()
    sums = sums[sums[list(COUNTS)].any(axis=1)]
    keys = {text: collation_key(text) for name in by for text in sums[name].unique()}
    order = [tuple(map(keys.__getitem__, row)) for row in sums[by].itertuples(index=False)]
    return sums.iloc[sorted(range(len(order)), key=order.__getitem__)]


def _by_unit(flags: pd.DataFrame, units: Sequence[Unit]) -> pd.DataFrame:
    codes = pd.Index([unit.code for unit in units], name="code")
    sums = flags.groupby("unit")[list(COUNTS)].sum().reindex(codes, fill_value=0)
    return sums.reset_index().assign(scope=UNIT, unit=list(codes), name=[unit.name for unit in units])


def _unequal(figure: str, whole: int, sums: int, scope: str) -> FiguresError:
    return FiguresError(
        f"Số liệu không khớp: {figure} của toàn cơ quan là {number(whole)}, cộng theo {scope} là {number(sums)}.",
        where="bảng số liệu của ngày",
        remedy="không phát hành báo cáo; chạy lại cả ngày, vẫn sai thì gửi nhật ký cho người bảo trì.",
    )
