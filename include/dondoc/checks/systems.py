"""Compare systems with each other: the one-stop system and the e-office, and two that hold the same cases."""

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from dondoc.checks.facts import DayFacts
from dondoc.checks.filing import work_findings
from dondoc.checks.findings import case_findings
from dondoc.records import CaseState, arrow_of

RULE_SYSTEMS = "systems-differ"
RULE_SOURCES = "sources-differ"
RULES = {
    RULE_SYSTEMS: "một hệ thống ghi khác hệ thống kia về cùng một hồ sơ",
    RULE_SOURCES: "hai hệ thống cùng có hồ sơ, ghi khác nhau; lấy theo hệ thống đứng trước trong đợt",
}
FINISHED = (CaseState.FINISHED_EARLY, CaseState.FINISHED_ON_TIME, CaseState.FINISHED_LATE)
IN_PROCESS = (CaseState.IN_TIME, CaseState.OVERDUE, CaseState.PAUSED)
UNKNOWN = "hồ sơ không có trong danh sách của hệ thống một cửa"
OPEN_HERE = "văn phòng điện tử chưa báo cáo hoàn thành, hệ thống một cửa đã xử lý xong"
OPEN_THERE = "văn phòng điện tử đã hoàn thành, hệ thống một cửa còn đang giải quyết"


def find_systems_differ(facts: DayFacts) -> pd.DataFrame:
    """Return the items whose case the one-stop system does not know, or that are done in one and open in the other.

    Nothing is said while there are no cases at all: a list not given cannot contradict.
    """
    items = facts.work[facts.work["counted"] & facts.work["case_number"].notna() & bool(len(facts.cases))]
    named = facts.cases[facts.cases["case_number"].isin(items["case_number"])]
    place = pc.index_in(arrow_of(items["case_number"]), value_set=arrow_of(named["case_number"]))
    state = arrow_of(named["state"]).take(place).to_pandas().to_numpy(object)
    done = items["reported"].to_numpy(bool)
    note = np.select(
        [pd.isna(state), ~done & np.isin(state, FINISHED), done & np.isin(state, IN_PROCESS)],
        [UNKNOWN, OPEN_HERE, OPEN_THERE],
        "",
    )
    differs = note != ""
    about = items["case_number"].to_numpy(object)[differs] + ": "
    return work_findings(items[differs], rule=RULE_SYSTEMS, note=about + note[differs].astype(object))


def find_sources_differ(facts: DayFacts) -> pd.DataFrame:
    """Return the cases that two systems hold and tell differently, with what each of them says."""
    numbers = arrow_of(facts.differences["case_number"])
    place = pc.index_in(numbers, value_set=arrow_of(facts.cases["case_number"])).to_numpy(zero_copy_only=False)
    return case_findings(facts.cases.iloc[place], rule=RULE_SOURCES, note=facts.differences["note"].to_numpy(object))
