"""The box “lập báo cáo”: the day's report in Word and Excel, and its mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dondoc.answers.claims import answers_frame, letter_answers, unit_claims
from dondoc.daily import final, final_report, mail_planning, report_making, reporting
from dondoc.daily.check import read_figures
from dondoc.daily.first_dates import first_dates_gap
from dondoc.daily.outgoing import remove_withdrawn, withdraw_unowed
from dondoc.daily.past_figures import lost_lines
from dondoc.daily.references import Found
from dondoc.daily.setbacks import letters_undrafted
from dondoc.daily.step import step
from dondoc.installation.workplace import Workplace
from dondoc.ledger.answers import accepted
from dondoc.ledger.mail_kinds import FINAL, REPORT
from dondoc.records import FINDINGS
from dondoc.sources.snapshot import read_snapshot


@dataclass(frozen=True)
class ReportInputs:
    """What a day's report rests on, read once.

    Attributes:
        figures: the day's, by unit code.
        findings: schema `records.FINDINGS`.
        answers: what units answered of their cases and work, schema of `answers_frame`.
        missing: what the figures are short of, a sentence each.
        dated: when they are short of anything, of which day the figures of the other sources are, a sentence each.
        missed: what is to be said of days without a run and of letters that could not be drafted, a sentence each.
        kind: under which kind the report is mailed; None when nothing more is to be said.
        replaces: the day of the final report that it takes the place of, if any.
    """

    figures: pd.DataFrame
    findings: pd.DataFrame
    answers: pd.DataFrame
    missing: Sequence[str]
    dated: Sequence[str]
    missed: Sequence[str]
    kind: str | None
    replaces: date | None


@step
def write_report(place: Workplace, found: Found) -> list[str]:
    """Write the day's report in Word and Excel and plan its mail; one that has left is corrected beside it."""
    read = _read_for_report(place, found)
    basis = report_making.gather(
        place,
        found,
        findings=read.findings,
        final=read.kind == FINAL,
        replaces=read.replaces,
        missing=read.missing,
        missed=[*read.dated, *read.missed],
        claimed=unit_claims(read.findings, read.answers, place.day.campaign.units) if len(read.answers) else None,
        reasons=_reasons(read.answers),
    )
    paths = reporting.write_report(
        place, basis, left=reporting.sent_files(place, FINAL if read.kind == FINAL else REPORT)
    )
    # Asked again: a mail that was put off may have left while the report was made.
    if read.kind is not None and not reporting.sent_files(place, read.kind):
        mail_planning.plan_report(
            place,
            figures=read.figures,
            paths=paths,
            kind=read.kind,
            missing=read.missing,
            dated=read.dated,
            replaces=read.replaces,
        )
    if read.kind != FINAL:
        # An earlier attempt of the day thought that it was the last.
        withdraw_unowed(place, FINAL, keep=())
        remove_withdrawn(place, FINAL)
    return [path.relative_to(place.folder).as_posix() for path in paths]


def _read_for_report(place: Workplace, found: Found) -> ReportInputs:
    figures = read_figures(place, found)
    missing = [*final.missing_of(place, found["snapshots"]), *first_dates_gap(place)]
    kind = final_report.report_kind(place, figures, missing)
    answers = accepted(place.ledger, campaign=place.day.campaign.code, as_of=place.day.business_date)
    return ReportInputs(
        figures=figures,
        findings=read_snapshot(place.out / found["findings"], FINDINGS),
        answers=answers_frame(answers),
        missing=missing,
        dated=final.source_days(place, found["snapshots"]) if missing else [],
        missed=[*final.missed_lines(place), *lost_lines(place), *letters_undrafted(place)],
        kind=kind,
        replaces=final_report.replaced_on(place) if kind == FINAL else None,
    )


def _reasons(answers: pd.DataFrame) -> dict[str, str]:
    return {number: answer.reason for number, answer in letter_answers(answers).items() if answer.reason}
