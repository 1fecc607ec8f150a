"""The facts of a day's report; the report is a function of these facts, of its template, and of nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pandas as pd
import pyarrow as pa

from dondoc.campaign.day import Day
from dondoc.figures import Earlier, progress_of
from dondoc.records import empty_frame
from dondoc.report.form_06a import form_06a
from dondoc.sources.undecided import UNDECIDED
from dondoc.vietnamese.wording import short_date

# One row per unit: what the register of letters says of its cases.
LETTER_COUNTS = ("drafted", "incomplete", "approved", "published")
LETTERS = pa.schema([pa.field("code", pa.string()), *(pa.field(name, pa.int64()) for name in LETTER_COUNTS)])
# One row per unit: what units say they did, until the source systems show it.
CLAIMS = ("reported_claimed", "filed_claimed")


@dataclass(frozen=True)
class ReportFacts:
    """The facts of one report.

    Attributes:
        day: the business day.
        figures: schema `figures.FIGURES`, held by `require_sums`.
        cases: what `judge_cases` returns.
        work: what `judge_work` returns.
        findings: schema `records.FINDINGS`.
        earlier: the figures of the days before, oldest first.
        letters: schema LETTERS.
        sources: one line per source: what it gave and what was rejected.
        fingerprint: hashes of `data`, `rules`, `calendar` and `template`, shortened; the mark of the `ledger`.
        claimed: `code` and CLAIMS a unit; None where nobody was asked.
        undecided: schema `sources.undecided.UNDECIDED`: what refused rows leave unsaid.
        replaces: the day of the final report that this one takes the place of.
        reasons: why a case was late, by case number, as its unit answered; they win over the source's.
    """

    day: Day
    figures: pd.DataFrame
    cases: pd.DataFrame
    work: pd.DataFrame
    findings: pd.DataFrame
    earlier: Sequence[Earlier]
    letters: pd.DataFrame
    sources: Sequence[str]
    fingerprint: Mapping[str, str]
    claimed: pd.DataFrame | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    undecided: pd.DataFrame = field(default_factory=lambda: empty_frame(UNDECIDED))
    replaces: date | None = None

    @property
    def replacing(self) -> str:
        """Return which report this one takes the place of, as the words after a comma; empty where none."""
        return f", thay báo cáo cuối cùng ngày {short_date(self.replaces)}" if self.replaces else ""

    @cached_property
    def progress(self) -> pd.DataFrame:
        """Return the progress of the office and of each unit, schema `figures.progress.PROGRESS`."""
        return progress_of(self.figures, self.day, earlier=self.earlier)

    @cached_property
    def form(self) -> pd.DataFrame:
        """Return form II.06a, its identities held."""
        return form_06a(self.cases, self.day.campaign.period)

    @cached_property
    def late_cases(self) -> pd.DataFrame:
        """Return the late cases in the order to print: by unit, the longest late first; `reason` as it is known."""
        late = self.cases[self.cases["late"]]
        rank = late["unit"].map({unit.code: i for i, unit in enumerate(self.day.campaign.units)})
        answered = late["case_number"].map(dict(self.reasons)).astype(object)
        late = late.assign(rank=rank, reason=answered.where(answered.notna(), late["reason"].astype(object)))
        return late.sort_values(["rank", "days_late", "case_number"], ascending=[True, False, True])
