"""The figures of a day, computed once: the report, the mails and `summary.json` print these and no others."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from dondoc.campaign import Unit
from dondoc.records import CaseState, conform
from dondoc.wording import number

COUNTS = (
    "cases_total",
    "cases_late",
    "cases_overdue",
    "apologies_due",
    "apologies_done",
    "work_total",
    "work_reported",
    "work_filed",
    "work_done",
)
# Each rate states its numerator and denominator; the report prints these sentences.
RATES = {
    "apology_rate": (("apologies_done",), ("apologies_due",)),
    "work_rate": (("work_done",), ("work_total",)),
    "rate": (("apologies_done", "work_done"), ("apologies_due", "work_total")),
}
# What a unit owes, as `records.OWED_KINDS`; all other findings are advice.
OWED_WORDS = {
    "cases_overdue": "hồ sơ đang giải quyết quá hạn",
    "apologies_owed": "hồ sơ quá hạn chưa xin lỗi",
    "work_unreported": "công việc chưa báo cáo hoàn thành, lưu trữ",
    "work_unfiled": "công việc chưa lập hồ sơ",
}
FIGURES = pa.schema(
    [
        pa.field("code", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        *(pa.field(name, pa.int64(), nullable=False) for name in COUNTS),
        *(pa.field(name, pa.float64()) for name in RATES),
    ]
)
DEFINITIONS = (
    "Hồ sơ quá hạn: hồ sơ đã kết thúc xử lý sau ngày hẹn trả, hoặc đang giải quyết mà ngày hẹn trả đã qua; khoảng "
    "quá hạn (từ ngày hẹn trả đến ngày kết thúc hoặc ngày lập báo cáo) có phần nằm trong kỳ. Không tính hồ sơ đang tạm "
    "dừng (bổ sung giấy tờ, nghĩa vụ tài chính, dừng xử lý), trừ hồ sơ đã quá hạn trước khi tạm dừng; không tính hồ sơ "
    "rút, hồ sơ chưa tiếp nhận. Hồ sơ, công việc được cho phép tạm miễn vẫn nằm trong mẫu số.",
    "Ngày hẹn trả quyết định là ngày ghi đầu tiên, chỉ dời theo tạm dừng và gia hạn được ghi; ngày bị đặt lại không có "
    "căn cứ không được tính.",
    "Tỷ lệ xin lỗi = số hồ sơ quá hạn đã có văn bản xin lỗi / tổng số hồ sơ quá hạn trong kỳ.",
    "Tỷ lệ công việc = số công việc đã báo cáo hoàn thành hoặc lưu trữ và đã lập hồ sơ công việc / tổng số công việc "
    "được giao tính đến ngày lập báo cáo (chỉ tính cho đơn vị chủ trì, gồm cả việc không có hạn giải quyết).",
    "Tỷ lệ chung = (số hồ sơ đã xin lỗi + số công việc đã hoàn thành cả hai yêu cầu) / (tổng số hồ sơ quá hạn + tổng "
    "số công việc được giao). Mẫu số bằng 0 ghi “Không phát sinh”.",
    "Số ngày chậm tính theo ngày làm việc sau ngày hẹn trả, theo lịch làm việc chính thức, kể cả ngày làm bù, không kể "
    "ngày tạm dừng.",
)


def unit_figures(cases: pd.DataFrame, work: pd.DataFrame, units: Sequence[Unit]) -> pd.DataFrame:
    """Return the counts and rates of each unit, in the campaign's order.

    Args:
        cases: what `checks.overdue.judge_cases` returns.
        work: what `checks.filing.judge_work` returns.
        units: the campaign's units.

    Returns:
        Schema FIGURES, one row a unit: the integer COUNTS, and the RATES in percent (null where 0/0).
    """
    late, counted = cases["late"].to_numpy(bool), cases["counted"].to_numpy(bool)
    reported, filed = work["reported"].to_numpy(bool), work["filed"].to_numpy(bool)
    flags = pd.DataFrame(
        {
            "unit": cases["unit"].to_numpy(object),
            "cases_total": counted,
            "cases_late": late,
            "cases_overdue": late & (cases["state"] == CaseState.OVERDUE).to_numpy(bool),
            "apologies_due": late,
            "apologies_done": late & cases["apologised"].to_numpy(bool),
        }
    )
    work_flags = pd.DataFrame(
        {
            "unit": work["unit"].to_numpy(object),
            "work_total": work["counted"].to_numpy(bool),
            "work_reported": reported,
            "work_filed": filed,
            "work_done": reported & filed,
        }
    )
    codes = pd.Index([unit.code for unit in units], name="code")
    sums = [part.groupby("unit").sum().reindex(codes, fill_value=0) for part in (flags, work_flags)]
    counts = pd.concat(sums, axis=1)[list(COUNTS)].astype("int64")
    return conform(with_rates(counts).assign(code=codes, name=[unit.name for unit in units]), FIGURES)


def total_figures(units: pd.DataFrame) -> pd.Series:
    """Return the office's figures as one row: counts summed over the units, rates taken anew from the sums."""
    sums = units[list(COUNTS)].sum()
    return pd.concat([sums, with_rates(sums.to_frame().T).iloc[0][list(RATES)]]).astype(object)


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


def is_behind(figures: Mapping[str, Any]) -> bool:
    """Return whether a unit still owes something."""
    return any(owed(figures).values())


def owed(figures: Mapping[str, Any]) -> dict[str, int]:
    """Return what a unit, or the office, still owes, by kind."""
    return {
        "cases_overdue": figures["cases_overdue"],
        "apologies_owed": figures["apologies_due"] - figures["apologies_done"],
        "work_unreported": figures["work_total"] - figures["work_reported"],
        "work_unfiled": figures["work_total"] - figures["work_filed"],
    }


def owed_sentence(figures: Mapping[str, Any]) -> str:
    """Return e.g. "12 hồ sơ quá hạn chưa xin lỗi; 3 công việc chưa lập hồ sơ"."""
    return "; ".join(f"{number(count)} {OWED_WORDS[kind]}" for kind, count in owed(figures).items() if count)
