"""Judge which late cases were apologised for: by the source system, our register of letters, or the unit alone.

The three are kept apart; the campaign says which of them count (`Campaign.apology_evidence`).
"""

from collections.abc import Collection
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dondoc.campaign.apologies import CLAIMED, COUNTED, REGISTER, SYSTEM, Witness
from dondoc.checks.facts import DayFacts
from dondoc.checks.findings import case_findings
from dondoc.checks.overdue import rule_of
from dondoc.records import INSTANT, arrow_of, days_of, empty_frame

# One row per case: what is known of its apology beside the sources on a day. Never a person.
APOLOGIES = pa.schema(
    [
        pa.field("case_number", pa.string(), nullable=False),
        pa.field("letter_number", pa.string()),  # of our letter, once it is signed
        pa.field("letter_signed_on", INSTANT),
        pa.field("claimed_number", pa.string()),  # as the unit answered
        pa.field("claimed_on", INSTANT),
        pa.field("waiting", pa.bool_(), nullable=False),  # for a signature: nothing more is asked of the unit
    ]
)
TOLD = [name for name in APOLOGIES.names if name not in {"case_number", "waiting"}]

RULE_NOT_IN_SYSTEM = "apology-not-in-system"
RULE_NOT_IN_REGISTER = "apology-not-in-register"
UNCOUNTED = ", chưa được tính vào tỷ lệ"
RULES = {
    RULE_NOT_IN_SYSTEM: "thư xin lỗi đã ký, có số và ngày trong sổ đăng ký thư; hệ thống nguồn chưa ghi đã xin lỗi",
    RULE_NOT_IN_REGISTER: "hệ thống nguồn ghi đã xin lỗi từ khi có đợt; sổ đăng ký thư không có thư đã ký của hồ sơ",
}


def judge_apologies(
    judged: pd.DataFrame,
    apologies: pd.DataFrame | None = None,
    *,
    as_of: date,
    counting: Collection[Witness] = COUNTED,
) -> pd.DataFrame:
    """Return `judged` with who says that each case was apologised for, and whether that counts.

    Args:
        judged: what `judge_cases` returns.
        apologies: schema APOLOGIES, as it stands on `as_of`; nothing beside the sources when None.
        as_of: the business date; what is dated later has not happened.
        counting: the witnesses whose word counts.

    Returns:
        `judged` with TOLD; `by_register` (our letter is signed by `as_of`), `by_claim` (the unit says so);
        `apologised` (by a witness that counts), `apologised_in_time` (by one whose apology is dated on the due day or
        before) and `waiting` (late and not apologised for, with nothing left for the
        unit to do: its letter is complete or approved, and not signed yet).
    """
    beside = _beside(judged["case_number"], empty_frame(APOLOGIES) if apologies is None else apologies)
    today = np.datetime64(as_of, "D")
    said = {
        SYSTEM: judged["by_system"].to_numpy(bool),
        REGISTER: days_of(beside["letter_signed_on"]) <= today,
        CLAIMED: days_of(beside["claimed_on"]) <= today,
    }
    dates = {
        SYSTEM: days_of(judged["apologised_at"]),
        REGISTER: days_of(beside["letter_signed_on"]),
        CLAIMED: days_of(beside["claimed_on"]),
    }
    due = days_of(judged["due_at"])
    apologised = np.logical_or.reduce([said[one] for one in counting])
    in_time = np.logical_or.reduce([said[one] & (dates[one] <= due) for one in counting])
    waiting = beside["waiting"].fillna(False).to_numpy(bool)
    return judged.assign(
        **{name: beside[name].array for name in TOLD},
        by_register=said[REGISTER],
        by_claim=said[CLAIMED],
        apologised=apologised,
        apologised_in_time=in_time,
        waiting=judged["late"].to_numpy(bool) & ~apologised & waiting,
    )


def find_apology_owed(facts: DayFacts) -> pd.DataFrame:
    """Return the late cases for which their unit still owes an apology, finished or not.

    One whose letter waits for a signature is not the unit's to do any more. What a witness that does not count says of
    one stands in its note.

    Source: Decree 61/2018/NĐ-CP art. 19.
    """
    owed = facts.cases[facts.cases["late"] & ~facts.cases["apologised"] & ~facts.cases["waiting"]]
    words = (
        (owed["by_system"], "hệ thống ghi đã xin lỗi ngày ", owed["apologised_at"]),
        (owed["by_register"], "sổ đăng ký thư có thư đã ký ngày ", owed["letter_signed_on"]),
        (owed["by_claim"], "đơn vị báo đã xin lỗi ngày ", owed["claimed_on"]),
    )
    said = [where.to_numpy(bool) for where, _, _ in words]
    told = [text + _dates(on) + UNCOUNTED for _, text, on in words]
    notes = pd.Series(np.select(said, told, "")).replace("", None).to_numpy(object)
    return case_findings(owed, rule=rule_of(owed), note=notes)


def find_waiting(facts: DayFacts) -> pd.DataFrame:
    """Return the late cases whose letter waits for its signature: told, and asked of nobody in the unit."""
    waiting = facts.cases[facts.cases["waiting"]]
    return case_findings(waiting, rule=rule_of(waiting))


def find_not_in_system(facts: DayFacts) -> pd.DataFrame:
    """Return the late cases whose letter is signed and of which their source says nothing.

    A source that never dates an apology has no place for one: nothing is said of its cases.
    """
    cases = facts.cases
    able = cases.loc[cases["apologised_at"].notna(), "source_file"].unique()
    lacking = cases["late"] & cases["by_register"] & ~cases["by_system"] & cases["source_file"].isin(able)
    found = cases[lacking]
    letter = "đã ký thư xin lỗi số " + found["letter_number"].to_numpy(object)
    letter += " ngày " + _dates(found["letter_signed_on"])
    return case_findings(found, rule=RULE_NOT_IN_SYSTEM, note=letter + ", chưa cập nhật lên hệ thống một cửa")


def find_not_in_register(facts: DayFacts) -> pd.DataFrame:
    """Return the late cases their source says were apologised for since the campaign began, without a signed letter.

    What was written before the campaign is in no register of ours.
    """
    cases = facts.cases
    began = np.datetime64(facts.day.campaign.starts_on, "D")
    since = days_of(cases["apologised_at"]) >= began
    found = cases[cases["late"] & cases["by_system"] & ~cases["by_register"] & since]
    note = "hệ thống ghi đã xin lỗi ngày " + _dates(found["apologised_at"]) + ", sổ đăng ký thư không có thư đã ký"
    return case_findings(found, rule=RULE_NOT_IN_REGISTER, note=note)


def _dates(column: pd.Series) -> np.ndarray:
    """Return the days of `column` as people write them, objects, empty where there is none."""
    return pd.Series(days_of(column)).dt.strftime("%d/%m/%Y").fillna("").to_numpy(object)


def _beside(numbers: pd.Series, apologies: pd.DataFrame) -> pd.DataFrame:
    """Return the row of `apologies` of each number, null where there is none."""
    nowhere = pa.nulls(len(numbers), pa.int32())
    told = arrow_of(apologies["case_number"])
    place = pc.index_in(arrow_of(numbers), value_set=told) if len(told) else nowhere
    taken = {name: arrow_of(apologies[name]).take(place) for name in (*TOLD, "waiting")}
    return pd.DataFrame({name: pd.arrays.ArrowExtensionArray(column) for name, column in taken.items()})
