"""Find cases and items whose rows were refused, so that they may be late without being counted."""

import pandas as pd
import pyarrow as pa

from dondoc.records import conform, empty_frame
from dondoc.sources.refusals import CONFLICT
from dondoc.vietnamese.wording import number

# One row a number, the first row that bears it; a row without a number that can be trusted is one of its own.
UNDECIDED = pa.schema(
    [
        pa.field("kind", pa.string(), nullable=False),  # of records: cases, work
        pa.field("source", pa.string(), nullable=False),
        pa.field("number", pa.string()),
        pa.field("reason", pa.string(), nullable=False),  # a key of `refusals.REASONS`
        pa.field("message", pa.string(), nullable=False),
        pa.field("field", pa.string()),  # the file's own headings
        pa.field("file", pa.string()),
        pa.field("row", pa.int64()),
    ]
)
KINDS = {"cases": "hồ sơ", "work": "công việc"}
SHEET = "Chưa kết luận được"
# A sentence names no more numbers; the report's workbook has them all.
NAMED = 3
# What begins after the day is not late on it.
DECIDED = ("future",)
# Such a row's number may be anything, a person's name too.
UNSURE_NUMBER = ("missing_key", "damaged_key", "shifted")


def undecided_rows(quarantined: pd.DataFrame, kind: str, *, known: pd.Series) -> pd.DataFrame:
    """Return what the refused rows of one source leave undecided, schema UNDECIDED; contradictions first.

    Args:
        quarantined: schema `refusals.QUARANTINE`.
        kind: the kind of the source's records; of others than cases and work nothing is decided.
        known: the numbers that other rows decide.
    """
    if kind not in KINDS or quarantined.empty:
        return empty_frame(UNDECIDED)
    unsure = quarantined["reason"].isin(UNSURE_NUMBER)
    rows = quarantined.assign(kind=kind, number=quarantined["number"].mask(unsure))
    rows = rows[~rows["reason"].isin(DECIDED) & ~rows["number"].isin(known).fillna(False)]
    rows = rows[rows["number"].isna() | ~rows["number"].duplicated()]
    return conform(rows.loc[(rows["reason"] != CONFLICT).sort_values(kind="stable").index], UNDECIDED)


def undecided_lines(undecided: pd.DataFrame) -> list[str]:
    """Return what is undecided, one sentence per source."""
    by_source = undecided.groupby("source", sort=False)
    return [
        f"Nguồn {name}: {undecided_words(rows)}; danh sách ở trang “{SHEET}” của tệp Excel." for name, rows in by_source
    ]


def undecided_words(rows: pd.DataFrame) -> str:
    """Return what of one source is undecided, in words; the numbers of the first contradictions are named."""
    kind = KINDS[rows["kind"].iloc[0]]
    said = f"{number(len(rows))} {kind} chưa kết luận được vì dòng bị loại"
    at_odds = contradictory(rows)
    if at_odds:
        more = f" và {number(len(at_odds) - NAMED)} số khác" if len(at_odds) > NAMED else ""
        said += f", trong đó {number(len(at_odds))} {kind} trùng số nhưng khác nội dung: "
        said += f"{', '.join(at_odds[:NAMED])}{more}"
    return said


def contradictory(rows: pd.DataFrame) -> list[str]:
    """Return the numbers whose rows contradict each other."""
    return rows.loc[rows["reason"] == CONFLICT, "number"].dropna().tolist()
