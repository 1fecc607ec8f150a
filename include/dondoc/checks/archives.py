"""Work files that wait for the archive, and the e-office's own statistics held against its lists."""

import numpy as np
import pandas as pd

from dondoc.calendar import ONE_DAY
from dondoc.campaign import Rules
from dondoc.checks.facts import DayFacts
from dondoc.records import FINDINGS, days_of, empty_frame

RULE_HANDOVER = "file-past-handover"
RULE_STATISTICS = "statistics-against-list"
RULES = {
    RULE_HANDOVER: "hồ sơ đã kết thúc, quá thời hạn giao nộp vào lưu trữ",
    RULE_STATISTICS: "số trên bảng thống kê khác số đếm từ danh sách chi tiết",
}
CLOSED = "closed"
# Columns of the statistics sheet, in its words.
WORK_COUNTS = {"work_total": "văn bản chủ trì", "work_unfiled": "văn bản chủ trì chưa lập hồ sơ"}
FILE_COUNTS = {
    "files_open": ("open", "hồ sơ đang thực hiện"),
    "files_returned": ("returned", "hồ sơ trả lại"),
    "files_closed": ("closed", "hồ sơ đã kết thúc, chưa giao nộp"),
    "files_awaiting_archive": ("awaiting_archive", "hồ sơ chờ tiếp nhận vào lưu trữ"),
    "files_archived": ("archived", "hồ sơ đã tiếp nhận vào lưu trữ"),
}


def find_not_handed_over(facts: DayFacts) -> pd.DataFrame:
    """Return the closed work files kept longer than allowed (Decree 30/2020/NĐ-CP art. 30; Law 33/2024/QH15)."""
    files = facts.files
    calendar = facts.day.calendar
    today = np.datetime64(facts.day.business_date, "D")
    due = handover_due(files, facts.day.campaign.rules)
    late = (files["state"] == CLOSED).to_numpy(bool) & (due < today)
    kept = files[late]
    due = due[late]
    until = np.full(len(kept), today)
    since = calendar.counted_since(due)
    return pd.DataFrame(
        {
            "unit": kept["unit"],
            "number": kept["file_code"],
            "subject": kept["title"].fillna("(không có tiêu đề)"),
            "official": kept["official"],
            "due_on": due.astype("datetime64[s]"),
            "days_late": np.maximum(calendar.days_between(since, until), 1),
            "days_off": calendar.days_off_between(since, until),
            "swapped_days": calendar.swapped_days_between(since, until),
            "days_late_at_least": calendar.is_older(due),
            "provisional": calendar.is_ahead(until),
            "rule": RULE_HANDOVER,
            "source_file": kept["source_file"],
            "source_row": kept["source_row"],
        }
    )


def handover_due(files: pd.DataFrame, rules: Rules) -> np.ndarray:
    """Return the last day to hand each file over, NaT where neither its end nor its year is known."""
    closed = days_of(files["closed_at"])
    year = files["year"].to_numpy(np.float64, na_value=np.nan)
    by_year = np.where(np.isnan(year), np.datetime64("NaT", "D"), _year_end(np.nan_to_num(year, nan=1970).astype(int)))
    late_law = closed >= np.datetime64(rules.handover_from_year_end_since, "D")
    from_day = np.where(np.isnat(closed), by_year, np.where(late_law, _year_end(_years(closed)), closed))
    months = from_day.astype("datetime64[M]") + np.timedelta64(rules.handover_months, "M")
    day_of_month = from_day - from_day.astype("datetime64[M]").astype("datetime64[D]")
    last_of_month = (months + np.timedelta64(1, "M")).astype("datetime64[D]") - ONE_DAY
    return np.minimum(months.astype("datetime64[D]") + day_of_month, last_of_month)


def find_statistics_differ(facts: DayFacts) -> pd.DataFrame:
    """Return the counts of the statistics sheet that the detailed lists do not bear out; only lists given are asked."""
    if facts.statistics.empty:
        return empty_frame(FINDINGS)
    counted = facts.work[facts.work["counted"]]
    lists = {}
    if len(facts.work):
        for name, words in WORK_COUNTS.items():
            rows = counted if name == "work_total" else counted[~counted["filed"]]
            lists[name] = (words, rows["unit"].value_counts())
    if len(facts.files):
        for name, (state, words) in FILE_COUNTS.items():
            lists[name] = (words, facts.files.loc[facts.files["state"] == state, "unit"].value_counts())
    parts = [_differences(facts.statistics, name, words, found) for name, (words, found) in lists.items()]
    differing = [part for part in parts if len(part)]
    return pd.concat(differing, ignore_index=True) if differing else empty_frame(FINDINGS)


def _differences(statistics: pd.DataFrame, name: str, words: str, found: pd.Series) -> pd.DataFrame:
    listed = statistics["unit"].map(found).fillna(0).astype(int)
    said = statistics[name]
    other = statistics[(said.notna() & (said != listed)).fillna(False)]
    if other.empty:
        return other
    note = "thống kê ghi " + said[other.index].astype(str) + ", danh sách có " + listed[other.index].astype(str)
    return pd.DataFrame(
        {
            "unit": other["unit"],
            "number": other["unit"] + ": " + name,
            "subject": f"Số {words}",
            "rule": RULE_STATISTICS,
            "note": note,
            "source_file": other["source_file"],
            "source_row": other["source_row"],
        }
    )


def _years(days: np.ndarray) -> np.ndarray:
    return days.astype("datetime64[Y]").astype(int) + 1970


def _year_end(years: np.ndarray) -> np.ndarray:
    return (years - 1969).astype("datetime64[Y]").astype("datetime64[D]") - ONE_DAY
