"""What units say they have done, until the source systems say so too."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from dondoc.answers.columns import APOLOGISED_ON, APOLOGY_NUMBER, FILE_CODE, NEW_DUE_ON, REASON, REPORTED_ON
from dondoc.campaign import Unit
from dondoc.letters.draft import UnitAnswer
from dondoc.records import FindingKind, conform, empty_frame
from dondoc.vietnamese.wording import short_date

# One row a value that counts: the latest accepted of each field.
ANSWERS = pa.schema(
    [
        pa.field("kind", pa.string(), nullable=False),  # cases | work
        pa.field("number", pa.string(), nullable=False),
        pa.field("field", pa.string(), nullable=False),
        pa.field("value", pa.string(), nullable=False),
        pa.field("business_date", pa.date32(), nullable=False),
    ]
)
# One row a unit: what it says is done of its work and the systems still show as owed. What it says of apologies is
# counted in the figures, beside what the other witnesses say.
CLAIMS = pa.schema(
    [
        pa.field("code", pa.string(), nullable=False),
        pa.field("reported_claimed", pa.int64(), nullable=False),
        pa.field("filed_claimed", pa.int64(), nullable=False),
    ]
)
# What is owed, by the field in which a unit says that it is done.
CLAIMED_BY = {
    FindingKind.WORK_UNREPORTED: (REPORTED_ON, "reported_claimed"),
    FindingKind.WORK_UNFILED: (FILE_CODE, "filed_claimed"),
}
CLAIM_WORDS = {APOLOGISED_ON: "đã xin lỗi ngày {}", REPORTED_ON: "đã báo cáo ngày {}", FILE_CODE: "đã lập hồ sơ {}"}
FACT_WORDS = {REASON: "lý do", NEW_DUE_ON: "ngày hẹn trả mới", APOLOGY_NUMBER: ""}


def answers_frame(rows: Iterable[Any]) -> pd.DataFrame:
    """Return what `ledger.answers.accepted` gives as a frame of schema ANSWERS."""
    records = [{name: getattr(row, name) for name in ANSWERS.names} for row in rows]
    if not records:
        return empty_frame(ANSWERS)
    return conform(pd.DataFrame(records, columns=ANSWERS.names), ANSWERS)


def unit_claims(findings: pd.DataFrame, answers: pd.DataFrame, units: Sequence[Unit]) -> pd.DataFrame:
    """Return how much of what each unit owes it says to have done, in the campaign's order.

    A claim counts while the systems still show the thing as owed; once they confirm, it is done and no claim.

    Args:
        findings: schema `records.FINDINGS`, of the day.
        answers: schema ANSWERS, as of the same day.
        units: the campaign's units.

    Returns:
        Schema CLAIMS, one row a unit.
    """
    codes = pd.Index([unit.code for unit in units], name="code")
    counts = pd.DataFrame(index=codes)
    for kind, (field, column) in CLAIMED_BY.items():
        if answers.empty:
            counts[column] = 0
            continue
        said = answers.loc[answers["field"] == field, "number"]
        owed = findings[(findings["kind"] == kind) & findings["number"].isin(said)]
        per_unit = owed.drop_duplicates(["unit", "number"]).groupby("unit").size()
        counts[column] = per_unit.reindex(codes, fill_value=0).to_numpy("int64")
    return conform(counts.reset_index(), CLAIMS)


def letter_answers(answers: pd.DataFrame) -> dict[str, UnitAnswer]:
    """Return what units answered of their late cases, by case number, as letters are drafted with it."""
    if answers.empty:
        return {}
    wide = answered(answers, "cases", (REASON, NEW_DUE_ON))
    days = pd.to_datetime(wide[NEW_DUE_ON], format="%Y-%m-%d")
    return {
        number: UnitAnswer(reason="" if pd.isna(reason) else reason, new_due_on=None if pd.isna(day) else day.date())
        for number, reason, day in zip(wide.index, wide[REASON], days, strict=True)
    }


def answered(answers: pd.DataFrame, kind: str, fields: Sequence[str]) -> pd.DataFrame:
    """Return one row a case or item, by number, with the values of `fields`, None where none was given."""
    mine = answers[answers["kind"] == kind].astype(object).set_index("number")
    wide = pd.DataFrame({field: mine.loc[mine["field"] == field, "value"] for field in fields}, dtype=object)
    return wide.where(wide.notna(), None)


def told_of(values: Mapping[str, str | None]) -> str:
    """Return in words what was answered of one case or item, and that the systems have yet to confirm it."""
    given = {field: value for field, value in values.items() if value}
    facts = [name for field, name in FACT_WORDS.items() if name and field in given]
    claims = [words.format(_shown(given[field])) for field, words in CLAIM_WORDS.items() if field in given]
    told = [f"đã nhận {', '.join(facts)}"] if facts else []
    if claims:
        told.append(f"đơn vị báo: {', '.join(claims)}; chờ hệ thống xác nhận")
    return "; ".join(told)


def _shown(value: str) -> str:
    day = pd.to_datetime(value, format="%Y-%m-%d", errors="coerce")
    return value if pd.isna(day) else short_date(day.date())
